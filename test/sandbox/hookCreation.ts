// POST /hooks: what lemlist makes of it, and every reason to refuse it.
import { json, refusal, refusalOf, type Answer } from './answers';
import { isEventType } from './eventTypes';
import { toldOnCreation } from './hooks';
import type { Lemlist } from './lemlist';
import type { Rules } from './rules';
import type { RequestRecord, StoredHook } from './types';

interface Wish {
	targetUrl: unknown;
	type: unknown;
	secret: unknown;
	campaignId: unknown;
	isFirst: unknown;
	zapId: unknown;
	teamId: string;
}

type Check = (wish: Wish, lemlist: Lemlist) => Answer | undefined;

const CHECKS: readonly Check[] = [
	refuseBadFields,
	refuseUnknownType,
	refuseUnknownCampaign,
	refuseTakenUrl,
	refusePastHooksPerTeam,
];

/** Makes the hook that a request asks for, unless one of the checks refuses it. */
export function createHook(request: RequestRecord, teamId: string, lemlist: Lemlist): Answer {
	const wish = wishOf(request, teamId, lemlist.rules);
	for (const check of CHECKS) {
		const refused = check(wish, lemlist);
		if (refused) return refused;
	}
	return json(toldOnCreation(lemlist.hooks.add(hookOf(wish))));
}

function wishOf({ query, body }: RequestRecord, teamId: string, rules: Rules): Wish {
	const fields = isObject(body) ? body : {};
	const legacy = rules.legacyBodyOptions ? fields : {};
	return {
		targetUrl: fields.targetUrl,
		type: fields.type,
		secret: fields.secret,
		campaignId: query.campaignId ?? legacy.campaignId,
		isFirst: query.isFirst ?? legacy.isFirst,
		zapId: query.zapId,
		teamId,
	};
}

function hookOf({
	targetUrl,
	type,
	secret,
	campaignId,
	isFirst,
	zapId,
	teamId,
}: Wish): Partial<StoredHook> {
	const given = Object.entries({ targetUrl, type, secret, campaignId, zapId }).filter(([, value]) =>
		isGiven(value),
	);
	return { ...Object.fromEntries(given), isFirst: isTrue(isFirst), teamId };
}

function refuseBadFields(wish: Wish, { rules }: Lemlist): Answer | undefined {
	const { targetUrl, type, secret, campaignId } = wish;
	const texts = [type, secret, campaignId].every(
		(value) => !isGiven(value) || typeof value === 'string',
	);
	return isHttpUrl(targetUrl) && texts ? undefined : refusal('badParams', rules);
}

function refuseUnknownType({ type }: Wish, { rules }: Lemlist): Answer | undefined {
	if (!isGiven(type) || isEventType(type) || rules.unknownType === 'accept') return undefined;
	return refusal('badParams', rules);
}

function refuseUnknownCampaign({ campaignId, teamId }: Wish, lemlist: Lemlist): Answer | undefined {
	if (!isGiven(campaignId) || lemlist.rules.unknownCampaign === 'accept') return undefined;
	const known = lemlist.campaignsOf(teamId).some(({ _id }) => _id === campaignId);
	return known ? undefined : refusal('badTeam', lemlist.rules);
}

function refuseTakenUrl({ targetUrl, teamId }: Wish, lemlist: Lemlist): Answer | undefined {
	if (lemlist.rules.takenTargetUrl === 'allow') return undefined;
	const taken = lemlist.hooks.ofTeam(teamId).some((hook) => hook.targetUrl === targetUrl);
	return taken ? refusal('urlTaken', lemlist.rules) : undefined;
}

function refusePastHooksPerTeam({ teamId }: Wish, { rules, hooks }: Lemlist): Answer | undefined {
	if (hooks.ofTeam(teamId).length < rules.hooksPerTeam) return undefined;
	const { status, body } = rules.pastHooksPerTeam;
	return refusalOf(body, status, rules);
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isGiven(value: unknown): boolean {
	return value !== undefined && value !== null && value !== '';
}

function isTrue(value: unknown): boolean {
	return value === true || value === 'true' || value === '1';
}

function isHttpUrl(value: unknown): boolean {
	if (typeof value !== 'string' || !URL.canParse(value)) return false;
	return ['http:', 'https:'].includes(new URL(value).protocol);
}
