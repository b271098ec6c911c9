/** What lemlist lists between two moments, all of it, however lemlist pages it; and what it does not list. */
import type { IHookFunctions, IHttpRequestOptions } from 'n8n-workflow';
import type { Scope } from '../../../nodes/LemlistTrigger/hooks/wanted';
import { LemlistClient } from '../../../nodes/LemlistTrigger/lemlist/client';
import {
	newestPagesOf,
	slicesOf,
	type Asking,
	type Stretch,
} from '../../../nodes/LemlistTrigger/missed/listing';
import { clock } from '../../../nodes/LemlistTrigger/process/clock';
import type { EventType } from '../../../nodes/LemlistTrigger/settings/events';

const real = { ...clock };
let passed = 0;
beforeAll(() => {
	clock.now = () => real.now() + passed;
	clock.sleep = clock.rest = async (ms) => {
		passed += await Promise.resolve(ms);
	};
});
afterAll(() => {
	Object.assign(clock, real);
});

const HOUR_MS = 3_600_000;
const PAUSE_MS = 400;
const FROM = Date.parse('2026-01-01T10:00:00.000Z');
const HOUR: Stretch = { from: FROM, until: FROM + HOUR_MS };
const SENT: Scope = { type: 'emailsSent', isFirst: false };
const REPLIED: Scope = { type: 'emailsReplied', campaignId: 'cam_a', isFirst: true };

interface Row {
	_id: string;
	type: string;
	createdAt: string;
}

/** So many activities, evenly over the hour, newest first. */
function rowsOf(count: number, type = 'emailsSent'): Row[] {
	return Array.from({ length: count }, (_, index) => ({
		_id: `act_${type}_${String(index)}`,
		type,
		createdAt: new Date(FROM + HOUR_MS - ((index + 0.5) / count) * HOUR_MS).toISOString(),
	}));
}

/** How lemlist answers a query, where it is not as documented. */
type Answer = (query: Record<string, string>) => { status?: number; body: unknown } | undefined;

const nothingElse: Answer = () => undefined;

class Lemlist {
	readonly queries: Array<Record<string, string>> = [];

	readonly unlisted: Array<[unknown, number]> = [];

	constructor(
		readonly rows: Row[],
		private readonly otherwise = nothingElse,
	) {}

	/** What the documentation says. */
	within({ type, minDate = '', maxDate = '' }: Record<string, string>): Row[] {
		return this.rows
			.filter(
				({ createdAt, ...row }) =>
					(type === undefined || row.type === type) && createdAt >= minDate && createdAt <= maxDate,
			)
			.sort((one, other) => other.createdAt.localeCompare(one.createdAt));
	}

	get asking(): Asking {
		const httpRequestWithAuthentication = async (_type: string, { qs }: IHttpRequestOptions) => {
			const query = Object.fromEntries(new URLSearchParams(qs as Record<string, string>));
			this.queries.push(query);
			const { status = 200, body } = this.otherwise(query) ?? { body: this.page(query) };
			return await Promise.resolve({ statusCode: status, headers: {}, body });
		};
		const context = {
			getNode: () => ({ name: 'Lemlist Events Trigger' }),
			helpers: { httpRequestWithAuthentication },
		};
		const baseUrl = 'https://api.lemlist.example.org/api';
		const limits = { baseUrl, deadline: clock.now() + 1_000, secrets: [] };
		return {
			client: new LemlistClient(context as unknown as IHookFunctions, limits),
			requestMs: 60_000,
			pauseMs: PAUSE_MS,
			beforeRequest: async () => {
				await Promise.resolve();
			},
			onUnlisted: ({ type }, { status }) => {
				this.unlisted.push([type, status]);
			},
		};
	}

	page(query: Record<string, string>): Row[] {
		const offset = Number(query.offset);
		return this.within(query).slice(offset, offset + Number(query.limit));
	}
}

async function listed(lemlist: Lemlist, scopes = [SENT], stretch = HOUR) {
	const slices: string[][] = [];
	for await (const rows of slicesOf(lemlist.asking, scopes, stretch))
		slices.push(rows.map(({ activity }) => String(activity._id)));
	return slices;
}

const idsIn = (slices: readonly string[][]) => [...new Set(slices.flat())].sort();
const idsOf = (rows: readonly Row[]) => rows.map(({ _id }) => _id).sort();

describe('what is asked for', () => {
	test('is each scope with its own filters, in version 2, page by page', async () => {
		const lemlist = new Lemlist(rowsOf(1));
		await listed(lemlist, [SENT, REPLIED]);
		const common = {
			...{ version: 'v2', limit: '100' },
			minDate: new Date(HOUR.from).toISOString(),
			maxDate: new Date(HOUR.until).toISOString(),
		};
		expect(lemlist.queries).toEqual([
			{ ...common, type: 'emailsSent', offset: '0' },
			{ ...common, type: 'emailsSent', offset: '1' },
			{ ...common, type: 'emailsSent', offset: '101' },
			{ ...common, type: 'emailsReplied', campaignId: 'cam_a', isFirst: 'true', offset: '0' },
		]);
	});

	test('is everything without a type for all events', async () => {
		const lemlist = new Lemlist([...rowsOf(2), ...rowsOf(3, 'conditionChosen')]);
		expect(idsIn(await listed(lemlist, [{ isFirst: false }]))).toHaveLength(5);
		expect(lemlist.queries[0]).not.toHaveProperty('type');
	});

	test.each([0, 300])(
		'is asked for once in four tenths of a second, also where answers take %i ms of that',
		async (answerMs) => {
			const began = clock.now();
			const lemlist = new Lemlist(rowsOf(500), () => {
				passed += answerMs;
				return undefined;
			});
			await listed(lemlist);
			const tookMs = (clock.now() - began) / lemlist.queries.length;
			expect(tookMs).toBeGreaterThanOrEqual(PAUSE_MS - 1);
			expect(tookMs).toBeLessThan(PAUSE_MS + 50);
		},
	);

	test('is given up before a request that shall not be', async () => {
		const lemlist = new Lemlist(rowsOf(500));
		const asking = lemlist.asking;
		let left = 2;
		const beforeRequest = async () => {
			left -= 1;
			if (left < 0) throw new Error('It is over');
			await Promise.resolve();
		};
		await expect(
			slicesOf({ ...asking, beforeRequest }, [SENT], HOUR)
				[Symbol.asyncIterator]()
				.next(),
		).rejects.toThrow('It is over');
		expect(lemlist.queries).toHaveLength(2);
	});
});

describe('every row is listed once', () => {
	test.each<[string, number, Answer]>([
		['none', 0, nothingElse],
		['one page', 100, nothingElse],
		['one page and one row', 101, nothingElse],
		['several pages', 550, nothingElse],
	])('%s', async (_, count, otherwise) => {
		const lemlist = new Lemlist(rowsOf(count), otherwise);
		const [slice = [], ...others] = await listed(lemlist);
		expect(others).toEqual([]);
		expect([...slice].sort()).toEqual(idsOf(lemlist.rows));
	});

	test('short pages before the last', async () => {
		const lemlist: Lemlist = new Lemlist(rowsOf(400), (query) => ({
			body: lemlist.page(query).filter((_row, index) => index < 95 && Number(query.offset) < 400),
		}));
		expect(idsIn(await listed(lemlist))).toEqual(idsOf(lemlist.rows));
	});

	test.each<[string, (place: number) => boolean]>([
		['every fortieth', (place) => place % 40 === 20],
		['the first, and one behind a hundred and fifty', (place) => [0, 150].includes(place)],
		['ten, and some at the end of the second hundred', (place) => place < 10 || place > 190],
		['those where two pages meet', (place) => place > 90 && place < 100],
		[
			'twenty and fifty, with many empty ones between',
			(place) => (place >= 20 && place < 40) || place >= 150,
		],
	])('places that are empty but for %s', async (_, isTaken) => {
		const places = rowsOf(200);
		const lemlist: Lemlist = new Lemlist(
			places.filter((_row, place) => isTaken(place)),
			(query) => ({
				body: places
					.slice(Number(query.offset), Number(query.offset) + Number(query.limit))
					.filter((row) => lemlist.rows.includes(row)),
			}),
		);
		expect(idsIn(await listed(lemlist))).toEqual(idsOf(lemlist.rows));
	});

	test.each([1, 40, 89])('pages of %i rows, whatever is asked for', async (size) => {
		const lemlist: Lemlist = new Lemlist(rowsOf(200), (query) => ({
			body: lemlist.page(query).slice(0, size),
		}));
		expect(idsIn(await listed(lemlist))).toEqual(idsOf(lemlist.rows));
	});

	test('rows that vanish between two pages, so that those behind them move up', async () => {
		const rows = rowsOf(400);
		const lemlist: Lemlist = new Lemlist(rows, (query) => {
			const body = lemlist.page(query);
			lemlist.rows.splice(0, 9);
			return { body };
		});
		expect(idsIn(await listed(lemlist))).toHaveLength(400);
	});

	test('rows of one moment, in another order each time', async () => {
		const createdAt = new Date(FROM + 1_000).toISOString();
		const lemlist: Lemlist = new Lemlist(
			rowsOf(90).map((row) => ({ ...row, createdAt })),
			(query) => {
				lemlist.rows.reverse();
				return { body: lemlist.page(query) };
			},
		);
		const [slice] = await listed(lemlist);
		expect(slice).toHaveLength(90);
	});

	test.each([60, 250])('an offset that does nothing, with %i rows', async (count) => {
		const lemlist: Lemlist = new Lemlist(rowsOf(count), (query) => ({
			body: lemlist.page({ ...query, offset: '0' }),
		}));
		expect(idsIn(await listed(lemlist))).toEqual(idsOf(lemlist.rows));
		expect(lemlist.queries.length).toBeLessThan(40);
	});
});

describe('more than ten pages', () => {
	const scopeOf = (type: EventType): Scope => ({ type, isFirst: false });

	test('are halved until they are not, the newest first', async () => {
		const lemlist = new Lemlist(rowsOf(3_000));
		const slices = await listed(lemlist);
		expect(idsIn(slices)).toEqual(idsOf(lemlist.rows));
		expect(slices.length).toBeGreaterThan(2);
		expect([...new Set(slices.flat())]).toEqual(lemlist.rows.map(({ _id }) => _id));
	});

	test('are halved for the event alone that has so many, and come after the others', async () => {
		const others: EventType[] = ['emailsReplied', 'smsReplied', 'annotated', 'paused', 'resumed'];
		const few = others.flatMap((type) => rowsOf(40, type));
		const lemlist = new Lemlist([...rowsOf(3_000), ...few]);
		const slices = await listed(lemlist, (['emailsSent', ...others] as const).map(scopeOf));
		expect([...(slices[0] ?? [])].sort()).toEqual(idsOf(few));
		expect(idsIn(slices)).toEqual(idsOf(lemlist.rows));
		const asked = (type: EventType) => lemlist.queries.filter((query) => query.type === type);
		for (const type of others) expect(asked(type).length).toBeLessThanOrEqual(3);
	});

	test('of several events together are several slices', async () => {
		const types: EventType[] = ['emailsSent', 'emailsReplied', 'smsReplied', 'annotated', 'paused'];
		const lemlist = new Lemlist(types.flatMap((type) => rowsOf(800, type)));
		const slices = await listed(lemlist, types.map(scopeOf));
		expect(idsIn(slices)).toEqual(idsOf(lemlist.rows));
		for (const slice of slices) expect(slice.length).toBeLessThanOrEqual(1_800);
	});

	test('in a moment that cannot be halved are read to the end', async () => {
		const createdAt = new Date(FROM + 1_000).toISOString();
		const lemlist = new Lemlist(rowsOf(1_500).map((row) => ({ ...row, createdAt })));
		const slices = await listed(lemlist);
		expect(idsIn(slices)).toEqual(idsOf(lemlist.rows));
	});
});

describe('a scope that lemlist does not list', () => {
	const refusing =
		(status: number, body: unknown): Answer =>
		({ type }) =>
			type === 'emailsReplied' ? { status, body } : undefined;

	test.each<[string, number, unknown]>([
		['400', 400, 'Bad params'],
		['400 in JSON', 400, { error: 'Unknown type' }],
		['400 without a word', 400, ''],
		['404', 404, 'Not found'],
		['an empty object', 200, {}],
		['an object of something else', 200, { total: 0 }],
	])('%s: is told, and the others are listed', async (_, status, body) => {
		const lemlist = new Lemlist(rowsOf(3), refusing(status, body));
		expect(idsIn(await listed(lemlist, [REPLIED, SENT]))).toEqual(idsOf(lemlist.rows));
		expect(lemlist.unlisted).toEqual([['emailsReplied', status]]);
	});

	test.each<[string, number, unknown, RegExp]>([
		['the plan', 402, 'route is available starting emailPro plan', /plan of this team/],
		['the key', 401, 'The authentication you supplied is incorrect', /rejected the API key/],
		['the user', 403, 'Forbidden', /denied access/],
		["lemlist's trouble", 500, 'Internal error', /problem on its side/],
		['an empty answer', 200, '', /did not come from lemlist/],
		['a page in between', 200, '<html>Back soon</html>', /did not come from lemlist/],
		['a page in between that says 404', 404, '<html>Not here</html>', /did not come from lemlist/],
		['a page in between that says 400', 400, '<html>No</html>', /did not come from lemlist/],
	])('%s is about all of them: throws in words', async (_, status, body, words) => {
		const lemlist = new Lemlist(rowsOf(3), refusing(status, body));
		await expect(listed(lemlist, [REPLIED, SENT])).rejects.toThrow(words);
		expect(lemlist.unlisted).toEqual([]);
	});

	test('words of success that are no list do not count as one', async () => {
		const lemlist = new Lemlist(rowsOf(3), refusing(200, 'OK'));
		await expect(listed(lemlist, [REPLIED, SENT])).rejects.toThrow();
	});
});

describe('the rows from before a moment', () => {
	const before = async (lemlist: Lemlist, moment: number) => {
		const pages: string[][] = [];
		for await (const page of newestPagesOf(lemlist.asking, SENT, { from: 0, until: moment - 1 }))
			pages.push(page.map(({ activity }) => String(activity._id)));
		return pages;
	};

	test('come newest first, page by page, none of that moment', async () => {
		const lemlist = new Lemlist(rowsOf(300));
		const pages = await before(lemlist, Date.parse(lemlist.rows[30]?.createdAt ?? ''));
		const all = lemlist.rows.slice(31).map(({ _id }) => _id);
		expect([...new Set(pages.flat())]).toEqual(all);
		expect(pages[0]).toEqual(all.slice(0, 100));
	});

	test('are not all of very many', async () => {
		const lemlist = new Lemlist(rowsOf(1_500));
		expect(await before(lemlist, HOUR.until + 1)).toHaveLength(10);
	});

	test('are none where lemlist does not list them', async () => {
		const lemlist = new Lemlist([], () => ({ status: 400, body: 'Bad params' }));
		expect(await before(lemlist, FROM)).toEqual([]);
		expect(lemlist.unlisted).toEqual([['emailsSent', 400]]);
	});
});
