/**
 * Since when what is asked for has been asked for: nothing from before may start the workflow late. Kept in
 * static data, part by part, so that an edit touches only what it changes. Pure: knows nothing of n8n.
 */
import { z } from 'zod';
import type { Activity } from '../lemlist/schemas';
import { hasTrait } from './events';
import type { Subscription } from './reading';

/** How soon a failed edit has to be repeated so that nothing of the time in between is lost. */
const REPAIRED_WITHIN_MS = 2 * 60_000;
/** Stands for every event or every campaign. */
const ANY = '*';

const since = z.object({
	/** Which trigger node this belongs to: static data is kept by name and travels with copies. */
	owner: z.string(),
	team: z.string().optional(),
	/** By part of the subscription: since when it is wanted, in milliseconds since the epoch by lemlist's clock. */
	wanted: z.record(z.string(), z.number()),
	/** When lemlist delivered nothing, until how events arrive was changed; in milliseconds since the epoch by lemlist's clock. */
	lookedUp: z.object({ from: z.number(), until: z.number() }).optional(),
	/** When n8n removed it last, by this machine's clock, and whether that was after an activation that failed. */
	removed: z.object({ at: z.number(), isAfterFailure: z.boolean() }).optional(),
});

export type Since = z.infer<typeof since>;

/** The moment at which a trigger is published or starts. */
export interface Moment {
	owner: string;
	/** Absent where lemlist did not say. */
	team?: string;
	/** Whether n8n says that nothing was published before. */
	isFirst: boolean;
	/** In milliseconds since the epoch, by this machine's clock. */
	now: number;
	/** The same by lemlist's clock. */
	lemlistNow: number;
}

/**
 * @param stored what static data holds
 * @returns since when each part of a subscription is wanted: what was wanted before stays so
 */
export function carryOver(stored: unknown, subscription: Subscription, moment: Moment): Since {
	const { owner, lemlistNow } = moment;
	const before = continued(stored, moment);
	const team = moment.team ?? before?.team;
	const wanted: Record<string, number> = {};
	for (const part of partsOf(subscription)) {
		wanted[part] = sinceOf(before?.wanted ?? {}, part) ?? lemlistNow;
		// What was wanted by name before everything was, has been wanted for longer.
		if (!part.endsWith(ANY)) continue;
		for (const [other, at] of Object.entries(before?.wanted ?? {}))
			if (other.startsWith(part.slice(0, -1))) wanted[other] = at;
	}
	const lookedUp = lookedUpOf(before, subscription, lemlistNow);
	return { owner, ...(team !== undefined && { team }), wanted, ...(lookedUp && { lookedUp }) };
}

function lookedUpOf(
	before: Since | undefined,
	{ arrival }: Subscription,
	until: number,
): Since['lookedUp'] {
	const from = before?.wanted.lookUp;
	return arrival === 'webhook' && from !== undefined ? { from, until } : before?.lookedUp;
}

/** @returns whether lemlist delivered nothing at a moment, in milliseconds since the epoch: what happened then can only be new */
export function wasLookedUp({ wanted, lookedUp }: Since, at: number): boolean {
	if (at >= (wanted.lookUp ?? Infinity)) return true;
	return lookedUp !== undefined && at >= lookedUp.from && at <= lookedUp.until;
}

/** @returns the same, when n8n has removed what was published, or what a failed activation left. @param now by this machine's clock */
export function removedNow(
	stored: unknown,
	isAfterFailure: boolean,
	now: number,
): Since | undefined {
	const before = since.safeParse(stored).data;
	if (before === undefined) return undefined;
	// The first failure counts: n8n tries several times.
	const removed =
		isAfterFailure && before.removed?.isAfterFailure === true
			? before.removed
			: { at: now, isAfterFailure };
	return { ...before, removed };
}

/** @returns from when an activity may start the workflow, in milliseconds since the epoch. @param event what it is listed under */
export function wantedSince({ wanted }: Since, event: string, activity: Activity): number {
	const { campaignId = '' } = activity;
	const sender = isFromAnother(activity) ? 'others' : 'lead';
	const isNamed = typeof campaignId === 'string' && campaignId !== '';
	const campaign = isNamed ? `campaign ${campaignId}` : 'unnamed';
	const parts = [
		`event ${event}`,
		'late',
		...(hasTrait(event, 'teamWide') ? [] : [campaign]),
		...(hasTrait(event, 'reply') ? [sender] : []),
		...(hasTrait(event, 'openOrClick') && activity.bot === true ? ['bots'] : []),
		...(activity.isFirst === true || hasTrait(event, 'teamWide') ? [] : ['repeats']),
	];
	return Math.max(0, ...parts.map((part) => sinceOf(wanted, part) ?? 0));
}

/** @returns the earliest moment from which anything is wanted, in milliseconds since the epoch */
export function earliestOf({ wanted }: Since): number {
	const events = Object.entries(wanted).filter(([part]) => part.startsWith('event '));
	return Math.max(wanted.late ?? 0, Math.min(...events.map(([, at]) => at)));
}

/** lemlist lists a reply from another person without campaign and lead, and not always with its flag. */
export function isFromAnother({ isThirdPartyReply, campaignId, leadId }: Activity): boolean {
	return isThirdPartyReply === true || (campaignId === undefined && leadId === undefined);
}

/** What goes on from before: not for another node or team, and not what was switched off in between. */
function continued(stored: unknown, { owner, team, isFirst, now }: Moment): Since | undefined {
	const before = since.safeParse(stored).data;
	if (before?.owner !== owner) return undefined;
	if (team !== undefined && before.team !== undefined && team !== before.team) return undefined;
	const { at = 0, isAfterFailure = false } = before.removed ?? {};
	const isRepaired = isAfterFailure && now - at <= REPAIRED_WITHIN_MS;
	return isFirst && !isRepaired ? undefined : before;
}

function partsOf(subscription: Subscription): string[] {
	const { selection, campaignIds, thirdPartyReplies } = subscription;
	// Where lemlist itself filters by one campaign, what names none does not come.
	const isFiltered =
		selection.kind !== 'all' && campaignIds.length === 1 && thirdPartyReplies !== 'only';
	return [
		...(selection.kind === 'all' ? [ANY] : selection.types).map((type) => `event ${type}`),
		...(campaignIds.length === 0 ? [ANY] : campaignIds).map((id) => `campaign ${id}`),
		...(isFiltered ? [] : ['unnamed']),
		...(thirdPartyReplies === 'exclude' ? [] : ['others']),
		...(thirdPartyReplies === 'only' ? [] : ['lead']),
		...(subscription.ignoreBots ? [] : ['bots']),
		...(subscription.firstActivityOnly ? [] : ['repeats']),
		...(subscription.missedEvents === 'ignore' && subscription.arrival === 'webhook'
			? []
			: ['late']),
		...(subscription.arrival === 'webhook' ? [] : ['lookUp']),
	];
}

/** A part is wanted by its name or as one of all, whichever is longer ago. */
function sinceOf(wanted: Readonly<Record<string, number>>, part: string): number | undefined {
	const [kind = '', name] = part.split(' ');
	const times = [part, ...(name === undefined ? [] : [`${kind} ${ANY}`])]
		.map((other) => wanted[other])
		.filter((at) => at !== undefined);
	return times.length === 0 ? undefined : Math.min(...times);
}
