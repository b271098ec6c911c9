/** Writes figures into docs/performance.md: a table for each part, between marks of its own. */
import path from 'node:path';
import { isMet, ratiosOf, spread, wordsOf, type Figure } from './figures';
import { machineLine } from './machine';

/** Where the tables stand. */
export const PERFORMANCE = path.join(__dirname, '../../docs/performance.md');

/** @returns the marks around the table of a part */
export function marksOf(key: string): { begin: string; end: string } {
	return { begin: `<!-- ${key}:begin -->`, end: `<!-- ${key}:end -->` };
}

function row(...cells: readonly string[]): string {
	return `| ${cells.join(' | ')} |`;
}

function lineOf(figure: Figure): string {
	const { what, unit, values, beside, targets = [] } = figure;
	const besideIt = beside === undefined ? '–' : `${spread(beside.values)} ${unit}: ${beside.what}`;
	const ratios = ratiosOf(figure);
	const wanted = targets.map((target) => `${wordsOf(figure, target)}: ${isMet(figure, target) ? 'held' : '**missed**'}`);
	return row(what, `${spread(values)} ${unit}`, besideIt, ratios.length > 0 ? spread(ratios) : '–', wanted.join('; ') || '–');
}

/** @returns the figures as a table, with the machine under it */
export function tableOf(figures: readonly Figure[]): string {
	const columns = ['What', 'Measured', 'Beside it', 'Ratio', 'Wanted'];
	return [row(...columns), row(...columns.map(() => '---')), ...figures.map(lineOf), '', `On ${machineLine()}.`].join('\n');
}

/** @returns the document's text with the table of a part. @throws Error when its marks are missing */
export function withTable(document: string, key: string, table: string): string {
	const { begin, end } = marksOf(key);
	const [from, to] = [document.indexOf(begin), document.indexOf(end)];
	if (from < 0 || to < from) throw new Error(`The document has no ${begin} with ${end} after it`);
	return `${document.slice(0, from + begin.length)}\n\n${table}\n\n${document.slice(to)}`;
}
