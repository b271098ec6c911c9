// GET /activities in pages: short ones, times that tie, and activities that are deleted or turn up meanwhile.
import { activityOf } from '../../sandbox';
import { ask, obey, sandbox, useStandIn } from './stage';

useStandIn();

const NOW = Date.UTC(2026, 10, 23, 12);
const at = (second: number) => new Date(NOW - second * 1_000).toISOString();

/** So many replies, a second apart, the newest first. */
function happen(count: number, secondsApart = 1): string[] {
	const ids = Array.from({ length: count }, (_, index) => `act_${String(index)}`);
	ids.forEach((_id, index) => {
		sandbox.happen(activityOf('emailsReplied', { _id, createdAt: at(index * secondsApart) }));
	});
	return ids;
}

async function page(offset: number, limit = 100, type = 'emailsReplied'): Promise<unknown[]> {
	const query = `version=v2&type=${type}&limit=${String(limit)}&offset=${String(offset)}`;
	const answer = await ask(`/activities?${query}`);
	expect(answer.status).toBe(200);
	return (answer.json() as Array<{ _id: unknown }>).map(({ _id }) => _id);
}

/** Pages up to the empty one. */
async function pages(step: number, limit = step): Promise<unknown[][]> {
	const found: unknown[][] = [];
	for (let offset = 0; ; offset += step) {
		const next = await page(offset, limit);
		if (next.length === 0) return found;
		found.push(next);
	}
}

test.each([
	['short', 100, 100, [50, 50, 20]],
	['full', 100, 100, [100, 20]],
	['capped', 40, 100, [40, 40, 40]],
	['short', 90, 100, [50, 50, 30]],
	['sparse', 100, 100, Array.from({ length: 48 }, (_, page) => (page % 2 === 0 ? 3 : 2))],
	['short', 10, 10, Array.from({ length: 24 }, () => 5)],
	['short', 1, 1, Array.from({ length: 120 }, () => 1)],
] as const)(
	'%s pages, in steps of %i with a limit of %i: all is found before the empty one',
	async (activityPages, step, limit, sizes) => {
		obey({ activityPages });
		const ids = happen(120);
		const found = await pages(step, limit);
		expect(found.map(({ length }) => length)).toEqual(sizes);
		expect([...new Set(found.flat())]).toEqual(ids);
	},
);

test('one that is deleted moves those behind it one place forward, for good', async () => {
	obey({ activityPages: 'full' });
	happen(4);
	expect(await page(0, 2)).toEqual(['act_0', 'act_1']);
	expect(sandbox.loseActivity('act_1')).toBe(true);
	expect(await page(2, 2)).toEqual(['act_3']);
	await sandbox.deliver(activityOf('emailsReplied', { _id: 'act_1', createdAt: at(1) }));
	expect(await page(0, 4)).toEqual(['act_0', 'act_2', 'act_3']);
	expect(sandbox.loseActivity('act_none')).toBe(false);
});

test('one is deleted after so many pages of lists that it could be in', async () => {
	obey({ activityPages: 'full' });
	happen(4);
	sandbox.loseActivity('act_0', 2);
	expect(await page(0, 2, 'emailsSent')).toEqual([]);
	expect((await ask('/activities?version=v1')).status).toBe(400);
	expect(await page(0, 2)).toEqual(['act_0', 'act_1']);
	expect(await page(0, 2)).toEqual(['act_0', 'act_1']);
	expect(await page(0, 2)).toEqual(['act_1', 'act_2']);
});

describe('times that tie', () => {
	const SAME = 0;

	test('stand as they came, at each request', async () => {
		const ids = happen(60, SAME);
		expect((await pages(100)).flat()).toEqual(ids);
		expect((await pages(100)).flat()).toEqual(ids);
	});

	test('may stand in another order each time, among those of other times', async () => {
		obey({ activityOrder: 'newest, ties shuffled', activityPages: 'full' });
		const ids = happen(60, SAME);
		sandbox.happen(activityOf('emailsReplied', { _id: 'act_newest', createdAt: at(-1) }));
		sandbox.happen(activityOf('emailsReplied', { _id: 'act_oldest', createdAt: at(1) }));
		const [first, second] = [await page(0), await page(0)];
		for (const found of [first, second]) {
			expect([found[0], found.at(-1)]).toEqual(['act_newest', 'act_oldest']);
			expect(found.slice(1, -1).sort()).toEqual([...ids].sort());
		}
		expect(await page(0)).not.toEqual(await page(0));
	});
});

test('the oldest may come first', async () => {
	obey({ activityOrder: 'oldest' });
	expect(await page(0)).toEqual([]);
	const ids = happen(3);
	expect(await page(0)).toEqual(ids.reverse());
});

describe('late', () => {
	test('an old one turns up now', async () => {
		happen(2);
		expect(await page(0)).toEqual(['act_0', 'act_1']);
		sandbox.happen(activityOf('emailsReplied', { _id: 'act_found', createdAt: at(86_400) }));
		expect(await page(0)).toEqual(['act_0', 'act_1', 'act_found']);
	});

	test('the list may lack a type for a while, also what a hook delivered', async () => {
		obey({ lateListing: { emailsReplied: 60_000 } });
		const [delivered] = happen(1);
		await sandbox.deliver(activityOf('emailsReplied', { _id: 'act_delivered' }));
		await sandbox.deliver(activityOf('emailsSent', { _id: 'act_sent' }));
		sandbox.happen(activityOf('emailsReplied', { _id: 'act_later', createdAt: at(9) }), 120_000);
		expect(await page(0)).toEqual([]);
		expect(await page(0, 100, 'emailsSent')).toEqual(['act_sent']);
		obey({ clockOffsetMs: 61_000 });
		expect(await page(0)).toEqual(['act_delivered', delivered]);
		obey({ clockOffsetMs: 121_000 });
		expect(await page(0)).toEqual(['act_delivered', delivered, 'act_later']);
	});
});
