// What else GET /activities may answer than a list: for all of it, or for one type alone.
import { activityOf, type Fault } from '../../sandbox';
import { ask, obey, sandbox, useStandIn } from './stage';

useStandIn();

const ASK = (type: string) => `/activities?version=v2&type=${type}`;
const HTML = '<!doctype html><title>Sign in</title>';

beforeEach(() => {
	sandbox.happen(activityOf('emailsReplied'));
	sandbox.happen(activityOf('emailsSent'));
});

/** What a client sees, who waits longer where there should be an answer. */
async function seen(path: string, expected?: unknown): Promise<unknown> {
	const signal = AbortSignal.timeout(expected === 'TimeoutError' ? 250 : 10_000);
	try {
		const { status, text } = await ask(path, { signal });
		return [status, text];
	} catch (error) {
		return (error as Error).name;
	}
}

const LISTED = [200, expect.stringMatching(/^\[\{.+\}\]$/s)];
const FAULTS: ReadonlyArray<[string, Fault['effect'], unknown]> = [
	...[400, 402, 403, 404, 429, 500].map((status): [string, Fault['effect'], unknown] => [
		String(status),
		{ name: 'status', status, body: 'No' },
		[status, 'No'],
	]),
	[
		'a page with 200',
		{ name: 'status', status: 200, body: HTML, contentType: 'text/html' },
		[200, HTML],
	],
	['an empty object', { name: 'otherShape', body: {} }, [200, '{}']],
	['nothing in it', 'emptyBody', [200, '']],
	['no answer at all', 'hangBefore', 'TimeoutError'],
	['a lost connection', 'resetBefore', 'TypeError'],
];

test.each(FAULTS)('%s, without end, for every type', async (_, effect, expected) => {
	sandbox.fault({ on: { path: '/activities' }, times: Infinity, effect });
	for (const type of ['emailsReplied', 'emailsSent', 'emailsReplied']) {
		expect(await seen(ASK(type), expected)).toEqual(expected);
	}
	expect(await seen('/team')).toEqual([200, expect.any(String)]);
});

test.each(FAULTS)('%s, without end, for one type alone', async (_, effect, expected) => {
	const on = { path: '/activities', query: { type: 'emailsReplied' } };
	sandbox.fault({ on, times: Infinity, effect });
	for (const type of ['emailsReplied', 'emailsSent', 'emailsReplied', 'emailsSent']) {
		const told = type === 'emailsReplied' ? expected : LISTED;
		expect(await seen(ASK(type), told)).toEqual(told);
	}
	expect(await seen('/activities?version=v2')).toEqual(LISTED);
});

test.each([
	[{ campaignId: 'cam_1' }, '&campaignId=cam_1', true],
	[{ campaignId: 'cam_1' }, '&campaignId=cam_2', false],
	[{ campaignId: 'cam_1', isFirst: 'true' }, '&campaignId=cam_1', false],
	[{ offset: '90' }, '&offset=90', true],
	[{}, '', true],
])('a fault on the query %j hits %s: %s', async (query, asked, isHit) => {
	sandbox.fault({ on: { query }, effect: { name: 'status', status: 500 } });
	expect((await ask(ASK('emailsReplied') + asked)).status).toBe(isHit ? 500 : 200);
});

test('it counts towards the limit that all calls share', async () => {
	const { requests, windowMs } = { requests: 20, windowMs: 60_000 };
	obey({ rateLimit: { requests, windowMs } });
	const calls = Array.from({ length: requests + 1 }, (_, index) =>
		index % 2 === 0 ? ASK('emailsReplied') : '/team',
	);
	const statuses: number[] = [];
	for (const path of calls) statuses.push((await ask(path)).status);
	expect(statuses).toEqual([...Array.from({ length: requests }, () => 200), 429]);
	const refused = await ask(ASK('emailsSent'));
	expect(refused.status).toBe(429);
	expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
});
