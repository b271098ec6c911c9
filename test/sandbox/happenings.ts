// What happened in lemlist, whether a hook delivered it or not, and how GET /activities tells of it: version 2,
// newest first, by type, campaign, lead and time.
import { refusal, json, type Answer } from './answers';
import { CAUSES_OF_STATE, isEventType } from './eventTypes';
import { LEAD_VARIABLES } from './fieldSets';
import { newId, SANDBOX_TEAM } from './identifiers';
import type { Rules } from './rules';
import type { Activity } from './types';

const LARGEST_PAGE = 100;
/** Events that lemlist lists under no type. */
const UNLISTED: ReadonlySet<string> = new Set([
	'campaignComplete',
	'customDomainErrors',
	'connectionIssue',
	'sendLimitReached',
	'lemwarmPaused',
	'enrichmentError',
	'callRecordingDone',
	'callTranscriptDone',
	'inboxLabelUpdated',
	'signalRegistered',
	'deliverabilityAlertTriggered',
]);
/** Some of the activities that are no events of hooks. */
const NO_EVENTS: ReadonlySet<string> = new Set([
	'conditionChosen',
	'manualDone',
	'outOfOffice',
	'meetingBooked',
]);

interface Happening {
	activity: Activity;
	teamId: string;
	/** When it turns up in the list, in milliseconds since 1970; its own time may be long before that. */
	listedAt: number;
}

/** What GET /activities is asked for. */
interface Wish {
	type: string | undefined;
	campaignId: string | undefined;
	leadId: string | undefined;
	isFirst: boolean | undefined;
	/** In milliseconds since 1970, both ends included. */
	from: number;
	until: number;
	limit: number;
	offset: number;
}

export class Happenings {
	private readonly all: Happening[] = [];

	/** Keeps an activity as something that happened. @param lateMs how long after now it turns up in the list */
	add(activity: Activity, teamId = teamOf(activity), lateMs = 0): void {
		const isKnown = this.all.some(
			({ activity: { _id, type } }) =>
				_id !== undefined && _id === activity._id && type === activity.type,
		);
		if (!isKnown) this.all.push({ activity, teamId, listedAt: Date.now() + lateMs });
	}

	/** Forgets everything. */
	clear(): void {
		this.all.length = 0;
	}

	/** What GET /activities answers. */
	answer(teamId: string, query: Record<string, string>, rules: Rules): Answer {
		const wish = wishOf(query);
		if (wish === undefined) return refusal('badParams', rules);
		if (wish.type !== undefined && !isListed(wish.type, rules)) {
			return rules.unlistedType === 'refuse' ? refusal('badParams', rules) : json({});
		}
		const rows = this.all
			.filter((happening) => happening.teamId === teamId && happening.listedAt <= Date.now())
			.map(({ activity }) => activity)
			.filter((activity) => isListed(activity.type, rules) && isWithin(activity, wish))
			.sort((one, other) => timeOf(other) - timeOf(one));
		const pageOf = (all: readonly Activity[]) => all.slice(wish.offset, wish.offset + wish.limit);
		const askedFor = (all: readonly Activity[]) =>
			all.filter((activity) => isAskedFor(activity, wish, rules));
		// Cut before it is sifted, a page may hold less than was asked for, and more may follow.
		const page = rules.activityPages === 'short' ? askedFor(pageOf(rows)) : pageOf(askedFor(rows));
		return json(page.map((activity) => rowOf(activity, rules)));
	}
}

function isListed(type: string, rules: Rules): boolean {
	if (NO_EVENTS.has(type)) return true;
	if (type in CAUSES_OF_STATE) return rules.stateEvents === 'listed';
	return isEventType(type) && !UNLISTED.has(type);
}

function isWithin(activity: Activity, { from, until }: Wish): boolean {
	return timeOf(activity) >= from && timeOf(activity) <= until;
}

function isAskedFor(activity: Activity, wish: Wish, rules: Rules): boolean {
	if (wish.isFirst !== undefined && (activity.isFirst === true) !== wish.isFirst) return false;
	const asked = { campaignId: wish.campaignId, leadId: wish.leadId };
	if (Object.entries(asked).some(([field, id]) => id !== undefined && activity[field] !== id)) {
		return false;
	}
	return (
		wish.type === undefined || activity.type === wish.type || rules.activityTypeFilter === 'ignore'
	);
}

/** A version 2 row: as delivered, but that the lead's variables stand under `lead`. */
function rowOf(activity: Activity, rules: Rules): Activity {
	const fields = Object.entries(activity);
	const isVariable = ([name]: [string, unknown]) => LEAD_VARIABLES.has(name);
	const variables = fields.filter(isVariable);
	return {
		...(Object.fromEntries(fields.filter((field) => !isVariable(field))) as Activity),
		...(activity._id !== undefined && rules.activityIds === 'other' && { _id: newId('act') }),
		...(variables.length > 0 && { lead: { variables: Object.fromEntries(variables) } }),
	};
}

function wishOf(query: Record<string, string>): Wish | undefined {
	const { version, type, campaignId, leadId, isFirst, minDate, maxDate } = query;
	const [from, until] = [timeAsked(minDate, -Infinity), timeAsked(maxDate, Infinity)];
	const [limit, offset] = [
		countOf(query.limit ?? String(LARGEST_PAGE)),
		countOf(query.offset ?? '0'),
	];
	const isFine =
		version === 'v2' &&
		from < until &&
		limit >= 1 &&
		limit <= LARGEST_PAGE &&
		offset >= 0 &&
		[undefined, 'true', 'false'].includes(isFirst);
	if (!isFine) return undefined;
	return {
		...{ type, campaignId, leadId, from, until, limit, offset },
		isFirst: isFirst === undefined ? undefined : isFirst === 'true',
	};
}

/** ISO 8601, or Unix seconds. */
function timeAsked(text: string | undefined, otherwise: number): number {
	if (text === undefined) return otherwise;
	return /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text);
}

function countOf(text: string): number {
	return /^\d+$/.test(text) ? Number(text) : NaN;
}

function timeOf({ createdAt }: Activity): number {
	return typeof createdAt === 'string' ? Date.parse(createdAt) : 0;
}

function teamOf({ teamId }: Activity): string {
	return typeof teamId === 'string' ? teamId : SANDBOX_TEAM;
}
