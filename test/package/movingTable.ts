/** The table of docs/moving.md for those who come from n8n's built-in Lemlist Trigger: which of its events is called what here. */
import { ALL_EVENTS, eventOf, REMOVED_EVENTS } from '../../nodes/LemlistTrigger/settings/events';
import BUILT_IN_EVENTS from '../fixtures/builtInEvents.json';
import { row, table } from './markdown';

/** An event as the built-in trigger lists it. */
interface BuiltInEvent {
	/** What its list shows. */
	name: string;
	/** What its workflows hold. */
	value: string;
}

const GONE = 'lemlist has no such event any more';

/** @returns what to pick here in place of an event of the built-in trigger. @throws Error for one that nothing is known of */
export function counterpartOf({ value }: BuiltInEvent): string {
	if (value === ALL_EVENTS) return 'All Events';
	const event = eventOf(value);
	if (event !== undefined) return event.name;
	const replacement = REMOVED_EVENTS[value];
	if (replacement === undefined) throw new Error(`Nothing is known of the built-in event ${value}`);
	return replacement === null ? `– (${GONE})` : `instead: ${replacement.replaceAll('"', '`')}`;
}

/** @returns the table: the built-in trigger's name of each event, lemlist's name, the name here */
export function movingTable(): string {
	const events: readonly BuiltInEvent[] = BUILT_IN_EVENTS;
	return table(
		['Built-in trigger', "lemlist's name", 'Here'],
		events.map((event) =>
			row(event.name.replace('*', '\\*'), `\`${event.value}\``, counterpartOf(event)),
		),
	);
}
