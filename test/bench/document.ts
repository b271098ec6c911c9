/** The tables of docs/performance.md: figures as a table for each part. */
import path from 'node:path';
import { isMet, ratiosOf, spread, wordsOf, type Figure, type Target } from './figures';
import { row, table } from '../package/markdown';
import { hostLimitOf } from './hostLimits';

/** Where the tables stand. */
export const PERFORMANCE = path.join(__dirname, '../../docs/performance.md');

function lineOf(figure: Figure): string {
	const { what, unit, values, beside, targets = [] } = figure;
	const besideIt = beside === undefined ? '–' : `${spread(beside.values)} ${unit}: ${beside.what}`;
	const ratios = ratiosOf(figure);
	const wanted = targets.map(
		(target) => `${wordsOf(figure, target)}: ${verdictOn(figure, target)}`,
	);
	return row(
		what,
		`${spread(values)} ${unit}`,
		besideIt,
		ratios.length > 0 ? spread(ratios) : '–',
		wanted.join('; ') || '–',
	);
}

function verdictOn(figure: Figure, target: Target): string {
	if (isMet(figure, target)) return 'held';
	const reason = hostLimitOf(figure);
	return reason === undefined ? '**missed**' : `**missed**: ${reason}`;
}

/** @returns the figures as a table */
export function tableOf(figures: readonly Figure[]): string {
	const columns = ['What', 'Measured', 'Beside it', 'Ratio', 'Wanted'];
	return table(columns, figures.map(lineOf));
}
