/**
 * Every event once in queue mode: whether lemlist delivers it, delivers it five times or never delivers it, and
 * whichever process is killed, it starts the workflow once, in one of two workers. One story: each test goes
 * on where the one before it ended.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../e2e/n8n/until';
import { FORGED_SECRET } from '../faults/n8n/burst';
import { answersOf } from '../faults/n8n/traffic';
import { idsOf, startedIds } from '../faults/n8n/ledger';
import { Trigger } from '../faults/n8n/trigger';
import { activityOf, type Activity, type DeliveryResult, type EventType } from '../sandbox';
import { Cluster } from './n8n/cluster';
import { looksOf, questionsOf, storedHashes, unstored } from './n8n/ledger';

const EVENT: EventType = 'emailsReplied';
const LOOK_BACK_SECONDS = 8;
/** As published it is a minute. With two seconds, a busy machine has looks start what still waits for a worker. */
const YOUNGEST_SECONDS = 15;
const BURST = 500;
const AT_A_TIME = 40;
const FEW = 10;
/** How long it may take until n8n's store holds every key of a burst. */
const STORED_WITHIN_MS = 30_000;
/** One question, and one more about what seems new. */
const QUESTIONS_A_LOOK = 2;
const EVERY_MS = 300;
const PATIENCE = { limitMs: 180_000, everyMs: 500 };

let cluster: Cluster;
/** Gets an event now and then. */
let calm: Trigger;
/** Gets a burst. */
let busy: Trigger;
const ofCalm: Activity[] = [];
const ofBurst: Activity[] = [];

beforeAll(async () => {
	cluster = await Cluster.start({
		workers: 2,
		lookBackSeconds: LOOK_BACK_SECONDS,
		youngestSeconds: YOUNGEST_SECONDS,
	});
	[calm, busy] = await Promise.all([
		Trigger.make(cluster, { events: [EVENT] }),
		Trigger.make(cluster, { events: [EVENT] }),
	]);
	await calm.activate();
	await busy.activate();
});
afterAll(async () => {
	// Where it did not start, it has tidied up itself.
	await (cluster as Cluster | undefined)?.close();
});

test('forged calls start nothing and leave nothing in the store', async () => {
	const answers = await Promise.all(
		times(FEW, async () => await calm.deliver(EVENT, { secret: FORGED_SECRET })),
	);
	expect(answersOf(answers.flat())).toEqual({ 401: FEW });
	expect(await storedHashes(calm)).toEqual([]);
	expect(await calm.executions()).toEqual([]);
});

test('what comes five times starts the workflow once', async () => {
	ofCalm.push(...times(FEW, () => newActivity(calm)));
	await Promise.all(ofCalm.map(async (activity) => await calm.send(activity)));
	await untilStarted(calm, ofCalm);
	await untilStored(calm, ofCalm);
	for (let time = 1; time < 5; time += 1)
		await Promise.all(ofCalm.map(async (activity) => await calm.send(activity)));
	await until(
		'each delivery has run',
		async () => (await finished(calm)).length >= 5 * FEW,
		PATIENCE,
	);
	expect((await startedIds(calm)).sort()).toEqual(idsOf(ofCalm));
});

test(`after a burst of ${String(BURST)} over both workers, n8n's store holds every key`, async () => {
	const results: DeliveryResult[] = [];
	await Promise.all(
		times(AT_A_TIME, async () => {
			while (ofBurst.length < BURST) {
				const activity = newActivity(busy);
				ofBurst.push(activity);
				results.push(...(await busy.send(activity)));
			}
		}),
	);
	expect(answersOf(results)).toEqual({ 200: BURST });
	await untilStarted(busy, ofBurst);
	await untilStored(busy, ofBurst);
	expect((await startedIds(busy)).sort()).toEqual(idsOf(ofBurst));
	const logs = await Promise.all(cluster.workers.map(async (worker) => await worker.log(Infinity)));
	expect(logs.map((log) => log.includes('Worker finished execution'))).toEqual([true, true]);
});

test('what lemlist never delivers starts it late, with few questions; a look that finds nothing new asks none', async () => {
	const before = { looks: looksOf(calm), questions: (await questionsOf(calm)).length };
	ofCalm.push(...times(FEW, () => happens(calm)));
	await untilStarted(calm, ofCalm);
	await untilQuiet(calm);
	expect((await startedIds(calm)).sort()).toEqual(idsOf(ofCalm));
	const questions = (await questionsOf(calm)).length - before.questions;
	expect(questions).toBeGreaterThan(0);
	expect(questions).toBeLessThanOrEqual(QUESTIONS_A_LOOK * (looksOf(calm) - before.looks));
});

test('a worker killed while events come: each starts it once, but for those that n8n gave up', async () => {
	const [worker] = cluster.workers;
	const sent = await whileEventsCome(async () => {
		await sleep(5 * EVERY_MS);
		await worker?.kill();
		// So long the other one is alone.
		await sleep(5 * EVERY_MS);
		await worker?.start();
	});
	ofCalm.push(...sent);
	await expectOnceUnlessGivenUp(calm, ofCalm);
});

test('the main process killed, and events that are never delivered meanwhile: each starts it once, and nothing else does', async () => {
	const { main } = cluster.members;
	const questionsOfBusy = (await questionsOf(busy)).length;
	const executionsOfBusy = (await busy.executions()).length;
	const sent = await whileEventsCome(async () => {
		await main.kill();
		ofCalm.push(...times(FEW, () => happens(calm)));
		happens(calm, 'emailsSent');
		await main.start();
	});
	ofCalm.push(...sent);
	await expectOnceUnlessGivenUp(calm, ofCalm);
	await until(
		'the new main process has asked about the burst',
		async () => (await questionsOf(busy)).length > questionsOfBusy,
		PATIENCE,
	);
	await untilQuiet(busy);
	expect((await startedIds(busy)).sort()).toEqual(idsOf(ofBurst));
	const asked = (await questionsOf(busy)).length - questionsOfBusy;
	expect((await busy.executions()).length - executionsOfBusy).toBe(asked);
});

function times<Thing>(count: number, make: () => Thing): Thing[] {
	return Array.from({ length: count }, make);
}

function newActivity(trigger: Trigger, type = EVENT): Activity {
	return activityOf(type, { teamId: trigger.account.teamId });
}

function happens(trigger: Trigger, type = EVENT): Activity {
	const activity = newActivity(trigger, type);
	cluster.lemlist.happen(activity);
	return activity;
}

/** Does something while an event comes now and then, until a few more have come. @returns those that came */
async function whileEventsCome(work: () => Promise<void>): Promise<Activity[]> {
	const sent: Activity[] = [];
	const end = new AbortController();
	const sending = (async () => {
		while (!end.signal.aborted) {
			const activity = newActivity(calm);
			expect(answersOf(await calm.send(activity))).toEqual({ 200: 1 });
			sent.push(activity);
			await sleep(EVERY_MS);
		}
	})();
	await work().finally(() => {
		end.abort();
	});
	await sending;
	return sent;
}

async function finished(trigger: Trigger) {
	const executions = await trigger.executions();
	return executions.filter(({ status }) => status === 'success');
}

async function givenUp(trigger: Trigger) {
	const executions = await trigger.executions();
	return executions.filter(({ status }) => status === 'crashed' || status === 'error');
}

async function missing(trigger: Trigger, activities: readonly Activity[]): Promise<string[]> {
	const started = new Set(await startedIds(trigger));
	return idsOf(activities).filter((id) => !started.has(id));
}

async function untilStarted(trigger: Trigger, activities: readonly Activity[]): Promise<void> {
	await until(
		'every event has started the workflow',
		async () => (await missing(trigger, activities)).length === 0,
		PATIENCE,
	);
}

async function untilStored(trigger: Trigger, activities: readonly Activity[]): Promise<void> {
	await until(
		"n8n's store holds every key",
		async () => (await unstored(trigger, activities)).length === 0,
		{ limitMs: STORED_WITHIN_MS },
	);
}

/** Waits until two whole looks have gone by without any execution: nothing more comes. */
async function untilQuiet(trigger: Trigger): Promise<void> {
	await until(
		'looks find nothing new',
		async () => {
			const before = (await trigger.executions()).length;
			const looks = looksOf(trigger);
			await until('a look has begun', () => looksOf(trigger) >= looks + 3, PATIENCE);
			return (await trigger.executions()).length === before;
		},
		PATIENCE,
	);
}

/** What n8n gave up had passed the gate or not: then it comes late. */
async function expectOnceUnlessGivenUp(
	trigger: Trigger,
	activities: readonly Activity[],
): Promise<void> {
	await until(
		'every event has started the workflow or is among those that n8n gave up',
		async () => (await missing(trigger, activities)).length <= (await givenUp(trigger)).length,
		PATIENCE,
	);
	await untilQuiet(trigger);
	const started = await startedIds(trigger);
	const lost = new Set(await missing(trigger, activities));
	expect(lost.size).toBeLessThanOrEqual((await givenUp(trigger)).length);
	expect(started.sort()).toEqual(idsOf(activities).filter((id) => !lost.has(id)));
}
