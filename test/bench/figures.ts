/** What a measurement gives: values with something measured beside them, and whether targets are met. Pure. */

/** A word for a rate stands after the number like a unit. */
export type Unit = 'µs' | 'ms' | 's' | 'MB' | 'a second' | 'requests' | 'rows' | 'bytes' | 'lines';

/** What has to hold of the median of the values, or of the ratios to what was measured beside them. */
export interface Target {
	of: 'value' | 'ratio';
	at: 'most' | 'least';
	limit: number;
}

/** What is wanted of an accepted delivery beside another: what share of its rate, and how much of its processor time. */
export const DELIVERY_TARGETS = {
	rate: { of: 'ratio', at: 'least', limit: 0.95 },
	cost: { of: 'ratio', at: 'most', limit: 1.05 },
} as const satisfies Record<string, Target>;

export interface Figure {
	what: string;
	unit: Unit;
	/** One a round. */
	values: readonly number[];
	/** Measured in the same rounds, in the same unit. */
	beside?: { what: string; values: readonly number[] };
	targets?: readonly Target[];
}

/** @returns the middle value, or the mean of the two in the middle; NaN for none */
export function median(values: readonly number[]): number {
	const sorted = [...values].sort((one, other) => one - other);
	const middle = sorted.length / 2;
	return (
		((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2
	);
}

/** @returns the ratio of each value to the one measured beside it; none where nothing was */
export function ratiosOf({ values, beside }: Figure): number[] {
	return values.flatMap((value, round) => {
		const other = beside?.values[round];
		return other === undefined ? [] : [value / other];
	});
}

/** @returns whether the median is within the target */
export function isMet(figure: Figure, { of, at, limit }: Target): boolean {
	const found = median(of === 'ratio' ? ratiosOf(figure) : figure.values);
	return at === 'most' ? found <= limit : found >= limit;
}

/** @returns a sentence for each target that is missed */
export function missesOf(figure: Figure): string[] {
	const missed = (figure.targets ?? []).filter((target) => !isMet(figure, target));
	return missed.map(
		(target) => `${figure.what}: ${foundIn(figure, target)}; ${wordsOf(figure, target)} is wanted.`,
	);
}

function foundIn(figure: Figure, { of }: Target): string {
	return of === 'value'
		? `${spread(figure.values)} ${figure.unit}`
		: `${spread(ratiosOf(figure))} × ${figure.beside?.what ?? ''}`;
}

/** @returns a target in words, such as "at most 1.1 ×" */
export function wordsOf({ unit }: Figure, { of, at, limit }: Target): string {
	return `at ${at} ${rounded(limit)} ${of === 'value' ? unit : '×'}`;
}

/** @returns the median and, where there are several different values, the lowest and the highest */
export function spread(values: readonly number[]): string {
	const [middle, lowest, highest] = [median(values), Math.min(...values), Math.max(...values)].map(
		rounded,
	);
	return lowest === highest
		? String(middle)
		: `${String(middle)} (${String(lowest)}–${String(highest)})`;
}

/** @returns a number with as many digits as mean something */
export function rounded(value: number): string {
	const digits =
		Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : Math.abs(value) >= 10 ? 1 : 2;
	return value.toLocaleString('en-US', {
		minimumFractionDigits: digits,
		maximumFractionDigits: digits,
	});
}
