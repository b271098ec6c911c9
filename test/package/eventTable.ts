/**
 * Writes the tables of the README that the catalogue of events knows by heart: all events by heading,
 * and which of them overlap. Usage: tsx test/package/eventTable.ts
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { EVENT_GROUPS, EVENTS, eventOf, type LemlistEvent } from '../../nodes/LemlistTrigger/events';

/** Where the tables stand. */
export const README = path.join(__dirname, '../../README.md');

function row(...cells: readonly string[]): string {
	return `| ${cells.join(' | ')} |`;
}

function table(columns: readonly string[], rows: readonly string[]): string {
	return [row(...columns), row(...columns.map(() => '---')), ...rows].join('\n');
}

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

/**
 * Puts generated text between the markers of its name.
 *
 * @throws Error when the text has no such markers
 */
function fill(text: string, name: string, content: string): string {
	const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
	const [from, to] = [text.indexOf(begin), text.indexOf(end)];
	if (from < 0 || to < from) throw new Error(`The README has no ${begin} with ${end} after it`);
	return `${text.slice(0, from + begin.length)}\n\n${content}\n\n${text.slice(to)}`;
}

/** @returns the README's text with its tables as the catalogue has them now. @throws Error when a marker is missing */
export function withTables(readme: string): string {
	return fill(fill(readme, 'events', eventTable()), 'overlaps', overlapTable());
}

if (require.main === module) {
	writeFileSync(README, withTables(readFileSync(README, 'utf8')));
}
