/**
 * Makes lemlist's hooks equal the desired ones: look, make what is missing, remove what is left
 * over, undo when that fails. Follows lemlist's documentation of POST and DELETE /hooks: no
 * idempotency key, 409 for a URL that has a hook.
 */
import type { LemlistClient } from '../lemlist/client';
import { deleteHook, listHooks, postHook } from '../lemlist/endpoints';
import { errorOf, GaveWay, messageOf, type Failure } from '../lemlist/failures';
import { waitingTimeOf } from '../lemlist/pace';
import type { Hook } from '../lemlist/schemas';
import { clock } from '../process/clock';
import { explainRefusal } from './refusals';
import {
	compareHooks,
	hooksLike,
	ownHooks,
	scopeOf,
	standsFor,
	type Difference,
	type WantedHook,
} from './wanted';

/** What should be registered, and where. */
export interface Plan {
	/** n8n's URL of the trigger's webhook. */
	webhookUrl: string;
	wanted: readonly WantedHook[];
	secret: string;
	/** Called when a POST ended without an answer: a hook may still turn up. */
	onUnsettled?: () => void;
	/** Called when hooks that lemlist had switched off are removed, so that what is wanted of them is made anew. */
	onSwitchedOff?: (count: number) => void;
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

const ROUNDS_OF_POSTING = 3;
const PAUSE_BEFORE_LOOKING_MS = 500;

const WORDS = {
	urlTaken:
		"lemlist already has a webhook on this trigger's address, but does not show it to this API key. Delete this trigger and add a new one from the node panel: a new one has an address of its own.",
	staysSwitchedOff: (reason: string) =>
		`lemlist has switched a webhook of this trigger off, and it could not be replaced. ${reason}`,
	tooSlow: (count: number) =>
		`lemlist answers too slowly right now to register ${String(count)} webhooks in the time that n8n gives for it. Try again in a few minutes, or pick fewer events.`,
	leftBehind: (count: number, reason: string) =>
		`${count === 1 ? '1 webhook of this trigger is' : `${String(count)} webhooks of this trigger are`} still at lemlist. ${reason} The docs of this node say how to delete what stays there.`,
};

/** @returns what lies between plan and lemlist. @throws NodeApiError when lemlist does not list its hooks */
export async function inspect(client: LemlistClient, plan: Plan): Promise<Findings> {
	const existing = await listHooks(client);
	return {
		...compareHooks(plan.wanted, existing, plan.webhookUrl),
		hooksOfTeam: existing.length,
	};
}

/**
 * Judges by lemlist's last answer whether what is missing can be made in time, and removed again should
 * that fail: better nothing than half of it.
 *
 * @param found from {@link inspect}
 * @param deadline when all of it has to be over, in milliseconds since the epoch
 * @param undoMs what undoing gets at least
 * @returns when making has to be over. @throws NodeApiError when there is not enough time
 */
export function timeToMake(
	client: LemlistClient,
	{ missing }: Findings,
	deadline: number,
	undoMs: number,
): number {
	const onceMs = waitingTimeOf(missing.length) + client.answerMs;
	// Undoing looks first.
	const makeBy = deadline - Math.max(undoMs, client.answerMs + onceMs);
	if (clock.now() + onceMs > makeBy)
		throw client.error({ status: 0, message: WORDS.tooSlow(missing.length) });
	return makeBy;
}

/**
 * Makes what is missing first, then removes what is stale or double, so that no event falls between.
 *
 * @param found from {@link inspect}
 * @throws NodeApiError when lemlist refuses, or when it stays unclear whether a hook exists; what was
 * made stays: {@link undo} removes it
 */
export async function makeEqual(client: LemlistClient, plan: Plan, found: Findings): Promise<void> {
	const surplus = await makeHooks(client, plan, found, (_, { error }) => {
		throw error;
	});
	await removeHooks(client, surplus);
}

/**
 * The same for a trigger that is active, as far as it can be done: an event whose hook cannot be made
 * keeps the hook that it had, and neither leaves the others without one nor with two; where lemlist stops
 * answering, or time runs out, the next check goes on.
 *
 * @param found from {@link inspect}
 * @throws NodeApiError for the first hook that could not be made, or when some may be left
 */
export async function makeEqualWherePossible(
	client: LemlistClient,
	plan: Plan,
	found: Findings,
): Promise<void> {
	const failed = new Map<WantedHook, Refused>();
	const surplus = await makeHooks(client, plan, found, (hook, refused) => {
		failed.set(hook, refused);
	});
	const made = plan.wanted.filter((hook) => !failed.has(hook));
	const left = await errorOf(
		removeHooks(
			client,
			surplus.filter((hook) => isSpare(hook, made, failed)),
		),
	);
	const [failure = left] = [...failed.values()].map(({ error }) => error);
	if (failure !== undefined) throw failure;
}

/** Whether no event needs a surplus hook any more: it may be the only one that brings an event whose own could not be made. */
function isSpare(
	hook: Hook,
	made: readonly WantedHook[],
	failed: ReadonlyMap<WantedHook, Refused>,
): boolean {
	if (hook.isSwitchedOff || made.some((wanted) => standsFor(hook, wanted))) return true;
	return ![...failed].some(([wanted, { isForGood }]) => {
		if (wanted.type === undefined || standsFor(hook, wanted)) return true;
		const scope = scopeOf(hook);
		// For one event that lemlist never sends, all others would come twice for ever, and unwanted ones with them.
		if (scope === 'all') return !isForGood || made.length === 0;
		return scope === undefined;
	});
}

/** Removes the hooks that were missing before, also those that a lost answer made. @throws NodeApiError when some may be left */
export async function undo(client: LemlistClient, missing: readonly WantedHook[]): Promise<void> {
	if (missing.length > 0) await removeHooks(client, hooksLike(await listHooks(client), missing));
}

/**
 * Removes every hook on the origin and path of a webhook URL.
 *
 * @param settledAt when a POST that is still on its way to lemlist has arrived at the latest, in
 * milliseconds since the epoch: until then a hook may still turn up, so there is a second look
 * @throws NodeApiError that names what is left
 */
export async function removeOwn(
	client: LemlistClient,
	webhookUrl: string,
	settledAt: number,
): Promise<void> {
	await removeHooks(client, ownHooks(await listHooks(client), webhookUrl));
	const waitMs = settledAt - clock.now();
	if (waitMs <= 0) return;
	await client.wait(waitMs);
	await removeHooks(client, ownHooks(await listHooks(client), webhookUrl));
}

/**
 * Posts in rounds. A lost answer may stand for a hook that was made, and lemlist has no idempotency
 * key: so between two rounds lemlist is asked what is there, and only what is not is posted again.
 *
 * @param onFailure called for each hook that cannot be made; what it throws ends the work
 * @returns what is surplus by the last look
 */
async function makeHooks(
	client: LemlistClient,
	plan: Plan,
	found: Findings,
	onFailure: OnFailure,
): Promise<readonly Hook[]> {
	let { missing: pending, hooksOfTeam } = found;
	let surplus: readonly Hook[] = found.surplus;
	const failed = new Set<WantedHook>();
	const fail: OnFailure = (hook, refused) => {
		failed.add(hook);
		onFailure(hook, refused);
	};
	for (let round = 1; ; round += 1) {
		const left = await clearTheWay(client, { plan, surplus, missing: pending }, fail);
		({ surplus } = left);
		const unsettled = await postHooks(client, left.pending, { plan, hooksOfTeam, onFailure: fail });
		if (unsettled.size === 0) break;
		// A request whose answer is lost may arrive late, and so may the list of hooks.
		await client.wait(PAUSE_BEFORE_LOOKING_MS * round);
		const now = await inspect(client, plan);
		({ surplus, hooksOfTeam } = now);
		// A list that lags does not show all that was made: only what is not clear, or is seen to be off, is made again.
		const off = surplus.filter((hook) => hook.isSwitchedOff);
		pending = now.missing.filter(
			(hook) => !failed.has(hook) && (unsettled.has(hook) || hooksLike(off, [hook]).length > 0),
		);
		if (round < ROUNDS_OF_POSTING && pending.length > 0) continue;
		const lasting = pending.filter((hook) => unsettled.has(hook));
		for (const hook of lasting) {
			fail(hook, { error: client.error(lastingFailure(unsettled, lasting)), isForGood: false });
		}
		break;
	}
	return surplus;
}

/**
 * Removes what lemlist has switched off: such a hook brings nothing and keeps its URL taken, so there alone
 * old goes before new. A list that shows URLs without their queries does not tell which URL that is.
 *
 * @returns what is surplus then, and the wanted hooks whose URL is not known to stay taken. @throws what onFailure throws
 */
async function clearTheWay(
	client: LemlistClient,
	{ plan, surplus, missing: pending }: { plan: Plan } & Difference,
	onFailure: OnFailure,
): Promise<{ surplus: readonly Hook[]; pending: readonly WantedHook[] }> {
	const removed = new Set<Hook>();
	const staying = new Set<WantedHook>();
	const stopped = await errorOf(
		forEachOf(
			client,
			surplus.filter((hook) => hook.isSwitchedOff),
			async (hook) => {
				const failure = await deleteHook(client, hook._id);
				if (failure === undefined) {
					removed.add(hook);
					return;
				}
				const error = client.error({
					...failure,
					message: WORDS.staysSwitchedOff(failure.message ?? messageOf(failure)),
				});
				for (const wanted of pending.filter((other) => hooksLike([hook], [other]).length > 0)) {
					staying.add(wanted);
					onFailure(wanted, { error, isForGood: false });
				}
			},
		),
	);
	if (removed.size > 0) plan.onSwitchedOff?.(removed.size);
	if (stopped !== undefined) throw stopped;
	return {
		surplus: surplus.filter((hook) => !removed.has(hook)),
		pending: pending.filter((hook) => !staying.has(hook)),
	};
}

/** A URL that stays taken by a hook that is not shown is the one failure that the user can do something about. */
function lastingFailure(
	unsettled: ReadonlyMap<WantedHook, Failure>,
	pending: readonly WantedHook[],
): Failure {
	const failures = [...unsettled]
		.filter(([hook]) => pending.includes(hook))
		.map(([, failure]) => failure);
	const worst = failures.reduce((one, other) => (other.status === 409 ? other : one));
	return worst.status === 409 ? { ...worst, message: WORDS.urlTaken } : worst;
}

/**
 * Posts hooks until lemlist says what it would say to each of them.
 *
 * @returns the hooks of which it is not clear whether they exist now, and why. @throws what onFailure throws
 */
async function postHooks(
	client: LemlistClient,
	hooks: readonly WantedHook[],
	{ plan, hooksOfTeam, onFailure }: Posting,
): Promise<Map<WantedHook, Failure>> {
	const unsettled = new Map<WantedHook, Failure>();
	let made = 0;
	let refusalOfAll: Refused | undefined;
	await forEachOf(
		client,
		hooks,
		async (hook) => {
			if (refusalOfAll !== undefined) {
				onFailure(hook, refusalOfAll);
				return;
			}
			const posted = await postHook(client, hook, plan.secret);
			if (posted.outcome === 'made') made += 1;
			else if (posted.outcome === 'refused') {
				const { scope, ...failure } = explainRefusal(hook, posted.failure, hooksOfTeam + made);
				const refused = { error: client.error(failure), isForGood: scope === 'this hook' };
				if (scope === 'all hooks') refusalOfAll = refused;
				onFailure(hook, refused);
			} else {
				unsettled.set(hook, posted.failure);
				plan.onUnsettled?.();
			}
		},
		() => refusalOfAll !== undefined,
	);
	return unsettled;
}

/** Removes as many as it can. @throws NodeApiError that says how many are left and why, GaveWay */
async function removeHooks(client: LemlistClient, hooks: readonly Hook[]): Promise<void> {
	const failures: Failure[] = [];
	let removed = 0;
	const stopped = await errorOf(
		forEachOf(client, hooks, async (hook) => {
			const failure = await deleteHook(client, hook._id);
			if (failure === undefined) removed += 1;
			else failures.push(failure);
		}),
	);
	if (stopped instanceof GaveWay) throw stopped;
	const left = hooks.length - removed;
	if (left === 0) return;
	const [first = { status: 0 }] = failures;
	const reason = stopped?.message ?? first.message ?? messageOf(first);
	throw client.error({ ...first, message: WORDS.leftBehind(left, reason) });
}

/**
 * Works on as many entries at once as lemlist's limit has room for. Begins no further one after the first
 * error, which it throws when all have ended.
 *
 * @param sendsNoMore whether the work sends nothing any more, and needs no room for it
 */
async function forEachOf<Entry>(
	client: LemlistClient,
	entries: readonly Entry[],
	work: (entry: Entry) => Promise<void>,
	sendsNoMore = () => false,
): Promise<void> {
	let error: Error | undefined;
	const isOver = () => error !== undefined;
	const note = async (done: Promise<void>) => {
		const failure = await errorOf(done);
		error ??= failure;
	};
	const underWay: Promise<void>[] = [];
	for (const entry of entries) {
		await note(client.room(() => isOver() || sendsNoMore()));
		if (isOver()) break;
		underWay.push(note(work(entry)));
	}
	await Promise.all(underWay);
	if (error !== undefined) throw error;
}
