// The stand-in's own API: what happens without a delivery, what is delivered again, what is deleted, and how all is told.
import { ask, control, receiver, sandbox, useStandIn } from './stage';

useStandIn();

describe('what happens and no hook delivers', () => {
	const listed = () => sandbox.activities.map(({ row }) => row);

	test('is listed, and nothing is posted', async () => {
		sandbox.addHook({ targetUrl: receiver.url });
		const order = { type: 'emailsReplied', undelivered: true, overrides: { _id: 'act_1' } };
		const { json } = await control('POST', '/sandbox/events', order);
		expect(json()).toMatchObject({ activity: { _id: 'act_1' }, ids: ['act_1'], results: [] });
		expect(listed()).toMatchObject([{ _id: 'act_1', type: 'emailsReplied' }]);
		expect(receiver.calls).toEqual([]);
		expect(sandbox.log.at(-1)).toMatchObject({
			kind: 'activity',
			text: 'emailsReplied happened, and no hook delivered it',
		});
	});

	test.each<[string, object]>([
		['samples', {}],
		['a given one', { activity: { type: 'emailsReplied', _id: 'act_1', text: 'Same' } }],
	])('%s: many at once, each with an identifier of its own', async (_, given) => {
		const order = { type: 'emailsReplied', undelivered: true, count: 250, ...given };
		const { ids } = (await control('POST', '/sandbox/events', order)).json() as { ids: string[] };
		expect(new Set(ids).size).toBe(250);
		expect(new Set(listed().map(({ _id }) => _id))).toEqual(new Set(ids));
	});

	test('in the list of another team, with the lead state, or late', async () => {
		sandbox.rules.stateEvents = 'listed';
		const order = { type: 'emailsReplied', undelivered: true };
		sandbox.keys.set('other-key', { state: 'valid', teamId: 'tea_Other' });
		await control('POST', '/sandbox/events', { ...order, teamId: 'tea_Other' });
		expect(listed()).toEqual([]);
		const theirs = await ask('/activities?version=v2', { key: 'other-key' });
		expect(theirs.json()).toMatchObject([{ teamId: sandbox.teamId }]);
		await control('POST', '/sandbox/events', { ...order, alsoState: true });
		expect(
			listed()
				.map(({ type }) => type)
				.sort(),
		).toEqual(['emailsReplied', 'warmed']);
		await control('POST', '/sandbox/events', { ...order, lateMs: 60_000 });
		expect(listed()).toHaveLength(2);
		sandbox.rules.clockOffsetMs = 61_000;
		expect(listed()).toHaveLength(3);
	});

	test('is at the time of lemlist, or when it is told', async () => {
		sandbox.rules.clockOffsetMs = 3_600_000;
		const createdAt = '2026-11-01T10:00:00.000Z';
		const order = { type: 'emailsReplied', undelivered: true };
		await control('POST', '/sandbox/events', order);
		await control('POST', '/sandbox/events', { ...order, overrides: { createdAt } });
		await control('POST', '/sandbox/events', { ...order, thirdParty: true });
		const ahead = listed().map((row) => Date.parse(String(row.createdAt)) - Date.now());
		expect(ahead[0]).toBeGreaterThan(3_590_000);
		expect(ahead[1]).toBeGreaterThan(3_590_000);
		expect(listed()[2]).toMatchObject({ createdAt });
	});
});

test('the same activity is delivered several times, and several are delivered', async () => {
	sandbox.addHook({ targetUrl: receiver.url });
	const order = { type: 'emailsReplied', overrides: { _id: 'act_1' } };
	await control('POST', '/sandbox/events', { ...order, times: 3 });
	await control('POST', '/sandbox/events', order);
	expect(receiver.bodies.map(({ _id }) => _id)).toEqual(['act_1', 'act_1', 'act_1', 'act_1']);
	expect(sandbox.activities).toHaveLength(1);
	receiver.reset();
	const { ids } = (
		await control('POST', '/sandbox/events', { type: 'emailsSent', count: 3 })
	).json() as { ids: string[] };
	expect(receiver.bodies.map(({ _id }) => _id).sort()).toEqual([...ids].sort());
});

test('what happened is told, newest first, with whether it was taken', async () => {
	receiver.answer = { status: 503, body: '' };
	sandbox.rules.deliveryRetries = 0;
	sandbox.addHook({ targetUrl: receiver.url, type: 'emailsReplied' });
	sandbox.addHook({ targetUrl: receiver.url, type: 'emailsReplied' });
	const at = (second: number) => `2026-11-23T11:00:0${String(second)}.000Z`;
	const happen = (_id: string, second: number, more: object = {}) =>
		control('POST', '/sandbox/events', {
			type: 'emailsReplied',
			overrides: { _id, createdAt: at(second) },
			...more,
		});
	await happen('act_refused', 1);
	await happen('act_undelivered', 4, { undelivered: true });
	receiver.answer = { status: 200, body: '' };
	await happen('act_taken', 3);
	await happen('act_forged', 2, { forged: true });
	const { json } = await control('GET', '/sandbox/state');
	expect(json()).toMatchObject({
		activityCount: 3,
		activities: [
			{ row: { _id: 'act_undelivered' }, isTaken: false },
			{ row: { _id: 'act_taken' }, isTaken: true },
			{ row: { _id: 'act_refused' }, isTaken: false },
		],
	});
});

test('an activity is deleted, at once or after so many pages', async () => {
	for (const _id of ['act_1', 'act_2']) {
		const order = { type: 'paused', undelivered: true, overrides: { _id } };
		await control('POST', '/sandbox/events', order);
	}
	await control('DELETE', '/sandbox/activities/act_1');
	await control('DELETE', '/sandbox/activities/act_2?afterPages=1');
	const page = async () => (await ask('/activities?version=v2&type=paused')).json();
	expect(await page()).toMatchObject([{ _id: 'act_2' }]);
	expect(await page()).toEqual([]);
});

test('a fault for one type of activities', async () => {
	const on = { path: '/activities', query: { type: 'paused' } };
	const { json } = await control('POST', '/sandbox/faults', {
		on,
		times: 'always',
		effect: { name: 'status', status: 400 },
	});
	expect(json()).toMatchObject({ on });
	expect((await ask('/activities?version=v2&type=paused')).status).toBe(400);
	expect((await ask('/activities?version=v2&type=resumed')).status).toBe(200);
});
