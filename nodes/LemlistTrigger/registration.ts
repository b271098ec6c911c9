/**
 * Makes lemlist's hooks equal the desired ones: look, make what is missing, remove what is left
 * over, undo when that fails. Follows lemlist's documentation of POST and DELETE /hooks: no
 * idempotency key, 409 for a URL that has a hook.
 */
import { clock } from './clock';
import { eventOf } from './events';
import { errorOf, GaveWay, messageOf, type Failure } from './failures';
import type { LemlistApi } from './lemlistApi';
import type { Hook } from './lemlistSchemas';
import { compareHooks, hooksLike, ownHooks, type Difference, type WantedHook } from './subscription';

/** What should be registered, and where. */
export interface Plan {
	/** n8n's URL of the trigger's webhook. */
	webhookUrl: string;
	wanted: readonly WantedHook[];
	secret: string;
	/** Called when a POST ended without an answer: a hook may still turn up. */
	onUnsettled?: () => void;
}

/** What a look at lemlist's list told. */
export interface Findings extends Difference {
	/** How many hooks the team has, those of others included. */
	hooksOfTeam: number;
}

const REQUESTS_AT_A_TIME = 4;
const ROUNDS_OF_POSTING = 3;
const PAUSE_BEFORE_LOOKING_MS = 500;
/** lemlist allows about this many hooks a team. */
const HOOKS_PER_TEAM = 200;

/** @returns what lies between plan and lemlist. @throws NodeApiError when lemlist does not list its hooks */
export async function inspect(api: LemlistApi, plan: Plan): Promise<Findings> {
	const existing = await api.hooks();
	return { ...compareHooks(plan.wanted, existing, plan.webhookUrl), hooksOfTeam: existing.length };
}

/**
 * Makes what is missing first, then removes what is stale or double, so that no event falls between.
 *
 * @param found from {@link inspect}
 * @throws NodeApiError when lemlist refuses, or when it stays unclear whether a hook exists; what was
 * made stays: {@link undo} removes it
 */
export async function makeEqual(api: LemlistApi, plan: Plan, found: Findings): Promise<void> {
	const surplus = await makeHooks(api, plan, found);
	await removeHooks(api, surplus);
}

/** Removes the hooks that were missing before, also those that a lost answer made. @throws NodeApiError when some may be left */
export async function undo(api: LemlistApi, missing: readonly WantedHook[]): Promise<void> {
	if (missing.length > 0) await removeHooks(api, hooksLike(await api.hooks(), missing));
}

/**
 * Removes every hook on the origin and path of a webhook URL.
 *
 * @param settledAt when a POST that is still on its way to lemlist has arrived at the latest, in
 * milliseconds since the epoch: until then a hook may still turn up, so there is a second look
 * @throws NodeApiError that names what is left
 */
export async function removeOwn(api: LemlistApi, webhookUrl: string, settledAt = 0): Promise<void> {
	await removeHooks(api, ownHooks(await api.hooks(), webhookUrl));
	const waitMs = settledAt - clock.now();
	if (waitMs <= 0) return;
	await api.wait(waitMs);
	await removeHooks(api, ownHooks(await api.hooks(), webhookUrl));
}

/**
 * Posts in rounds. A lost answer may stand for a hook that was made, and lemlist has no idempotency
 * key: so between two rounds lemlist is asked what is there, and only what is not is posted again.
 *
 * @returns what is surplus by the last look
 */
async function makeHooks(api: LemlistApi, plan: Plan, found: Findings): Promise<readonly Hook[]> {
	let { missing: pending, surplus } = found;
	for (let round = 1; pending.length > 0; round += 1) {
		const unsettled = await postHooks(api, pending, plan, found.hooksOfTeam);
		if (unsettled.size === 0) break;
		// A request whose answer is lost may arrive late, and so may the list of hooks.
		await api.wait(PAUSE_BEFORE_LOOKING_MS * round);
		const now = await inspect(api, plan);
		surplus = now.surplus;
		const missing = new Set(now.missing);
		pending = pending.filter((hook) => unsettled.has(hook) && missing.has(hook));
		if (round === ROUNDS_OF_POSTING && pending.length > 0) throw api.error(lastingFailure(unsettled, pending));
	}
	return surplus;
}

/** A URL that stays taken by a hook that is not shown is the one failure that the user can do something about. */
function lastingFailure(unsettled: ReadonlyMap<WantedHook, Failure>, pending: readonly WantedHook[]): Failure {
	const failures = [...unsettled].filter(([hook]) => pending.includes(hook)).map(([, failure]) => failure);
	const worst = failures.reduce((one, other) => (other.status === 409 ? other : one));
	return worst.status === 409 ? { ...worst, message: URL_TAKEN } : worst;
}

const URL_TAKEN =
	'lemlist already has a webhook on this trigger\'s address, but does not show it to this API key. Replace this trigger by a duplicate of it: a duplicate has an address of its own.';

/** @returns the hooks of which it is not clear whether they exist now. @throws NodeApiError at the first refusal */
async function postHooks(api: LemlistApi, hooks: readonly WantedHook[], plan: Plan, hooksOfTeam: number): Promise<Map<WantedHook, Failure>> {
	const unsettled = new Map<WantedHook, Failure>();
	let made = 0;
	await forEachOf(hooks, async (hook) => {
		const posted = await api.postHook(hook, plan.secret);
		if (posted.outcome === 'made') made += 1;
		else if (posted.outcome === 'refused') throw api.error(explainRefusal(hook, posted.failure, hooksOfTeam + made));
		else {
			unsettled.set(hook, posted.failure);
			plan.onUnsettled?.();
		}
	});
	return unsettled;
}

/** Says what a refused POST is most likely about: the team's limit, the campaign or the event. */
function explainRefusal(hook: WantedHook, failure: Failure, hooksOfTeam: number): Failure {
	const { status, detail = '' } = failure;
	if (status === 401 || status === 429 || status < 400) return failure;
	if (hooksOfTeam >= HOOKS_PER_TEAM || /too many|limit|maximum|quota/i.test(detail)) {
		return { ...failure, message: `lemlist allows about ${String(HOOKS_PER_TEAM)} webhooks a team, and this team has ${String(hooksOfTeam)}. Delete webhooks that nobody needs any more (this node's README says how), or pick fewer events, then try again.` };
	}
	if (status === 403) return failure;
	if (hook.campaignId !== undefined) {
		return { ...failure, message: `lemlist does not accept the campaign "${hook.campaignId}" with this API key: it was deleted or belongs to another lemlist team. Pick the campaign again under Campaigns.` };
	}
	const name = hook.type === undefined ? 'All Events' : (eventOf(hook.type)?.name ?? hook.type);
	return { ...failure, message: `lemlist refused to send the event "${name}". Remove it from Events, or update this node if there is a newer version.` };
}

/** Removes as many as it can. @throws NodeApiError that says how many are left and why, GaveWay */
async function removeHooks(api: LemlistApi, hooks: readonly Hook[]): Promise<void> {
	const failures: Failure[] = [];
	let removed = 0;
	const stopped = await errorOf(
		forEachOf(hooks, async (hook) => {
			const failure = await api.deleteHook(hook._id);
			if (failure === undefined) removed += 1;
			else failures.push(failure);
		}),
	);
	if (stopped instanceof GaveWay) throw stopped;
	const left = hooks.length - removed;
	if (left === 0) return;
	const [first = { status: 0 }] = failures;
	const reason = stopped?.message ?? first.message ?? messageOf(first.status);
	const counted = left === 1 ? '1 webhook of this trigger is' : `${String(left)} webhooks of this trigger are`;
	throw api.error({ ...first, message: `${counted} still at lemlist. ${reason} This node's README says how to delete what stays there.` });
}

/** Works on a few entries at a time. Stops taking new ones at the first error, which it throws when all have ended. */
async function forEachOf<Entry>(entries: readonly Entry[], work: (entry: Entry) => Promise<void>): Promise<void> {
	const queue = [...entries];
	let error: Error | undefined;
	const workers = Array.from({ length: Math.min(REQUESTS_AT_A_TIME, queue.length) }, async () => {
		for (let entry = queue.shift(); entry !== undefined; entry = queue.shift()) {
			const failure = await errorOf(work(entry));
			error ??= failure;
			if (error !== undefined) return;
		}
	});
	await Promise.all(workers);
	if (error !== undefined) throw error;
}
