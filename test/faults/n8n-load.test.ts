/**
 * A burst on a real n8n: genuine and forged deliveries mixed, and another workflow that is activated
 * meanwhile. n8n answers some twenty webhook calls a second on two cores, so so many wait at a time.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../e2e/n8n/until';
import { activityOf, type Activity, type DeliverOptions, type DeliveryResult } from '../sandbox';
import { Host } from './n8n/host';
import { answersOf, Traffic } from './n8n/traffic';
import { Trigger, type Started } from './n8n/trigger';

const GENUINE = 1_000;
const FORGED = 1_000;
/** Open connections; the others wait at the sender's. */
const AT_A_TIME = 100;
const PATIENCE_MS = 180_000;
/** n8n's own words, not the node's, when it is so busy that its database misses a look at its health. */
const BUSY = 'Database is not ready';

let host: Host;
let trigger: Trigger;
let late: Trigger;
let sent: readonly Activity[];
let genuine: readonly DeliveryResult[];
let forged: readonly DeliveryResult[];
let lateTraffic: Traffic;

beforeAll(async () => {
	host = await Host.start({ sandbox: { rules: { deliveryTimeoutMs: PATIENCE_MS } } });
	trigger = await Trigger.make(host, { events: ['interested'] });
	late = await Trigger.make(host, { events: ['emailsReplied'] });
	await trigger.activate();
	const burst = sendBurst();
	// Events come from its first hook on, before n8n has saved anything of the activation.
	lateTraffic = new Traffic(late);
	await late.activate();
	({ genuine, forged } = await burst);
	await lateTraffic.stop();
});
afterAll(async () => {
	await host.close();
});

async function sendBurst(): Promise<{ genuine: DeliveryResult[]; forged: DeliveryResult[] }> {
	const { teamId } = trigger.account;
	const activities = Array.from({ length: GENUINE + FORGED }, () => activityOf('interested', { teamId }));
	const isForged = (index: number) => index % 2 === 1;
	sent = activities.filter((_, index) => !isForged(index));
	const results = await eachOf(activities, async (activity, index) => await deliverUntilHeard(activity, isForged(index) ? { secret: 'x'.repeat(43) } : {}));
	return { genuine: results.filter((_, index) => !isForged(index)).flat(), forged: results.filter((_, index) => isForged(index)).flat() };
}

/** Again where n8n itself turned it away before the node saw it. */
async function deliverUntilHeard(activity: Activity, options: DeliverOptions): Promise<DeliveryResult[]> {
	for (;;) {
		const results = await host.lemlist.deliver(activity, options);
		if (!results.some(({ status, body }) => status === 503 && body.includes(BUSY))) return results;
		await sleep(1_000);
	}
}

/** Does something with each entry, as many at a time as there may be connections. */
async function eachOf<Entry, Result>(entries: readonly Entry[], work: (entry: Entry, index: number) => Promise<Result>): Promise<Result[]> {
	const results: Result[] = [];
	const queue = entries.entries();
	const workers = Array.from({ length: AT_A_TIME }, async () => {
		for (const [index, entry] of queue) results[index] = await work(entry, index);
	});
	await Promise.all(workers);
	return results;
}

async function finished(of: Trigger, count: number): Promise<Started[]> {
	return await until(
		`${String(count)} executions have finished`,
		async () => {
			const executions = await of.executions();
			return executions.filter(({ status }) => status === 'success').length >= count && executions;
		},
		{ limitMs: PATIENCE_MS, everyMs: 2_000 },
	);
}

function idsOf(activities: readonly Activity[]): string[] {
	return activities.map(({ _id }) => String(_id)).sort();
}

test('every genuine delivery is taken and every forged one refused', () => {
	expect(answersOf(genuine)).toEqual({ 200: GENUINE });
	expect(answersOf(forged)).toEqual({ 401: FORGED });
});

test('each genuine activity has started the workflow exactly once, and nothing else has', async () => {
	const executions = await finished(trigger, GENUINE);
	expect(executions).toHaveLength(GENUINE);
	expect(idsOf(executions.flatMap(({ activities }) => activities))).toEqual(idsOf(sent));
});

test('a workflow that was activated meanwhile has one execution for each delivery that was answered 200', async () => {
	const taken = host.lemlist.deliveries.filter(({ targetUrl, status }) => status === 200 && targetUrl.startsWith(late.webhookUrl));
	expect(taken.length).toBeGreaterThan(0);
	expect(Object.keys(lateTraffic.answers)).toEqual(['200']);
	const executions = await finished(late, taken.length);
	expect(idsOf(executions.flatMap(({ activities }) => activities))).toEqual(idsOf(taken.map(({ sent: activity }) => activity as Activity)));
});
