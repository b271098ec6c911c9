/**
 * Writes the generated tables of the README: all events by heading, which of them overlap, what the
 * built-in trigger calls them, and the versions of n8n. Usage: tsx test/package/eventTable.ts
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { EVENT_GROUPS, EVENTS, eventOf, type LemlistEvent } from '../../nodes/LemlistTrigger/events';
import { fill, row, table } from './markdown';
import { movingTable } from './movingTable';
import { versionTable } from './versionTable';

/** Where the tables stand. */
export const README = path.join(__dirname, '../../README.md');

function eventRow({ name, type, description }: LemlistEvent): string {
	return row(name, `\`${type}\``, description);
}

/** @returns every event under its heading: its name in the dropdown, lemlist's name, what happened */
export function eventTable(): string {
	const columns = ['In the list', 'lemlist\'s name', 'What happened'];
	return EVENT_GROUPS.map(({ title, events }) => `### ${title}\n\n${table(columns, events.map(eventRow))}`).join('\n\n');
}

/** @returns the events that lemlist sends in addition to others, and those others */
export function overlapTable(): string {
	const rows = EVENTS.flatMap(({ name, includes = [] }) => (includes.length === 0 ? [] : [row(name, includes.map(nameOf).join(', '))]));
	return table(['This event', 'also comes with each of these'], rows);
}

function nameOf(type: string): string {
	return eventOf(type)?.name ?? type;
}

/** What makes each table, by the name of its markers. */
const TABLES: Readonly<Record<string, () => string>> = {
	events: eventTable,
	overlaps: overlapTable,
	moving: movingTable,
	versions: versionTable,
};

/** @returns the README's text with its tables as they are now. @throws Error when a marker is missing */
export function withTables(readme: string): string {
	return Object.entries(TABLES).reduce((text, [name, content]) => fill(text, name, content()), readme);
}

if (require.main === module) {
	writeFileSync(README, withTables(readFileSync(README, 'utf8')));
}
