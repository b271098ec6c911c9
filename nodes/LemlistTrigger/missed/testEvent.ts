/**
 * A real event at once, when trying: while a test run waits, the newest activity under the trigger's settings is
 * delivered to the run's own address, like any delivery. Where there is none, or n8n does not reach its own
 * address, the test run waits for what happens. Never throws.
 */
import type { Trigger } from '../door/door';
import { memories } from '../hooks/memory';
import { clientOf } from '../hooks/plan';
import type { Scope } from '../hooks/wanted';
import type { LemlistClient } from '../lemlist/client';
import { teamOf } from '../lemlist/endpoints';
import { clock } from '../process/clock';
import { groupsOf } from '../process/groups';
import { secretOf } from '../secrets/nodeSecret';
import type { Subscription } from '../settings/reading';
import { listedScopes, newestPagesOf, type Asking, type Listed } from './listing';
import { isWanted, rowOf, type Row } from './row';

/** n8n takes an event a moment after it has called create, not before. */
const AFTER_CREATE_MS = 1_000;
const REQUESTS_MS = 10_000;
/** n8n ends a test run after two minutes. */
const WAITS_FOR_MS = 150_000;
const BETWEEN_LOOKS_MS = 3_000;
const MINUTE_MS = 60_000;
/** With more events than that, one request for all of them is quicker, where any of them is among the newest. */
const MOST_SCOPES = 5;

const WORDS = {
	notShown: 'the newest event could not be shown; the test run goes on waiting.',
};

/** By workflow: the test addresses for which hooks are being made, since checkExists. The first event ends the test run of all. */
const making = new Map<string, Set<string>>();
/** By test address: the run that waits there. */
const waiting = new Map<string, object>();

/** How to look for an event. */
interface Search {
	client: LemlistClient;
	subscription: Subscription;
	/** What happened before then is not shown; in milliseconds since the epoch by lemlist's clock, 0 for all there is. */
	from: number;
}

/**
 * Does what checkExists does. In a test run n8n calls create after it, unless it throws.
 *
 * @returns what it returns. @throws what it throws
 */
export async function checkExistsAndNote(
	trigger: Trigger,
	checkExists: () => Promise<boolean>,
): Promise<boolean> {
	if (!trigger.owner.isTestRun) return await checkExists();
	const { workflowId } = trigger.owner;
	making.set(workflowId, (making.get(workflowId) ?? new Set()).add(trigger.webhookUrl));
	let isFollowed = false;
	try {
		const exists = await checkExists();
		isFollowed = !exists;
		return exists;
	} finally {
		if (!isFollowed) endMaking(trigger);
	}
}

/**
 * Does what create does, and in a test run shows an event afterwards.
 *
 * @throws what create throws
 */
export async function createAndShow(trigger: Trigger, create: () => Promise<void>): Promise<void> {
	try {
		await create();
	} finally {
		endMaking(trigger);
	}
	if (trigger.owner.isTestRun) void show(trigger, trigger.subscription());
}

function endMaking({ owner: { workflowId }, webhookUrl }: Trigger): void {
	const urls = making.get(workflowId);
	urls?.delete(webhookUrl);
	if (urls?.size === 0) making.delete(workflowId);
}

async function show(trigger: Trigger, subscription: Subscription): Promise<void> {
	const { webhookUrl, owner } = trigger;
	const { arrival, testWith } = subscription;
	if (arrival === 'webhook' && testWith === 'next') return;
	const run = {};
	waiting.set(webhookUrl, run);
	const began = clock.now();
	const isOver = () =>
		clock.now() - began >= WAITS_FOR_MS ||
		waiting.get(webhookUrl) !== run ||
		memories.of(webhookUrl).state.is !== 'registered';
	do await clock.rest(AFTER_CREATE_MS);
	while (making.has(owner.workflowId) && !isOver());
	let from = testWith === 'newest' ? 0 : began;
	let isTold = false;
	while (!isOver()) {
		try {
			if (await hasShown(trigger, subscription, from, isOver)) break;
			// Once the newest was looked for, only what happens from now on counts.
			from = began;
		} catch (error) {
			if (!isTold && !isOver()) trigger.warn(WORDS.notShown, error);
			isTold = true;
		}
		if (arrival === 'webhook') break;
		await clock.rest(BETWEEN_LOOKS_MS);
	}
	if (waiting.get(webhookUrl) === run) waiting.delete(webhookUrl);
}

/**
 * @param from by this machine's clock, in milliseconds since the epoch
 * @returns whether there was an event
 * @throws NodeApiError when lemlist does not list, and what a call of n8n's own address throws
 */
async function hasShown(
	trigger: Trigger,
	subscription: Subscription,
	from: number,
	isOver: () => boolean,
): Promise<boolean> {
	const credential = await trigger.credential();
	const client = clientOf(trigger, credential, clock.now() + REQUESTS_MS, isOver);
	// Only an answer tells lemlist's clock.
	if (from > 0) await teamOf(client);
	const newest = await newestOf({
		client,
		subscription,
		from: from === 0 ? 0 : from + client.aheadMs,
	});
	if (newest === undefined || isOver()) return false;
	await deliver(trigger, newest);
	return true;
}

/** @returns the newest activity that would start the workflow, as it would be delivered; undefined for none */
async function newestOf(search: Search): Promise<Row | undefined> {
	const { subscription, from } = search;
	const scopes = listedScopes(subscription);
	const wanted = (listed: readonly Listed[]) =>
		listed
			.flatMap(({ activity }) => scopes.map((scope) => rowOf({ scope, activity }, undefined)))
			.filter((row) => row !== undefined)
			.filter((row) => row.at >= from && isWanted(row, subscription));
	for (const asked of roundsOf(search, scopes)) {
		const rows = await Promise.all(asked.map(async (one) => await firstOf(search, one, wanted)));
		if (rows.some(({ length }) => length > 0))
			return rows.flat().sort((one, other) => other.at - one.at)[0];
	}
	return undefined;
}

/** What is asked for side by side. */
interface Asked {
	scope: Scope;
	mostPages: number;
}

/** @returns what is asked for one after the other: among many events, all of them at once first, and alone where that is not much */
function roundsOf({ subscription, from }: Search, scopes: readonly Scope[]): Asked[][] {
	const ofAll = { isFirst: subscription.firstActivityOnly };
	const single = groupsOf(
		scopes.map((scope) => ({ scope, mostPages: Infinity })),
		MOST_SCOPES,
	);
	if (single.length <= 1) return single;
	return from > 0
		? [[{ scope: ofAll, mostPages: Infinity }]]
		: [[{ scope: ofAll, mostPages: 1 }], ...single];
}

/** @returns what is wanted of the first page that has any such; none where there is none among many */
async function firstOf(
	{ client, from }: Search,
	{ scope, mostPages }: Asked,
	wanted: (listed: readonly Listed[]) => Row[],
): Promise<Row[]> {
	const asking: Asking = {
		client,
		requestMs: REQUESTS_MS,
		pauseMs: 0,
		beforeRequest: async () => {
			await Promise.resolve();
		},
		onUnlisted: () => undefined,
	};
	const end = clock.now() + client.aheadMs + MINUTE_MS;
	let pages = 0;
	for await (const listed of newestPagesOf(asking, scope, { from, until: end })) {
		const rows = wanted(listed);
		pages += 1;
		if (rows.length > 0 || pages === mostPages) return rows;
	}
	return [];
}

/** Through the front door: with the secret, as lemlist would. */
async function deliver(trigger: Trigger, { activity }: Row): Promise<void> {
	const secret = secretOf(trigger.owner, await trigger.credential());
	await trigger.post({ ...activity, secret });
}
