/** A row of lemlist's list of activities, read as the delivery that a hook would have brought. Pure. */
import { keyOf, ownEventOf } from '../deliveries/mark';
import { wantedActivities, withoutSecret } from '../deliveries/delivery';
import type { Activity } from '../lemlist/schemas';
import { eventOf, hasTrait } from '../settings/events';
import type { DeliveryFilter } from '../settings/reading';
import { isFromAnother } from '../settings/since';
import type { Listed } from './listing';

/** A row that may start the workflow. */
export interface Row {
	/** The event that it was asked for under. */
	event: string;
	/** What stands for it at the gate. */
	key: string;
	/** When it happened, in milliseconds since the epoch by lemlist's clock. */
	at: number;
	/** As lemlist would have delivered it. */
	activity: Activity;
}

/**
 * @param team of the API key, where it is known: lemlist may list what it was not asked for
 * @returns the row, undefined for one that is not what was asked for, or cannot be told from others
 */
export function rowOf({ scope, activity }: Listed, team: string | undefined): Row | undefined {
	const event = eventUnder(scope.type, ownEventOf(activity));
	if (event === undefined) return undefined;
	const { teamId, createdAt, isFirst } = activity;
	if (typeof teamId === 'string' && team !== undefined && teamId !== team) return undefined;
	if (scope.isFirst && isFirst === false) return undefined;
	const key = keyOf(event, activity);
	const at = typeof createdAt === 'string' ? Date.parse(createdAt) : NaN;
	if (key === undefined || Number.isNaN(at)) return undefined;
	return { event, key, at, activity: asDelivered(activity) };
}

/** @returns whether a row passes what deliveries are filtered by. lemlist lists a reply from another person not always with its flag */
export function isWanted({ event, activity }: Row, filter: DeliveryFilter): boolean {
	const isThirdPartyReply = hasTrait(event, 'reply') && isFromAnother(activity);
	const delivered = isThirdPartyReply ? { ...activity, isThirdPartyReply } : activity;
	return wantedActivities([delivered], filter).length > 0;
}

/** @returns whether an event stands for several of single channels: nobody knows whether lemlist lists those with the id that it delivers */
export function isOfAnyChannel(event: string): boolean {
	return eventOf(event)?.includes !== undefined;
}

/** @returns whether an activity is of the type that was asked for, or of one that this event stands for */
export function isAskedFor(asked: string, activity: Activity): boolean {
	return eventUnder(asked, ownEventOf(activity)) !== undefined;
}

/** The event that a type stands for where `asked` was asked for; for all events, what is no event is listed, too. */
function eventUnder(asked: string | undefined, type: string): string | undefined {
	if (asked === undefined)
		return eventOf(type) === undefined || hasTrait(type, 'unlisted') ? undefined : type;
	return type === asked || eventOf(asked)?.includes?.includes(type) === true ? asked : undefined;
}

/** @returns an activity of the list in the shape of a delivery, which has the lead's variables beside its own fields, and no lead */
function asDelivered(activity: Activity): Activity {
	const { lead, ...fields } = activity;
	const { variables } = (lead ?? {}) as { variables?: unknown };
	// Twice: what lemlist says of the activity comes first, and wins over a variable of the same name.
	return withoutSecret({
		...fields,
		...(typeof variables === 'object' ? variables : {}),
		...fields,
	});
}
