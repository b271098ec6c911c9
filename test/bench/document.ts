/** The tables of docs/performance.md: figures as a table for each part. */
import path from 'node:path';
import { isMet, ratiosOf, spread, wordsOf, type Figure } from './figures';
import { row, table } from '../package/markdown';

/** Where the tables stand. */
export const PERFORMANCE = path.join(__dirname, '../../docs/performance.md');

function lineOf(figure: Figure): string {
	const { what, unit, values, beside, targets = [] } = figure;
	const besideIt = beside === undefined ? '–' : `${spread(beside.values)} ${unit}: ${beside.what}`;
	const ratios = ratiosOf(figure);
	const wanted = targets.map((target) => `${wordsOf(figure, target)}: ${isMet(figure, target) ? 'held' : '**missed**'}`);
	return row(what, `${spread(values)} ${unit}`, besideIt, ratios.length > 0 ? spread(ratios) : '–', wanted.join('; ') || '–');
}

/** @returns the figures as a table */
export function tableOf(figures: readonly Figure[]): string {
	const columns = ['What', 'Measured', 'Beside it', 'Ratio', 'Wanted'];
	return table(columns, figures.map(lineOf));
}
