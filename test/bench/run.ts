/**
 * Measures the trigger beside what it stands on, and writes the figures into docs/performance.md.
 * Usage: npm run bench [-- --only <part>] [-- --quick]
 */
import '../integration/setup.js';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { terminal } from '../e2e/terminal';
import { fill } from '../package/markdown';
import { PERFORMANCE, tableOf } from './document';
import { missesOf } from './figures';
import { hostLimitOf } from './hostLimits';
import { machineLine } from './machine';
import type { Part } from './part';
import { PARTS } from './parts';
import { summarized } from './summary';

const USAGE = `npm run bench [-- --only ${PARTS.map(({ key }) => key).join('|')}] [-- --quick]`;

async function main(): Promise<number> {
	const { values } = parseArgs({
		options: { only: { type: 'string' }, quick: { type: 'boolean', default: false } },
	});
	const parts = PARTS.filter(({ key }) => values.only === undefined || values.only === key);
	if (parts.length === 0)
		throw new Error(`There is no part "${String(values.only)}". Usage: ${USAGE}`);
	const misses: string[] = [];
	for (const part of parts) misses.push(...(await measure(part, values.quick)));
	terminal.line(
		misses.length === 0
			? 'All targets are met, but for those that n8n keeps any node from.'
			: `Missed:\n${misses.join('\n')}`,
	);
	return misses.length === 0 ? 0 : 1;
}

/** @returns a sentence for each target that is missed through us */
async function measure(
	{ key, title, stage, measure: measurePart }: Part,
	isQuick: boolean,
): Promise<string[]> {
	const began = performance.now();
	terminal.line(`\n${title}`);
	const figures = await measurePart({
		isQuick,
		report: (what, state) => {
			terminal.progress(what, state);
		},
	});
	const table = `${tableOf(figures)}\n\nOn ${machineLine(stage)}.`;
	terminal.line(`${table}\nTook ${String(Math.round((performance.now() - began) / 1_000))} s.`);
	// What was measured in a hurry is not for the document.
	if (!isQuick)
		writeFileSync(PERFORMANCE, summarized(fill(readFileSync(PERFORMANCE, 'utf8'), key, table)));
	return figures.filter((figure) => hostLimitOf(figure) === undefined).flatMap(missesOf);
}

void main().then(
	(code) => {
		process.exit(code);
	},
	(error: unknown) => {
		terminal.line(error instanceof Error ? (error.stack ?? error.message) : String(error));
		process.exit(2);
	},
);
