/**
 * What lemlist refuses when it refuses a hook: the team's limit, the campaign, the event or something that
 * concerns all hooks. Blames only what lemlist blames. Pure.
 */
import type { Failure } from '../lemlist/failures';
import { eventOf } from '../settings/events';
import type { WantedHook } from './wanted';

/** lemlist allows about this many hooks a team. */
const HOOKS_PER_TEAM = 200;

const WORDS = {
	teamIsFull: (count: number) =>
		`lemlist allows about ${String(HOOKS_PER_TEAM)} webhooks a team, and this team has ${String(count)}. Delete webhooks that nobody needs any more (the docs of this node say how), or pick fewer events, then try again.`,
	campaignRefused: (campaignId: string) =>
		`lemlist does not accept the campaign "${campaignId}" with this API key: it was deleted or belongs to another lemlist team. Pick the campaign again under Campaign Names or IDs.`,
	eventRefused: (name: string) =>
		`lemlist refused to send the event "${name}". Remove it from Events, or update this node if there is a newer version.`,
	eventOfCampaignRefused: (name: string, campaignId: string) =>
		`lemlist refused to send the event "${name}" of the campaign "${campaignId}". Pick the campaign again under Campaign Names or IDs. If that does not help, remove the event from Events.`,
	urlRefused:
		'lemlist does not accept the webhook address that n8n gave this trigger. Ask whoever runs this n8n to look at WEBHOOK_URL (its newer name is N8N_WEBHOOK_URL): it has to be an address on the internet, with https.',
};

/** What a refusal is about; `unclear` where lemlist speaks of a limit that the team has not reached. */
type Scope = 'all hooks' | 'this hook' | 'unclear';

/** By these lemlist says that something of this one request is not right. Everything else is not about event or campaign. */
const REFUSALS_OF_CONTENT: ReadonlySet<number> = new Set([400, 404, 422]);
/** By these it may say that a team has enough hooks; which one is not documented. */
const REFUSALS_OF_ONE_MORE: ReadonlySet<number> = new Set([400, 403, 422]);
const SPEAKS_OF_A_LIMIT = /too many|limit|maximum|quota/i;
const SPEAKS_OF_THE_URL = /\burl|targetUrl/i;

/**
 * Says what a refused POST is about: the team's limit, or the campaign or the event where lemlist's answer says so.
 *
 * @param hooksOfTeam how many hooks the team has by now
 */
export function explainRefusal(
	hook: WantedHook,
	failure: Failure,
	hooksOfTeam: number,
): Failure & { scope: Scope } {
	const { status, detail = '', message } = failure;
	// What is no answer of lemlist tells nothing about its limits, and a plan or a key stands before them.
	const isOfLemlist = message === undefined && status >= 400 && ![401, 402, 429].includes(status);
	const isFull = hooksOfTeam >= HOOKS_PER_TEAM && REFUSALS_OF_ONE_MORE.has(status);
	const isOfTeam = SPEAKS_OF_A_LIMIT.test(detail) && !SPEAKS_OF_THE_URL.test(detail);
	if (isOfLemlist && (isFull || isOfTeam))
		return {
			...failure,
			message: WORDS.teamIsFull(hooksOfTeam),
			scope: isFull ? 'all hooks' : 'unclear',
		};
	const content =
		isOfLemlist && REFUSALS_OF_CONTENT.has(status) ? refusedContent(hook, failure) : undefined;
	return { ...failure, ...(content ?? { scope: 'all hooks' }) };
}

/** @returns what lemlist does not like about a hook, undefined where that may be something else altogether */
function refusedContent(
	{ type, campaignId }: WantedHook,
	{ status, detail = '' }: Failure,
): { message: string; scope: Scope } | undefined {
	if (SPEAKS_OF_THE_URL.test(detail)) return { message: WORDS.urlRefused, scope: 'all hooks' };
	const isAboutTeam = /team/i.test(detail);
	if (campaignId !== undefined && (status === 404 || isAboutTeam || /campaign/i.test(detail)))
		return { message: WORDS.campaignRefused(campaignId), scope: 'this hook' };
	if (type === undefined || isAboutTeam) return undefined;
	const name = eventOf(type)?.name ?? type;
	const isAboutEvent = campaignId === undefined || /type|event/i.test(detail);
	return {
		message: isAboutEvent
			? WORDS.eventRefused(name)
			: WORDS.eventOfCampaignRefused(name, campaignId),
		scope: 'this hook',
	};
}
