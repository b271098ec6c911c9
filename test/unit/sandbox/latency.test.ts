// Every answer takes as long as it is told to, from the start or from now on.
import { sandbox, ask, useStandIn } from './stage';
import { startSandbox } from '../../sandbox';

const LATENCY_MS = 80;
/** Timers of node may come a millisecond early. */
const MEASURED_MS = LATENCY_MS - 5;

useStandIn();

async function tookMs(work: () => Promise<unknown>): Promise<number> {
	const began = Date.now();
	await work();
	return Date.now() - began;
}

test('is changed while it runs, for each kind of answer, and put back by a reset', async () => {
	sandbox.rules.latencyMs = LATENCY_MS;
	sandbox.fault({ on: { path: '/campaigns' }, effect: { name: 'status', status: 500 } });
	for (const path of ['/team', '/nowhere', '/campaigns']) {
		expect(await tookMs(() => ask(path))).toBeGreaterThanOrEqual(MEASURED_MS);
	}
	sandbox.reset();
	expect(sandbox.rules.latencyMs).toBe(0);
	const fastest = Math.min(
		await tookMs(() => ask('/team')),
		await tookMs(() => ask('/team')),
		await tookMs(() => ask('/team')),
	);
	expect(fastest).toBeLessThan(MEASURED_MS);
});

test.each([
	['as an option', { latencyMs: LATENCY_MS }],
	['as a rule', { rules: { latencyMs: LATENCY_MS } }],
])('is given %s, and again after a reset', async (_name, options) => {
	const slow = await startSandbox(options);
	slow.rules.latencyMs = 0;
	slow.reset();
	expect(await tookMs(() => fetch(`${slow.apiUrl}/team`))).toBeGreaterThanOrEqual(MEASURED_MS);
	await slow.close();
});
