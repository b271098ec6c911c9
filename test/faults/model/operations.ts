/** What n8n, lemlist, the user and strangers do in a history, each with the promises that hold afterwards. */
import type { IDataObject } from 'n8n-workflow';
import { activityOf, type Activity, type DeliveryResult, type EventType } from '../../sandbox';
import type { Credential, Expectations } from './expectations';
import type { PlannedFault } from './faultTable';
import {
	assertAllStarted,
	assertExact,
	assertNone,
	assertThrough,
	assertTold,
	assertUndone,
	watchForGaps,
	watchForUntold,
	watchForWords,
} from './invariants';
import { toldOf, type Entry } from './ledger';
import {
	CAUSE_OF_STATE,
	DELIVERED_IN,
	DELIVERED_TYPES,
	FOREIGN_URLS,
	FORGERIES,
	OTHERS_TYPE,
	STATE,
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
	/** What passes then. */
	afterSeconds: number;
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

export interface RotationAtStart extends Troubled, Pick<Happening, 'type' | 'campaignId'> {
	change: Partial<Credential>;
}

export interface Start extends Troubled {
	mode: 'init' | 'leadershipChange';
	/** An event that happens while n8n does not answer: lemlist removes its hook. */
	missed: EventType | undefined;
	/** How long n8n does not answer. */
	downSeconds: number;
}

/** Nothing happens meanwhile, and nothing goes wrong. */
const AT_ONCE: Start = { mode: 'init', missed: undefined, downSeconds: 0, fault: undefined };

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
	/** Undefined: one that is picked. */
	type: EventType | undefined;
	campaignId: string | undefined;
	/** A check is under way that has sent so many requests. */
	checkAfter: number | undefined;
	/** How often lemlist delivers it, all at once; 0: no hook gets it. */
	deliveries: number;
	/** How long lemlist's list lacks it. */
	lateSeconds: number;
	/** What passes then. */
	afterSeconds: number;
}

export interface Burst extends Pick<Happening, 'type' | 'campaignId'>, Pick<Start, 'mode'> {
	count: number;
}

export interface Passing {
	/** The schedule ticks at the end of each part. */
	parts: number;
	seconds: number;
}

/** The user activates the workflow. */
export async function activate(
	world: World,
	expected: Expectations,
	{ fault, isDeleteLost, isFurtherTry, afterSeconds }: Activation,
): Promise<void> {
	bring(world, fault);
	if (!isFurtherTry) await world.passSeconds(LONGEST_PAUSE_IN_A_PUBLICATION_S);
	world.life.isDeleteLost = isDeleteLost;
	const ended = await activateIn('activate', world, expected);
	if (!isFurtherTry) assertThrough(ended, 'An activation');
	world.life.isDeleteLost = false;
	await world.passSeconds(afterSeconds);
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
		if (mode === 'activate') expected.published(world.lemlist.now());
		else expected.edited(world.lemlist.now());
		if (!ended.isDisturbed) assertExact(world, expected, 'after an activation');
		return ended;
	}
	if (mode === 'update') expected.broken(world.lemlist.now());
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
	deactivation: Deactivation,
): Promise<void> {
	await takeDown(world, expected, deactivation);
	expected.unpublished();
}

async function takeDown(
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
	expected.unpublished();
	assertThrough(ended, 'A deactivation during an activation');
	if (isToBeNone(ended, false)) assertNone(world, 'after a deactivation during an activation');
}

/**
 * A deactivation that ends well says that nothing is left; but not after an activation that failed:
 * were delete to throw then, n8n would take the next activation for done. Nor does it ask then, where n8n has no time left.
 */
function isToBeNone({ failure, strain, hasAsked }: Ended, wasActive: boolean): boolean {
	return failure === undefined && (wasActive || (strain.isTolerable && hasAsked));
}

/** The user saves the active workflow: n8n removes the old version, then adds the new one, come what may. */
export async function edit(
	world: World,
	expected: Expectations,
	{ picks, checkAfter, fault }: Edit,
): Promise<void> {
	await takeDown(world, expected, { fault, checkAfter, tickAfter: undefined });
	world.pick(picks);
	expected.picks = picks;
	assertThrough(await activateIn('update', world, expected), 'An edit');
}

/** The user disables the trigger alone, something happens, and the user enables it again. */
export async function disableForAWhile(
	world: World,
	expected: Expectations,
	{ seconds }: { seconds: number },
): Promise<void> {
	await takeDown(world, expected, {
		fault: undefined,
		checkAfter: undefined,
		tickAfter: undefined,
	});
	expected.unpublished();
	occur(world, expected, { type: undefined, campaignId: undefined, lateSeconds: 0 });
	await world.passSeconds(seconds);
	const ended = await activateIn('update', world, expected);
	assertThrough(ended, 'An activation');
	if (ended.failure === undefined) expected.published(world.lemlist.now());
}

/** Something happens in a campaign that is not picked, perhaps, and then the user picks them all. */
export async function missElsewhereAndEdit(world: World, expected: Expectations): Promise<void> {
	occur(world, expected, { type: undefined, campaignId: DELIVERED_IN.at(-1), lateSeconds: 0 });
	const picks = { ...expected.picks, campaigns: [] };
	await edit(world, expected, { picks, checkAfter: undefined, fault: undefined });
	await passAnHour(world, expected);
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
	await end(world, expected);
	await begin(world, expected, start);
}

/** n8n ends. What its store was asked about when it failed is left there, and counts as seen from then on. */
async function end(world: World, expected: Expectations): Promise<void> {
	expected.ledger.revise((entry) =>
		entry.outlook === 'must' && world.isLeftInStore(entry) ? 'may' : entry.outlook,
	);
	await world.endOfN8n();
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
	await end(world, expected);
	// n8n's database says what it said before, or what an operation that had ended made of it.
	const isOver = outcome.isEnded && during !== 'check';
	expected.isActive = isOver ? during === 'activate' && !outcome.isFailed : true;
	if (during === 'activate' && !isOver) expected.halfPublished();
	if (during === 'activate' && expected.isActive && isOver) expected.published(world.lemlist.now());
	if (during === 'deactivate' && isOver) expected.unpublished();
	await begin(world, expected, start);
}

async function begin(
	world: World,
	expected: Expectations,
	{ mode, missed, downSeconds, fault }: Start,
): Promise<void> {
	if (missed !== undefined)
		for (const entry of occur(world, expected, {
			type: missed,
			campaignId: undefined,
			lateSeconds: 0,
		}))
			await world.lemlist.deliver(entry.activity);
	await world.passSeconds(downSeconds);
	expected.started(world.lemlist.now());
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
export function loseStaticData(world: World, expected: Expectations): void {
	world.trigger.saved = {};
	expected.staticDataLost();
}

/** The scheduler lets the check happen. */
export async function check(
	world: World,
	expected: Expectations,
	{ afterSeconds, isTwice, fault }: Check,
): Promise<void> {
	bring(world, fault);
	await world.passSeconds(afterSeconds);
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

/** lemlist gives up delivering to some of the trigger's hooks: now, or in the middle of what comes. */
export function switchOff(
	world: World,
	{ afterRequests, ...which }: SwitchedOff & { afterRequests: number | undefined },
): void {
	if (afterRequests === undefined) world.switchOff(which);
	else world.switchOffAfter(afterRequests, which);
}

/** Something happens in lemlist, which posts it to every hook that asked for it, or to none. */
export async function happen(
	world: World,
	expected: Expectations,
	{ checkAfter, deliveries, afterSeconds, ...what }: Happening,
): Promise<void> {
	if (checkAfter !== undefined) await world.beginCheck(checkAfter);
	for (const entry of occur(world, expected, what))
		if (deliveries > 0) await deliver(world, expected, entry, deliveries);
	await world.life.quiet();
	await world.passSeconds(afterSeconds);
}

/** lemlist lists what happens, sooner or later. @returns the account of it: of two events where it brings a state about */
function occur(
	world: World,
	expected: Expectations,
	{ lateSeconds, ...what }: Pick<Happening, 'type' | 'campaignId' | 'lateSeconds'>,
): Entry[] {
	const { picks } = expected;
	const isPicked = (type: EventType) => picks.events.some((one) => one === '*' || one === type);
	const type = what.type ?? DELIVERED_TYPES.find(isPicked) ?? DELIVERED_TYPES[0];
	const campaignId = what.campaignId ?? picks.campaigns.at(-1) ?? DELIVERED_IN[0];
	const activity = world.lemlist.activityOf(
		type === STATE ? CAUSE_OF_STATE : type,
		type === TEAM_WIDE ? {} : { campaignId },
	);
	return (type === STATE ? [CAUSE_OF_STATE, STATE] : [type]).map((event) => {
		const entry = account(world, expected, { event, activity, lateSeconds });
		world.lemlist.happen(entry.activity, lateSeconds * 1_000);
		return entry;
	});
}

function account(
	{ lemlist }: World,
	expected: Expectations,
	what: { event: EventType; activity: Activity; lateSeconds: number },
): Entry {
	const { event, lateSeconds } = what;
	const activity: Activity = { ...what.activity, type: event };
	const at = Date.parse(String(activity.createdAt));
	return expected.ledger.add(event, activity, {
		listedAt: lemlist.now() + lateSeconds * 1_000,
		outlook: expected.outlookOf({ event, activity, at }, lemlist.now()),
	});
}

/** lemlist posts an event to every hook that asked for it, so often at once. */
async function deliver(
	world: World,
	expected: Expectations,
	entry: Entry,
	times: number,
): Promise<void> {
	const { lemlist } = world;
	const wasAway = world.isStoreAway();
	const secrets = new Map(lemlist.hooks.map(({ _id, secret }) => [_id, secret]));
	const posting = Array.from({ length: times }, async () => await lemlist.deliver(entry.activity));
	const results = (await world.awaited(Promise.all(posting))).flat();
	for (const result of results)
		assertAnswer(
			result,
			expected.answersTo(secrets.get(result.hookId ?? ''), world.savedFingerprint),
		);
	const isRecorded = !wasAway && !world.isStoreAway();
	// Without the store, a process that has begun anew cannot know that it started the workflow before.
	if (!isRecorded) entry.isUnrecorded = true;
	expected.ledger.catchUp();
	if (!expected.concerns(entry.activity) || !results.some(({ status }) => status === 200)) return;
	promise(
		entry.starts > 0 || expected.mayMerge(entry),
		() => `Delivered, and not started: ${toldOf(entry)}`,
	);
	expected.taken(entry, isRecorded, lemlist.now());
}

/** lemlist delivers again what happened before, whether a hook got it then or not. */
export async function deliverAgain(
	world: World,
	expected: Expectations,
	{ index, times }: { index: number; times: number },
): Promise<void> {
	const { entries } = expected.ledger;
	const entry = entries[entries.length - 1 - (index % Math.max(1, entries.length))];
	if (entry !== undefined) await deliver(world, expected, entry, times);
}

/** Much happens and is delivered twice at once, n8n ends right after it and starts again, and lemlist delivers all of it once more. */
export async function burst(
	world: World,
	expected: Expectations,
	{ count, mode, ...what }: Burst,
): Promise<void> {
	const entries = Array.from({ length: count }, () =>
		occur(world, expected, { ...what, lateSeconds: 0 }),
	).flat();
	await world.withSlowStore(
		async () =>
			await Promise.all(
				entries.map(async (entry) => {
					await deliver(world, expected, entry, 2);
				}),
			),
	);
	await restart(world, expected, { ...AT_ONCE, mode });
	for (const entry of entries) await deliver(world, expected, entry, 1);
}

/** An event that no hook gets is started late; then n8n's store fails, and another one happens. */
export async function missWithoutStore(
	world: World,
	expected: Expectations,
	{ type }: { type: EventType | undefined },
): Promise<void> {
	const miss = async () => {
		occur(world, expected, { type, campaignId: undefined, lateSeconds: 0 });
		await passAnHour(world, expected);
	};
	await miss();
	world.breakStore(0);
	const assertTellable = watchForUntold(world, expected);
	await miss();
	assertTellable();
}

/** The credential is changed, n8n starts while lemlist does not answer, and something is delivered to the hooks of before. */
export async function rotateAndRestart(
	world: World,
	expected: Expectations,
	{ change, fault, ...what }: RotationAtStart,
): Promise<void> {
	await rotate(world, expected, { isAttacked: false, change });
	await restart(world, expected, { ...AT_ONCE, fault });
	await happen(world, expected, {
		...what,
		checkAfter: undefined,
		deliveries: 1,
		lateSeconds: 0,
		afterSeconds: 0,
	});
}

/** Something happens in another team, and lemlist lists it all the same. */
export function happenElsewhere(
	world: World,
	expected: Expectations,
	{ type }: { type: EventType },
): void {
	const teamId = 'tea_another0000000000';
	const activity = world.lemlist.activityOf(type, { teamId });
	const about = { listedAt: world.lemlist.now(), outlook: 'never' as const };
	const { activity: named } = expected.ledger.add(type, activity, about);
	world.lemlist.happen(named, 0, { teamId: world.lemlist.teamId });
}

/** The user runs the workflow by hand with an event that no hook has brought, twice: both pass, and it counts for nothing. */
export async function tryOut(
	world: World,
	expected: Expectations,
	what: Pick<Happening, 'type' | 'campaignId'>,
): Promise<void> {
	for (const { activity } of occur(world, expected, { ...what, lateSeconds: 0 }))
		for (const round of ['first', 'second']) {
			const before = world.executions.length;
			await world.trigger.execute([{ json: activity as IDataObject }], 'manual');
			const started = world.executions.splice(before);
			promise(
				JSON.stringify(started) === JSON.stringify([[{ json: activity }]]),
				() => `A test run got ${JSON.stringify(started)}, the ${round} time`,
			);
		}
}

/** Time passes. */
export async function pass(
	world: World,
	_expected: Expectations,
	{ parts, seconds }: Passing,
): Promise<void> {
	await world.passWithChecks(parts, seconds);
}

/** How far back the node looks when it starts, less what passes until it has looked. */
const LOOKED_BACK_MS = 6 * 24 * 3_600_000;
const SOON: Passing = { parts: 1, seconds: 600 };
/** The hour counts from the last look, which looks again up to three times, a minute apart. */
const AN_HOUR: Passing = { parts: 1, seconds: 3_900 };
const SIX_HOURS: Passing = { parts: 1, seconds: 6 * 3_600 };
/** What is listed so soon is found by the hour. */
const LISTED_SOON_MS = 100 * 60_000;
/** What is listed late by days is found within days. */
const MOST_OF_THEM = 24;

/** So much time that an hourly look has come to its end: what a tick begins takes a while. */
async function passAnHour(world: World, expected: Expectations): Promise<void> {
	for (const passing of [AN_HOUR, SOON]) await pass(world, expected, passing);
}

/** Everybody recovers, and enough time passes for all that had to start the workflow to have done so. */
export async function settle(world: World, expected: Expectations): Promise<void> {
	world.recover();
	if (expected.isActive && world.isListGivenUp) await restart(world, expected, AT_ONCE);
	const oldest = world.lemlist.now() - LOOKED_BACK_MS;
	expected.ledger.revise(({ at, outlook }) =>
		outlook === 'must' && at < oldest ? 'may' : outlook,
	);
	const isMissing = () => {
		expected.ledger.catchUp();
		return expected.ledger.open().some(({ outlook }) => outlook === 'must');
	};
	// What the last tick begins takes a while.
	for (const passing of [SOON, AN_HOUR, AN_HOUR, SOON]) await pass(world, expected, passing);
	assertAllStarted(expected, ({ at, listedAt }) => listedAt - at < LISTED_SOON_MS);
	for (let part = 0; part < MOST_OF_THEM && isMissing(); part += 1)
		for (const passing of [SIX_HOURS, SOON]) await pass(world, expected, passing);
	assertAllStarted(expected);
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
