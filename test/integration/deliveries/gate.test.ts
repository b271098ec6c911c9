/** The gate around the built node: however often lemlist delivers an event, it starts the workflow once. */
import type { INodeExecutionData } from 'n8n-workflow';
import { activityOf, type Activity } from '../../sandbox';
import type { Trigger } from '../host';
import { processedValues } from '../processedValues';
import { eventually, Stage } from '../stage';
import { Time } from '../time';

const stage = new Stage();
const time = new Time(stage);

afterEach(() => {
	Object.assign(processedValues, { failure: undefined, hangs: false });
});

const items = () => stage.host.executions.map((execution) => execution.map(({ json }) => json));
const ids = () => items().map((all) => all.map(({ _id }) => _id));
/** Keys of activities in n8n's store, without what the gate notes beside them. */
const keys = () => [...processedValues.rows.values()].flat().filter((key) => key.startsWith('["'));

async function published(events = ['emailsReplied'], parameters = {}): Promise<Trigger> {
	// What the test before recorded, the gate records again.
	await time.settled();
	processedValues.rows.clear();
	const trigger = stage.trigger({ events, ...parameters });
	await trigger.activate();
	await time.settled();
	stage.host.started = 0;
	return trigger;
}

/** Posts a body to the first hook. */
async function send(body: unknown, secret = stage.lemlist.hooks[0]?.secret) {
	const signed = [body].flat().map((activity) => ({ ...(activity as object), secret }));
	const [hook] = stage.lemlist.hooks;
	return await stage.lemlist.send(hook?.targetUrl ?? '', Array.isArray(body) ? signed : signed[0]);
}

test('delivered five times, an event starts the workflow once, and lemlist hears that all is well', async () => {
	await published();
	const activity = activityOf('emailsReplied');
	const answers = await stage.lemlist.deliver(activity, { times: 5 });
	expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
	expect(items()).toEqual([[activity]]);
});

test('two hundred at once, twice, start it once each, and n8n has them all', async () => {
	await published();
	const all = Array.from({ length: 200 }, () => activityOf('emailsReplied'));
	await Promise.all([...all, ...all].map(async (activity) => await send(activity)));
	const expected = all.map(({ _id }) => _id).sort();
	expect(ids().flat().sort()).toEqual(expected);
	expect(keys()).toHaveLength(expected.length);
});

test('what was seen stays so in another process of n8n', async () => {
	const trigger = await published();
	const activity = activityOf('emailsReplied');
	await stage.lemlist.deliver(activity);
	await time.startAnew(trigger);
	await stage.lemlist.deliver(activity);
	await stage.lemlist.deliver(activityOf('emailsReplied', { _id: 'act_new' }));
	expect(ids()).toEqual([[activity._id], ['act_new']]);
});

test('what was seen stays so after off and on', async () => {
	const trigger = await published();
	const activity = activityOf('emailsReplied');
	await stage.lemlist.deliver(activity);
	await trigger.deactivate();
	await trigger.activate();
	await stage.lemlist.deliver(activity);
	expect(ids()).toEqual([[activity._id]]);
});

test.each(['manual', 'retry', 'evaluation', 'internal'] as const)(
	'in mode %s everything passes, and nothing of it is recorded',
	async (mode) => {
		const trigger = await published();
		const given: INodeExecutionData[] = [
			{ json: { _id: 'act_1' }, lemlist: { is: 'delivered', event: 'emailsReplied' } } as never,
			{ json: { _id: 'act_1' } },
		];
		await trigger.execute(given, mode);
		await trigger.execute(given, mode);
		const both = [{ _id: 'act_1' }, { _id: 'act_1' }];
		expect(items()).toEqual([both, both]);
		expect(keys()).toEqual([]);
		expect(stage.host.executions.flat().filter((item) => 'lemlist' in item)).toEqual([]);
	},
);

test('without an id, each delivery starts it', async () => {
	await published(['enrichmentDone']);
	const body = { type: 'enrichmentDone', data: [{ id: '1' }] };
	await send(body);
	await send(body);
	expect(items()).toEqual([[body], [body]]);
	expect(keys()).toEqual([]);
});

test('of a list with doubles, each comes out once', async () => {
	await published();
	await send(['act_1', 'act_2', 'act_1'].map((_id) => ({ _id })));
	await send(['act_3', 'act_2'].map((_id) => ({ _id })));
	expect(ids()).toEqual([['act_1', 'act_2'], ['act_3']]);
});

test.each(['state', 'activity'] as const)(
	'one reply under two picked events, the second called by its %s, starts it for each',
	async (deliveryTypeOfStateEvents) => {
		stage.lemlist.rules.deliveryTypeOfStateEvents = deliveryTypeOfStateEvents;
		await published(['emailsReplied', 'warmed']);
		const activity = activityOf('emailsReplied');
		await stage.lemlist.deliver(activity, { alsoState: true, times: 2 });
		expect(ids()).toEqual([[activity._id], [activity._id]]);
	},
);

describe('while the store', () => {
	test.each<[string, () => void]>([
		[
			'fails',
			() => {
				processedValues.failure = new Error('The database is locked');
			},
		],
		[
			'hangs',
			() => {
				processedValues.hangs = true;
			},
		],
	])(
		'%s, what lemlist delivers starts the workflow, with a line in the log',
		async (_, breakIt) => {
			const trigger = await published();
			breakIt();
			const activity = activityOf('emailsReplied');
			await stage.lemlist.deliver(activity);
			await stage.lemlist.deliver(activity);
			expect(ids()).toEqual([[activity._id]]);
			expect(trigger.log.join()).toContain('n8n could not look up which events have started');
			expect(trigger.log.join()).toContain('What lemlist delivered starts it');
		},
	);

	test('fails, what was missed waits until it works', async () => {
		const trigger = await published();
		const activity = stage.lemlist.activityOf('emailsReplied');
		await time.stop(trigger);
		stage.lemlist.happen(activity);
		time.pass(300_000);
		processedValues.failure = new Error('The database is locked');
		await time.start(trigger);
		expect(ids()).toEqual([]);
		expect(trigger.log.join()).toContain('Events that were missed are looked for again later');
		processedValues.failure = undefined;
		await time.later(300_000, trigger);
		expect(ids()).toEqual([[activity._id]]);
	});

	test('fails between question and start, what was missed waits until it works', async () => {
		const trigger = await published();
		const activity = stage.lemlist.activityOf('emailsReplied');
		stage.lemlist.happen(activity);
		const execute = trigger.execute.bind(trigger);
		trigger.execute = async (given, ...rest) => {
			if (given.some(({ json }) => json._id === activity._id))
				processedValues.failure = new Error('The database is locked');
			return await execute(given, ...rest);
		};
		await time.later(3_700_000, trigger);
		expect(ids()).toEqual([]);
		trigger.execute = execute;
		processedValues.failure = undefined;
		await time.later(3_700_000, trigger);
		await time.later(3_700_000, trigger);
		expect(ids()).toEqual([[activity._id]]);
	});
});

test('an execution that n8n 1 runs once more, because its worker was lost, passes', async () => {
	const trigger = await published();
	await time.startWorker();
	const given = [{ json: { _id: 'act_1', type: 'emailsReplied' } }];
	await trigger.execute(given, 'webhook', '77');
	await time.startWorker();
	await trigger.execute(given, 'webhook', '77');
	await trigger.execute(given, 'webhook', '78');
	expect(ids()).toEqual([['act_1'], ['act_1']]);
});

test('an execution that n8n 1 runs twice while it starts, before the trigger is there, starts the workflow once', async () => {
	const trigger = await published();
	await time.startWorker();
	const given = [{ json: { _id: 'act_1', type: 'emailsReplied' } }];
	await Promise.all([
		trigger.execute(given, 'webhook', '77'),
		trigger.execute(given, 'webhook', '77'),
	]);
	await trigger.execute(given, 'webhook', '77');
	expect(ids()).toEqual([['act_1']]);
});

test('what is forged or left out leaves nothing in the store', async () => {
	await published(['emailsReplied'], { options: { thirdPartyReplies: 'exclude' } });
	const forged = { _id: 'act_1', type: 'emailsReplied', leadId: 'lea_1' };
	expect((await send(forged, 'wrong')).status).toBe(401);
	expect((await send([forged], 'wrong')).status).toBe(401);
	expect((await send({ ...forged, isThirdPartyReply: true })).status).toBe(200);
	expect(keys()).toEqual([]);
	expect(stage.host.started).toBe(0);
	await send(forged);
	expect(ids()).toEqual([['act_1']]);
});

test('neither the secret nor the mark reaches the workflow, nor the store', async () => {
	const trigger = await published();
	const secret = stage.lemlist.hooks[0]?.secret ?? 'none';
	const mark = { is: 'late', event: 'emailsSent' };
	const activity: Activity = activityOf('emailsReplied', { lemlist: mark });
	await stage.lemlist.deliver(activity);
	stage.lemlist.happen(stage.lemlist.activityOf('emailsReplied', { lemlist: mark }));
	await time.later(3_700_000, trigger);
	await eventually(() => stage.host.executions.length === 2);
	const got = stage.host.executions.flat();
	// A variable of that name is the lead's affair.
	expect(got.map(({ json }) => json.lemlist)).toEqual([mark, mark]);
	expect(got.filter((item) => 'lemlist' in item)).toEqual([]);
	for (const place of [got, [...processedValues.rows], trigger.log])
		expect(JSON.stringify(place)).not.toContain(secret);
});
