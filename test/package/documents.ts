/**
 * The documents of the project, and what in them is generated. Writes all of that anew, but for
 * docs/performance.md, which is measured. Usage: tsx test/package/documents.ts
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { eventTable, overlapTable, unlistedEvents } from './eventTable';
import { faultTables } from './faultTable';
import { fill } from './markdown';
import { movingTable } from './movingTable';
import { versionTable } from './versionTable';

/** Where the checkout is; documents are named from there. */
export const ROOT = path.resolve(__dirname, '../..');

/** What makes each table, by the document that it stands in and the name of its marks. */
const TABLES: Readonly<Record<string, Readonly<Record<string, () => string>>>> = {
	'docs/events.md': { events: eventTable, overlaps: overlapTable },
	'docs/hosting.md': { versions: versionTable },
	'docs/moving.md': { moving: movingTable },
	'docs/reliability.md': { faults: faultTables, unlisted: unlistedEvents },
};

/** The documents that hold something generated. */
export const GENERATED = Object.keys(TABLES);

/** @returns every document that people read, but for the licence */
export function documents(): string[] {
	return ['.', 'docs']
		.flatMap((folder) =>
			readdirSync(path.join(ROOT, folder)).map((file) => path.posix.join(folder, file)),
		)
		.filter((file) => file.endsWith('.md'));
}

/** @returns the text of a document */
export function textOf(document: string): string {
	return readFileSync(path.join(ROOT, document), 'utf8');
}

/** @returns a document's text with its tables as they are now. @throws Error when the marks of one are missing */
export function withTables(document: string, text: string): string {
	return Object.entries(TABLES[document] ?? {}).reduce(
		(filled, [name, content]) => fill(filled, name, content()),
		text,
	);
}

if (require.main === module) {
	for (const document of GENERATED)
		writeFileSync(path.join(ROOT, document), withTables(document, textOf(document)));
}
