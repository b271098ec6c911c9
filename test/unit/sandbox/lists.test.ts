// The lists of hooks and campaigns: their order, pages and shapes.
import { startSandbox } from '../../sandbox';
import { AGENT, ask, basic, obey, sandbox, useStandIn } from './stage';

interface ToldHook {
	_id: string;
}

useStandIn();

describe('lists', () => {
	function addHooks(count: number): string[] {
		return Array.from({ length: count }, () => sandbox.addHook()._id);
	}

	async function listHooks(query = ''): Promise<string[]> {
		const answer = await ask(`/hooks${query}`);
		return (answer.json() as ToldHook[]).map(({ _id }) => _id);
	}

	test('hooks in each order', async () => {
		const ids = addHooks(30);
		expect(await listHooks()).toEqual(ids);
		obey({ hookOrder: 'newest' });
		expect(await listHooks()).toEqual([...ids].reverse());
		obey({ hookOrder: 'random' });
		const shuffled = await listHooks();
		expect(shuffled).not.toEqual(ids);
		expect(shuffled.sort()).toEqual([...ids].sort());
	});

	test('hooks at once or in pages', async () => {
		const ids = addHooks(5);
		expect(await listHooks('?limit=2&offset=1')).toEqual(ids);
		obey({ hookPages: { size: 2 } });
		expect(await listHooks()).toEqual(ids.slice(0, 2));
		expect(await listHooks('?offset=2&limit=9')).toEqual(ids.slice(2, 4));
		expect(await listHooks('?offset=4')).toEqual(ids.slice(4));
		expect(await listHooks('?offset=6')).toEqual([]);
	});

	test.each([true, false])('isFirst listed: %s', async (listIsFirst) => {
		obey({ listIsFirst });
		sandbox.addHook({ isFirst: true });
		const [hook] = (await ask('/hooks')).json() as object[];
		expect(hook && 'isFirst' in hook).toBe(listIsFirst);
	});

	test.each([
		['campaigns', '?version=v2', 'campaigns'],
		['data', '?version=v2', 'data'],
		['results', '?version=v2', 'results'],
	] as const)('campaigns under %s', async (campaignShape, query, field) => {
		obey({ campaignShape });
		const page = (await ask(`/campaigns${query}`)).json() as Record<string, unknown>;
		expect(page[field]).toHaveLength(12);
		expect(page.pagination).toEqual({
			totalRecords: 12,
			currentPage: 1,
			nextPage: null,
			totalPage: 1,
		});
	});

	test.each([
		['array', '?version=v2'],
		['campaigns', ''],
	] as const)('campaigns as a bare list: %s, query "%s"', async (campaignShape, query) => {
		obey({ campaignShape });
		expect((await ask(`/campaigns${query}`)).json()).toHaveLength(12);
	});

	test.each([
		['?limit=5', [1, 2, 3, 4, 5]],
		['?limit=5&offset=10', [11, 12]],
		['?limit=5&page=2', [6, 7, 8, 9, 10]],
		['?limit=3&sortBy=createdAt&sortOrder=desc', [12, 11, 10]],
		['?offset=50', []],
	])('campaigns %s', async (query, numbers) => {
		const list = (await ask(`/campaigns${query}`)).json() as Array<{ _id: string }>;
		expect(list.map(({ _id }) => Number(_id.slice(-3)))).toEqual(numbers);
	});

	test('at most 100 campaigns a page, and pages that repeat when told to', async () => {
		const large = await startSandbox({ campaigns: 250 });
		const { apiUrl: url } = large;
		large.rules.campaignPages = 'ignore';
		const headers = { authorization: basic('', large.apiKey), 'user-agent': AGENT };
		const pages = await Promise.all(
			['?limit=500', '?limit=500&offset=100'].map(async (query) => {
				return (await fetch(`${url}/campaigns${query}`, { headers })).json() as Promise<unknown[]>;
			}),
		);
		expect(pages[0]).toHaveLength(100);
		expect(pages[1]).toEqual(pages[0]);
		await large.close();
	});

	test('campaigns without status', async () => {
		obey({ campaignStatus: 'absent' });
		expect((await ask('/campaigns')).text).not.toContain('status');
	});
});
