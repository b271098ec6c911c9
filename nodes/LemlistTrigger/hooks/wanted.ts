/**
 * Desired hooks against lemlist's hooks: which hooks a trigger wants, which of those that exist are
 * they, and which are left-overs on the trigger's URL. Pure: knows nothing of n8n and sends nothing.
 */
import { addressOf, EVERY, eventNamedBy, HOOK_FIELD, placeOf } from '../lemlist/address';
import type { HookWish } from '../lemlist/endpoints';
import type { Hook } from '../lemlist/schemas';
import { tagOf } from '../secrets/webhookSecret';
import { eventOf, hasTrait, type EventType } from '../settings/events';
import type { Subscription } from '../settings/reading';

/** What lemlist filters by before it delivers. */
export interface Scope extends Omit<HookWish, 'targetUrl'> {
	type?: EventType;
}

/** A hook that should exist. */
export type WantedHook = Scope & HookWish;

/** What lies between the hooks that should exist and those that do. */
export interface Difference {
	missing: readonly WantedHook[];
	/** Hooks on our URL that no subscription wants (any more), and doubles of wanted ones. */
	surplus: readonly Hook[];
}

/**
 * Lists the hooks that a subscription needs: one an event, a single one for All Events, never one a
 * campaign (lemlist allows some 200 a team), and none at all where lemlist is asked for events instead.
 *
 * @param subscription what the user asked for
 * @param webhookUrl n8n's URL of the trigger's webhook
 * @param secret the derived secret, which the tags in the hooks' URLs vouch for
 */
export function wantedHooks(
	subscription: Subscription,
	webhookUrl: string,
	secret: string,
): WantedHook[] {
	if (subscription.arrival === 'lookUp') return [];
	return wantedScopes(subscription).map((scope) => {
		const { type = null, campaignId = null, isFirst } = scope;
		const url = new URL(webhookUrl);
		url.searchParams.set(
			HOOK_FIELD,
			`${type ?? EVERY}.${tagOf(secret, [type, campaignId, isFirst])}`,
		);
		return { targetUrl: url.href, ...scope };
	});
}

/** @returns what each hook that a subscription needs is about */
export function wantedScopes(subscription: Subscription): Scope[] {
	const types = subscription.selection.kind === 'all' ? [undefined] : subscription.selection.types;
	return types.map((type) => {
		const campaignId = campaignOf(subscription, type);
		return {
			...(type !== undefined && { type }),
			...(campaignId !== undefined && { campaignId }),
			// An alert is nobody's first activity: asked for with isFirst, lemlist might never send it.
			isFirst:
				subscription.firstActivityOnly && !(type !== undefined && hasTrait(type, 'teamWide')),
		};
	});
}

/** The campaign that lemlist itself filters by; undefined where the node has to filter. */
function campaignOf(subscription: Subscription, type: EventType | undefined): string | undefined {
	const [campaignId, ...others] = subscription.campaignIds;
	if (type === undefined || others.length > 0 || hasTrait(type, 'teamWide')) return undefined;
	// Replies from other people name no campaign, so a hook for one campaign may never get them.
	if (subscription.thirdPartyReplies === 'only' && hasTrait(type, 'reply')) return undefined;
	return campaignId;
}

/**
 * Compares the hooks that should exist with those that do. A hook with exactly a wanted URL is that
 * hook, with the current secret: the tag in the URL says so. One that lemlist has switched off is as
 * good as none: surplus, and what it stood for is missing.
 *
 * @param wanted from {@link wantedHooks}
 * @param existing every hook of the team
 * @param webhookUrl n8n's URL of the trigger's webhook
 */
export function compareHooks(
	wanted: readonly WantedHook[],
	existing: readonly Hook[],
	webhookUrl: string,
): Difference {
	const wantedUrls = new Set(wanted.map((hook) => addressOf(hook.targetUrl)));
	const found = new Set<string | undefined>();
	const surplus = ownHooks(existing, webhookUrl).filter((hook) => {
		const url = addressOf(hook.targetUrl);
		const isKept = !hook.isSwitchedOff && wantedUrls.has(url) && !found.has(url);
		if (isKept) found.add(url);
		return !isKept;
	});
	return { missing: wanted.filter((hook) => !found.has(addressOf(hook.targetUrl))), surplus };
}

/** @returns the hooks that are exactly wanted ones, as their URLs say */
export function hooksLike(
	existing: readonly Hook[],
	wanted: readonly Pick<WantedHook, 'targetUrl'>[],
): Hook[] {
	const addresses = new Set(wanted.map((hook) => addressOf(hook.targetUrl)));
	return existing.filter((hook) => addresses.has(addressOf(hook.targetUrl)));
}

/** @returns whether a hook is for the same event as a wanted one, with whatever secret: one of a single trigger's hooks */
export function standsFor(hook: Hook, wanted: WantedHook): boolean {
	return eventIn(hook.targetUrl) === eventIn(wanted.targetUrl);
}

/** @returns for which events a hook is, as far as its URL says: one, all, or undefined when it does not say */
export function scopeOf(hook: Hook): 'one' | 'all' | undefined {
	const event = eventIn(hook.targetUrl) ?? '';
	if (event === EVERY) return 'all';
	return eventOf(event) === undefined ? undefined : 'one';
}

/** The event that the URL of a hook names, before the tag. */
function eventIn(url: string): string | undefined {
	return URL.canParse(url)
		? eventNamedBy(new URL(url).searchParams.get(HOOK_FIELD) ?? '')
		: undefined;
}

/** @returns the hooks on the origin and path of a webhook URL, whatever their query. */
export function ownHooks(existing: readonly Hook[], webhookUrl: string): Hook[] {
	const place = placeOf(webhookUrl);
	return existing.filter((hook) => place !== undefined && placeOf(hook.targetUrl) === place);
}
