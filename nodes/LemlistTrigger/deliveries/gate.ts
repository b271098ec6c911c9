/**
 * The gate: every activity of a published workflow passes here, in whatever process runs the execution, and
 * is held against n8n's own store of processed values. What was seen is dropped. Follows "The gate" in
 * docs/design.md.
 */
import type { INodeExecutionData } from 'n8n-workflow';
import type { Run, Store } from '../door/door';
import { errorOf } from '../lemlist/failures';
import { clock, TookTooLong } from '../process/clock';
import { Turns } from '../process/turns';
import type { Activity } from '../lemlist/schemas';
import { gateMemories, type Doubts, type GateMemory } from './gateMemory';
import { keyOf, MARK, markOf, ownEventOf, unprovenKeyOf, type Mark, type Question } from './mark';

/** How many keys n8n's store keeps for each node; the oldest go first. In n8n 1 on MySQL, 2,400 would be too many. */
export const STORE_ENTRIES = 2_000;
const STORE_MS = 5_000;
const DAY_MS = 24 * 60 * 60_000;
/** No further back than a late start goes. */
const REMEMBERED_DAYS = 7;
/** What the store holds besides activities says since when it holds them all: a key for each of these spans, asked for so far back. */
const SLOTS = [
	{ spanMs: 10 * 60_000, backMs: REMEMBERED_DAYS * DAY_MS },
	{ spanMs: 60_000, backMs: 3 * 60 * 60_000 },
] as const;
/** Nobody waits for what starts late. */
const LATE_MS = 30_000;
/** What a question leaves in the store could never start the workflow: so it waits for the store, and tries again. */
const QUESTION_MS = 60_000;
/** A store that fails is left alone for a while, and for no longer than this. */
const LONGEST_REST_MS = 30_000;
const FORGET_TRIES = 3;
const FORGET_AGAIN_AFTER_MS = 2_000;
/** Another process may write back what was just forgotten, and once more: so it is forgotten again after each of these. */
const FORGET_RESTS_MS = [300, 700, 1_000] as const;
const FORGET_TIMES = FORGET_RESTS_MS.length + 1;

const WORDS = {
	unrecorded:
		'n8n could not look up which events have started the workflow before. What lemlist delivered starts it; should lemlist deliver the same once more, it may start again.',
	unanswered:
		'n8n could not look up which events have started the workflow before. Events that were missed are looked for again later.',
};

/** Reads and writes of one node happen one after the other: n8n's store reads a row and writes it back. */
const turns = new Turns();

interface Arrival {
	item: INodeExecutionData;
	/** Whether a look has found it. */
	isLate: boolean;
	/** Whether that one is not known to have the id that a delivery has. */
	isUnproven: boolean;
	event: string;
	key: string | undefined;
}

/** What the store says of some keys. */
type Verdict = ReadonlySet<string> | Error;

/** n8n's execute. @returns what starts the workflow: in a test run and a retry everything, otherwise what the gate has not seen. Never throws */
export async function pass(run: Run): Promise<INodeExecutionData[]> {
	const marks = run.items.map(markOf);
	const question = marks.find((mark) => mark?.is === 'question');
	if (question !== undefined) {
		await answer(run, question);
		return [];
	}
	const arrivals = run.items.map((item, index) => arrivalOf(run, item, marks[index]));
	const passing = run.isGated ? await newOnes(run, arrivals) : arrivals;
	return passing.map(({ item: { [MARK]: _mark, ...item } }) => item);
}

function arrivalOf({ webhookId }: Run, item: INodeExecutionData, mark: Mark | undefined): Arrival {
	const event = mark !== undefined && 'event' in mark ? mark.event : ownEventOf(item.json);
	const key = keyOf(webhookId, event, item.json as Activity);
	const isLate = mark?.is === 'late';
	return { item, isLate, isUnproven: isLate && !mark.isProven, event, key };
}

async function newOnes(run: Run, arrivals: readonly Arrival[]): Promise<Arrival[]> {
	const memory = gateMemories.of(run.key);
	const keys = new Set(keysOf(arrivals));
	if (keys.size === 0) return [...arrivals];
	const execution = `execution ${run.executionId}`;
	return await turns.take(run.key, 'delivery', async () => {
		const recorded = [
			...keys,
			// Only a worker may be lost in the middle, and another be given the same execution.
			...(memory.isAtHome ? [] : [execution]),
			...markersOf(deliveredOf(arrivals)),
		];
		let passing: readonly Arrival[] = [];
		const verdict = await record(run.store, recorded, {
			ms: arrivals.some(({ isLate }) => isLate) ? LATE_MS : STORE_MS,
			onTooLate: (before) => {
				for (const one of before) memory.unforgotten.delete(one);
				takeBack(run, memory, without(leftBy(arrivals, passing, memory), before));
			},
		});
		// n8n 1 runs an execution whose worker was lost once more, under the same id.
		const isRepeated = !(verdict instanceof Error) && verdict.has(execution);
		passing = arrivals.filter((arrival) => {
			if (arrival.key === undefined) return true;
			// Of two alike in one delivery, the first passes.
			if (!keys.delete(arrival.key)) return false;
			if (verdict instanceof Error && arrival.isLate) return false;
			if (isRepeated) return true;
			const isStored = !(verdict instanceof Error) && verdict.has(arrival.key);
			return !memory.has(arrival.key) && (!isStored || memory.unforgotten.has(arrival.key));
		});
		if (verdict instanceof Error) mistrust(memory, leftBy(arrivals, passing, memory));
		else {
			drop(run, memory, without(arrivals, passing));
			for (const one of recorded) memory.unforgotten.delete(one);
		}
		note(run, memory, passing, verdict);
		return [...passing];
	});
}

/** Takes note of what was seen before. What a look had started, and lemlist delivers under the same id, is proven by that. */
function drop(run: Run, memory: GateMemory, seen: readonly Arrival[]): void {
	const delivered = keysOf(seen.filter(({ isLate }) => !isLate));
	const proven = delivered
		.filter((key) => memory.has(unprovenKeyOf(key)) || !memory.has(key))
		.map(unprovenKeyOf);
	memory.drop(proven);
	takeBack(run, memory, proven);
	memory.note(keysOf(seen));
}

/** What the store may hold of arrivals that did not pass: nor was anything of their events taken. */
function leftBy(
	arrivals: readonly Arrival[],
	passing: readonly Arrival[],
	memory: GateMemory,
): string[] {
	const heldBack = without(arrivals, passing);
	const events = [...deliveredOf(heldBack)].filter((event) => !memory.taken.has(event));
	return [...keysOf(heldBack).filter((key) => !memory.has(key)), ...takenMarkersOf(events)];
}

/** Has the store forget what it holds though nothing has passed, and until then does not take it for seen. */
function takeBack(run: Run, memory: GateMemory, keys: readonly string[]): void {
	mistrust(memory, keys);
	if (keys.length > 0) void forgetInTime(run, memory);
}

function mistrust(memory: GateMemory, keys: readonly string[], times = FORGET_TIMES): void {
	for (const one of keys) memory.unforgotten.set(one, times);
}

function without<One>(all: readonly One[], others: readonly One[]): One[] {
	return all.filter((one) => !others.includes(one));
}

function keysOf(arrivals: readonly Arrival[]): string[] {
	return arrivals.map(({ key }) => key).filter((key) => key !== undefined);
}

/** @returns the keys of arrivals, and what is noted beside them */
function notedFor(arrivals: readonly Arrival[]): string[] {
	const unproven = arrivals.filter(({ isUnproven }) => isUnproven);
	return [...new Set([...keysOf(arrivals), ...keysOf(unproven).map(unprovenKeyOf)])];
}

/** @returns the events of what lemlist delivered */
function deliveredOf(arrivals: readonly Arrival[]): Set<string> {
	return new Set(arrivals.filter(({ isLate }) => !isLate).map(({ event }) => event));
}

function note(run: Run, memory: GateMemory, passing: readonly Arrival[], verdict: Verdict): void {
	const keys = notedFor(passing);
	memory.note(keys);
	for (const event of deliveredOf(passing)) memory.taken.add(event);
	if (verdict instanceof Error) run.warn(WORDS.unrecorded, verdict);
	for (const doubts of memory.doubts) {
		doubts.add(keys);
		void recordAgain(run, doubts);
	}
}

/** @returns those of the keys that the store held before, or why it cannot be told. @param onTooLate see {@link recordIn} */
async function record(
	store: Store,
	keys: readonly string[],
	{ ms, onTooLate }: { ms: number; onTooLate?: OnTooLate } = { ms: STORE_MS },
): Promise<Verdict> {
	// The first insert by two processes at once fails for one of them, and works a moment later.
	const once = async () => await store.record(keys, STORE_ENTRIES);
	try {
		return new Set(await recordIn(ms, once().catch(once), onTooLate));
	} catch (error) {
		return error instanceof Error ? error : new Error(String(error));
	}
}

/** Hears what the store held before, where it answers when nobody waits any more: then it holds what nothing has passed for. */
type OnTooLate = (before: readonly string[]) => void;

/** @throws TookTooLong, what the store throws */
async function recordIn(
	ms: number,
	recording: Promise<readonly string[]>,
	onTooLate?: OnTooLate,
): Promise<readonly string[]> {
	const answer = clock.within(ms, recording);
	if (onTooLate !== undefined && (await errorOf(answer)) instanceof TookTooLong)
		void recording.then(onTooLate, () => undefined);
	return await answer;
}

/** Goes on after the execution has ended. Each round covers all that was recorded since the last. */
async function recordAgain({ key, store }: Run, doubts: Doubts): Promise<void> {
	if (doubts.isUnderWay) return;
	doubts.isUnderWay = true;
	const { leastMs, mostMs } = doubts;
	for (let patience = 1; ; ) {
		const restMs = leastMs + clock.random() * (mostMs - leastMs);
		await clock.rest(Math.min(restMs * patience, LONGEST_REST_MS));
		const { keys } = doubts;
		if (keys.length === 0) break;
		const verdict = await turns.take(key, 'delivery', async () => await record(store, keys));
		const hasFailed = verdict instanceof Error;
		patience = hasFailed ? patience * 2 : 1;
		// Those that failed stay: a process that ends before the store knows them would start the workflow again.
		if (!hasFailed) doubts.settle(keys, verdict);
	}
	doubts.isUnderWay = false;
}

/** Answers which keys the gate has seen, and leaves the store as it was. Where the store fails, there is no answer. */
async function answer(run: Run, { keys, events }: Question): Promise<void> {
	const memory = gateMemories.of(run.key);
	memory.seesAll = true;
	try {
		const isFull = await markIfFull(run);
		const days = rangeOf(DAY_MS, REMEMBERED_DAYS * DAY_MS);
		const full = days.map(fullMarker);
		const taken = events.map((event) => days.map((day) => takenMarker(event, day)));
		const current = [...full, ...taken.flat()];
		const seen = await lookUp(run, memory, { keys, current });
		const isTrue = await confirmed(
			run,
			memory,
			current.filter((marker) => seen.has(marker)),
		);
		run.answer({
			seen: keys.map((key) => memory.has(key) || (seen.has(key) && !memory.unforgotten.has(key))),
			taken: taken.map((markers) => markers.some(isTrue)),
			knowsSince: isFull || full.some(isTrue) ? await startOfMemory(run, memory) : 0,
		});
	} catch (error) {
		run.warn(WORDS.unanswered, error);
	}
}

/**
 * A question that is cut off may leave the markers that it asks about. So one that tells something by being there
 * alone has a second key, which is asked about only where the first is there.
 *
 * @returns whether a marker is there in truth
 */
async function confirmed(
	run: Run,
	memory: GateMemory,
	markers: readonly string[],
): Promise<(marker: string) => boolean> {
	const current = markers.map(confirmationOf);
	const seen = markers.length === 0 ? new Set() : await lookUp(run, memory, { keys: [], current });
	return (marker) => seen.has(confirmationOf(marker));
}

/**
 * Where a question and a delivery meet in two processes, the store may be emptier afterwards than it was: so one
 * that is full is marked, before anything is asked.
 *
 * @returns whether it is full
 */
async function markIfFull({ key, store }: Run): Promise<boolean> {
	return await turns.take(key, 'delivery', async () => {
		const isFull = (await clock.within(STORE_MS, store.count())) >= STORE_ENTRIES;
		const markers = withConfirmations([fullMarker(numberOf(DAY_MS))]);
		if (isFull) await recordIn(STORE_MS, store.record(markers, STORE_ENTRIES));
		return isFull;
	});
}

/** n8n's store looks up only what it records. So what was new goes again. */
async function lookUp(
	run: Run,
	memory: GateMemory,
	{ keys, current }: { keys: readonly string[]; current: readonly string[] },
): Promise<ReadonlySet<string>> {
	const { key, store } = run;
	const seen = new Set<string>();
	const unseen = (asked: readonly string[]) =>
		asked.filter((one) => !seen.has(one) && !memory.has(one));
	await turns.take(key, 'delivery', async () => {
		const asked = [...keys, ...current];
		await forget(run, memory);
		const before = await recordIn(QUESTION_MS, store.record(asked), (late) => {
			takeBack(run, memory, without(asked, late));
		});
		for (const one of before) seen.add(one);
		mistrust(memory, unseen(keys));
		// Others may record them in truth at any moment.
		mistrust(memory, unseen(current), 1);
		await forget(run, memory);
	});
	for (const ms of FORGET_RESTS_MS) {
		if (memory.unforgotten.size === 0) break;
		await clock.rest(ms);
		await turns.take(key, 'delivery', async () => {
			await forget(run, memory);
		});
	}
	return seen;
}

/** What stays in the store all the same is not taken for seen in this process, and goes in time. @throws what n8n's store throws, after some tries */
async function forget(run: Run, memory: GateMemory): Promise<void> {
	for (let tries = 1; ; tries += 1) {
		const failure = await errorOf(forgetNow(run, memory));
		if (failure === undefined) return;
		if (tries === FORGET_TRIES) {
			void forgetInTime(run, memory);
			throw failure;
		}
		await clock.rest(FORGET_AGAIN_AFTER_MS);
	}
}

/** Goes on after the execution has ended. */
async function forgetInTime(run: Run, memory: GateMemory): Promise<void> {
	if (memory.isForgetting) return;
	memory.isForgetting = true;
	for (let restMs = FORGET_AGAIN_AFTER_MS; memory.unforgotten.size > 0; restMs *= 2) {
		await turns.take(run.key, 'delivery', async () => await errorOf(forgetNow(run, memory)));
		await clock.rest(Math.min(restMs, LONGEST_REST_MS));
	}
	memory.isForgetting = false;
}

async function forgetNow({ store }: Run, { unforgotten }: GateMemory): Promise<void> {
	const before = [...unforgotten];
	if (before.length === 0) return;
	const keys = before.map(([key]) => key);
	await clock.within(QUESTION_MS, store.forget(keys));
	for (const [key, times] of before) {
		// A delivery that was recorded late may have taken it out meanwhile.
		if (times > 1 && unforgotten.has(key)) unforgotten.set(key, times - 1);
		else unforgotten.delete(key);
	}
}

/** A span of time for which the store holds a key. */
interface Slot {
	marker: string;
	/** In milliseconds since the epoch. */
	end: number;
}

/**
 * @returns from when a store that may have been full holds everything, in milliseconds since the epoch. A slot's key is
 * recorded with the first activity in it, and anew when it was let go of: only what came after that slot is all there
 */
async function startOfMemory(run: Run, memory: GateMemory): Promise<number> {
	const ranges = SLOTS.map(slotsOf);
	const markersIn = (slots: readonly Slot[]) => slots.map(({ marker }) => marker);
	const seen = await lookUp(run, memory, {
		keys: ranges.flatMap((range) => markersIn(range.slice(0, -1))),
		// May be recorded by others at any moment.
		current: ranges.flatMap((range) => markersIn(range.slice(-1))),
	});
	const oldest = ranges
		.map((range) => range.find(({ marker }) => seen.has(marker)))
		.filter((slot) => slot !== undefined);
	return oldest.length === 0 ? 0 : Math.min(...oldest.map(({ end }) => end));
}

function slotsOf({ spanMs, backMs }: (typeof SLOTS)[number]): Slot[] {
	return rangeOf(spanMs, backMs).map((slot) => ({
		marker: slotMarker(spanMs, slot),
		end: (slot + 1) * spanMs,
	}));
}

/** @returns the present span of time and those before it, oldest first, as numbers of spans since the epoch */
function rangeOf(spanMs: number, backMs: number): number[] {
	const present = numberOf(spanMs);
	const count = Math.ceil(backMs / spanMs) + 1;
	return Array.from({ length: count }, (_, index) => present - count + 1 + index);
}

function markersOf(events: Iterable<string>): string[] {
	const slots = SLOTS.map(({ spanMs }) => slotMarker(spanMs, numberOf(spanMs)));
	return [...slots, ...takenMarkersOf(events)];
}

function takenMarkersOf(events: Iterable<string>): string[] {
	return withConfirmations([...events].map((event) => takenMarker(event, numberOf(DAY_MS))));
}

/** @returns the present span of time as a number of spans since the epoch */
function numberOf(spanMs: number): number {
	return Math.floor(clock.now() / spanMs);
}

function slotMarker(spanMs: number, slot: number): string {
	return `slot ${String(spanMs)} ${String(slot)}`;
}

function fullMarker(day: number): string {
	return `full ${String(day)}`;
}

function takenMarker(event: string, day: number): string {
	return `taken ${event} ${String(day)}`;
}

function withConfirmations(markers: readonly string[]): string[] {
	return markers.flatMap((marker) => [marker, confirmationOf(marker)]);
}

function confirmationOf(marker: string): string {
	return `${marker} indeed`;
}
