/**
 * What was picked in Events, read into a selection of the catalogue's types, or the sentence that says what
 * is wrong with it. Pure: knows nothing of n8n.
 */
import {
	ALL_EVENTS,
	EVENT_GROUPS,
	eventOf,
	EVENTS,
	GROUP_PREFIX,
	REMOVED_EVENTS,
	type EventType,
} from './events';

const WORDS = {
	nothingPicked: 'No event is picked. Pick at least one under Events, or All Events.',
	unknown: (name: string) =>
		`lemlist has no event called "${name}". Pick the event from the list under Events. In an expression, use lemlist's own name, such as "emailsReplied"; the docs of this node list them.`,
	gone: (name: string) =>
		`lemlist no longer has the event "${name}", and nothing replaces it. Remove it from Events.`,
	replaced: (name: string, replacement: string) =>
		`lemlist no longer has the event "${name}". Use ${replacement} instead.`,
};

const TYPES_BY_HEADING: ReadonlyMap<string, readonly EventType[]> = new Map(
	EVENT_GROUPS.map((group) => [GROUP_PREFIX + group.key, group.events.map((event) => event.type)]),
);

/** What was picked in Events, made plain: every event, these types in catalogue order, or why not. */
export type Selection =
	| { readonly kind: 'all' }
	| { readonly kind: 'types'; readonly types: readonly EventType[] }
	| { readonly kind: 'problem'; readonly problem: string };

/**
 * Reads the value of the Events parameter: a list of types, headings and `*`, or one of them alone
 * (an expression may give a single string). Headings are expanded, `*` absorbs everything else.
 *
 * @param picked the parameter's value, of any type
 * @returns the selection, or the problem as a sentence for the user
 */
export function readSelection(picked: unknown): Selection {
	const values: unknown[] = Array.isArray(picked) ? picked : [picked];
	const filled = values.filter((value) => value !== undefined && value !== null && value !== '');
	if (filled.length === 0) {
		return {
			kind: 'problem',
			problem: WORDS.nothingPicked,
		};
	}
	const unknown = filled.find((value) => !isPickable(value));
	if (unknown !== undefined) {
		return { kind: 'problem', problem: unknownEventProblem(unknown) };
	}
	if (filled.includes(ALL_EVENTS)) {
		return { kind: 'all' };
	}
	const types = new Set(
		filled.flatMap(
			(value): readonly string[] => TYPES_BY_HEADING.get(String(value)) ?? [String(value)],
		),
	);
	return {
		kind: 'types',
		types: EVENTS.map((event) => event.type).filter((type) => types.has(type)),
	};
}

function isPickable(value: unknown): boolean {
	return (
		typeof value === 'string' &&
		(value === ALL_EVENTS || eventOf(value) !== undefined || TYPES_BY_HEADING.has(value))
	);
}

function unknownEventProblem(value: unknown): string {
	const name = typeof value === 'string' ? value : JSON.stringify(value);
	const replacement = Object.hasOwn(REMOVED_EVENTS, name) ? REMOVED_EVENTS[name] : undefined;
	if (replacement === undefined) {
		return WORDS.unknown(name);
	}
	return replacement === null ? WORDS.gone(name) : WORDS.replaced(name, replacement);
}
