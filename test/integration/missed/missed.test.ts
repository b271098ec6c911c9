/** Events that lemlist did not deliver start the workflow late, once, and nothing else does. */
import type { IDataObject } from 'n8n-workflow';
import type { Trigger } from '../host';
import { processedValues } from '../processedValues';
import { eventually, status } from '../stage';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../time';
import { atExecution, Ground } from './ground';

const ground = new Ground();
const { stage, time } = ground;

describe('what was missed', () => {
	test('while n8n was down starts the workflow after the start, oldest first, each in an execution of its own', async () => {
		const trigger = await ground.published();
		const all = [await ground.delivered()];
		await time.startAnew(trigger, () => {
			for (let count = 0; count < 3; count += 1) all.push(ground.missed());
		});
		expect(ground.ids).toEqual(all);
		await time.startAnew(trigger);
		expect(ground.ids).toEqual(all);
	});

	test('while a hook was away starts it after the check that makes the hook again', async () => {
		const trigger = await ground.published();
		stage.removeHook(0);
		const id = ground.missed();
		await time.later(0, trigger);
		expect(ground.ids).toEqual([id]);
	});

	test('while lemlist was down at a start starts it after the first check that succeeds', async () => {
		const trigger = await ground.published();
		let id = '';
		await time.startAnew(trigger, () => {
			id = ground.missed();
			stage.lemlist.fault({ effect: status(500), times: Infinity });
		});
		expect(ground.ids).toEqual([]);
		stage.lemlist.clearFaults();
		await time.later(5 * MINUTE_MS, trigger);
		expect(ground.ids).toEqual([id]);
	});

	test('without any sign, as behind a broken proxy, starts it within the hour', async () => {
		const trigger = await ground.published();
		const id = ground.missed();
		await time.later(5 * MINUTE_MS, trigger);
		expect(ground.ids).toEqual([]);
		await time.later(HOUR_MS, trigger);
		expect(ground.ids).toEqual([id]);
	});

	test('while an edit was published starts it afterwards', async () => {
		const trigger = await ground.published();
		await trigger.deactivate();
		const activity = ground.activity();
		stage.lemlist.happen(activity);
		trigger.options.parameters.events = ['emailsReplied', 'smsReplied'];
		await trigger.activate('update');
		await time.settled();
		expect(ground.ids).toEqual([activity._id]);
	});

	test('between off and on starts nothing', async () => {
		const trigger = await ground.published();
		await trigger.deactivate();
		ground.missed();
		await trigger.activate('activate');
		await time.later(HOUR_MS, trigger);
		expect(ground.ids).toEqual([]);
	});

	test('before the first publication starts nothing', async () => {
		ground.missed();
		const trigger = await ground.published();
		await time.later(HOUR_MS, trigger);
		await time.startAnew(trigger);
		expect(ground.ids).toEqual([]);
	});

	test('of an event that an edit adds starts nothing from before that edit', async () => {
		const trigger = await ground.published();
		stage.lemlist.happen(stage.lemlist.activityOf('smsReplied'));
		time.pass(5 * MINUTE_MS);
		await trigger.deactivate();
		trigger.options.parameters.events = ['emailsReplied', 'smsReplied'];
		await trigger.activate('update');
		await time.settled();
		expect(ground.ids).toEqual([]);
	});

	test.each<[string, number, number]>([
		['90 minutes', 90 * MINUTE_MS, HOUR_MS],
		['two days', 2 * DAY_MS, 12 * HOUR_MS],
	])(
		'and turns up in the list %s later, with its own time, starts it',
		async (_, lateMs, stepMs) => {
			const trigger = await ground.published();
			const activity = ground.activity();
			stage.lemlist.happen(activity, lateMs);
			for (let spent = 0; spent <= lateMs + DAY_MS; spent += stepMs)
				await time.later(stepMs, trigger);
			expect(ground.ids).toEqual([activity._id]);
		},
	);

	test('in 250 cases starts it 250 times', async () => {
		const trigger = await ground.published();
		const all: string[] = [];
		await time.startAnew(trigger, () => {
			for (let count = 0; count < 250; count += 1) {
				const activity = ground.activity();
				stage.lemlist.happen(activity);
				all.push(String(activity._id));
				time.pass(SECOND_MS);
			}
			time.pass(5 * MINUTE_MS);
		});
		expect(ground.ids).toEqual(all);
	});

	test('a moment ago is left alone until a minute has passed, and starts it then', async () => {
		const trigger = await ground.published();
		stage.removeHook(0);
		const activity = ground.activity();
		stage.lemlist.happen(activity);
		const happenedAt = time.now();
		let startedAt = 0;
		atExecution(trigger, 1, () => {
			startedAt = time.now();
		});
		await time.later(0, trigger);
		expect(ground.ids).toEqual([activity._id]);
		expect(startedAt).toBeGreaterThanOrEqual(happenedAt + MINUTE_MS - SECOND_MS);
	});

	test('and is listed long after a start, though delivered before it, does not start it again, not even where the store fails meanwhile', async () => {
		const trigger = await ground.published();
		const all = [await ground.delivered()];
		time.pass(2 * HOUR_MS);
		stage.lemlist.rules.lateListing = { emailsReplied: 90 * MINUTE_MS };
		all.push(await ground.delivered());
		await time.startAnew(trigger);
		atExecution(trigger, 1, () => {
			processedValues.failure = new Error('The database is away');
		});
		for (let hours = 0; hours < 2; hours += 1) await ground.hourly(trigger);
		processedValues.failure = undefined;
		for (let hours = 0; hours < 2; hours += 1) await ground.hourly(trigger);
		expect(ground.ids).toEqual(all);
	});

	test.each<[string, (trigger: Trigger, deliver: () => void) => void]>([
		[
			'while lemlist answers the look',
			(_trigger, deliver) => {
				const forget = stage.lemlist.onChange(({ text }) => {
					if (!text.startsWith('GET /activities')) return;
					forget();
					deliver();
				});
			},
		],
		[
			'as the late start begins',
			(trigger, deliver) => {
				atExecution(trigger, 1, deliver);
			},
		],
		[
			'after the late start',
			(trigger, deliver) => {
				void time.settled().then(deliver);
				void trigger;
			},
		],
	])('and is delivered after all, %s, starts it once', async (_, arrange) => {
		const trigger = await ground.published();
		const activity = ground.activity();
		stage.lemlist.happen(activity);
		time.pass(5 * MINUTE_MS);
		let delivering: Promise<unknown> | undefined;
		arrange(trigger, () => {
			delivering = stage.lemlist.deliver(activity);
		});
		await time.later(HOUR_MS, trigger);
		await eventually(() => delivering !== undefined);
		expect(await delivering).toMatchObject([{ status: 200 }]);
		await time.settled();
		expect(ground.ids).toEqual([activity._id]);
	});

	test('more than a week ago starts nothing, and within it does', async () => {
		const trigger = await ground.published();
		let recent = '';
		await time.startAnew(trigger, () => {
			ground.missed();
			time.pass(2 * HOUR_MS);
			recent = ground.missed();
			time.pass(7 * DAY_MS - HOUR_MS);
		});
		expect(ground.ids).toEqual([recent]);
	});
});

test('nothing starts while everything is delivered, whatever goes on: checks, hours, days, starts', async () => {
	const trigger = await ground.published({ events: ['emailsReplied', 'emailsSent'] });
	const all: unknown[] = [];
	for (let round = 0; round < 6; round += 1) {
		for (const type of ['emailsReplied', 'emailsSent'] as const) {
			const activity = stage.lemlist.activityOf(type);
			all.push(activity._id);
			await stage.lemlist.deliver(activity);
		}
		await time.later(7 * HOUR_MS, trigger);
		if (round % 2 === 1) await time.startAnew(trigger);
	}
	expect(ground.ids).toEqual(all);
	expect(trigger.log).toEqual([]);
});

test('a late item is what a delivery would have been, and says that it is late', async () => {
	const trigger = await ground.published();
	const activity = ground.activity('emailsReplied', {
		'My own': 'x',
		lead: { variables: { plan: 'pro', bot: 'no' } },
	});
	await stage.lemlist.deliver(activity);
	const [[delivered] = []] = ground.started;
	const other = { ...activity, _id: 'act_late' };
	await time.startAnew(trigger, () => {
		stage.lemlist.happen(other);
		time.pass(5 * MINUTE_MS);
	});
	expect(ground.started[1]).toEqual([{ ...delivered, _id: 'act_late', isLate: true }]);
});

test.each([0, 1_000])(
	'of so many events that n8n forgets what has started the workflow, none starts again, and a line says what is lost: %i of them are listed',
	async (listed) => {
		const trigger = await ground.published();
		const first = await ground.delivered();
		const missed = ground.missed();
		const burst = Array.from({ length: 2_500 }, () => ground.activity());
		for (const activity of burst.slice(burst.length - listed)) stage.lemlist.happen(activity);
		await trigger.execute(
			burst.map((json) => ({ json: json as IDataObject })),
			'webhook',
		);
		time.pass(5 * MINUTE_MS);
		await time.startAnew(trigger);
		expect(trigger.log).toEqual([
			expect.stringContaining('so many events came that n8n no longer knows'),
		]);
		const ids = ground.started.flat().map(({ _id }) => _id);
		expect(ids.filter((id) => id === first)).toHaveLength(1);
		expect(ids).not.toContain(missed);
	},
);

test('the end of the trigger ends a look: nothing starts afterwards', async () => {
	const trigger = await ground.published();
	for (let count = 0; count < 20; count += 1) ground.missed();
	atExecution(trigger, 5, () => {
		void trigger.closeFunction?.();
	});
	await time.later(HOUR_MS, trigger);
	expect(ground.ids).toHaveLength(5);
	stage.lemlist.clearRequests();
	await time.later(HOUR_MS, trigger);
	expect(stage.lemlist.requests).toEqual([]);
	expect(ground.ids).toHaveLength(5);
});
