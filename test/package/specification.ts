/**
 * Compares the fixture, our record of the specification's facts, with the text of the specification
 * itself where that is at hand. Usage: tsx test/package/specification.ts <file> [--write]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';

const FIXTURE = path.join(__dirname, '../fixtures/specification.json');
const TABLES_BEGIN = 'Available event types';
const TABLES_END = 'Deprecated events';
const REMOVED_END = 'Verifying webhook authenticity';
const FIELDS_BEGIN = 'Webhook payload';
const FIELDS_END = 'Email recipients (to / cc / bcc)';

interface Facts {
	categories: { category: string; types: string[] }[];
	/** Sorted: the order of the enumeration means nothing. */
	enumeration: string[];
	removed: string[];
	/** The common fields of a delivery, with the type that the table gives them. */
	fields: Record<string, string>;
}

/** The first cell of a line of a table, undefined for any other line. */
function firstCell(line: string): string | undefined {
	return /^(\w+) \| /.exec(line)?.[1];
}

function section(lines: readonly string[], from: string, to: string): string[] {
	return lines.slice(lines.indexOf(from) + 1, lines.indexOf(to));
}

/** The rows of the table of common fields; a row may name several. */
function fieldsIn(lines: readonly string[]): Facts['fields'] {
	const rows = section(lines, FIELDS_BEGIN, FIELDS_END).map((line) => line.split(' | '));
	const fields = rows.flatMap(([names = '', type]) =>
		type === undefined || names.startsWith('|')
			? []
			: names.split(', ').map((name) => [name, type] as const),
	);
	return Object.fromEntries(fields);
}

/** @returns the facts that a text of the specification states */
function factsOf(text: string): Facts {
	const lines = text.split('\n');
	const categories: Facts['categories'] = [];
	let heading = '';
	for (const line of section(lines, TABLES_BEGIN, TABLES_END)) {
		const type = firstCell(line);
		if (type === undefined) {
			if (!line.includes('|')) heading = line;
		} else {
			if (categories.at(-1)?.category !== heading)
				categories.push({ category: heading, types: [] });
			categories.at(-1)?.types.push(type);
		}
	}
	const enumeration = /^contacted(?:, \w+)+/m.exec(text)?.[0].split(', ').sort() ?? [];
	const removed = section(lines, TABLES_END, REMOVED_END)
		.map(firstCell)
		.filter((type) => type !== undefined);
	return { categories, enumeration, removed, fields: fieldsIn(lines) };
}

const [file, flag] = process.argv.slice(2);
if (file === undefined) throw new Error('Name the file that holds the specification');
const facts = factsOf(readFileSync(file, 'utf8'));
if (flag === '--write') writeFileSync(FIXTURE, `${JSON.stringify(facts, undefined, '\t')}\n`);
const isSame = isDeepStrictEqual(facts, JSON.parse(readFileSync(FIXTURE, 'utf8')));
const counted = `${String(facts.categories.flatMap((category) => category.types).length)} types in ${String(facts.categories.length)} categories`;
process.stdout.write(
	isSame
		? `The fixture says what the specification says: ${counted}.\n`
		: `The fixture differs from the specification (${counted}).\n`,
);
process.exitCode = isSame ? 0 : 1;
