/** Pages of a list are gone through until all there is has been seen, whatever makes them short. */
import fc from 'fast-check';
import { Pages } from '../../../nodes/LemlistTrigger/missed/pages';

const PAGE = 100;
const MOST_PAGES = 12;
const MOST_REQUESTS = 5_000;

type List = (offset: number) => number[];

/** Asks for page after page. @returns the rows that were seen, and how many pages were asked for */
function walk(list: List): { seen: Set<number>; asked: number } {
	const pages = new Pages();
	const seen = new Set<number>();
	let asked = 0;
	for (; pages.next !== undefined && asked < MOST_REQUESTS; asked += 1) {
		const rows = list(pages.next);
		for (const row of rows) seen.add(row);
		pages.note(rows.map(String));
	}
	return { seen, asked };
}

/** Rows in some of the places, and some in each page of a hundred; often very few. */
const placesOfPage = (maxLength: number) =>
	fc.uniqueArray(fc.nat(PAGE - 1), { minLength: 1, maxLength });
const taken = fc
	.array(fc.oneof(placesOfPage(1), placesOfPage(3), placesOfPage(PAGE)), { maxLength: MOST_PAGES })
	.map((pages) => pages.flatMap((places, page) => places.map((place) => page * PAGE + place)));

test('all rows are seen where places between them are empty, with three pages at most for each hundred places', () => {
	fc.assert(
		fc.property(taken, (places) => {
			const list: List = (offset) =>
				places.filter((place) => place >= offset && place < offset + PAGE);
			const { seen, asked } = walk(list);
			expect([...seen].sort()).toEqual([...places].sort());
			expect(asked).toBeLessThanOrEqual(3 * MOST_PAGES + 3);
		}),
		{ numRuns: 2_000 },
	);
});

test('all rows are seen where no page has as many as were asked for', () => {
	fc.assert(
		fc.property(fc.nat(500), fc.integer({ min: 1, max: PAGE }), (count, size) => {
			const rows = Array.from({ length: count }, (_, index) => index);
			const { seen } = walk((offset) => rows.slice(offset, offset + size));
			expect(seen.size).toBe(count);
		}),
	);
});

test('all rows are seen where, besides, others come in before them', () => {
	fc.assert(
		fc.property(
			fc.nat(500),
			fc.integer({ min: 10, max: PAGE }),
			fc.integer({ min: 1, max: 4 }),
			(count, size, added) => {
				const rows = Array.from({ length: count }, (_, index) => index);
				const { seen } = walk((offset) => {
					const page = rows.slice(offset, offset + size);
					if (offset === 0) rows.unshift(...Array.from({ length: added }, (_, one) => -1 - one));
					return page;
				});
				expect([...seen].filter((row) => row >= 0)).toHaveLength(count);
			},
		),
		{ numRuns: 1_000 },
	);
});

test.each([1, 40, 99, 100])('it ends where the offset does nothing, with %i rows', (count) => {
	const rows = Array.from({ length: count }, (_, index) => index);
	const { seen, asked } = walk(() => rows);
	expect(seen.size).toBe(count);
	expect(asked).toBeLessThanOrEqual(4);
});

test('a list without a row takes one request', () => {
	expect(walk(() => []).asked).toBe(1);
});
