// GET /activities: what happened, version 2, by type, campaign, lead and time, in pages.
import { json, refusal, type Answer } from './answers';
import { isEventType, isState } from './eventTypes';
import type { Happening } from './happenings';
import type { Rules } from './rules';
import { listed, listedTime } from './telling';

const LARGEST_PAGE = 100;
/** Where lemlist gives fewer than it is asked for. */
const SMALLER_PAGE = 40;
/** Every so manyth place holds an activity. */
const EVERY: Partial<Record<Rules['activityPages'], number>> = { short: 2, sparse: 40 };
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

/** What GET /activities answers of one team's happenings. What is to be deleted after this page is. */
export function activityPage(
	happenings: readonly Happening[],
	query: Record<string, string>,
	rules: Rules,
): Answer {
	const wish = wishOf(query);
	if (wish === undefined) return refusal('badParams', rules);
	if (wish.type !== undefined && !isListed(wish.type, rules)) {
		return rules.unlistedType === 'refuse' ? refusal('badParams', rules) : json({});
	}
	const ofType = happenings.filter((happening) => isOfType(happening, wish, rules));
	const found = ofType.filter((happening) => isAskedFor(happening, wish, rules));
	const page = pageOf(inOrder(found, rules), wish, rules);
	for (const happening of ofType) happening.pagesLeft -= 1;
	return json(page.map((happening) => listed(happening, rules)));
}

/** What of it the list has, in the list's order. */
export function inOrder(happenings: readonly Happening[], rules: Rules): Happening[] {
	return happenings
		.filter(({ activity }) => isListed(activity.type, rules))
		.map((happening) => ({ happening, time: listedTime(happening, rules), tie: Math.random() }))
		.sort(ORDERS[rules.activityOrder])
		.map(({ happening }) => happening);
}

interface Place {
	time: number;
	/** Differs at each request. */
	tie: number;
}

type Order = (one: Place, other: Place) => number;

const newestFirst: Order = (one, other) => other.time - one.time;
const ORDERS: Record<Rules['activityOrder'], Order> = {
	newest: newestFirst,
	'newest, ties shuffled': (one, other) => newestFirst(one, other) || one.tie - other.tie,
	oldest: (one, other) => newestFirst(other, one),
};

/** Where pages are short, the places between two activities are no more than a page: an empty one is the end. */
function pageOf(found: readonly Happening[], { limit, offset }: Wish, rules: Rules): Happening[] {
	if (rules.activityPages === 'capped')
		return found.slice(offset, offset + Math.min(limit, SMALLER_PAGE));
	const step = Math.min(EVERY[rules.activityPages] ?? 1, limit);
	return found.filter((_, index) => index * step >= offset && index * step < offset + limit);
}

function isListed(type: string, rules: Rules): boolean {
	if (NO_EVENTS.has(type)) return true;
	if (isState(type)) return rules.stateEvents === 'listed';
	return isEventType(type) && !UNLISTED.has(type);
}

function isOfType({ activity }: Happening, { type }: Wish, rules: Rules): boolean {
	return type === undefined || activity.type === type || rules.activityTypeFilter === 'ignore';
}

function isAskedFor(happening: Happening, wish: Wish, rules: Rules): boolean {
	const { activity } = happening;
	if (wish.isFirst !== undefined && (activity.isFirst === true) !== wish.isFirst) return false;
	const time = listedTime(happening, rules);
	if (time < wish.from || time > wish.until) return false;
	const asked = { campaignId: wish.campaignId, leadId: wish.leadId };
	return Object.entries(asked).every(([field, id]) => id === undefined || activity[field] === id);
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
