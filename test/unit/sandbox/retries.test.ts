// What was not taken is posted again: five times, each time after twice as long, while the hook is there and on.
import { setTimeout as sleep } from 'node:timers/promises';

import { until } from '../../e2e/n8n/until';
import { activityOf, type DeliverOptions, type Sandbox, type StoredHook } from '../../sandbox';
import { ask, obey, receiver, sandbox, useStandIn } from './stage';

const BASE_MS = 8;
const SOON = { limitMs: 5_000, everyMs: 5 };
/** Longer than all five pauses together. */
const LONG_ENOUGH_MS = 40 * BASE_MS;

useStandIn();

beforeEach(() => {
	obey({ deliveryRetryDelayMs: BASE_MS });
});

function listen(hook: Partial<StoredHook> = {}): StoredHook {
	return sandbox.addHook({ targetUrl: receiver.url, secret: 's', ...hook });
}

function refuse(status = 500): void {
	receiver.answer = { status, body: '' };
}

function deliver(options: DeliverOptions = {}): ReturnType<Sandbox['deliver']> {
	return sandbox.deliver(activityOf('paused', { _id: 'act_1' }), options);
}

test('five times, after pauses that double, the same body each time', async () => {
	listen();
	refuse();
	const [last] = await deliver({ toTheEnd: true });
	expect(last?.attempts).toBe(6);
	const { deliveries } = sandbox;
	expect(deliveries.map(({ attempts }) => attempts)).toEqual([1, 2, 3, 4, 5, 6]);
	expect(deliveries.map(({ againInMs }) => againInMs)).toEqual([8, 16, 32, 64, 128, undefined]);
	expect(new Set(receiver.calls.map(({ text }) => text)).size).toBe(1);
	for (const [index, { at, ms, againInMs = 0 }] of deliveries.slice(0, -1).entries()) {
		// Timers of node may come a millisecond early.
		expect((deliveries[index + 1]?.at ?? 0) - at - ms).toBeGreaterThanOrEqual(againInMs - 2);
	}
});

test('the first time after ten seconds, unless told otherwise', async () => {
	sandbox.reset();
	listen();
	refuse();
	expect(sandbox.rules).toMatchObject({ deliveryRetries: 5, deliveryRetryDelayMs: 10_000 });
	expect(await deliver()).toMatchObject([{ attempts: 1, againInMs: 10_000 }]);
});

test('the first attempt is told, and the others follow', async () => {
	listen();
	refuse();
	expect(await deliver()).toMatchObject([{ status: 500, attempts: 1, againInMs: BASE_MS }]);
	expect(receiver.calls).toHaveLength(1);
	await until('it was posted again', () => receiver.calls.length === 2, SOON);
	receiver.answer = { status: 200, body: '' };
	await until('it was taken', () => sandbox.deliveries.some(({ status }) => status === 200), SOON);
	const posted = receiver.calls.length;
	await sleep(LONG_ENOUGH_MS);
	expect(receiver.calls).toHaveLength(posted);
	expect(sandbox.hooks[0]?.disabled).toBeUndefined();
});

test.each([
	[500, 3],
	[503, 3],
	[302, 3],
	[401, 3],
	[429, 3],
	[200, 1],
	[204, 1],
	[404, 1],
	[410, 1],
])('%i: %i attempts where two more are allowed', async (status, attempts) => {
	obey({ deliveryRetries: 2 });
	listen();
	refuse(status);
	const [result] = await deliver({ toTheEnd: true });
	expect(result?.attempts).toBe(attempts);
	expect(receiver.calls).toHaveLength(attempts);
});

test('nobody there: posted again, too', async () => {
	obey({ deliveryRetries: 1 });
	listen({ targetUrl: 'http://127.0.0.1:1/' });
	expect(await deliver({ toTheEnd: true })).toMatchObject([{ status: 'none', attempts: 2 }]);
});

test('a dead hook that is left is not posted to again', async () => {
	obey({ deadHook: 'keep' });
	listen();
	refuse(404);
	expect(await deliver({ toTheEnd: true })).toMatchObject([{ attempts: 1, hookRemoved: false }]);
});

test('each of two deliveries of one event is posted again', async () => {
	obey({ deliveryRetries: 1, failingHook: 'keep' });
	listen();
	refuse();
	await deliver({ times: 2, toTheEnd: true });
	expect(sandbox.deliveries.map(({ attempts }) => attempts)).toEqual([1, 2, 1, 2]);
});

test.each<[string, () => Promise<unknown>]>([
	['a forged secret', () => deliver({ secret: 'forged' })],
	['no secret', () => deliver({ secret: null })],
	['anything that is sent by hand', () => sandbox.send(receiver.url, {})],
])('%s is posted once: it does not come from lemlist', async (_name, post) => {
	listen();
	refuse(401);
	await post();
	await sleep(LONG_ENOUGH_MS);
	expect(sandbox.deliveries).toMatchObject([{ status: 401, attempts: 1 }]);
	expect(sandbox.deliveries[0]).not.toHaveProperty('againInMs');
	expect(sandbox.hooks[0]?.disabled).toBeUndefined();
});

test('no retries at all', async () => {
	obey({ deliveryRetries: 0 });
	listen();
	refuse();
	const [result] = await deliver({ toTheEnd: true });
	expect(result).toMatchObject({ attempts: 1 });
	expect(result).not.toHaveProperty('againInMs');
	expect(sandbox.hooks[0]?.disabled).toBeUndefined();
});

test.each<[string, (hook: StoredHook) => unknown]>([
	[
		'removed by hand',
		({ _id }) => {
			sandbox.removeHook(_id);
		},
	],
	['deleted by the client', ({ _id }) => ask(`/hooks/${_id}`, { method: 'DELETE' })],
	[
		'switched off',
		({ _id }) => {
			sandbox.switchOffHook(_id);
		},
	],
	[
		'gone and made anew',
		({ _id, targetUrl }) => {
			sandbox.removeHook(_id);
			sandbox.addHook({ targetUrl });
		},
	],
	[
		'forgotten in a reset',
		() => {
			sandbox.reset();
		},
	],
])('nothing is posted again to a hook that is %s meanwhile', async (_name, lose) => {
	obey({ deliveryRetryDelayMs: 500 });
	const hook = listen();
	refuse();
	const delivery = deliver({ toTheEnd: true });
	await until('it was posted', () => sandbox.deliveries.length === 1, SOON);
	await lose(hook);
	expect(await delivery).toMatchObject([{ attempts: 1, againInMs: 500 }]);
	expect(receiver.calls).toHaveLength(1);
});

test('a reset does not keep waiting for what would have been posted again', async () => {
	obey({ deliveryRetryDelayMs: 60_000 });
	listen();
	refuse();
	const delivery = deliver({ toTheEnd: true });
	await until('it was posted', () => sandbox.deliveries.length === 1, SOON);
	sandbox.reset();
	expect(await delivery).toMatchObject([{ attempts: 1 }]);
	expect(sandbox.deliveries).toEqual([]);
});

test('the log counts the attempts', async () => {
	obey({ deliveryRetries: 1 });
	listen();
	refuse();
	await deliver({ toTheEnd: true });
	const lines = sandbox.log.filter(({ kind }) => kind === 'delivery').map(({ text }) => text);
	expect(lines).toEqual([`POST ${receiver.url}: 500`, `POST ${receiver.url}: 500, attempt 2`]);
});
