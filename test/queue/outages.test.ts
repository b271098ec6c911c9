/** n8n in queue mode while its Redis, and then its PostgreSQL, is away for some seconds and events come in. */
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../e2e/n8n/until';
import { expectSettled } from '../faults/n8n/desired';
import { answersOf, Traffic, type Answers } from '../faults/n8n/traffic';
import { Trigger, type Started } from '../faults/n8n/trigger';
import { Cluster } from './n8n/cluster';
import type { Server } from './n8n/server';

const AWAY_MS = 5_000;
/** So many events go out at most until n8n looks at PostgreSQL again, which it does every two seconds. */
const UNNOTICED = 5;
/** So many events that are taken in a row show that n8n works. */
const FEW = 5;
const PATIENCE = { limitMs: 120_000, everyMs: 200 };

let cluster: Cluster;
let trigger: Trigger;

beforeAll(async () => {
	cluster = await Cluster.start();
	trigger = await Trigger.make(cluster, { events: ['interested'] });
	await trigger.activate();
});
afterAll(async () => {
	// Where it did not start, it has tidied up itself.
	await (cluster as Cluster | undefined)?.close();
});

test('Redis: every event is taken, late, and starts the workflow once', async () => {
	const before = await trigger.started();
	const answers = await whileAway(cluster.redis);
	expect(Object.keys(answers)).toEqual(['200']);
	await until(
		'every event has run',
		async () =>
			(await newSince(before)).filter(({ status }) => status === 'success').length >=
			(answers['200'] ?? 0),
		PATIENCE,
	);
	expectOnce(await newSince(before), answers);
	await expectSettled(trigger);
});

test('PostgreSQL: events are turned away meanwhile, and what was taken is known to n8n; then all is as before', async () => {
	const before = await trigger.started();
	const {
		200: taken = 0,
		503: turnedAway = 0,
		500: failed = 0,
		502: brokenOff = 0,
		...others
	} = await whileAway(cluster.database.server);
	expect(others).toEqual({});
	expect(turnedAway).toBeGreaterThan(0);
	expect(failed + brokenOff).toBeLessThanOrEqual(UNNOTICED);
	const started = await newSince(before);
	expect(started.length).toBeGreaterThanOrEqual(taken);
	expect(started.length).toBeLessThanOrEqual(taken + failed + brokenOff);
	// One that n8n gave up has forgotten what it was started with.
	const ids = started.flatMap(({ activityIds }) => activityIds);
	expect(ids).toEqual([...new Set(ids)]);
	await expectSettled(trigger);
});

/** Lets a server be away while events come in, until n8n takes them again. @returns what was answered */
async function whileAway(server: Server): Promise<Answers> {
	const traffic = new Traffic(trigger);
	try {
		await untilTaken(traffic);
		await server.stop();
		// How long it is away is what is tried.
		await sleep(AWAY_MS);
		await server.startAgain();
		await untilTaken(traffic);
	} finally {
		await traffic.stop();
	}
	return traffic.answers;
}

async function untilTaken({ results }: Traffic): Promise<void> {
	const before = results.length;
	await until(
		'events are taken',
		() => answersOf(results.slice(before).slice(-FEW))['200'] === FEW,
		PATIENCE,
	);
}

async function newSince(before: readonly Started[]): Promise<Started[]> {
	const ids = new Set(before.map(({ id }) => id));
	return (await trigger.started()).filter(({ id }) => !ids.has(id));
}

function expectOnce(executions: readonly Started[], answers: Answers): void {
	expect(executions).toHaveLength(answers['200'] ?? 0);
	expect(new Set(executions.flatMap(({ activityIds }) => activityIds)).size).toBe(
		executions.length,
	);
}
