// A hook whose deliveries keep failing is switched off: it is listed and counts, gets nothing, and stays so until it
// is deleted.
import { activityOf, type RulesOptions, type StoredHook } from '../../sandbox';
import { ask, obey, receiver, register, sandbox, useStandIn } from './stage';

useStandIn();

beforeEach(() => {
	obey({ deliveryRetries: 2, deliveryRetryDelayMs: 1 });
});

function listen(hook: Partial<StoredHook> = {}): StoredHook {
	return sandbox.addHook({ targetUrl: receiver.url, ...hook });
}

async function failDelivery(): Promise<void> {
	receiver.answer = { status: 503, body: '' };
	await sandbox.deliver(activityOf('paused'), { toTheEnd: true });
}

async function hooksTold(path = '/hooks'): Promise<object[]> {
	return (await ask(path)).json() as object[];
}

test.each<[RulesOptions, number, boolean | undefined]>([
	[{}, 503, true],
	[{}, 401, true],
	[{ failingHook: 'keep' }, 503, undefined],
	[{}, 200, undefined],
])('with %j, after the last attempt was answered %i: %s', async (rules, status, disabled) => {
	obey(rules);
	const hook = listen();
	receiver.answer = { status, body: '' };
	await sandbox.deliver(activityOf('paused'), { toTheEnd: true });
	expect(sandbox.hooks).toEqual([hook]);
	expect(sandbox.hooks[0]?.disabled).toBe(disabled);
});

test('not before the last attempt', async () => {
	obey({ deliveryRetryDelayMs: 60_000 });
	const hook = listen();
	receiver.answer = { status: 503, body: '' };
	await sandbox.deliver(activityOf('paused'));
	expect(hook.disabled).toBeUndefined();
});

test('the hook that failed, and no other', async () => {
	const well = sandbox.addHook({ targetUrl: receiver.url });
	const failing = sandbox.addHook({ targetUrl: 'http://127.0.0.1:1/' });
	await sandbox.deliver(activityOf('paused'), { toTheEnd: true });
	expect([well.disabled, failing.disabled]).toEqual([undefined, true]);
});

test.each([404, 410])('%i at an attempt after the first removes the hook', async (status) => {
	obey({ deliveryRetryDelayMs: 20 });
	listen();
	receiver.answer = { status: 503, body: '' };
	const delivery = sandbox.deliver(activityOf('paused'), { toTheEnd: true });
	while (receiver.calls.length === 0) await new Promise(setImmediate);
	receiver.answer = { status, body: '' };
	expect(await delivery).toMatchObject([{ attempts: 2, status, hookRemoved: true }]);
	expect(sandbox.hooks).toEqual([]);
});

test.each<[string, () => Promise<unknown>]>([
	[
		'by itself',
		async () => {
			listen();
			await failDelivery();
		},
	],
	[
		'by hand',
		() => {
			sandbox.switchOffHook(listen()._id);
			return Promise.resolve();
		},
	],
	[
		'from the start',
		() => {
			listen({ disabled: true });
			return Promise.resolve();
		},
	],
])(
	'%s: gets nothing any more, is told as off, counts, and is deleted as any other',
	async (_name, switchOff) => {
		obey({ hooksPerTeam: 2 });
		await switchOff();
		const [{ _id = '' } = {}] = sandbox.hooks;
		receiver.reset();
		expect(await sandbox.deliver(activityOf('paused'))).toEqual([]);
		expect(receiver.calls).toEqual([]);
		expect(await hooksTold()).toMatchObject([{ _id, disabled: true }]);
		expect((await register({ targetUrl: receiver.url })).status).toBe(409);
		expect((await register({ targetUrl: 'https://example.com/1', type: 'resumed' })).status).toBe(
			200,
		);
		expect((await register({ targetUrl: 'https://example.com/2' })).status).toBe(400);
		const deleted = await ask(`/hooks/${_id}`, { method: 'DELETE' });
		expect([deleted.status, deleted.json()]).toEqual([
			200,
			expect.objectContaining({ _id, disabled: true }),
		]);
		expect((await register({ targetUrl: receiver.url })).status).toBe(200);
		expect(await sandbox.deliver(activityOf('paused'))).toMatchObject([{ status: 200 }]);
	},
);

test.each(['POST', 'PUT', 'PATCH'])('no %s switches it on', async (method) => {
	const { _id } = listen({ disabled: true });
	const answer = await ask(`/hooks/${_id}`, { method, body: { disabled: false } });
	expect(answer.status).toBe(405);
	expect(sandbox.hooks[0]?.disabled).toBe(true);
});

test.each<[RulesOptions, Array<boolean | undefined>]>([
	[{}, [undefined, true]],
	[{ listDisabled: 'when true' }, [undefined, true]],
	[{ listDisabled: 'always' }, [false, true]],
])('with %j, hooks that are on and off are told as %j', async (rules, expected) => {
	obey(rules);
	listen();
	listen({ disabled: true });
	const told = (await hooksTold()) as Array<{ disabled?: boolean }>;
	expect(told.map(({ disabled }) => disabled)).toEqual(expected);
	const team = (await ask('/team')).json() as { hooks: object[] };
	expect(team.hooks).toEqual(told);
});

test('the log tells of it, once', async () => {
	const { _id } = listen();
	await failDelivery();
	sandbox.switchOffHook(_id);
	sandbox.switchOffHook('hoo_none');
	const other = listen();
	sandbox.switchOffHook(other._id);
	const lines = sandbox.log
		.filter(({ text }) => text.includes('switched off'))
		.map(({ kind, text }) => [kind, text]);
	expect(lines).toEqual([
		['hook', `${_id} switched off: an event could not be delivered, however often it was sent`],
		['hook', `${other._id} switched off by hand`],
	]);
});
