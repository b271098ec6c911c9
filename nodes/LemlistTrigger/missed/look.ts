/**
 * One look: lists what happened, asks the gate what it has seen of it where this process cannot know, and
 * starts the workflow for the rest, one execution an event, oldest first.
 */
import { gateMemories, type GateMemory } from '../deliveries/gateMemory';
import { kindOf, marked, ownEventOf, unprovenKeyOf } from '../deliveries/mark';
import { MOST_ASKED } from '../door/answer';
import type { ActiveTrigger, Trigger, Warn } from '../door/door';
import { memories } from '../hooks/memory';
import { clientOf } from '../hooks/plan';
import type { Scope } from '../hooks/wanted';
import type { LemlistClient } from '../lemlist/client';
import { teamOf } from '../lemlist/endpoints';
import { messageOf } from '../lemlist/failures';
import { clock } from '../process/clock';
import { ForgetfulMap } from '../process/forgetfulMap';
import { groupsOf } from '../process/groups';
import { fingerprintOf } from '../secrets/webhookSecret';
import { ALL_EVENTS, eventOf, type EventType } from '../settings/events';
import type { LemlistCredential, Subscription } from '../settings/reading';
import { carryOver, earliestOf, wantedSince, wasLookedUp, type Since } from '../settings/since';
import { listedScopes, newestPagesOf, slicesOf, type Asking, type Listed } from './listing';
import { isAskedFor, isOfAnyChannel, isWanted, rowOf, type Row } from './row';

/** By then, other processes have recorded again what they wrote over in n8n's store. */
export const SETTLED_SECONDS = 25;
/** Some five executions a second. */
const BETWEEN_STARTS_MS = 200;
/** Where the gate is in this process, no more at a time are on their way to it: a busy n8n would drown in them. */
const MOST_UNDER_WAY = 10;
const THROUGH_WITHIN_MS = 40_000;
const SECOND_MS = 1_000;
const REQUEST_MS = 60_000;
/** What marks an event that lemlist has refused to list. */
const REFUSAL = 'refused ';
/** For so long, what lemlist says of an API key is not asked again. */
const ACCOUNT_MS = 10 * 60_000;

const WORDS = {
	forgotten: (moment: number) =>
		`so many events came that n8n no longer knows which of those before ${new Date(moment).toISOString()} have started the workflow. What lemlist did not deliver before then is lost.`,
	late: (count: number) =>
		`${count === 1 ? '1 event that lemlist did not deliver starts' : `${String(count)} events that lemlist did not deliver start`} the workflow late.`,
	unlisted: (event: string, reason: string) =>
		`lemlist does not list ${event}: what it does not deliver of that is lost. ${reason}`,
	otherTypes: (event: string) =>
		`lemlist lists other events under ${event} than it delivers: what it does not deliver of that is lost.`,
	unproven: (event: string) =>
		`lemlist lists ${event} differently from what it delivers, so nobody can tell what is missing: what it does not deliver of that is lost.`,
};

/** What the looks of one trigger node have found out. */
export interface Known {
	/** When its first look began at the latest, in milliseconds since the epoch by lemlist's clock: what is listed later and happened before then, another process may have seen. */
	began: number | undefined;
	/** By key: when it was handed on last, in milliseconds since the epoch. */
	handedOn: Map<string, number>;
	/** Events that lemlist is known to list as it delivers them. */
	trusted: Set<string>;
	/** Events that may be listed otherwise, and when the look began that found no proof for the first time, in milliseconds since the epoch by lemlist's clock. */
	doubted: Map<string, number>;
	/** Kinds that the gate was asked about. */
	asked: Set<string>;
	/** What has been said in the log, and is not said again. */
	told: Set<string>;
}

/** What a look goes by. */
export interface Look {
	trigger: Trigger;
	active: ActiveTrigger;
	subscription: Subscription;
	known: Known;
	/** @returns from when on to look, both in milliseconds since the epoch by lemlist's clock */
	from: (lemlistNow: number) => number;
	/** What is younger is left alone: it may be under way. */
	youngestMs: number;
	/** When what was handed on, and did not come through the gate, is handed on again. */
	resendAfterMs: number;
	pauseMs: number;
	/** Called before each request; throws when there is to be no further one. */
	beforeRequest: () => Promise<void>;
	isEnded: () => boolean;
}

/** A look under way. */
interface Circumstances extends Look {
	gate: GateMemory;
	asking: Asking;
	team: string | undefined;
	since: Since;
	/** When the look began at the earliest, in milliseconds since the epoch by lemlist's clock. */
	lemlistNow: number;
	/** From when on the gate's memory says everything, at the latest, in milliseconds since the epoch by lemlist's clock. */
	gateKnowsSince: () => number;
	/** Events of which something was searched that proves how they are listed. */
	searched: Set<string>;
}

/** What lemlist says of an API key. */
interface Account {
	/** Undefined where lemlist names none. */
	team: string | undefined;
	/** How far lemlist's clock is ahead of this machine's at least, in milliseconds. */
	aheadMs: number;
	/** The same at most. */
	mostAheadMs: number;
	/** When it said so, in milliseconds since the epoch. */
	at: number;
}

/** By a digest of API key and address. */
const accounts = new ForgetfulMap<{ latest?: Account }>(() => ({}));

/**
 * @returns whether nothing is left to do, and until when everything is done, by lemlist's clock
 * @throws NodeApiError when lemlist does not answer, Error when the gate does not, what `beforeRequest` throws
 */
export async function lookOnce(look: Look): Promise<{ isThrough: boolean; until: number }> {
	const now = await circumstancesOf(look);
	for (const key of look.known.handedOn.keys())
		if (now.gate.has(key)) look.known.handedOn.delete(key);
	const from = Math.max(look.from(now.lemlistNow), earliestOf(now.since));
	// lemlist tells its time in whole seconds: this one may be nearly over.
	const end = now.lemlistNow + SECOND_MS;
	const stretch = { from: Math.max(from, now.gateKnowsSince()), until: end };
	let until = now.lemlistNow;
	if (stretch.from < stretch.until)
		for await (const rows of slicesOf(now.asking, scopesOf(now), stretch))
			until = Math.min(until, await handOn(now, rows, stretch.from));
	return { isThrough: until === now.lemlistNow, until };
}

async function circumstancesOf(look: Look): Promise<Circumstances> {
	const { active, beforeRequest, pauseMs } = look;
	await beforeRequest();
	const credential = await look.trigger.credential();
	const client = clientOf(look.trigger, credential, clock.now() + REQUEST_MS, () => false);
	const { team, aheadMs, mostAheadMs } = await accountOf(client, credential);
	const lemlistNow = clock.now() + aheadMs;
	const atTheLatest = clock.now() + mostAheadMs;
	look.known.began ??= atTheLatest;
	const gate = gateMemories.of(active.key);
	const since = sinceOf(look, team, atTheLatest);
	return {
		...look,
		gate,
		// Where lemlist does not say now, it is the one that it said last.
		team: since.team,
		since,
		lemlistNow,
		gateKnowsSince: () => gate.knowsSince + mostAheadMs,
		searched: new Set(),
		asking: {
			client,
			requestMs: REQUEST_MS,
			pauseMs,
			beforeRequest,
			onUnlisted: ({ type = ALL_EVENTS }, failure) => {
				const words = WORDS.unlisted(nameOf(type), failure.message ?? messageOf(failure));
				tell(look, words, { mark: refusalOf(type) });
			},
		},
	};
}

/** @returns whose API key this is, as lemlist has said within the last minutes. @throws NodeApiError when lemlist does not answer */
async function accountOf(client: LemlistClient, credential: LemlistCredential): Promise<Account> {
	const key = fingerprintOf(JSON.stringify([credential.baseUrl, credential.apiKey]));
	const known = accounts.of(key).latest;
	if (known !== undefined && known.at + ACCOUNT_MS > clock.now()) return known;
	const team = await teamOf(client);
	if (typeof team === 'object') throw client.error(team);
	const { aheadMs, mostAheadMs } = client;
	const account = { team, aheadMs, mostAheadMs, at: clock.now() };
	accounts.set(key, { latest: account });
	return account;
}

/** With the key of another team, what is wanted is wanted from now on: nobody wanted what happened there before. */
function sinceOf(
	{ trigger, subscription, isEnded }: Look,
	team: string | undefined,
	lemlistNow: number,
): Since {
	const memory = memories.of(trigger.webhookUrl);
	const moment = { owner: trigger.key, isFirst: false, now: clock.now(), lemlistNow };
	const since = carryOver(memory.since ?? trigger.stored.since, subscription, {
		...moment,
		...(team !== undefined && { team }),
	});
	// What n8n has removed or published while lemlist answered has been noted.
	if (!isEnded() && memory.isLookedAfter) memory.since = since;
	return since;
}

/** What is asked for, but for what lemlist has refused to list. */
function scopesOf({ subscription, known }: Look): Scope[] {
	return listedScopes(subscription).filter(
		({ type = ALL_EVENTS }) => !known.told.has(refusalOf(type)),
	);
}

function refusalOf(event: string): string {
	return REFUSAL + event;
}

/** What lemlist refused to list, it may list by now. */
export function forgetRefusals({ told }: Known): void {
	for (const mark of told) if (mark.startsWith(REFUSAL)) told.delete(mark);
}

/**
 * @param listed a slice of the list
 * @param from the beginning of the look
 * @returns when the oldest happened that is left to do in this slice, or else when the look began
 */
async function handOn(
	now: Circumstances,
	listed: readonly Listed[],
	from: number,
): Promise<number> {
	const { gate, lemlistNow, known, active } = now;
	const rows = readRows(now, listed);
	const news = rows.filter((row) => isNews(now, row));
	const youngest = lemlistNow - now.youngestMs;
	const ripe = news.filter(({ at }) => at <= youngest);
	await askGate(now, ripe);
	earnTrust(now, rows);
	if (rows.some((row) => isUnseen(now, row) && row.at < now.gateKnowsSince()))
		tell(now, WORDS.forgotten(now.gateKnowsSince()), { mark: 'forgotten' });
	const open = ripe.filter((row) => isNews(now, row)).sort((one, other) => one.at - other.at);
	await seekProofs(now, { from, rows, ripe, open });
	const trusts = new Map(open.map((row) => [row, trustIn(now, row)]));
	const left = open.filter((row) => trusts.get(row) !== 'none');
	const missed = open.filter((row) => trusts.get(row) === 'full');
	const due = missed.filter(({ key }) => isDue(now, key));
	// Where lemlist delivers nothing, nothing is late.
	const isLate = now.subscription.arrival === 'webhook';
	if (isLate && due.length > 0) now.trigger.warn(WORDS.late(due.length));
	for (const { event, key, activity } of due) {
		if (now.isEnded()) break;
		// A delivery may have come in between.
		if (gate.has(key)) continue;
		known.handedOn.set(key, clock.now());
		const mark = { is: 'late', event, isProven: known.trusted.has(event) } as const;
		active.emit(marked(isLate ? { ...activity, isLate } : activity, mark));
		await clock.rest(BETWEEN_STARTS_MS);
		await untilThrough(now);
	}
	return left[0]?.at ?? (ripe.length < news.length ? youngest : lemlistNow);
}

/** What does not come through in time counts no more: the gate could not look it up. */
async function untilThrough({ gate, known, isEnded }: Circumstances): Promise<void> {
	const isFull = () => {
		const latest = clock.now() - THROUGH_WITHIN_MS;
		const underWay = [...known.handedOn].filter(([key, at]) => at > latest && !gate.has(key));
		return gate.seesAll && underWay.length >= MOST_UNDER_WAY;
	};
	while (isFull() && !isEnded()) await clock.rest(BETWEEN_STARTS_MS);
}

function isDue({ known, resendAfterMs }: Look, key: string): boolean {
	return clock.now() - (known.handedOn.get(key) ?? -Infinity) >= resendAfterMs;
}

function readRows(now: Circumstances, listed: readonly Listed[]): Row[] {
	const { team } = now;
	const rows = new Map<string, Row>();
	const types = new Set(listed.map(({ activity }) => ownEventOf(activity)));
	const isItself = ({ event, activity }: Row) => ownEventOf(activity) === event;
	for (const one of listed) {
		const row = rowOf(one, team);
		// Where an event is listed as itself, nothing that brought it about stands for it.
		if (row !== undefined && (isItself(row) || !types.has(row.event))) rows.set(row.key, row);
	}
	const others = new Set(
		listed.map(({ scope }) => scope.type).filter((type) => type !== undefined),
	);
	for (const type of others)
		if (!listed.some(({ scope, activity }) => scope.type === type && isAskedFor(type, activity)))
			tell(now, WORDS.otherTypes(nameOf(type)));
	return [...rows.values()];
}

/** Whether, as far as this process knows, a row should have started the workflow and has not. */
function isNews(now: Circumstances, row: Row): boolean {
	return isUnseen(now, row) && row.at >= now.gateKnowsSince();
}

/** The same where the gate may have forgotten it. */
function isUnseen({ gate, since, subscription }: Circumstances, row: Row): boolean {
	const { event, key, at, activity } = row;
	if (gate.has(key) || at < wantedSince(since, event, activity)) return false;
	return isWanted(row, subscription);
}

/**
 * Asks the gate where this process has not seen everything that passed it. Where others run the executions, what
 * passed a moment ago may be missing in the store: so what seems new is asked for once more.
 *
 * @throws Error for no answer
 */
async function askGate(now: Circumstances, ripe: readonly Row[]): Promise<void> {
	const { gate, known, subscription } = now;
	const { began = Infinity } = known;
	const wasAsked = ripe.flatMap((row) => kindsOf(now, row)).every((kind) => known.asked.has(kind));
	const isOfNow = ripe.every(({ key, at }) => at >= began || gate.has(key));
	if (gate.seesAll && wasAsked && isOfNow) return;
	await ask(now, ripe);
	// Where lemlist delivers nothing, nothing else has started an execution a moment ago.
	if (gate.seesAll || subscription.arrival !== 'webhook') return;
	if (ripe.every(({ key }) => gate.has(key))) return;
	await clock.rest(SETTLED_SECONDS * 1_000);
	await ask(now, ripe);
}

/** @throws Error for no answer */
async function ask(now: Circumstances, rows: readonly Row[]): Promise<void> {
	const { gate, active, known } = now;
	const kinds = [...new Set(rows.flatMap((row) => kindsOf(now, row)))];
	const doubtful = rows.filter(({ event }) => !known.trusted.has(event));
	const all = [...rows.map(({ key }) => key), ...doubtful.map(({ key }) => unprovenKeyOf(key))];
	const unknown = all.filter((key) => !gate.has(key));
	for (const keys of groupsOf(unknown, MOST_ASKED)) {
		if (now.isEnded()) break;
		const answer = await active.ask(marked({}, { is: 'question', keys, kinds }));
		gate.note(keys.filter((_, index) => answer.seen[index]));
		for (const [index, kind] of kinds.entries()) {
			known.asked.add(kind);
			if (answer.taken[index] === true) gate.taken.add(kind);
		}
		gate.knowsSince = Math.max(gate.knowsSince, answer.knowsSince);
	}
}

/**
 * That lemlist lists an activity under the `_id` that it delivers is documented, and proven by nobody. What was
 * delivered, and is listed, proves it for its event.
 */
function earnTrust({ gate, known }: Circumstances, rows: readonly Row[]): void {
	for (const { event, key } of rows)
		if (gate.has(key) && !gate.has(unprovenKeyOf(key))) known.trusted.add(event);
}

/** Whether a row may be of something that was delivered under another `_id`. Where nothing of its kind ever was, it is not. */
function isDoubtful(now: Circumstances, row: Row): boolean {
	const { gate, known, since } = now;
	if (known.trusted.has(row.event) || wasLookedUp(since, row.at)) return false;
	return kindsOf(now, row).some((kind) => gate.taken.has(kind)) || isOfAnyChannel(row.event);
}

/** @returns what a delivery of a row may have been taken as: it may name its team or not, whether the row does or not */
function kindsOf({ team }: Circumstances, { event, activity }: Row): string[] {
	return [...new Set([event, kindOf(event, activity), kindOf(event, { teamId: team })])];
}

/**
 * Looks for something that was delivered of each event that is doubtful: among what else is in the slice, and then,
 * once in a look, among what is older than the look. Not once it was given up.
 *
 * @param found `from`: when the look begins; the rows of a slice, those of them that were asked about, and those of them that have not started the workflow
 * @throws as {@link lookOnce}
 */
async function seekProofs(
	now: Circumstances,
	found: { from: number } & Record<'rows' | 'ripe' | 'open', readonly Row[]>,
): Promise<void> {
	const { from, rows, ripe, open } = found;
	const { known, searched } = now;
	const doubtful = new Set(open.filter((row) => isDoubtful(now, row)).map(({ event }) => event));
	const beside = rows.filter((row) => doubtful.has(row.event) && !ripe.includes(row));
	await ask(now, beside);
	earnTrust(now, beside);
	for (const event of doubtful) {
		if (known.trusted.has(event) || searched.has(event)) continue;
		if (known.told.has(WORDS.unproven(nameOf(event)))) continue;
		searched.add(event);
		await search(now, event, from);
	}
}

/** Where lemlist filters by a campaign or by first activities, others may have been wanted before an edit: so there it looks through all from now on back. */
async function search(now: Circumstances, event: string, from: number): Promise<void> {
	const asking = { ...now.asking, onUnlisted: () => undefined };
	const scope = { type: event as EventType, isFirst: false };
	const isNarrow = scopesOf(now).some((one) => one.campaignId !== undefined || one.isFirst);
	for (const moment of isNarrow ? [from, now.lemlistNow] : [from])
		for await (const listed of newestPagesOf(asking, scope, { from: 0, until: moment - 1 })) {
			const rows = readRows(now, listed).filter((row) => row.event === event);
			await ask(now, rows);
			earnTrust(now, rows);
			if (now.known.trusted.has(event)) return;
		}
}

/** Whether a row may start the workflow: at once, perhaps at the next look, or never. */
type Trust = 'full' | 'not yet' | 'none';

/** What was delivered while this look went on is not among its rows: so there is a second one before anything is given up. */
function trustIn(now: Circumstances, row: Row): Trust {
	const { known, lemlistNow } = now;
	const { event } = row;
	if (!isDoubtful(now, row)) return 'full';
	const firstLook = known.doubted.get(event) ?? lemlistNow;
	known.doubted.set(event, firstLook);
	if (firstLook === lemlistNow) return 'not yet';
	tell(now, WORDS.unproven(nameOf(event)));
	return 'none';
}

/** Says something in n8n's log once. @param mark what it is not said again by */
export function tell(
	{ trigger, known }: { trigger: { warn: Warn }; known: Pick<Known, 'told'> },
	words: string,
	{ mark = words, error }: { mark?: string; error?: unknown } = {},
): void {
	if (!known.told.has(mark)) trigger.warn(words, error);
	known.told.add(mark);
}

function nameOf(event: string): string {
	return event === ALL_EVENTS ? 'events' : `"${eventOf(event)?.name ?? event}"`;
}
