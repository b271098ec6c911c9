/** What lemlist's page "Add Webhook" says, as facts: read from its Markdown, or from its text as a browser shows it. */
import { createHash } from 'node:crypto';

export interface Facts {
	categories: { category: string; types: string[] }[];
	/** Sorted: the order of the enumeration means nothing. */
	enumeration: string[];
	removed: string[];
	/** The common fields of a delivery, with the type that the table gives them. */
	fields: Record<string, string>;
	/** The sections whose every word may matter to the node, with a fingerprint of their words. */
	wording: Record<string, string>;
}

/** A line of the page without its marks. */
interface Line {
	text: string;
	/** Of a row of a table; empty for any other line. */
	cells: readonly string[];
	isHeading: boolean;
}

const TABLES = 'Available event types';
const REMOVED = 'Deprecated events';
const FIELDS = 'Webhook payload';
const READ_CLOSELY = ['Verifying webhook authenticity', 'Third-party reply flag'];
/** Where a section ends: the text of the page does not say how deep a heading is. */
const SECTIONS: readonly string[] = [
	TABLES,
	REMOVED,
	FIELDS,
	...READ_CLOSELY,
	'Email recipients (to / cc / bcc)',
	'Examples',
	'OpenAPI',
];

const HEADING = /^#{1,6} /;
/** The first cell of a row that counts; what heads a column begins with a capital letter. */
const NAMES = /^[a-z_]\w*(?:, [a-z_]\w*)*$/;
/** Ten names or more: in one line of the text, in a line each in the OpenAPI part of the Markdown. */
const ENUMERATION = /\w+(?:, \w+){9,}|(?:^ *- \w+\n){10,}/m;
/** What the Markdown has and the text has not: blocks of code, tags, the targets of links. */
const ONLY_IN_MARKDOWN = /^ *```.*\n(?:.*\n)*? *```$|<\/?[A-Z][^>]*>|(?<=\])\([^)]*\)/gm;
const FINGERPRINT_LENGTH = 16;

function lineOf(line: string, isMarkdown: boolean): Line {
	const text = line.replace(HEADING, '').replaceAll(/[`\\]/g, '').trim();
	const cells = text.includes('|')
		? text
				.replaceAll(/^\||\|$/g, '')
				.split('|')
				.map((cell) => cell.trim())
		: [];
	return { text, cells, isHeading: isMarkdown ? HEADING.test(line) : cells.length === 0 };
}

function linesOf(page: string): Line[] {
	const isMarkdown = page.split('\n').some((line) => HEADING.test(line));
	return page.split('\n').map((line) => lineOf(line, isMarkdown));
}

/** Where a section begins and ends, undefined where the page does not have it. */
function boundsOf(
	lines: readonly Line[],
	section: string,
): [begin: number, end: number] | undefined {
	const begin = lines.findIndex(({ text, isHeading }) => isHeading && text === section) + 1;
	if (begin === 0) return undefined;
	const length = lines
		.slice(begin)
		.findIndex(({ text, isHeading }) => isHeading && SECTIONS.includes(text));
	return [begin, length === -1 ? lines.length : begin + length];
}

function linesIn(lines: readonly Line[], section: string): readonly Line[] {
	return lines.slice(...(boundsOf(lines, section) ?? [0, 0]));
}

/** What a row names: one thing, or several. */
function namesIn({ cells: [names = ''] }: Line): string[] {
	return NAMES.test(names) ? names.split(', ') : [];
}

function categoriesIn(lines: readonly Line[]): Facts['categories'] {
	const categories: Facts['categories'] = [];
	let category = '';
	for (const line of linesIn(lines, TABLES)) {
		if (line.isHeading && line.text !== '') category = line.text;
		const types = namesIn(line);
		if (types.length === 0) continue;
		if (categories.at(-1)?.category !== category) categories.push({ category, types: [] });
		categories.at(-1)?.types.push(...types);
	}
	return categories;
}

/** Of letters and digits alone, for the forms of the page differ in all else. */
function fingerprintOf(text: string): string {
	const words = text
		.replaceAll(ONLY_IN_MARKDOWN, '')
		.toLowerCase()
		.replaceAll(/[^a-z0-9]/g, '');
	return createHash('sha256').update(words).digest('hex').slice(0, FINGERPRINT_LENGTH);
}

function wordingIn(page: string, lines: readonly Line[]): Facts['wording'] {
	const found = READ_CLOSELY.flatMap((section) => {
		const bounds = boundsOf(lines, section);
		const text = page
			.split('\n')
			.slice(...(bounds ?? [0, 0]))
			.join('\n');
		return bounds === undefined ? [] : [[section, fingerprintOf(text)] as const];
	});
	return Object.fromEntries(found);
}

/**
 * @param text of the page: its Markdown, or what a browser shows
 * @returns the facts that it states
 * @throws Error where it has no tables of events
 */
export function factsOf(text: string): Facts {
	const page = text.replaceAll('\r', '');
	const lines = linesOf(page);
	const categories = categoriesIn(lines);
	if (categories.length === 0) throw new Error(`It has no tables of events under "${TABLES}".`);
	const fields = linesIn(lines, FIELDS).flatMap((line) =>
		namesIn(line).map((name) => [name, line.cells[1] ?? ''] as const),
	);
	return {
		categories,
		enumeration: ENUMERATION.exec(page)?.[0].match(/\w+/g)?.sort() ?? [],
		removed: linesIn(lines, REMOVED).flatMap(namesIn),
		fields: Object.fromEntries(fields),
		wording: wordingIn(page, lines),
	};
}
