/** The tables of docs/events.md: all events by heading, and which of them overlap; and which lemlist does not list. */
import {
	EVENT_GROUPS,
	EVENTS,
	eventOf,
	type LemlistEvent,
} from '../../nodes/LemlistTrigger/settings/events';
import { row, table } from './markdown';

/** Behind what happened, for an event that lemlist does not list. */
export const NOT_CAUGHT_UP = ' (not caught up)';

function eventRow({ name, type, description, unlisted }: LemlistEvent): string {
	return row(name, `\`${type}\``, description + (unlisted === true ? NOT_CAUGHT_UP : ''));
}

/** @returns every event under its heading: its name in the dropdown, lemlist's name, what happened */
export function eventTable(): string {
	const columns = ['In the list', "lemlist's name", 'What happened'];
	return EVENT_GROUPS.map(
		({ title, events }) => `### ${title}\n\n${table(columns, events.map(eventRow))}`,
	).join('\n\n');
}

/** @returns the events that lemlist sends in addition to others, and those others */
export function overlapTable(): string {
	const rows = EVENTS.flatMap(({ name, includes = [] }) =>
		includes.length === 0 ? [] : [row(name, includes.map(nameOf).join(', '))],
	);
	return table(['This event', 'also comes with each of these'], rows);
}

/** @returns how many events lemlist does not list, and their names */
export function unlistedEvents(): string {
	const names = EVENTS.filter(({ unlisted }) => unlisted === true).map(({ name }) => name);
	return `${String(names.length)} of the ${String(EVENTS.length)} events: ${names.join(', ')}.`;
}

function nameOf(type: string): string {
	return eventOf(type)?.name ?? type;
}
