/** The time of a publication: what each try gets, so that n8n hears our words before its own time is up. */
import {
	endRemoval,
	NO_REMOVAL,
	Publication,
	type Removal,
} from '../../../nodes/LemlistTrigger/hooks/publication';
import { clock } from '../../../nodes/LemlistTrigger/process/clock';

/** n8n 2.41 ends a publication then; its pauses after each of the first four tries. */
const N8N_ENDS_MS = 84_000;
const PAUSES_MS = [1_000, 2_000, 4_000, 8_000];
const LONGEST_MS = 30_000;
const CLEAN_UP_MS = 5_000;

const real = { ...clock };
let now = 0;
beforeEach(() => {
	now = 1_000_000;
	clock.now = () => now;
});
afterAll(() => {
	Object.assign(clock, real);
});

const begin = (publication: Publication, removal?: Removal): number =>
	publication.beginTry(removal, LONGEST_MS, CLEAN_UP_MS) - now;

/** Triggers of a workflow are removed at once, each in so many milliseconds. */
function remove(...durations: number[]): Removal {
	const began = now;
	return durations.reduce((removal, ms) => {
		now = began + ms;
		return endRemoval(began, removal);
	}, NO_REMOVAL);
}

/** Publishes as n8n does: each try takes what it gets or less, fails, and is followed by delete. @returns how long all took, and what the last try threw */
function publish(
	publication: Publication,
	tryMs: number,
	deleteMs: number,
): { ms: number; thrown: unknown } {
	const began = now;
	let thrown: unknown;
	for (const pauseMs of [...PAUSES_MS, 0]) {
		try {
			now += Math.min(begin(publication), tryMs);
			thrown = new Error('ours');
			publication.endStep(thrown as Error);
		} catch (error) {
			thrown = error;
		}
		now = Math.max(now, Math.min(now + deleteMs, publication.endOfTry()));
		publication.endStep();
		now += pauseMs;
	}
	return { ms: now - began, thrown };
}

test.each<[string, number, number]>([
	['all that each gets, and so does delete', Infinity, 20_000],
	['all that each gets, and delete nothing', Infinity, 0],
	['twelve seconds each', 12_000, 5_000],
	['no time at all', 0, 0],
])(
	"five tries that take %s end before n8n's time is up, with words of ours",
	(_, tryMs, deleteMs) => {
		const { ms, thrown } = publish(new Publication(), tryMs, deleteMs);
		expect(ms).toBeLessThan(N8N_ENDS_MS);
		expect(thrown).toHaveProperty('message', 'ours');
	},
);

test('the first try gets all that a try may have', () => {
	expect(begin(new Publication())).toBe(LONGEST_MS);
});

test.each<[string, number, boolean]>([
	['soon after', 8_000, false],
	['later', 11_000, true],
])('a publication %s one that used its time up has all of it again: %s', (_, pauseMs, isWhole) => {
	const publication = new Publication();
	begin(publication);
	now += 50_000;
	publication.endStep(new Error('ours'));
	now += pauseMs;
	let left = 0;
	try {
		left = begin(publication);
	} catch {
		// No time for another try.
	}
	expect(left === LONGEST_MS).toBe(isWhole);
});

test("after n8n's last try, whoever publishes again has all the time", () => {
	const publication = new Publication();
	publish(publication, Infinity, 20_000);
	expect(begin(publication)).toBe(LONGEST_MS);
});

test.each<[string, number[]]>([
	['of this trigger', [40_000]],
	['of a slower one beside it', [100, 40_000]],
])('what the removal %s took counts for an edit, not for a publication', (_, durations) => {
	const removal = remove(...durations);
	now += 100;
	expect(begin(new Publication(), removal)).toBe(80_000 - 15_000 - CLEAN_UP_MS - 40_100);
	expect(begin(new Publication())).toBe(LONGEST_MS);
});

test.each([
	['just now', 1_000],
	['long ago', 60_000],
])('what was removed for an edit before, %s, does not count', (_, pauseMs) => {
	const earlier = remove(40_000);
	now += pauseMs;
	const began = now;
	now += 45_000;
	const removal = endRemoval(began, earlier);
	expect(begin(new Publication(), removal)).toBe(80_000 - 15_000 - CLEAN_UP_MS - 45_000);
});

test('a removal that ended more than ten seconds ago is no part of what begins now', () => {
	const removal = remove(40_000);
	now += 11_000;
	expect(begin(new Publication(), removal)).toBe(LONGEST_MS);
});

test('what is published anew just after it was has a time of its own', () => {
	const publication = new Publication();
	begin(publication);
	now += 25_000;
	publication.end();
	publication.endStep();
	expect(begin(publication)).toBe(LONGEST_MS);
});

test('a try that is short of time and has nothing to say yet goes ahead', () => {
	expect(begin(new Publication(), remove(70_000))).toBeLessThan(4_000);
});
