/**
 * Makes lemlist's hooks equal the desired ones: look, make what is missing, remove what is left
 * over, undo when that fails. Follows lemlist's documentation of POST and DELETE /hooks: no
 * idempotency key, 409 for a URL that has a hook.
 */
import { eventOf } from './events';
import { errorOf, type Failure } from './failures';
import type { LemlistApi, PostOutcome } from './lemlistApi';
import type { Hook } from './lemlistSchemas';
import { compareHooks, ownHooks, type Difference, type WantedHook } from './subscription';

/** What should be registered, and where. */
export interface Plan {
	/** n8n's URL of the trigger's webhook. */
	webhookUrl: string;
	wanted: readonly WantedHook[];
	secret: string;
}

const REQUESTS_AT_A_TIME = 4;
const ROUNDS_OF_POSTING = 3;
const FIRST_ROUND_PAUSE_MS = 500;
/** lemlist allows about this many hooks a team. */
const HOOKS_PER_TEAM = 200;

/** @returns what lies between plan and lemlist. @throws NodeApiError when lemlist does not list its hooks */
export async function inspect(api: LemlistApi, plan: Plan): Promise<Difference> {
	return compareHooks(plan.wanted, await api.hooks(), plan.webhookUrl);
}

/**
 * Makes what is missing first, then removes what is stale or double, so that no event falls between.
 *
 * @throws NodeApiError when lemlist refuses, or when it stays unclear whether a hook exists; hooks
 * that were made stay: {@link undo} removes them
 * @returns the hooks that were missing, for {@link undo}, through `onMissing` before anything is made
 */
export async function makeEqual(api: LemlistApi, plan: Plan, onMissing: (missing: readonly WantedHook[]) => void = () => undefined): Promise<void> {
	const existing = await api.hooks();
	const { missing, surplus } = compareHooks(plan.wanted, existing, plan.webhookUrl);
	onMissing(missing);
	await makeHooks(api, plan, missing, existing.length);
	await removeHooks(api, surplus);
}

/** Removes the hooks on these wanted URLs, also those that a lost answer made. @throws NodeApiError when some may be left */
export async function undo(api: LemlistApi, made: readonly WantedHook[]): Promise<void> {
	if (made.length === 0) return;
	const urls = new Set(made.map((hook) => hook.targetUrl));
	await removeHooks(api, (await api.hooks()).filter((hook) => urls.has(hook.targetUrl)));
}

/** Removes every hook on the origin and path of a webhook URL. @throws NodeApiError that names what is left */
export async function removeOwn(api: LemlistApi, webhookUrl: string): Promise<void> {
	await removeHooks(api, ownHooks(await api.hooks(), webhookUrl));
}

/**
 * Posts in rounds. A lost answer may stand for a hook that was made, and lemlist has no idempotency
 * key: so between two rounds lemlist is asked what is there, and only what is not is posted again.
 */
async function makeHooks(api: LemlistApi, plan: Plan, missing: readonly WantedHook[], hooksOfTeam: number): Promise<void> {
	let pending = missing;
	for (let round = 1; ; round += 1) {
		const unsettled = await postHooks(api, pending, plan.secret, hooksOfTeam);
		const [first] = unsettled.values();
		if (first === undefined) return;
		const stillMissing = new Set(compareHooks(plan.wanted, await api.hooks(), plan.webhookUrl).missing);
		pending = pending.filter((hook) => unsettled.has(hook) && stillMissing.has(hook));
		if (pending.length === 0) return;
		const foreign = pending.find((hook) => unsettled.get(hook)?.status === 409);
		if (foreign !== undefined) throw api.error({ status: 409, message: URL_TAKEN });
		if (round === ROUNDS_OF_POSTING) throw api.error(first);
		await api.wait(FIRST_ROUND_PAUSE_MS * round);
	}
}

const URL_TAKEN =
	'lemlist already has a webhook on this trigger\'s address, but does not show it to this API key. Replace this trigger by a duplicate of it: a duplicate has an address of its own.';

/** @returns the hooks of which it is not clear whether they exist now. @throws NodeApiError at the first refusal */
async function postHooks(api: LemlistApi, hooks: readonly WantedHook[], secret: string, hooksOfTeam: number): Promise<Map<WantedHook, Failure>> {
	const unsettled = new Map<WantedHook, Failure>();
	let made = 0;
	await forEachOf(hooks, async (hook) => {
		const posted: PostOutcome = await api.postHook(hook, secret);
		if (posted.outcome === 'made') made += 1;
		else if (posted.outcome === 'refused') throw api.error(explainRefusal(hook, posted.failure, hooksOfTeam + made));
		else unsettled.set(hook, posted.failure);
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

/** Removes as many as it can. @throws NodeApiError that says how many are left and why */
async function removeHooks(api: LemlistApi, hooks: readonly Hook[]): Promise<void> {
	const failures: Error[] = [];
	await forEachOf(hooks, async (hook) => {
		const failure = await errorOf(api.deleteHook(hook._id));
		if (failure !== undefined) failures.push(failure);
	});
	const [first] = failures;
	if (first === undefined) return;
	const left = failures.length === 1 ? '1 webhook of this trigger is' : `${String(failures.length)} webhooks of this trigger are`;
	throw api.error({ status: 0, message: `${left} still at lemlist. ${first.message} This node's README says how to delete what stays there.` });
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
