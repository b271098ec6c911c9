/**
 * The room hooks makes lemlist's hooks what they should be, and keeps them so. Here is the life of a trigger's
 * hooks: checkExists, create and delete as n8n calls them. All of it by desired state; nothing is stored but
 * the webhook URL, the fingerprint of the registered secret, and since when what is asked for is wanted.
 */
import type { IDataObject } from 'n8n-workflow';
import type { Stored, Trigger } from '../door/door';
import type { LemlistClient } from '../lemlist/client';
import { listActivities, teamOf } from '../lemlist/endpoints';
import { errorOf, isKeptFromKey, reasonOf, setupError } from '../lemlist/failures';
import { clock } from '../process/clock';
import { knownSecrets, secretKey } from '../secrets/nodeSecret';
import { fingerprintOf } from '../secrets/webhookSecret';
import { isReachable, type Subscription } from '../settings/reading';
import { carryOver, removedNow, type Moment, type Since } from '../settings/since';
import { memories, removals, turns, type Memory } from './memory';
import { calledOff, clientOf, mend, prepare } from './plan';
import { endRemoval, goOn, isOfSameEdit } from './publication';
import { inspect, makeEqual, removeOwn, timeToMake, undo, type Plan } from './registration';

/** checkExists, create and undo together. */
const ACTIVATION_MS = 30_000;
const CHECK_EXISTS_MS = 8_000;
const UNDO_MS = 8_000;
const DELETE_MS = 20_000;
const TEAM_MS = 4_000;
const SECOND_MS = 1_000;
/** For delete after an activation that made nothing: n8n's repetitions of both have to fit into its time. */
const CLEAN_UP_MS = 5_000;

const WORDS = {
	notAllAtStart:
		'not all webhooks at lemlist could be checked or made while n8n starts; the next check tries again.',
	notRemoved: 'webhooks of a test run or of a failed activation could not be removed.',
	perhapsLeft: (reason: string) =>
		`Webhooks of this trigger may still be at lemlist: they cannot be deleted without the credential. ${reason} The docs of this node say how to delete what stays there.`,
};

/** n8n's checkExists. @returns whether lemlist has exactly the hooks that should exist. @throws NodeApiError, NodeOperationError */
export async function checkExists(trigger: Trigger): Promise<boolean> {
	// While n8n or a new leader starts, a throw would end the subscription for good: see adoptAtStart.
	return ['init', 'leadershipChange'].includes(trigger.activation)
		? await adoptAtStart(trigger)
		: await areRegistered(trigger);
}

async function areRegistered(trigger: Trigger): Promise<boolean> {
	const { owner, webhookUrl, activation } = trigger;
	const memory = memories.of(webhookUrl);
	return await activate(trigger, memory, async (shouldGiveWay) => {
		const began = clock.now();
		beginAnewIfDisabled(trigger, memory);
		// A test run is tried by people, each time anew.
		memory.announceCreate(
			owner.isTestRun
				? began + ACTIVATION_MS
				: memory.publication.beginTry(
						activation === 'update' ? removals.of(owner.workflowId) : undefined,
						ACTIVATION_MS,
						CLEAN_UP_MS,
					),
		);
		const subscription = trigger.subscription();
		const { plan, client } = await prepare(trigger, memory, subscription, shouldGiveWay);
		const look = client(began + CHECK_EXISTS_MS);
		const { missing, surplus } = await inspect(look, plan);
		if (subscription.arrival === 'lookUp') await assertListed(look);
		const isEqual = missing.length === 0 && surplus.length === 0;
		// A test run shows an event once create has returned.
		if (!isEqual || owner.isTestRun) return false;
		const since = await sinceOf(trigger, latestOf(trigger, memory), subscription, {
			client: look,
			began,
		});
		remember(trigger, memory, plan, since);
		return true;
	});
}

/** Where nothing is delivered, all depends on lemlist's list. @throws NodeApiError when the plan does not include it, or the user may not see it */
async function assertListed(client: LemlistClient): Promise<void> {
	const now = clock.now() + client.aheadMs;
	const wish = { isFirst: false, from: now, until: now + SECOND_MS };
	const page = await listActivities(client, wish, 0, 1);
	if ('status' in page && isKeptFromKey(page.status)) throw client.error(page);
}

/**
 * n8n gives a workflow up for good when a trigger throws while it starts. So what can be mended is
 * mended here, the next check goes on with the rest, and the answer is yes either way.
 */
async function adoptAtStart(trigger: Trigger): Promise<boolean> {
	const failure = await errorOf(mendAtStart(trigger));
	if (failure !== undefined) trigger.warn(WORDS.notAllAtStart, failure);
	return true;
}

async function mendAtStart(trigger: Trigger): Promise<void> {
	const { owner, webhookUrl, stored } = trigger;
	const memory = memories.of(webhookUrl);
	stored.hooksAt = webhookUrl;
	await activate(trigger, memory, async (shouldGiveWay) => {
		// First of all: whatever fails below, the checks go on.
		memory.register(owner.workflowId, owner.isTestRun);
		const began = clock.now();
		const subscription = trigger.subscription();
		const latest = latestOf(trigger, memory);
		memory.since = carryOn(trigger, latest, subscription, { now: began, lemlistNow: began });
		// If lemlist does not answer now, the next process goes on from here.
		noteSince(stored, memory.since);
		const { plan, client } = await prepare(trigger, memory, subscription, shouldGiveWay);
		// Hooks with the registered secret may be all there is if lemlist does not answer now.
		stored.fingerprint ??= fingerprintOf(plan.secret);
		// n8n 1.x starts one workflow after the other: a lemlist that is silent must not hold them all up.
		const look = client(clock.now() + CHECK_EXISTS_MS);
		const found = await inspect(look, plan);
		memory.since = await sinceOf(trigger, latest, subscription, { client: look, began });
		await mend(trigger, client(clock.now() + ACTIVATION_MS), plan, found);
		remember(trigger, memory, plan, memory.since);
	});
}

/** n8n's create: makes lemlist's hooks equal the desired ones, all or nothing. @throws NodeApiError, NodeOperationError */
export async function create(trigger: Trigger): Promise<void> {
	const memory = memories.of(trigger.webhookUrl);
	if (memory.state.is === 'calledOff') throw calledOff(trigger);
	const deadline = memory.takeOver() ?? clock.now() + ACTIVATION_MS;
	await activate(trigger, memory, async (shouldGiveWay) => {
		const began = clock.now();
		const subscription = trigger.subscription();
		const { plan, client } = await prepare(trigger, memory, subscription, shouldGiveWay);
		const look = client(deadline - UNDO_MS);
		const found = await inspect(look, plan);
		const latest = latestOf(trigger, memory);
		const since = sinceOf(trigger, latest, subscription, { client: look, began });
		const makeBy = timeToMake(look, found, deadline, UNDO_MS);
		memory.make('perhaps');
		const failure = await errorOf(makeEqual(look.until(makeBy), plan, found));
		if (failure !== undefined) {
			// With a pace of its own: what lemlist wants waited for may be longer than there is time.
			const undone = await errorOf(undo(client(deadline), found.missing));
			if (undone === undefined) memory.make('nothing');
			throw failure;
		}
		remember(trigger, memory, plan, await since);
	});
}

/** A part of an activation in its turn. Only when it ends well do checks act afterwards. */
async function activate<Result>(
	{ owner, webhookUrl, activation }: Trigger,
	memory: Memory,
	work: (shouldGiveWay: () => boolean) => Promise<Result>,
): Promise<Result> {
	return await turns.take(webhookUrl, 'activate', async (shouldGiveWay) => {
		const began = clock.now();
		memory.activate(owner.workflowId, activation !== 'activate');
		const done = work(shouldGiveWay);
		const failure = await errorOf(done);
		if (activation === 'update')
			removals.set(owner.workflowId, goOn(removals.of(owner.workflowId), began));
		if (failure !== undefined) {
			// After checkExists has thrown, n8n calls no create.
			memory.takeOver();
			memory.publication.endStep(failure);
		}
		return await done;
	});
}

/**
 * @param latest see {@link latestOf}
 * @param client has lemlist's clock from an answer
 * @param began when the activation did, by this machine's clock
 * @returns since when what is asked for is wanted. Asks lemlist for the team, and goes without where it does not say
 */
async function sinceOf(
	trigger: Trigger,
	latest: unknown,
	subscription: Subscription,
	{ client, began }: { client: LemlistClient; began: number },
): Promise<Since | undefined> {
	if (trigger.owner.isTestRun) return undefined;
	const team = await teamOf(client.until(clock.now() + TEAM_MS)).catch(() => undefined);
	return carryOn(trigger, latest, subscription, {
		now: began,
		// Rather a moment too late: nobody wanted what happened before.
		lemlistNow: began + client.mostAheadMs,
		...(typeof team === 'string' && { team }),
	});
}

/** @returns since when what was asked for before this activation is wanted, as far as it is known */
function latestOf({ stored, activation }: Trigger, { since }: Memory): unknown {
	// What a version without the gate let pass, nobody knows.
	if (stored.webhookUrl !== undefined) return undefined;
	// Static data goes by the node's name, and executions write it back; but only it knows what another leader did.
	return activation === 'leadershipChange' ? stored.since : (since ?? stored.since);
}

/** Where an earlier edit had disabled the trigger alone, all begins anew. Told by what this process has seen: n8n goes on with an edit in the middle of which it ended. */
function beginAnewIfDisabled({ activation, owner }: Trigger, memory: Memory): void {
	const { since } = memory;
	if (activation !== 'update' || since?.removed === undefined) return;
	const { at, isAfterFailure } = since.removed;
	if (!isAfterFailure && !isOfSameEdit(at, removals.of(owner.workflowId)))
		memory.since = { owner: since.owner, wanted: {} };
}

function carryOn(
	{ key, activation }: Trigger,
	latest: unknown,
	subscription: Subscription,
	moment: Pick<Moment, 'team' | 'now' | 'lemlistNow'>,
): Since {
	return carryOver(latest, subscription, {
		owner: key,
		isFirst: activation === 'activate',
		...moment,
	});
}

function remember(
	{ owner, webhookUrl, stored }: Trigger,
	memory: Memory,
	plan: Plan,
	since: Since | undefined,
): void {
	const fingerprint = fingerprintOf(plan.secret);
	// Without the URL, delete and the check know that this is a test run.
	Object.assign(stored, { ...(!owner.isTestRun && { hooksAt: webhookUrl }), fingerprint });
	if (since !== undefined) {
		memory.since = since;
		noteSince(stored, since);
	}
	knownSecrets.activated(secretKey(owner), fingerprint);
	memory.register(owner.workflowId, owner.isTestRun);
}

/** The gate sees to what comes from now on, so it no longer counts what a version without it has stored. */
function noteSince(stored: Stored, since: Since): void {
	stored.since = since as unknown as IDataObject;
	delete stored.webhookUrl;
}

/**
 * n8n's delete: removes every hook on the trigger's URL.
 *
 * @throws NodeApiError, NodeOperationError when some may be left of what was published. Then n8n 2.x
 * tries again and shows a warning. In a test run, and after an activation that failed, it is only
 * logged: n8n would keep its route and take the next activation for done, or break later test runs
 */
export async function remove(trigger: Trigger): Promise<void> {
	const { owner, webhookUrl, stored } = trigger;
	const began = clock.now();
	const memory = memories.of(webhookUrl);
	if (memory.belongsToAnother(owner.workflowId)) return;
	memory.callOff();
	await turns.take(webhookUrl, 'deactivate', async (shouldGiveWay) => {
		// A test run stores no URL. Its mode does not tell: n8n ends it in mode "internal".
		const isStored = [stored.hooksAt, stored.webhookUrl].includes(webhookUrl);
		if (memory.leave(isStored)) memory.publication.end();
		noteRemoval(trigger, memory);
		// A test run is no part of an edit.
		const isOfEdit = ['leaving', 'activating', 'calledOff'].includes(memory.state.is);
		const failure = await errorOf(removeHooks(trigger, memory, began, shouldGiveWay));
		memory.publication.endStep();
		if (isOfEdit) removals.set(owner.workflowId, endRemoval(began, removals.of(owner.workflowId)));
		if (failure !== undefined && memory.state.is === 'leaving') throw failure;
		if (failure === undefined) memory.end();
		else trigger.warn(WORDS.notRemoved, failure);
		delete stored.hooksAt;
		delete stored.webhookUrl;
		delete stored.fingerprint;
	});
}

/** Whether what is published next goes on with what was wanted: see carryOver. */
function noteRemoval({ stored }: Trigger, memory: Memory): void {
	const { state } = memory;
	const isAfterFailure = state.is === 'activating' && state.isEdit;
	if (state.is !== 'leaving' && !isAfterFailure) return;
	memory.since = removedNow(memory.since ?? stored.since, isAfterFailure, clock.now());
	if (memory.since !== undefined) stored.since = memory.since as unknown as IDataObject;
}

/** @throws NodeApiError, NodeOperationError when some may be left */
async function removeHooks(
	trigger: Trigger,
	memory: Memory,
	began: number,
	shouldGiveWay: () => boolean,
): Promise<void> {
	const { state } = memory;
	const isAfterFailure = state.is === 'activating' || state.is === 'calledOff';
	const hasMadeNothing =
		isAfterFailure &&
		!(state.is === 'activating' && state.made === 'perhaps') &&
		clock.now() > memory.settledAt;
	const deadline = Math.min(
		began + (hasMadeNothing ? CLEAN_UP_MS : DELETE_MS),
		isAfterFailure ? memory.publication.endOfTry() : Infinity,
	);
	// Where n8n's time is up and nothing is known to be there, it has to go on.
	if (hasMadeNothing && deadline <= clock.now()) return;
	const credential = await trigger.credential().catch((error: unknown) => {
		throw setupError(trigger.node, WORDS.perhapsLeft(reasonOf(error)));
	});
	// On an address that lemlist cannot call, nothing was ever registered.
	if (!isReachable(trigger.webhookUrl, credential)) return;
	await removeOwn(
		clientOf(trigger, credential, deadline, shouldGiveWay),
		trigger.webhookUrl,
		memory.settledAt,
	);
}
