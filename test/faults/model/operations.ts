/** What n8n, lemlist, the user and strangers do in a history, each with the promises that hold afterwards. */
import { activityOf, type Activity, type DeliveryResult, type EventType } from '../../sandbox';
import type { Credential, Expectations } from './expectations';
import type { PlannedFault } from './faultTable';
import {
	assertExact,
	assertNone,
	assertThrough,
	assertTold,
	assertUndone,
	watchForGaps,
	watchForWords,
} from './invariants';
import {
	FOREIGN_URLS,
	FORGERIES,
	OTHERS_TYPE,
	STRAY_HOOKS,
	TEAM_WIDE,
	type ForeignUrl,
	type Forgery,
	type Picks,
	type StrayHook,
} from './tables';
import { promise } from './violation';
import type { Ended, SwitchedOff, World } from './world';

/** What comes later than this is no further try of n8n's. */
const LONGEST_PAUSE_IN_A_PUBLICATION_S = 20;

/** A fault that an operation brings along. */
interface Troubled {
	fault: PlannedFault | undefined;
}

export interface Activation extends Troubled {
	/** n8n calls delete after an activation that failed; not if it ends before. */
	isDeleteLost: boolean;
	/** Whether n8n follows an activation that failed up at once: then it may have little time left, or none. */
	isFurtherTry: boolean;
}

export interface Deactivation extends Troubled {
	/** A check is under way that has sent so many requests. */
	checkAfter: number | undefined;
	/** In the order of n8n 1.x, with a tick after so many requests of the deactivation. */
	tickAfter: number | undefined;
}

export interface Edit extends Troubled {
	picks: Picks;
	checkAfter: number | undefined;
}

export interface Rotation {
	isAttacked: boolean;
	change: Partial<Credential>;
}

export interface Start extends Troubled {
	mode: 'init' | 'leadershipChange';
	/** An event that happens while n8n does not answer: lemlist removes its hook. */
	missed: EventType | undefined;
}

export interface Crash extends Start {
	during: 'activate' | 'check' | 'deactivate';
	/** How many requests were sent. */
	after: number;
}

export interface Check extends Troubled {
	/** Since the operation before: ticks do not wait for what else happens. */
	afterSeconds: number;
	isTwice: boolean;
}

export interface Happening {
	type: EventType;
	campaignId: string;
	/** A check is under way that has sent so many requests. */
	checkAfter: number | undefined;
}

/** The user activates the workflow. */
export async function activate(
	world: World,
	expected: Expectations,
	{ fault, isDeleteLost, isFurtherTry }: Activation,
): Promise<void> {
	bring(world, fault);
	if (!isFurtherTry) world.passSeconds(LONGEST_PAUSE_IN_A_PUBLICATION_S);
	world.life.isDeleteLost = isDeleteLost;
	const ended = await activateIn('activate', world, expected);
	if (!isFurtherTry) assertThrough(ended, 'An activation');
	world.life.isDeleteLost = false;
}

async function activateIn(
	mode: 'activate' | 'update',
	world: World,
	expected: Expectations,
): Promise<Ended> {
	const before = world.own();
	const ended = await world.perform(async () => {
		await world.trigger.activate(mode);
	});
	assertTold(ended, 'An activation');
	if (ended.failure === undefined) {
		expected.activated();
		if (!ended.isDisturbed) assertExact(world, expected, 'after an activation');
		return ended;
	}
	expected.isActive = false;
	// Undo and delete have to list and to delete: where these calls were hit too, hooks may be left.
	if (!isOnlyPostHit(ended.strain.methods)) return ended;
	if (world.life.isDeleteLost) assertUndone(world, before, 'after an activation that failed');
	else assertNone(world, 'after an activation that failed');
	return ended;
}

function isOnlyPostHit(methods: ReadonlySet<string>): boolean {
	return methods.size === 1 && methods.has('POST');
}

/** The user deactivates the workflow, or n8n tries again after a deactivation that failed. */
export async function deactivate(
	world: World,
	expected: Expectations,
	{ fault, checkAfter, tickAfter }: Deactivation,
): Promise<void> {
	bring(world, fault);
	const ended = await world.perform(async () => {
		if (checkAfter !== undefined) await world.beginCheck(checkAfter);
		world.life.isDeleteFirst = tickAfter !== undefined;
		const deactivation = world.trigger.deactivate();
		if (tickAfter !== undefined) await world.life.sends(tickAfter, deactivation);
		world.life.tick?.();
		await deactivation;
	});
	world.life.isDeleteFirst = false;
	const wasActive = expected.isActive;
	expected.isActive = false;
	assertThrough(ended, 'A deactivation');
	assertTold(ended, 'A deactivation');
	if (isToBeNone(ended, wasActive)) assertNone(world, 'after a deactivation');
}

/** The user deactivates the workflow while it is being activated. */
export async function activateAndDeactivate(
	world: World,
	expected: Expectations,
	{ after }: { after: number },
): Promise<void> {
	const ended = await world.perform(async () => {
		const activation = world.trigger.activate().catch(() => undefined);
		await world.life.sends(after, activation);
		const [deactivation] = await Promise.allSettled([world.trigger.deactivate(), activation]);
		if (deactivation.status === 'rejected') throw deactivation.reason;
	});
	expected.isActive = false;
	assertThrough(ended, 'A deactivation during an activation');
	if (isToBeNone(ended, false)) assertNone(world, 'after a deactivation during an activation');
}

/**
 * A deactivation that ends well says that nothing is left; but not after an activation that failed:
 * were delete to throw then, n8n would take the next activation for done.
 */
function isToBeNone({ failure, strain }: Ended, wasActive: boolean): boolean {
	return failure === undefined && (wasActive || strain.isTolerable);
}

/** The user saves the active workflow: n8n removes the old version, then adds the new one, come what may. */
export async function edit(
	world: World,
	expected: Expectations,
	{ picks, checkAfter, fault }: Edit,
): Promise<void> {
	await deactivate(world, expected, { fault, checkAfter, tickAfter: undefined });
	world.pick(picks);
	expected.picks = picks;
	assertThrough(await activateIn('update', world, expected), 'An edit');
}

/** The user changes the credential, perhaps because somebody keeps trying secrets. */
export async function rotate(
	world: World,
	expected: Expectations,
	{ isAttacked, change }: Rotation,
): Promise<void> {
	if (isAttacked) await forge(world, expected, { forgery: 'made up, right length' });
	const credential = { ...expected.credential, ...change };
	world.rotate(credential);
	expected.rotated(credential);
}

/** n8n stops and starts again, or hands its work to another process. */
export async function restart(world: World, expected: Expectations, start: Start): Promise<void> {
	await world.endOfN8n();
	await begin(world, expected, start);
}

/** n8n is killed in the middle of an operation, and starts again. */
export async function crash(
	world: World,
	expected: Expectations,
	{ during, after, ...start }: Crash,
): Promise<void> {
	const operations = {
		activate: async () => {
			await world.trigger.activate();
		},
		check: async () => {
			await world.beginCheck(after);
		},
		deactivate: async () => {
			await world.trigger.deactivate();
		},
	};
	const outcome = { isEnded: false, isFailed: false };
	const operation = operations[during]().then(
		() => {
			outcome.isEnded = true;
		},
		() => {
			Object.assign(outcome, { isEnded: true, isFailed: true });
		},
	);
	await world.life.sends(after, operation);
	await world.endOfN8n();
	// n8n's database says what it said before, or what an operation that had ended made of it.
	const isOver = outcome.isEnded && during !== 'check';
	expected.isActive = isOver ? during === 'activate' && !outcome.isFailed : true;
	await begin(world, expected, start);
}

async function begin(
	world: World,
	expected: Expectations,
	{ mode, missed, fault }: Start,
): Promise<void> {
	expected.started();
	if (missed !== undefined) await world.lemlist.deliver(activityOf(missed));
	if (!expected.isActive) return;
	bring(world, fault);
	const endWatch = watchForGaps(world, expected);
	const assertWords = watchForWords(world);
	const { failure, strain, isDisturbed } = await world.perform(async () => {
		await world.trigger.activate(mode);
	});
	endWatch();
	promise(failure === undefined, `A start threw: ${String(failure)}`);
	if (!strain.isTolerable) return;
	expected.activated();
	if (isDisturbed) return;
	assertExact(world, expected, 'after a start');
	assertWords('at a start');
}

/** Static data is gone from n8n's database; what runs has its own copy. */
export function loseStaticData(world: World): void {
	world.trigger.saved = {};
}

/** The scheduler lets the check happen. */
export async function check(
	world: World,
	expected: Expectations,
	{ afterSeconds, isTwice, fault }: Check,
): Promise<void> {
	bring(world, fault);
	world.passSeconds(afterSeconds);
	const endWatch = watchForGaps(world, expected);
	const assertWords = watchForWords(world);
	const { strain, isDisturbed } = await world.perform(async () => {
		world.trigger.check();
		if (isTwice) world.trigger.check();
		await world.life.quiet();
	});
	endWatch();
	if (!strain.isTolerable || isDisturbed) return;
	assertExact(world, expected, 'after a check');
	assertWords('at a check');
}

/** lemlist recovers from all faults, and answers at once. */
export function recover(world: World): void {
	world.lemlist.clearFaults();
	world.slowDown(0);
}

/** lemlist gives up delivering to some of the trigger's hooks: now, or in the middle of what comes. */
export function switchOff(
	world: World,
	{ afterRequests, ...which }: SwitchedOff & { afterRequests: number | undefined },
): void {
	if (afterRequests === undefined) world.switchOff(which);
	else world.switchOffAfter(afterRequests, which);
}

/** Something happens in lemlist, which posts it to every hook that asked for it. */
export async function happen(
	world: World,
	expected: Expectations,
	{ type, campaignId, checkAfter }: Happening,
): Promise<void> {
	if (checkAfter !== undefined) await world.beginCheck(checkAfter);
	const activity = activityOf(type, type === TEAM_WIDE ? {} : { campaignId });
	const secrets = new Map(world.lemlist.hooks.map(({ _id, secret }) => [_id, secret]));
	const results = await world.lemlist.deliver(activity);
	for (const result of results)
		assertAnswer(
			result,
			expected.answersTo(secrets.get(result.hookId ?? ''), world.savedFingerprint),
		);
	const accepted = results.filter(({ status }) => status === 200).length;
	expected.executions += expected.concerns(activity) ? accepted : 0;
	assertHandedOn(world, activity, expected.concerns(activity) ? accepted : 0);
	await world.life.quiet();
}

function assertAnswer(
	{ status, targetUrl, body }: DeliveryResult,
	allowed: readonly number[],
): void {
	promise(
		allowed.some((one) => one === status),
		() =>
			`A delivery to ${targetUrl} was answered ${String(status)} instead of ${allowed.join(' or ')}: ${body}`,
	);
}

/** The last executions got exactly what lemlist sent, without the secret. */
function assertHandedOn(world: World, activity: Activity, times: number): void {
	const got =
		times === 0
			? []
			: world.executions
					.slice(-times)
					.map((items) => JSON.stringify(items.map(({ json }) => json)));
	promise(
		got.length === times && got.every((items) => items === JSON.stringify([activity])),
		() => `The workflow got ${got.join()}`,
	);
}

/** A stranger posts to the trigger's URL. */
export async function forge(
	world: World,
	expected: Expectations,
	{ forgery }: { forgery: Forgery },
): Promise<void> {
	const { secret, secretElsewhere: elsewhere, retired, credential } = expected;
	const body = FORGERIES[forgery](activityOf('emailsReplied'), {
		secret,
		elsewhere,
		retired,
		...credential,
	});
	const { status } = await world.lemlist.send(
		world.own()[0]?.targetUrl ?? world.trigger.webhookUrl,
		body,
	);
	const allowed = expected.isActive ? [400, 401] : [404];
	promise(
		allowed.some((one) => one === status),
		`A forgery (${forgery}) was answered ${String(status)}`,
	);
}

/** A hook of the trigger goes away at lemlist. */
export function vanish(world: World, { index }: { index: number }): void {
	const own = world.own();
	world.lemlist.removeHook(own[index % own.length]?._id ?? '');
}

/** Somebody makes a hook of their own. */
export function addForeign(
	world: World,
	{ url, isOff }: { url: ForeignUrl; isOff: boolean },
): void {
	const targetUrl = FOREIGN_URLS[url](world.trigger.webhookUrl);
	world.foreign.push({
		...world.lemlist.addHook({ targetUrl, type: OTHERS_TYPE, ...(isOff && { disabled: true }) }),
	});
}

/** A hook turns up on the trigger's URL that should not be there. */
export function addStray(world: World, { stray }: { stray: StrayHook }): void {
	const surroundings = {
		webhookUrl: world.trigger.webhookUrl,
		own: world.own(),
		past: [...world.past.values()],
	};
	world.strays.add(world.lemlist.addHook(STRAY_HOOKS[stray](surroundings))._id);
}

function bring(world: World, fault: PlannedFault | undefined): void {
	if (fault !== undefined) world.setFault(fault);
}
