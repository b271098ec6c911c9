/** A test run: the newest event that is there is shown at once; where there is none, it waits as before. */
import type { IDataObject } from 'n8n-workflow';
import type { EventType } from '../../sandbox';
import type { Trigger } from '../host';
import { pause, status } from '../stage';
import { MINUTE_MS, SECOND_MS } from '../time';
import { Ground } from './ground';

const ground = new Ground();
const { stage, time } = ground;

const HOWEVER: ReadonlyArray<[string, IDataObject]> = [
	['by webhook', {}],
	['looked up every minute', { arrival: 'lookUp' }],
];
const LOOK_UP = { arrival: 'lookUp' };
const SIX = ['emailsReplied', 'smsReplied', 'annotated', 'paused', 'resumed', 'stopped'];

function trying(options: IDataObject = {}, events = ['emailsReplied']): Trigger {
	return stage.trigger({ events, options });
}

/** It happens, no hook delivers it, and a minute passes. @returns its id */
function happens(...activity: Parameters<Ground['activity']>): string {
	const made = ground.activity(...activity);
	stage.lemlist.happen(made);
	time.pass(MINUTE_MS);
	return String(made._id);
}

/** Listens until nothing goes on any more. */
async function listen(trigger: Trigger): Promise<ReturnType<Trigger['testRun']>> {
	const run = trigger.testRun();
	await run.listen();
	await time.settled();
	return run;
}

test.each(HOWEVER)(
	'shows the newest event, as lemlist would deliver it, %s',
	async (_, options) => {
		happens();
		const newest = happens();
		happens('emailsSent');
		const trigger = trying(options);
		const run = await listen(trigger);
		expect(ground.ids).toEqual([newest]);
		expect(Object.keys(ground.started[0]?.[0] ?? {})).not.toEqual(
			expect.arrayContaining(['secret', 'isLate', 'lead']),
		);
		await run.stop();
		expect(stage.types()).toEqual([]);
	},
);

test('shows an event that has started the published workflow, and does not keep another from it', async () => {
	const trigger = await ground.published();
	const id = await ground.delivered();
	const run = await listen(trigger);
	await run.stop();
	expect(ground.ids).toEqual([id, id]);
	const next = await ground.delivered();
	expect(ground.ids).toEqual([id, id, next]);
});

test('asks once for all where many events are picked', async () => {
	happens('annotated');
	const newest = happens('paused');
	happens('emailsSent');
	await listen(trying({}, SIX));
	expect(ground.ids).toEqual([newest]);
	expect(stage.looks().map(({ query }) => query.type)).toEqual([undefined]);
});

test.each<[string, IDataObject, string[], Parameters<Ground['activity']>]>([
	['left out', { ignoreBots: true }, ['emailsOpened'], ['emailsOpened', { bot: true }]],
	['not picked', {}, SIX, ['emailsSent']],
])(
	'shows an event that 250 newer ones are before, which are %s',
	async (_, options, events, newer) => {
		const type = events[0] as EventType;
		const shown = happens(type);
		for (let count = 0; count < 250; count += 1) stage.lemlist.happen(ground.activity(...newer));
		await listen(trying(options, events));
		expect(ground.ids).toEqual([shown]);
	},
);

test('shows what is rare among many events that are picked, and stops looking where there is nothing', async () => {
	const shown = happens('annotated');
	for (let count = 0; count < 1_200; count += 1)
		stage.lemlist.happen(ground.activity('emailsSent'));
	await listen(trying({}, SIX));
	expect(ground.ids).toEqual([shown]);
	expect(stage.looks().length).toBeLessThan(15);
});

test('shows what the settings let through', async () => {
	const theirs = happens();
	happens('emailsReplied', { campaignId: undefined, leadId: undefined });
	await listen(trying({ thirdPartyReplies: 'exclude' }));
	expect(ground.ids).toEqual([theirs]);
});

test.each<[string, IDataObject, string[]]>([
	['with Next Event', { testWith: 'next' }, ['emailsReplied']],
	['where nothing has happened', {}, ['annotated']],
	['for events that lemlist does not list', {}, ['campaignComplete']],
])('waits for a delivery %s', async (_, options, events) => {
	happens();
	const run = await listen(trying(options, events));
	expect(ground.ids).toEqual([]);
	expect(stage.types()).toEqual(events);
	await run.stop();
});

test.each<[string, IDataObject]>([
	['with Next Event', { testWith: 'next' }],
	['where nothing has happened before', {}],
])('that looks up waits for what happens, %s', async (_, options) => {
	if (options.testWith === 'next') happens();
	const next = ground.activity('emailsReplied', {
		createdAt: new Date(time.now() + 20 * SECOND_MS).toISOString(),
	});
	stage.lemlist.happen(next, 20 * SECOND_MS);
	await listen(trying({ ...LOOK_UP, ...options }));
	expect(ground.ids).toEqual([next._id]);
});

test.each([1, SIX.length])(
	'that looks up and finds nothing leaves nearly all of what lemlist allows to others, with %i events',
	async (count) => {
		for (let others = 0; others < 1_200; others += 1)
			stage.lemlist.happen(ground.activity('emailsSent'));
		time.pass(MINUTE_MS);
		const began = time.now();
		await listen(trying(LOOK_UP, SIX.slice(0, count)));
		const seconds = (time.now() - began) / SECOND_MS;
		expect(seconds).toBeGreaterThan(100);
		// 10 a second is what lemlist allows.
		expect(stage.looks().length / seconds).toBeLessThan(1);
	},
);

test('with two triggers in a workflow, nothing is shown before the hooks of both are made', async () => {
	happens();
	const [one, two] = ['emailsReplied', 'smsReplied'].map((event, index) =>
		stage.trigger({ events: [event] }, {}, { workflowId: 'w1', nodeId: `n${String(index)}` }),
	);
	if (one === undefined || two === undefined) throw new Error('There are two');
	const shown: string[][] = [];
	const webhook = one.webhook.bind(one);
	one.webhook = async (...call) => {
		shown.push(stage.types());
		return await webhook(...call);
	};
	const [first, second] = [one.testRun(), two.testRun()];
	await first.listen();
	// So long that time goes on meanwhile.
	const back = stage.before('create', async () => {
		await pause(60);
	});
	await second.listen();
	back();
	await time.settled();
	expect(shown).toEqual([['emailsReplied', 'smsReplied']]);
	await first.stop();
	await second.stop();
});

test('that looks up gives up when n8n would have ended it', async () => {
	const began = time.now();
	await listen(trying(LOOK_UP));
	expect(ground.ids).toEqual([]);
	expect(time.now() - began).toBeLessThan(4 * MINUTE_MS);
});

test.each(HOWEVER)('that is stopped shows nothing afterwards, %s', async (_, options) => {
	happens();
	const run = trying(options).testRun();
	await run.listen();
	await run.stop();
	await time.settled();
	expect(ground.ids).toEqual([]);
});

const FAILING = { on: { path: '/activities' }, effect: status(500) };
const NOT_SHOWN = [expect.stringContaining('the newest event could not be shown')];

test.each(HOWEVER)(
	'waits where lemlist does not list, %s, and says why once',
	async (_, options) => {
		happens();
		stage.lemlist.fault({ ...FAILING, times: Infinity });
		const trigger = trying(options);
		await listen(trigger);
		expect(ground.ids).toEqual([]);
		expect(trigger.log).toEqual(NOT_SHOWN);
	},
);

test('that looks up shows the newest as soon as lemlist lists again', async () => {
	const newest = happens();
	stage.lemlist.fault({ ...FAILING, times: 12 });
	const trigger = trying(LOOK_UP);
	await listen(trigger);
	expect(ground.ids).toEqual([newest]);
	expect(trigger.log).toEqual(NOT_SHOWN);
});

test('waits where n8n does not reach itself, and says why', async () => {
	happens();
	const trigger = trying();
	const run = trigger.testRun();
	await run.listen();
	trigger.isListening = false;
	await time.settled();
	expect(ground.ids).toEqual([]);
	expect(trigger.log).toEqual(NOT_SHOWN);
});
