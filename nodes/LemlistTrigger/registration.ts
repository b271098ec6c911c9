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
import { compareHooks, hooksLike, ownHooks, scopeOf, standsFor, type Difference, type WantedHook } from './subscription';

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

/** A hook that could not be made. */
interface Refused {
	error: Error;
	/** Whether lemlist refused just this one, and will refuse it again. */
	isForGood: boolean;
}

type OnFailure = (hook: WantedHook, refused: Refused) => void;

/** What a round of posting needs to know beside the hooks. */
interface Posting {
	plan: Plan;
	hooksOfTeam: number;
	onFailure: OnFailure;
}

const REQUESTS_AT_A_TIME = 4;
const ROUNDS_OF_POSTING = 3;
const PAUSE_BEFORE_LOOKING_MS = 500;
/** lemlist allows about this many hooks a team. */
const HOOKS_PER_TEAM = 200;

const WORDS = {
	teamIsFull: (count: number) =>
		`lemlist allows about ${String(HOOKS_PER_TEAM)} webhooks a team, and this team has ${String(count)}. Delete webhooks that nobody needs any more (the docs of this node say how), or pick fewer events, then try again.`,
	campaignRefused: (campaignId: string) =>
		`lemlist does not accept the campaign "${campaignId}" with this API key: it was deleted or belongs to another lemlist team. Pick the campaign again under Campaign Names or IDs.`,
	eventRefused: (name: string) =>
		`lemlist refused to send the event "${name}". Remove it from Events, or update this node if there is a newer version.`,
	urlTaken:
		'lemlist already has a webhook on this trigger\'s address, but does not show it to this API key. Delete this trigger and add a new one from the node panel: a new one has an address of its own.',
	leftBehind: (count: number, reason: string) =>
		`${count === 1 ? '1 webhook of this trigger is' : `${String(count)} webhooks of this trigger are`} still at lemlist. ${reason} The docs of this node say how to delete what stays there.`,
};

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
	const surplus = await makeHooks(api, plan, found, (_, { error }) => { throw error; });
	await removeHooks(api, surplus);
}

/**
 * The same for a trigger that is active, as far as it can be done: an event whose hook cannot be made
 * keeps the hook that it had, and neither leaves the others without one nor with two; where lemlist stops
 * answering, or time runs out, the next check goes on.
 *
 * @param found from {@link inspect}
 * @throws NodeApiError for the first hook that could not be made, or when some may be left
 */
export async function makeEqualWherePossible(api: LemlistApi, plan: Plan, found: Findings): Promise<void> {
	const failed = new Map<WantedHook, Refused>();
	const surplus = await makeHooks(api, plan, found, (hook, refused) => { failed.set(hook, refused); });
	const made = plan.wanted.filter((hook) => !failed.has(hook));
	const left = await errorOf(removeHooks(api, surplus.filter((hook) => isSpare(hook, made, failed))));
	const [failure = left] = [...failed.values()].map(({ error }) => error);
	if (failure !== undefined) throw failure;
}

/** Whether no event needs a surplus hook any more: it may be the only one that brings an event whose own could not be made. */
function isSpare(hook: Hook, made: readonly WantedHook[], failed: ReadonlyMap<WantedHook, Refused>): boolean {
	if (made.some((wanted) => standsFor(hook, wanted))) return true;
	return ![...failed].some(([wanted, { isForGood }]) => {
		if (wanted.type === undefined || standsFor(hook, wanted)) return true;
		const scope = scopeOf(hook);
		// For one event that lemlist never sends, all others would come twice for ever, and unwanted ones with them.
		if (scope === 'all') return !isForGood || made.length === 0;
		return scope === undefined;
	});
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
export async function removeOwn(api: LemlistApi, webhookUrl: string, settledAt: number): Promise<void> {
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
 * @param onFailure called for each hook that cannot be made; what it throws ends the work
 * @returns what is surplus by the last look
 */
async function makeHooks(api: LemlistApi, plan: Plan, found: Findings, onFailure: OnFailure): Promise<readonly Hook[]> {
	let { missing: pending, surplus, hooksOfTeam } = found;
	for (let round = 1; pending.length > 0; round += 1) {
		const unsettled = await postHooks(api, pending, { plan, hooksOfTeam, onFailure });
		if (unsettled.size === 0) break;
		// A request whose answer is lost may arrive late, and so may the list of hooks.
		await api.wait(PAUSE_BEFORE_LOOKING_MS * round);
		const now = await inspect(api, plan);
		({ surplus, hooksOfTeam } = now);
		const missing = new Set(now.missing);
		pending = pending.filter((hook) => unsettled.has(hook) && missing.has(hook));
		if (round < ROUNDS_OF_POSTING || pending.length === 0) continue;
		const error = api.error(lastingFailure(unsettled, pending));
		for (const hook of pending) onFailure(hook, { error, isForGood: false });
		break;
	}
	return surplus;
}

/** A URL that stays taken by a hook that is not shown is the one failure that the user can do something about. */
function lastingFailure(unsettled: ReadonlyMap<WantedHook, Failure>, pending: readonly WantedHook[]): Failure {
	const failures = [...unsettled].filter(([hook]) => pending.includes(hook)).map(([, failure]) => failure);
	const worst = failures.reduce((one, other) => (other.status === 409 ? other : one));
	return worst.status === 409 ? { ...worst, message: WORDS.urlTaken } : worst;
}

/**
 * Posts hooks until lemlist says what it would say to each of them.
 *
 * @returns the hooks of which it is not clear whether they exist now, and why. @throws what onFailure throws
 */
async function postHooks(api: LemlistApi, hooks: readonly WantedHook[], { plan, hooksOfTeam, onFailure }: Posting): Promise<Map<WantedHook, Failure>> {
	const unsettled = new Map<WantedHook, Failure>();
	let made = 0;
	let refusalOfAll: Refused | undefined;
	await forEachOf(hooks, async (hook) => {
		if (refusalOfAll !== undefined) { onFailure(hook, refusalOfAll); return; }
		const posted = await api.postHook(hook, plan.secret);
		if (posted.outcome === 'made') made += 1;
		else if (posted.outcome === 'refused') {
			const { scope, ...failure } = explainRefusal(hook, posted.failure, hooksOfTeam + made);
			const refused = { error: api.error(failure), isForGood: scope === 'this hook' };
			if (scope === 'all hooks') refusalOfAll = refused;
			onFailure(hook, refused);
		} else {
			unsettled.set(hook, posted.failure);
			plan.onUnsettled?.();
		}
	});
	return unsettled;
}

/** What a refusal is about; `unclear` where lemlist speaks of a limit that the team has not reached. */
type Scope = 'all hooks' | 'this hook' | 'unclear';

/** Says what a refused POST is most likely about: the team's limit, the campaign or the event. */
function explainRefusal(hook: WantedHook, failure: Failure, hooksOfTeam: number): Failure & { scope: Scope } {
	const { status, detail = '', message } = failure;
	// What is no answer of lemlist tells nothing about its limits.
	if (message !== undefined || status === 401 || status === 429 || status < 400) return { ...failure, scope: 'all hooks' };
	const isFull = hooksOfTeam >= HOOKS_PER_TEAM;
	if (isFull || /too many|limit|maximum|quota/i.test(detail)) return { ...failure, message: WORDS.teamIsFull(hooksOfTeam), scope: isFull ? 'all hooks' : 'unclear' };
	if (status === 403) return { ...failure, scope: 'all hooks' };
	if (hook.campaignId !== undefined) return { ...failure, message: WORDS.campaignRefused(hook.campaignId), scope: 'this hook' };
	const name = hook.type === undefined ? 'All Events' : (eventOf(hook.type)?.name ?? hook.type);
	return { ...failure, message: WORDS.eventRefused(name), scope: 'this hook' };
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
	const reason = stopped?.message ?? first.message ?? messageOf(first);
	throw api.error({ ...first, message: WORDS.leftBehind(left, reason) });
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
