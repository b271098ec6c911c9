/** What an edit changes of what may start the workflow late, and an edit that is no more than half of one. */
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../time';
import type { Trigger } from '../host';
import { eventually } from '../stage';
import { Ground } from './ground';

const ground = new Ground();
const { stage, time } = ground;

test('what was missed while the trigger alone was disabled, from one edit to another, starts nothing', async () => {
	const trigger = await ground.published();
	await trigger.deactivate();
	ground.missed();
	await trigger.activate('update');
	await time.settled();
	time.pass(MINUTE_MS);
	const id = ground.missed();
	await time.later(HOUR_MS, trigger);
	await time.startAnew(trigger);
	expect(ground.ids).toEqual([id]);
});

test('a look that goes on while the trigger is disabled does not hide that it was', async () => {
	const trigger = await ground.published();
	const slow = stage.lemlist.fault({
		on: { match: ({ path }) => path === '/team' },
		effect: { name: 'delay', ms: 500 },
		times: Infinity,
	});
	time.pass(HOUR_MS);
	trigger.check();
	await eventually(() => slow.hits > 0);
	await trigger.deactivate();
	await eventually(() => stage.lemlist.requests.every(({ status }) => status !== 'none'));
	await time.settled();
	slow.remove();
	ground.missed();
	time.pass(HOUR_MS);
	await trigger.activate('update');
	await time.settled();
	expect(ground.ids).toEqual([]);
});

test('what names no campaign, while lemlist filtered by one, starts nothing once there are two', async () => {
	const [one, other] = stage.lemlist.campaigns.map(({ _id }) => _id);
	const trigger = await ground.published({ campaigns: [one] });
	ground.missed(ground.activity('emailsReplied', { campaignId: undefined, leadId: undefined }));
	await trigger.deactivate();
	trigger.options.parameters.campaigns = [one, other];
	await trigger.activate('update');
	await time.settled();
	expect(ground.ids).toEqual([]);
	const id = ground.missed(ground.activity('emailsReplied', { campaignId: undefined }));
	await ground.hourly(trigger);
	expect(ground.ids).toEqual([id]);
});

test('what was missed while n8n ended in the middle of an edit starts it once n8n has gone on with that', async () => {
	const trigger = await ground.published();
	await trigger.deactivate();
	await time.stop(trigger);
	const id = ground.missed();
	await time.start(trigger, 'update');
	expect(ground.ids).toEqual([id]);
});

describe('with another trigger in the workflow', () => {
	const WORKFLOW = { workflowId: 'w2' };
	const OTHER = { ...WORKFLOW, nodeId: 'other' };

	/** So much time passes while lemlist answers to a step of n8n's. */
	async function taking(ms: number, method: string, step: () => Promise<void>): Promise<void> {
		const slow = stage.lemlist.fault({
			on: { method },
			effect: { name: 'delay', ms: 300 },
			times: Infinity,
		});
		const done = step();
		await eventually(() => slow.hits > 0);
		time.pass(ms);
		await done;
		slow.remove();
	}

	test('an edit may take as long as the slowest takes to be removed: the others go on', async () => {
		const trigger = await ground.published({}, WORKFLOW);
		const other = await ground.published({}, OTHER);
		const id = ground.missed();
		await trigger.deactivate();
		await taking(18 * SECOND_MS, 'DELETE', async () => {
			await other.deactivate();
		});
		await trigger.activate('update');
		await time.settled();
		expect(ground.ids).toEqual([id]);
	});

	test('an edit may take as long as others take to be made before it: it goes on', async () => {
		const trigger = await ground.published({}, WORKFLOW);
		const other = await ground.published({ events: ['smsReplied'] }, OTHER);
		const id = ground.missed();
		await Promise.all([trigger.deactivate(), other.deactivate()]);
		await taking(20 * SECOND_MS, 'POST', async () => {
			await other.activate('update');
		});
		time.pass(10 * SECOND_MS);
		await trigger.activate('update');
		await time.settled();
		expect(ground.ids).toEqual([id]);
	});

	test.each<[string, (other: Trigger) => Promise<void>]>([
		[
			'changes the other',
			async (other) => {
				await other.deactivate();
				await other.activate('update');
			},
		],
		[
			'adds another',
			async () => {
				await stage.trigger({ events: ['smsReplied'] }, {}, WORKFLOW).activate('update');
			},
		],
		[
			'follows a test run of the other',
			async (other) => {
				const run = other.testRun();
				await run.listen();
				await run.stop();
			},
		],
	])(
		'a trigger that was disabled, and is enabled by an edit that %s, begins anew',
		async (_, edits) => {
			const trigger = await ground.published({}, WORKFLOW);
			const other = await ground.published({ events: ['smsReplied'] }, OTHER);
			await trigger.deactivate();
			ground.missed();
			time.pass(HOUR_MS);
			await edits(other);
			await trigger.activate('update');
			await time.settled();
			expect(ground.ids).toEqual([]);
		},
	);
});
