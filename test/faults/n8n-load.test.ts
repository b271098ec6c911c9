/**
 * A burst on a real n8n: genuine and forged deliveries mixed, and another workflow that is activated
 * meanwhile. n8n answers some twenty webhook calls a second on two cores, so so many wait at a time.
 */
import { until } from '../e2e/n8n/until';
import type { Activity } from '../sandbox';
import { sendBurst, type Burst } from './n8n/burst';
import { Host } from './n8n/host';
import { answersOf, Traffic } from './n8n/traffic';
import { Trigger, type Started } from './n8n/trigger';

/** How many genuine deliveries, and how many forged ones. */
const EACH = 1_000;
/** Open connections; the others wait at the sender's. */
const AT_A_TIME = 100;
const PATIENCE_MS = 180_000;

let host: Host;
let trigger: Trigger;
let late: Trigger;
let burst: Burst;
let lateTraffic: Traffic;

beforeAll(async () => {
	host = await Host.start({ sandbox: { rules: { deliveryTimeoutMs: PATIENCE_MS } } });
	trigger = await Trigger.make(host, { events: ['interested'] });
	late = await Trigger.make(host, { events: ['emailsReplied'] });
	await trigger.activate();
	const sending = sendBurst(trigger, { each: EACH, atATime: AT_A_TIME });
	// Events come from its first hook on, before n8n has saved anything of the activation.
	lateTraffic = new Traffic(late);
	await late.activate();
	burst = await sending;
	await lateTraffic.stop();
});
afterAll(async () => {
	await host.close();
});

async function finished(of: Trigger, count: number): Promise<Started[]> {
	return await until(
		`${String(count)} executions have finished`,
		async () => {
			const executions = await of.started();
			return executions.filter(({ status }) => status === 'success').length >= count && executions;
		},
		{ limitMs: PATIENCE_MS, everyMs: 2_000 },
	);
}

function idsOf(activities: readonly Activity[]): string[] {
	return activities.map(({ _id }) => String(_id)).sort();
}

test('every genuine delivery is taken and every forged one refused', () => {
	expect(answersOf(burst.genuine.map(({ result }) => result))).toEqual({ 200: EACH });
	expect(answersOf(burst.forged.map(({ result }) => result))).toEqual({ 401: EACH });
});

test('each genuine activity has started the workflow exactly once, and nothing else has', async () => {
	const executions = await finished(trigger, EACH);
	expect(executions).toHaveLength(EACH);
	expect(idsOf(executions.flatMap(({ activities }) => activities))).toEqual(
		idsOf(burst.genuine.map(({ activity }) => activity)),
	);
});

test('a workflow that was activated meanwhile has one execution for each delivery that was answered 200', async () => {
	const taken = host.lemlist.deliveries.filter(
		({ targetUrl, status }) => status === 200 && targetUrl.startsWith(late.webhookUrl),
	);
	expect(taken.length).toBeGreaterThan(0);
	expect(Object.keys(lateTraffic.answers)).toEqual(['200']);
	const executions = await finished(late, taken.length);
	expect(idsOf(executions.flatMap(({ activities }) => activities))).toEqual(
		idsOf(taken.map(({ sent: activity }) => activity as Activity)),
	);
});
