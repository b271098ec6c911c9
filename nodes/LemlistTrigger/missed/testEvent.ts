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
import { clock } from '../process/clock';
import { secretOf } from '../secrets/nodeSecret';
import type { Subscription } from '../settings/reading';
import { listedScopes, pagesBefore, type Asking, type Listed } from './listing';
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

/** By workflow: how many of its triggers are making their test hooks, for the first event ends the test run of all. */
const making = new Map<string, number>();
/** By test address: the run that waits there. */
const waiting = new Map<string, object>();

/**
 * Does what create does, and in a test run shows an event afterwards.
 *
 * @throws what create throws
 */
export async function createAndShow(trigger: Trigger, create: () => Promise<void>): Promise<void> {
	if (!trigger.owner.isTestRun) {
		await create();
		return;
	}
	const { workflowId } = trigger.owner;
	making.set(workflowId, (making.get(workflowId) ?? 0) + 1);
	try {
		await create();
	} finally {
		making.set(workflowId, (making.get(workflowId) ?? 1) - 1);
	}
	void show(trigger, trigger.subscription());
}

async function show(trigger: Trigger, subscription: Subscription): Promise<void> {
	const { webhookUrl, owner } = trigger;
	const { arrival, testWith } = subscription;
	if (arrival === 'webhook' && testWith === 'next') return;
	const run = {};
	waiting.set(webhookUrl, run);
	const isOver = () =>
		waiting.get(webhookUrl) !== run || memories.of(webhookUrl).state.is !== 'registered';
	const began = clock.now();
	do await clock.rest(AFTER_CREATE_MS);
	while ((making.get(owner.workflowId) ?? 0) > 0);
	let from = testWith === 'newest' ? 0 : began;
	let isTold = false;
	while (!isOver() && clock.now() - began < WAITS_FOR_MS) {
		try {
			if ((await showNewest(trigger, subscription, { from, isOver })) === 'shown') break;
			// Once the newest was looked for, only what happens from now on counts.
			from = began;
		} catch (error) {
			if (!isTold) trigger.warn(WORDS.notShown, error);
			isTold = true;
		}
		if (arrival === 'webhook') break;
		await clock.rest(BETWEEN_LOOKS_MS);
	}
	if (waiting.get(webhookUrl) === run) waiting.delete(webhookUrl);
}

/** @param from by this machine's clock, in milliseconds since the epoch @throws NodeApiError when lemlist does not list, and what a call of n8n's own address throws */
async function showNewest(
	trigger: Trigger,
	subscription: Subscription,
	{ from, isOver }: { from: number; isOver: () => boolean },
): Promise<'shown' | 'nothing there'> {
	const credential = await trigger.credential();
	const client = clientOf(trigger, credential, clock.now() + REQUESTS_MS, () => false);
	const newest = await newestOf(subscription, client);
	if (newest === undefined || newest.at < from + client.aheadMs || isOver()) return 'nothing there';
	await deliver(trigger, newest);
	return 'shown';
}

/** @returns the newest activity that would start the workflow, as it would be delivered; undefined for none */
async function newestOf(
	subscription: Subscription,
	client: LemlistClient,
): Promise<Row | undefined> {
	const scopes = listedScopes(subscription);
	const ofAll = { isFirst: subscription.firstActivityOnly };
	const rounds = groupsOf(scopes, MOST_SCOPES);
	if (rounds.length > 1) rounds.unshift([ofAll]);
	const pagesOf = (scope: Scope) => (scope === ofAll ? 1 : Infinity);
	const wanted = (listed: readonly Listed[]) =>
		listed
			.flatMap(({ activity }) => scopes.map((scope) => rowOf({ scope, activity }, undefined)))
			.filter((row) => row !== undefined)
			.filter((row) => isWanted(row, subscription));
	for (const asked of rounds) {
		const rows = await Promise.all(
			asked.map(async (scope) => await firstOf(client, scope, pagesOf(scope), wanted)),
		);
		if (rows.some(({ length }) => length > 0))
			return rows.flat().sort((one, other) => other.at - one.at)[0];
	}
	return undefined;
}

/** @returns what is wanted of the first page that has any such; none where there is none among many */
async function firstOf(
	client: LemlistClient,
	scope: Scope,
	mostPages: number,
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
	for await (const listed of pagesBefore(asking, scope, end)) {
		const rows = wanted(listed);
		pages += 1;
		if (rows.length > 0 || pages === mostPages) return rows;
	}
	return [];
}

function groupsOf<One>(all: readonly One[], size: number): One[][] {
	const count = Math.ceil(all.length / size);
	return Array.from({ length: count }, (_, index) => all.slice(index * size, (index + 1) * size));
}

/** Through the front door: with the secret, as lemlist would. */
async function deliver(trigger: Trigger, { activity }: Row): Promise<void> {
	const secret = secretOf(trigger.owner, await trigger.credential());
	await trigger.post({ ...activity, secret });
}
