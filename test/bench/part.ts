/** What the parts of the benchmark have in common: how they are called, and rounds of A B C, B C A, C A B. */
import type { Report } from '../e2e/n8n/progress';
import type { Figure } from './figures';
import type { Stage } from './machine';

/** How much may be spent on a part. */
export interface Effort {
	/** Fewer and smaller rounds, to see that everything works. */
	isQuick: boolean;
	report: Report;
}

export interface Part {
	/** As --only takes it, and as the marks in the document have it. */
	key: string;
	title: string;
	stage: Stage;
	measure: (effort: Effort) => Promise<Figure[]>;
}

/**
 * Measures contenders in turn, round after round, so that a mood of the machine meets all of them. Each
 * round begins with another one: who comes after the hardest work has the most to clear away.
 *
 * @param contenders what to measure, by name; each call gives one value
 * @returns the values of each contender, one a round
 */
export async function inRounds<Name extends string, Value>(
	rounds: number,
	contenders: Readonly<Record<Name, () => Promise<Value>>>,
	{ report }: Pick<Effort, 'report'>,
): Promise<Record<Name, Value[]>> {
	const names = Object.keys(contenders) as Name[];
	const values = Object.fromEntries(names.map((name) => [name, [] as Value[]])) as Record<
		Name,
		Value[]
	>;
	for (let round = 1; round <= rounds; round += 1) {
		const first = (round - 1) % names.length;
		for (const name of [...names.slice(first), ...names.slice(0, first)]) {
			report(`Round ${String(round)} of ${String(rounds)}`, name);
			values[name].push(await contenders[name]());
		}
	}
	return values;
}

/** @returns how many deliveries a burst has: in a hurry, a quarter of them */
export function burstSize(amount: number, { isQuick }: Pick<Effort, 'isQuick'>): number {
	return isQuick ? amount / 4 : amount;
}

/** @returns how many milliseconds some work takes */
export async function millisecondsOf(work: () => Promise<unknown>): Promise<number> {
	const began = performance.now();
	await work();
	return performance.now() - began;
}

/** Does something with each entry, so many at a time. */
export async function forEachOf<Entry>(
	entries: readonly Entry[],
	atATime: number,
	work: (entry: Entry) => Promise<unknown>,
): Promise<void> {
	const queue = [...entries];
	const workers = Array.from({ length: atATime }, async () => {
		for (let entry = queue.shift(); entry !== undefined; entry = queue.shift()) await work(entry);
	});
	await Promise.all(workers);
}
