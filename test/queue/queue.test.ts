/**
 * The trigger in n8n's queue mode: the main process keeps the hooks, webhook processors take deliveries,
 * a worker runs the workflow; and any of them may die. One story: each test goes on where the one
 * before it ended.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Instance } from '../e2e/n8n/instance';
import { until } from '../e2e/n8n/until';
import { FORGED_SECRET, sendBurst, type Burst, type Sent } from '../faults/n8n/burst';
import { expectSettled, isDesired, untilDesired } from '../faults/n8n/desired';
import { CHECK_SECONDS } from '../faults/n8n/host';
import { RecordedSession } from '../faults/n8n/recordedSession';
import { answersOf, Traffic, type Answers } from '../faults/n8n/traffic';
import { Trigger, TRIGGER_NAME, type NextNode, type Started } from '../faults/n8n/trigger';
import { activityOf, type Activity, type DeliverOptions, type EventType } from '../sandbox';
import { Cluster, CONCURRENCY } from './n8n/cluster';

const EVENTS: readonly EventType[] = ['interested', 'emailsReplied', 'linkedinReplied'];
/** How many genuine deliveries, and how many forged ones. */
const EACH = 500;
const AT_A_TIME = 40;
/** So many deliveries to each processor show that it works. */
const FEW = 3;
const PATIENCE = { limitMs: 120_000, everyMs: 100 };
/** Long enough for a worker that is killed to have some executions under way. */
const WAIT_A_SECOND: NextNode = {
	type: 'n8n-nodes-base.wait',
	typeVersion: 1.1,
	parameters: { resume: 'timeInterval', amount: 1, unit: 'seconds' },
};

/** How n8n ends an execution whose worker is gone. */
const GIVEN_UP = 'This execution failed to be processed too many times and will no longer retry.';

let cluster: Cluster;
let trigger: Trigger;
let burst: Burst;
/** Executions that were not over when the worker was killed, by id. */
let underWay: ReadonlySet<string>;
/** What the test run gets, beside the published workflow. */
let testedId: string | undefined;
/** By execution: n8n forgets what it was started with when it gives it up. */
const activityIdsSeen = new Map<string, readonly string[]>();

beforeAll(async () => {
	cluster = await Cluster.start();
	trigger = await Trigger.make(cluster, { events: EVENTS, next: WAIT_A_SECOND });
	await trigger.activate();
});
afterAll(async () => {
	// Where it did not start, it has tidied up itself.
	await (cluster as Cluster | undefined)?.close();
});

test('activation registers exactly the desired hooks, on the address of the load balancer', () => {
	expect(isDesired(trigger)).toBe(true);
	expect(cluster.lemlist.hooks.map(({ targetUrl }) => new URL(targetUrl).origin)).toEqual(
		EVENTS.map(() => cluster.balancer.url),
	);
});

test('a changed Webhook Secret costs no event, though forged calls make both processors look it up all the time', async () => {
	const answers = await underTraffic([{}, { secret: FORGED_SECRET }], async () => {
		await untilBothAnswered();
		const secrets = trigger.hooks.map(({ secret }) => secret);
		await trigger.rotate({ webhookSecret: 'another one' });
		await until(
			'the hooks have another secret',
			() => isDesired(trigger) && !trigger.hooks.some(({ secret }) => secrets.includes(secret)),
			PATIENCE,
		);
		await untilBothAnswered();
	});
	expect(answers.map(Object.keys)).toEqual([['200'], ['401']]);
});

test('a hook that vanished is made again, once, by the one process that checks', async () => {
	const before = cluster.lemlist.requests.length;
	cluster.lemlist.removeHook(trigger.hooks[0]?._id ?? '');
	await untilDesired(trigger);
	await expectSettled(trigger);
	const [looks, posts, deletes] = ['GET', 'POST', 'DELETE'].map((method) =>
		trigger.requests(method, before),
	);
	expect([posts?.length, deletes?.length]).toEqual([1, 0]);
	const intervals = looks?.map(({ at }) => Math.floor(at / (CHECK_SECONDS * 1_000))) ?? [];
	expect(intervals).toEqual([...new Set(intervals)]);
});

describe('while first the worker and then a processor is killed and started again', () => {
	beforeAll(async () => {
		const before = cluster.balancer.answers.length;
		const untilAnswered = async (share: number) => {
			await until(
				'a part of the burst is answered',
				() => cluster.balancer.answers.length - before >= share * 2 * EACH,
				PATIENCE,
			);
		};
		const { worker, firstProcessor } = cluster.members;
		const sending = sendBurst(trigger, { each: EACH, atATime: AT_A_TIME });
		await untilAnswered(0.2);
		await worker.kill();
		underWay = new Set((await executionsNow()).filter(isUnderWay).map(({ id }) => id));
		await untilAnswered(0.4);
		await worker.start();
		await untilAnswered(0.6);
		await firstProcessor.kill();
		await executionsNow();
		await untilAnswered(0.7);
		await firstProcessor.start();
		burst = await sending;
	});

	test.each([
		['takes every genuine delivery', 'genuine', 200],
		['refuses every forged one', 'forged', 401],
	] as const)('%s, but for those that the killed processor had in its hands', (_, kind, status) => {
		const {
			[status]: asExpected = 0,
			502: brokenOff = 0,
			...others
		} = answersOf(burst[kind].map(({ result }) => result));
		expect(others).toEqual({});
		expect(asExpected + brokenOff).toBe(EACH);
		expect(brokenOff).toBeLessThanOrEqual(AT_A_TIME);
	});

	test('starts the workflow once for each activity that was answered 200, and never for a forged one or twice', async () => {
		expectOnceForEach(await executionsNow());
	});
});

test('listening for a test event works: its hook leads to the main process, and is gone afterwards', async () => {
	const editor = new RecordedSession(cluster.members.main);
	await editor.logIn();
	await editor.call('POST', `/workflows/${trigger.workflow.id}/run`, {
		triggerToStartFrom: { name: TRIGGER_NAME },
	});
	const testHooks = () =>
		cluster.lemlist.hooks.filter(({ targetUrl }) =>
			targetUrl.startsWith(`${cluster.balancer.url}/webhook-test/`),
		);
	expect(testHooks()).toHaveLength(EVENTS.length);
	const activity = activityOf('interested', { teamId: trigger.account.teamId });
	testedId = String(activity._id);
	expect(answersOf(await trigger.send(activity))).toEqual({ 200: 2 });
	await until('the hooks of the test run are gone', () => testHooks().length === 0, PATIENCE);
	expect(isDesired(trigger)).toBe(true);
	// The main process runs the test itself, and is about to be killed.
	const runsOf = async () =>
		(await executionsNow()).filter(
			({ activityIds, status }) =>
				activityIds.includes(String(activity._id)) && status === 'success',
		);
	await until(
		'the test and the event have run',
		async () => (await runsOf()).length === 2,
		PATIENCE,
	);
});

describe.each(['kill', 'stop'] as const)(
	'while the main process is away (%s) and starts again',
	(end) => {
		test('processors take every event and ask lemlist nothing; then the hooks are as desired again', async () => {
			const { main } = cluster.members;
			const answers = await underTraffic([{}], async () => {
				await main[end]();
				// What it asked in its last moment has arrived before what we ask now.
				await fetch(`${cluster.lemlist.apiUrl}/team`);
				const before = cluster.lemlist.requests.length;
				cluster.lemlist.removeHook(trigger.hooks.at(-1)?._id ?? '');
				// Nothing is to happen: that two checks would have been due is told by the clock alone.
				await sleep(2 * CHECK_SECONDS * 1_000);
				await untilBothAnswered();
				expect(cluster.lemlist.requests.slice(before)).toEqual([]);
				await main.start();
				await untilDesired(trigger, PATIENCE);
				await expectSettled(trigger);
			});
			expect(answers.map(Object.keys)).toEqual([['200']]);
		});
	},
);

describe('when every execution is over', () => {
	let executions: readonly Started[];

	beforeAll(async () => {
		executions = await overExecutions();
	});

	test('there is still one for each activity that was answered 200', () => {
		expectOnceForEach(executions);
	});

	test('n8n has given up only what a killed process had under way, and says so', () => {
		const failed = executions.filter(({ status }) => status !== 'success');
		expect(failed.filter((execution) => !isGivenUp(execution)).map(inShort)).toEqual([]);
		const ofWorker = failed.filter(({ id }) => underWay.has(id));
		expect(ofWorker.length).toBeGreaterThan(0);
		expect(ofWorker.length).toBeLessThanOrEqual(CONCURRENCY);
		const unanswered = idsOf(burst.genuine.filter(({ result }) => result.status !== 200));
		const others = failed.filter(({ id }) => !underWay.has(id));
		expect(
			others.filter(({ activityIds: [id = ''] }) => !unanswered.includes(id)).map(inShort),
		).toEqual([]);
	});
});

test('deactivation removes every hook', async () => {
	await trigger.deactivate();
	expect(cluster.lemlist.hooks).toEqual([]);
});

/** Does something while events of each kind come in all the time. @returns what was answered to each kind */
async function underTraffic(
	kinds: readonly DeliverOptions[],
	work: () => Promise<void>,
): Promise<Answers[]> {
	const traffics = kinds.map((options) => new Traffic(trigger, options));
	try {
		await work();
	} finally {
		await Promise.all(traffics.map(async (traffic) => await traffic.stop()));
	}
	return traffics.map(({ answers }) => answers);
}

/** Waits until each processor has answered a few more deliveries. */
async function untilBothAnswered(): Promise<void> {
	const { answers } = cluster.balancer;
	const before = answers.length;
	const countOf = (processor: Instance) =>
		answers.slice(before).filter(({ target }) => target === processor.url).length;
	await until(
		'each processor has answered some deliveries',
		() => cluster.processors.every((processor) => countOf(processor) >= FEW),
		PATIENCE,
	);
}

function idsOf(sent: readonly Sent[]): string[] {
	return sent.map(({ activity }) => String(activity._id));
}

/** Every execution, with what it was started with. */
async function executionsNow(): Promise<Started[]> {
	const executions = await trigger.started();
	for (const { id, activityIds } of executions)
		if (activityIds.length > 0) activityIdsSeen.set(id, activityIds);
	return executions.map((execution) => ({
		...execution,
		activityIds: activityIdsSeen.get(execution.id) ?? [],
	}));
}

/** Of what lemlist delivered twice, because there were two hooks while the secret was changed, one starts nothing. */
function expectOnceForEach(executions: readonly Started[]): void {
	const ids = executions.flatMap(({ activityIds }) => activityIds).filter((id) => id !== testedId);
	expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
	const taken = cluster.lemlist.deliveries
		.filter(({ status, targetUrl }) => status === 200 && targetUrl.includes('/webhook/'))
		.map(({ sent }) => String((sent as Activity)._id))
		.filter((id) => id !== testedId);
	expect(taken.filter((id) => !ids.includes(id))).toEqual([]);
	const empty = executions.filter(({ activityIds }) => activityIds.length === 0);
	expect(empty.filter(({ status }) => status !== 'success').map(inShort)).toEqual([]);
	expect(empty.length).toBeLessThanOrEqual(taken.length - new Set(taken).size);
	expect(idsOf(burst.forged).filter((id) => ids.includes(id))).toEqual([]);
}

/** For messages: without the activities themselves. */
function inShort({ id, status, error, activityIds }: Started) {
	return { id, status, error, activityIds };
}

function isUnderWay({ status }: Started): boolean {
	return ['new', 'running', 'waiting'].includes(status);
}

function isGivenUp({ status, error = '' }: Started): boolean {
	return status === 'crashed' || (status === 'error' && error.startsWith(GIVEN_UP));
}

/** Waits until nothing is waiting or running any more. @returns every execution */
async function overExecutions(): Promise<Started[]> {
	return await until(
		'every execution is over',
		async () => {
			const executions = await executionsNow();
			return !executions.some(isUnderWay) && executions;
		},
		{ ...PATIENCE, everyMs: 1_000 },
	);
}
