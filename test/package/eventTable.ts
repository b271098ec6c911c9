/** The tables of docs/events.md: all events by heading, and which of them overlap. */
import {
	EVENT_GROUPS,
	EVENTS,
	eventOf,
	type LemlistEvent,
} from '../../nodes/LemlistTrigger/settings/events';
import { row, table } from './markdown';

function eventRow({ name, type, description }: LemlistEvent): string {
	return row(name, `\`${type}\``, description);
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

function nameOf(type: string): string {
	return eventOf(type)?.name ?? type;
}
