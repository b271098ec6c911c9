// Plausible activities for each event, as lemlist posts them: valid by default, changed a field at a
// time by whoever needs something else.
import { written } from './clock';
import { CAUSES_OF_STATE, groupOf, type EventType } from './eventTypes';
import { fieldsOf, type Fields } from './fieldSets';
import { COLLEAGUE } from './people';
import type { Activity } from './types';

/** What ties an activity to its campaign. */
const TIES = new Set(['campaignId', 'leadId', 'sequenceId']);

/**
 * An activity of the given type with the fields that lemlist gives it; `overrides` win. Its identifier
 * is new at each call; team, campaign, lead and sender are always the same ones.
 *
 * @param createdAt when it happens; by default now, by this machine's clock
 */
export function activityOf(
	type: EventType,
	overrides: Fields = {},
	createdAt = written(Date.now(), { createdAtIn: 'seconds' }),
): Activity {
	// A lead state looks like the activity that usually leads to it.
	const [cause = type] = CAUSES_OF_STATE[type] ?? [];
	const given = { createdAt, ...overrides };
	const { _id, ...fields } = fieldsOf(cause, groupOf(cause) ?? 'workspace', given);
	return { ...(_id !== undefined && { _id }), type, ...fields, ...overrides };
}

/** A reply by somebody else than the lead: flagged, attributed to them, no longer tied to campaign and lead. */
export function thirdPartyReply(
	type: EventType = 'emailsReplied',
	overrides: Fields = {},
	createdAt?: string,
): Activity {
	const untied = Object.entries(activityOf(type, {}, createdAt)).filter(
		([field]) => !TIES.has(field),
	);
	const { contactId, email, firstName, lastName } = COLLEAGUE;
	return {
		type,
		...Object.fromEntries(untied),
		...{ contactId, leadEmail: email, leadFirstName: firstName, leadLastName: lastName },
		isThirdPartyReply: true,
		...overrides,
	};
}

/** The same activity, done by a machine. */
export function byBot(activity: Activity): Activity {
	return { ...activity, bot: true };
}
