// lemlist's clock: shifted against the machine's, and in everything that lemlist says of a time.
import type { Activity, StoredHook } from '../../sandbox';
import { ask, obey, receiver, register, sandbox, useStandIn } from './stage';

useStandIn();

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const OFFSETS = [0, 5 * MINUTE_MS, -5 * MINUTE_MS];

/** Whether a time is now, once it is known how far ahead the clock is that it comes from. */
function expectNow(time: string | null | undefined, clockOffsetMs: number): void {
	const ahead = Date.parse(time ?? '') - Date.now() - clockOffsetMs;
	expect(Math.abs(ahead)).toBeLessThanOrEqual(2 * SECOND_MS);
}

describe.each(OFFSETS)('%i ms ahead of the machine', (clockOffsetMs) => {
	beforeEach(() => {
		obey({ clockOffsetMs });
	});

	test.each([
		['GET /team', '/team', {}, 200],
		['GET /activities', '/activities?version=v2', {}, 200],
		['a bad request', '/activities', {}, 400],
		['a wrong key', '/team', { key: 'wrong' }, 401],
		['a program without a name', '/team', { headers: { 'user-agent': 'axios/1' } }, 403],
		["the web app's page", '/nowhere', {}, 200],
	])('the Date header of %s', async (_, path, options, status) => {
		const answer = await ask(path, options);
		expect(answer.status).toBe(status);
		expectNow(answer.headers.get('date'), clockOffsetMs);
	});

	test('the Date header of a refusal past the limit, and of a fault', async () => {
		sandbox.fault({ effect: { name: 'status', status: 500 } });
		expectNow((await ask('/team')).headers.get('date'), clockOffsetMs);
		sandbox.spend(1_000);
		const refused = await ask('/team');
		expect(refused.status).toBe(429);
		expectNow(refused.headers.get('date'), clockOffsetMs);
		expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(2);
		expectNow(refused.headers.get('x-ratelimit-reset'), clockOffsetMs + SECOND_MS);
	});

	test('the time of a hook, of an activity that happens, and of what came before it', async () => {
		const hook = await register({ targetUrl: receiver.url });
		expectNow((hook.json() as StoredHook).createdAt, clockOffsetMs);
		expectNow(new Date(sandbox.now()).toISOString(), clockOffsetMs);
		const { createdAt, relatedSentAt } = sandbox.activityOf('emailsReplied');
		expectNow(createdAt as string, clockOffsetMs);
		expectNow(relatedSentAt as string, clockOffsetMs - 60 * MINUTE_MS);
	});

	test('what happens now lies between the dates of the answers before and after', async () => {
		const before = (await ask('/team')).headers.get('date') ?? '';
		sandbox.happen(sandbox.activityOf('emailsReplied', { _id: 'act_now' }));
		const until = new Date(sandbox.now() + SECOND_MS).toISOString();
		const listed = await ask(
			`/activities?version=v2&minDate=${new Date(before).toISOString()}&maxDate=${until}`,
		);
		expect(listed.json()).toMatchObject([{ _id: 'act_now' }]);
	});
});

test('time that passes at lemlist makes late ones turn up', () => {
	sandbox.happen(sandbox.activityOf('linkedinReplied', { _id: 'act_late' }), 2 * MINUTE_MS);
	const ids = () => sandbox.activities.map(({ row }) => row._id);
	expect(ids()).toEqual([]);
	obey({ clockOffsetMs: 3 * MINUTE_MS });
	expect(ids()).toEqual(['act_late']);
});

test.each([
	['absent', {}, null],
	['taken away by a fault', { date: null }, null],
	['set by a fault', { date: 'yesterday' }, 'yesterday'],
] as const)('the Date header may be %s', async (how, headers, expected) => {
	if (how === 'absent') obey({ dateHeader: 'absent' });
	else sandbox.fault({ effect: { name: 'status', status: 200, headers } });
	expect((await ask('/team')).headers.get('date')).toBe(expected);
});

test.each([
	['seconds', '2026-11-23T11:00:00.000Z'],
	['milliseconds', '2026-11-23T11:00:00.987Z'],
] as const)(
	'lemlist writes times in %s, in the list and in the delivery',
	async (createdAtIn, createdAt) => {
		obey({ createdAtIn });
		sandbox.addHook({ targetUrl: receiver.url });
		await sandbox.deliver(
			sandbox.activityOf('emailsReplied', { createdAt: '2026-11-23T11:00:00.987Z' }),
		);
		expect(receiver.bodies).toMatchObject([{ createdAt }]);
		expect((await ask('/activities?version=v2')).json()).toMatchObject([{ createdAt }]);
	},
);

test('whole seconds are the usual, and what is no time stays as it is', async () => {
	expect(sandbox.rules.createdAtIn).toBe('seconds');
	sandbox.addHook({ targetUrl: receiver.url });
	const odd: Activity[] = [{ type: 'paused', createdAt: 'soon' }, { type: 'paused' }];
	for (const activity of odd) await sandbox.deliver(activity);
	expect(receiver.bodies).toEqual(odd);
});
