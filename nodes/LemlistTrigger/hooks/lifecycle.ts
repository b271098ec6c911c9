/**
 * The room hooks makes lemlist's hooks what they should be, and keeps them so. Here is the life of a trigger's
 * hooks: checkExists, create and delete as n8n calls them. All of it by desired state; nothing is stored but
 * the webhook URL and the fingerprint of the registered secret.
 */
import type { Trigger } from '../door/door';
import { errorOf, reasonOf, setupError } from '../lemlist/failures';
import { clock } from '../process/clock';
import { knownSecrets, secretKey } from '../secrets/nodeSecret';
import { fingerprintOf } from '../secrets/webhookSecret';
import { isReachable } from '../settings/reading';
import { memories, turns, type Memory } from './memory';
import { calledOff, clientOf, mend, prepare, tellOfSwitchedOff } from './plan';
import { inspect, makeEqual, removeOwn, timeToMake, undo, type Plan } from './registration';

/** checkExists, create and undo together. */
const ACTIVATION_MS = 30_000;
const CHECK_EXISTS_MS = 8_000;
const UNDO_MS = 8_000;
const DELETE_MS = 20_000;
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
		// A test run is tried by people, each time anew.
		memory.announceCreate(
			owner.isTestRun
				? began + ACTIVATION_MS
				: memory.publication.beginTry(activation === 'update', ACTIVATION_MS, CLEAN_UP_MS),
		);
		const { plan, client } = await prepare(trigger, memory, trigger.subscription(), shouldGiveWay);
		const { missing, surplus } = await inspect(client(began + CHECK_EXISTS_MS), plan);
		const isEqual = missing.length === 0 && surplus.length === 0;
		if (isEqual) remember(trigger, memory, plan);
		return isEqual;
	});
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
	stored.webhookUrl = webhookUrl;
	await activate(trigger, memory, async (shouldGiveWay) => {
		// First of all: whatever fails below, the checks go on.
		memory.register(owner.workflowId, owner.isTestRun);
		const { plan, client } = await prepare(trigger, memory, trigger.subscription(), shouldGiveWay);
		// Hooks with the registered secret may be all there is if lemlist does not answer now.
		stored.fingerprint ??= fingerprintOf(plan.secret);
		// n8n 1.x starts one workflow after the other: a lemlist that is silent must not hold them all up.
		const found = await inspect(client(clock.now() + CHECK_EXISTS_MS), plan);
		tellOfSwitchedOff(trigger, found);
		await mend(trigger, client(clock.now() + ACTIVATION_MS), plan, found);
		remember(trigger, memory, plan);
	});
}

/** n8n's create: makes lemlist's hooks equal the desired ones, all or nothing. @throws NodeApiError, NodeOperationError */
export async function create(trigger: Trigger): Promise<void> {
	const memory = memories.of(trigger.webhookUrl);
	if (memory.state.is === 'calledOff') throw calledOff(trigger);
	const deadline = memory.takeOver() ?? clock.now() + ACTIVATION_MS;
	await activate(trigger, memory, async (shouldGiveWay) => {
		const { plan, client } = await prepare(trigger, memory, trigger.subscription(), shouldGiveWay);
		const look = client(deadline - UNDO_MS);
		const found = await inspect(look, plan);
		tellOfSwitchedOff(trigger, found);
		const makeBy = timeToMake(look, found, deadline, UNDO_MS);
		memory.make('perhaps');
		const failure = await errorOf(makeEqual(look.until(makeBy), plan, found));
		if (failure !== undefined) {
			// With a pace of its own: what lemlist wants waited for may be longer than there is time.
			const undone = await errorOf(undo(client(deadline), found.missing));
			if (undone === undefined) memory.make('nothing');
			throw failure;
		}
		remember(trigger, memory, plan);
	});
}

/** A part of an activation in its turn. Only when it ends well do checks act afterwards. */
async function activate<Result>(
	{ owner, webhookUrl }: Trigger,
	memory: Memory,
	work: (shouldGiveWay: () => boolean) => Promise<Result>,
): Promise<Result> {
	return await turns.take(webhookUrl, 'activate', async (shouldGiveWay) => {
		memory.activate(owner.workflowId);
		const done = work(shouldGiveWay);
		const failure = await errorOf(done);
		if (failure !== undefined) memory.publication.endStep(failure);
		return await done;
	});
}

function remember({ owner, webhookUrl, stored }: Trigger, memory: Memory, plan: Plan): void {
	const fingerprint = fingerprintOf(plan.secret);
	// Without the URL, delete and the check know that this is a test run.
	Object.assign(stored, { ...(!owner.isTestRun && { webhookUrl }), fingerprint });
	knownSecrets.activated(secretKey(owner), fingerprint);
	memory.register(owner.workflowId, owner.isTestRun);
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
		if (memory.leave(stored.webhookUrl === webhookUrl)) memory.publication.beginRemoval();
		const failure = await errorOf(removeHooks(trigger, memory, began, shouldGiveWay));
		memory.publication.endStep();
		if (failure !== undefined && memory.state.is === 'leaving') throw failure;
		if (failure === undefined) memory.end();
		else trigger.warn(WORDS.notRemoved, failure);
		delete stored.webhookUrl;
		delete stored.fingerprint;
	});
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
