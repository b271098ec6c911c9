/** What the benchmark makes of its measurements, and docs/performance.md: its marks. */
import { readFileSync } from 'node:fs';
import { PERFORMANCE, tableOf } from '../bench/document';
import {
	isMet,
	median,
	missesOf,
	ratiosOf,
	rounded,
	spread,
	type Figure,
	type Target,
} from '../bench/figures';
import { hostLimitOf } from '../bench/hostLimits';
import { inRounds } from '../bench/part';
import { summarized } from '../bench/summary';
import { fill, marksOf } from '../package/markdown';

test.each<[readonly number[], number]>([
	[[3], 3],
	[[3, 1, 2], 2],
	[[4, 1, 2, 3], 2.5],
	[[], Number.NaN],
])('the median of %j is %d', (values, expected) => {
	expect(median(values)).toBe(expected);
});

test.each<[number, string]>([
	[1_234.5, '1,235'],
	[12.34, '12.3'],
	[1.234, '1.23'],
	[7, '7'],
])('%d is shown as %s', (value, shown) => {
	expect(rounded(value)).toBe(shown);
});

test.each<[readonly number[], string]>([
	[[2, 1.5, 4], '2 (1.50–4)'],
	[[2, 2], '2'],
])('%j are shown as %s', (values, shown) => {
	expect(spread(values)).toBe(shown);
});

/** Ratios 2, 2 and 0.5: twice in the middle. */
const figure: Figure = {
	what: 'Receive',
	unit: 'ms',
	values: [4, 8, 5],
	beside: { what: 'parse', values: [2, 4, 10] },
};

test('a ratio is that of values of the same round', () => {
	expect(ratiosOf(figure)).toEqual([2, 2, 0.5]);
});

test.each<[Target, boolean]>([
	[{ of: 'ratio', at: 'most', limit: 2 }, true],
	[{ of: 'ratio', at: 'most', limit: 1.9 }, false],
	[{ of: 'ratio', at: 'least', limit: 2 }, true],
	[{ of: 'ratio', at: 'least', limit: 2.1 }, false],
	[{ of: 'value', at: 'most', limit: 5 }, true],
	[{ of: 'value', at: 'most', limit: 4.9 }, false],
	[{ of: 'value', at: 'least', limit: 5.1 }, false],
])('%j is met by the median: %s', (target, expected) => {
	expect(isMet(figure, target)).toBe(expected);
	expect(missesOf({ ...figure, targets: [target] })).toHaveLength(expected ? 0 : 1);
	expect(tableOf([{ ...figure, targets: [target] }])).toContain(
		expected ? ': held |' : ': **missed** |',
	);
});

test('what n8n keeps any node from is told with the reason, and nothing else is', () => {
	const [of, at, limit] = ['ratio', 'least', 0.95] as const;
	const bare: Figure = {
		what: 'Accepted deliveries, as n8n comes',
		unit: 'a second',
		values: [50],
		beside: { what: 'Webhook node', values: [100] },
		targets: [{ of, at, limit }],
	};
	expect(hostLimitOf(bare)).toBeDefined();
	expect(tableOf([bare])).toContain(`at least 0.95 ×: **missed**: ${String(hostLimitOf(bare))} |`);
	expect(tableOf([{ ...bare, values: [100] }])).toContain('at least 0.95 ×: held |');
	expect(
		hostLimitOf({ ...bare, what: 'Accepted deliveries, isolates when needed' }),
	).toBeUndefined();
	expect(
		hostLimitOf({ ...bare, beside: { what: "n8n's own Lemlist Trigger", values: [] } }),
	).toBeUndefined();
});

test('no measurement at all meets no target', () => {
	expect(isMet({ ...figure, values: [] }, { of: 'value', at: 'most', limit: 5 })).toBe(false);
});

test('a miss is told in a sentence', () => {
	expect(missesOf({ ...figure, targets: [{ of: 'ratio', at: 'most', limit: 1.1 }] })).toEqual([
		'Receive: 2 (0.50–2) × parse; at most 1.10 × is wanted.',
	]);
});

test('contenders are measured in turn, round after round, and take turns in being first', async () => {
	const calls: string[] = [];
	const measure = (name: string) => async () => await Promise.resolve(calls.push(name));
	const values = await inRounds(
		2,
		{ one: measure('one'), other: measure('other') },
		{ report: () => undefined },
	);
	expect(calls).toEqual(['one', 'other', 'other', 'one']);
	expect(values).toEqual({ one: [1, 4], other: [2, 3] });
});

describe('the document', () => {
	const text = readFileSync(PERFORMANCE, 'utf8');

	test.each([
		'own-work',
		'deliveries',
		'gate',
		'queue',
		'activation',
		'start',
		'missed',
		'large-team',
	])('has a table of the part %s', (key) => {
		const { begin, end } = marksOf(key);
		expect(text.slice(text.indexOf(begin), text.indexOf(end))).toContain('| --- |');
	});

	test('says in words what its tables say', () => {
		expect(summarized(text)).toBe(text);
	});

	test('takes a new table between its marks and nowhere else', () => {
		const { begin, end } = marksOf('part');
		expect(fill(`before ${begin} old ${end} after`, 'part', 'new')).toBe(
			`before ${begin}\n\nnew\n\n${end} after`,
		);
		expect(() => fill('no marks', 'part', 'new')).toThrow(begin);
	});
});
