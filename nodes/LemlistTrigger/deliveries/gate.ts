/**
 * The gate: every activity of a published workflow passes here, in whatever process runs the execution, and
 * is held against n8n's own store of processed values. What was seen is dropped. Follows "The gate" in
 * docs/design.md.
 */
import type { INodeExecutionData } from 'n8n-workflow';
import type { Run } from '../door/door';
import { clock, TookTooLong } from '../process/clock';
import { Turns } from '../process/turns';
import { errorOf } from '../lemlist/failures';
import type { Activity } from '../lemlist/schemas';
import { gateMemories, type GateMemory } from './gateMemory';
import { keyOf, MARK, markOf, ownEventOf, type Mark, type Question } from './mark';

/** How many keys n8n's store keeps for each node; the oldest go first. In n8n 1 on MySQL, 2,400 would be too many. */
export const STORE_ENTRIES = 2_000;
const STORE_MS = 5_000;
/** Nobody waits for the answer to a question, or for what starts late. */
const QUESTION_MS = 60_000;
const LATE_MS = 30_000;
/** What was recorded only to ask must not stay. */
const TIMES_TO_FORGET = 5;
/** What the store holds besides activities says since when it holds them all: one key for so long. */
const SLOT_MS = 10 * 60_000;
const DAY_MS = 24 * 60 * 60_000;
/** No further back than a late start goes. */
const REMEMBERED_DAYS = 7;
/** Other processes may write over what was recorded; after so long at most, it is recorded again. */
const AGAIN_AFTER_MS = { least: 2_000, most: 10_000 };
const FORGET_AGAIN_AFTER_MS = 2_000;

const WORDS = {
	unrecorded:
		'n8n could not look up which events have started the workflow before. What lemlist delivered starts it; should lemlist deliver the same once more, it may start again.',
	unforgotten:
		'n8n could not put its list of events that have started the workflow in order. Events that were missed shortly before n8n started may be lost.',
	unanswered:
		'n8n could not look up which events have started the workflow before. Events that were missed are looked for again later.',
};

/** Reads and writes of one node happen one after the other: n8n's store reads a row and writes it back. */
const turns = new Turns();

interface Arrival {
	item: INodeExecutionData;
	mark: Exclude<Mark, Question> | undefined;
	event: string;
	key: string | undefined;
}

type StoreOfNode = Pick<Run, 'key' | 'store' | 'warn'>;

/** What the store says of some keys. */
type Verdict = ReadonlySet<string> | Error;

/** n8n's execute. @returns what starts the workflow: in a test run and a retry everything, otherwise what the gate has not seen. Never throws */
export async function pass(run: Run): Promise<INodeExecutionData[]> {
	const question = run.items.map(markOf).find((mark) => mark?.is === 'question');
	if (question !== undefined) {
		await answer(run, question);
		return [];
	}
	const arrivals = run.items.map((item) => arrivalOf(run, item));
	const passing = run.isGated ? await newOnes(run, arrivals) : arrivals;
	return passing.map(({ item: { [MARK]: _mark, ...item } }) => item);
}

function arrivalOf({ webhookId }: Run, item: INodeExecutionData): Arrival {
	const mark = markOf(item);
	const event = mark === undefined || mark.is === 'question' ? ownEventOf(item.json) : mark.event;
	return {
		item,
		mark: mark?.is === 'question' ? undefined : mark,
		event,
		key: keyOf(webhookId, event, item.json as Activity),
	};
}

async function newOnes(run: Run, arrivals: readonly Arrival[]): Promise<Arrival[]> {
	const memory = gateMemories.of(run.key);
	const keys = new Set(arrivals.map(({ key }) => key).filter((key) => key !== undefined));
	if (keys.size === 0) return [...arrivals];
	const events = new Set(arrivals.map(({ event }) => event));
	const execution = `execution ${run.executionId}`;
	return await turns.take(run.key, 'delivery', async () => {
		const verdict = await record(
			run,
			[...keys, execution, ...markersOf(events)],
			heldBack(arrivals),
		);
		// n8n 1 runs an execution whose worker was lost once more, under the same id.
		const isRepeated = !(verdict instanceof Error) && verdict.has(execution);
		const passing = arrivals.filter((arrival) => {
			if (arrival.key === undefined) return true;
			// Of two alike in one delivery, the first passes.
			if (!keys.delete(arrival.key)) return false;
			if (verdict instanceof Error && arrival.mark?.is === 'late') return false;
			if (isRepeated) return true;
			return !memory.has(arrival.key) && !(!(verdict instanceof Error) && verdict.has(arrival.key));
		});
		note(run, memory, passing, verdict);
		return passing;
	});
}

function note(run: Run, memory: GateMemory, passing: readonly Arrival[], verdict: Verdict): void {
	const keys = passing.map(({ key }) => key).filter((key) => key !== undefined);
	memory.note(keys);
	for (const { event } of passing) memory.taken.add(event);
	if (verdict instanceof Error) run.warn(WORDS.unrecorded, verdict);
	memory.doubt(keys);
	void recordAgain(run, memory);
}

/** What must not count as seen, nor its event as taken, where the store does not answer: it does not pass then. */
function heldBack(arrivals: readonly Arrival[]): string[] {
	const late = arrivals.filter(({ mark }) => mark?.is === 'late');
	const delivered = new Set(
		arrivals.filter((arrival) => !late.includes(arrival)).map(({ event }) => event),
	);
	const events = late.map(({ event }) => event).filter((event) => !delivered.has(event));
	const keys = late.map(({ key }) => key).filter((key) => key !== undefined);
	return [...keys, ...takenMarkersOf(events)];
}

/**
 * @param held keys that pass only with an answer from the store, and are to be new to it otherwise
 * @returns those of the keys that the store held before, or why it cannot be told
 */
async function record(
	run: StoreOfNode,
	keys: readonly string[],
	held: readonly string[] = [],
): Promise<Verdict> {
	const ms = held.length > 0 ? LATE_MS : STORE_MS;
	const once = async () =>
		await recordWithin(ms, run, { keys, passing: held, most: STORE_ENTRIES });
	try {
		return await once().catch(async (error: unknown) => {
			// Recorded after all by now or later, it would look like something seen before.
			if (error instanceof TookTooLong) throw error;
			// The first insert by two processes at once fails for one of them, and works a moment later.
			return await once();
		});
	} catch (error) {
		return error instanceof Error ? error : new Error(String(error));
	}
}

interface Recording {
	keys: readonly string[];
	/** Those to be forgotten where the store carries the order out too late, unless they were there before. */
	passing: readonly string[];
	most?: number;
}

/** @returns those of the keys that the store held before. @throws TookTooLong, what the store throws */
async function recordWithin(
	ms: number,
	run: StoreOfNode,
	{ keys, passing, most }: Recording,
): Promise<ReadonlySet<string>> {
	const recording = run.store.record(keys, most);
	const seen = clock.within(ms, recording);
	const failure = await errorOf(seen);
	if (failure instanceof TookTooLong && passing.length > 0)
		void recording.then(
			async (before) => {
				await turns.take(run.key, 'delivery', async () => {
					await forget(
						run,
						passing.filter((key) => !before.includes(key)),
					);
				});
			},
			() => undefined,
		);
	return new Set(await seen);
}

/** Again and again where the store fails: what stays would never start the workflow. But for what has passed meanwhile. */
async function forget(
	{ key: node, store, warn }: StoreOfNode,
	keys: readonly string[],
): Promise<void> {
	const memory = gateMemories.of(node);
	for (let time = 1; ; time += 1) {
		const taken = takenMarkersOf(memory.taken);
		const unseen = keys.filter((key) => !memory.has(key) && !taken.includes(key));
		const failure = await errorOf(clock.within(QUESTION_MS, store.forget(unseen)));
		if (failure === undefined) return;
		if (time < TIMES_TO_FORGET) await clock.rest(time * FORGET_AGAIN_AFTER_MS);
		else {
			warn(WORDS.unforgotten, failure);
			return;
		}
	}
}

/** Goes on after the execution has ended. Each round covers all that was recorded since the last. */
async function recordAgain(run: StoreOfNode, memory: GateMemory): Promise<void> {
	if (memory.isRecordingAgain) return;
	memory.isRecordingAgain = true;
	const { least, most } = AGAIN_AFTER_MS;
	for (;;) {
		await clock.rest(least + clock.random() * (most - least));
		const keys = memory.takeDoubtful();
		if (keys.length === 0) break;
		const verdict = await turns.take(run.key, 'delivery', async () => await record(run, keys));
		// A process that ends before the store knows them would start the workflow for them again.
		if (verdict instanceof Error) memory.doubt(keys);
	}
	memory.isRecordingAgain = false;
}

/** Answers which keys the gate has seen, and leaves the store as it was. Where the store fails, there is no answer. */
async function answer(run: Run, { keys, events }: Question): Promise<void> {
	const memory = gateMemories.of(run.key);
	memory.seesAll = true;
	try {
		const slots = (await run.store.count()) < STORE_ENTRIES ? [] : rangeOf(SLOT_MS);
		const days = events.map((event) => rangeOf(DAY_MS).map((day) => takenMarker(event, day)));
		const seen = await lookUp(run, {
			keys: [...keys, ...slots.slice(0, -1).map(slotMarker)],
			// May be recorded by others at any moment.
			current: [...slots.slice(-1).map(slotMarker), ...days.flat()],
		});
		run.answer({
			seen: keys.map((key) => seen.has(key) || memory.has(key)),
			taken: days.map((markers) => markers.some((marker) => seen.has(marker))),
			knowsSince: startOfMemory(slots, seen),
		});
	} catch (error) {
		run.warn(WORDS.unanswered, error);
	}
}

/**
 * n8n's store looks up only what it records. So what was new goes again; another process may write it back
 * just then, so it goes twice.
 */
async function lookUp(
	run: StoreOfNode,
	{ keys, current }: { keys: readonly string[]; current: readonly string[] },
): Promise<ReadonlySet<string>> {
	const asked = [...keys, ...current];
	const seen = await turns.take(run.key, 'delivery', async () => {
		const before = await recordWithin(QUESTION_MS, run, { keys: asked, passing: asked });
		await forget(
			run,
			asked.filter((one) => !before.has(one)),
		);
		return before;
	});
	await clock.rest(FORGET_AGAIN_AFTER_MS);
	await turns.take(run.key, 'delivery', async () => {
		await forget(
			run,
			keys.filter((one) => !seen.has(one)),
		);
	});
	return seen;
}

/**
 * @param slots oldest first; none where the store is not full, and has let go of nothing
 * @returns from when the store holds everything, in milliseconds since the epoch. A slot's key is recorded
 * with the first activity in it, and anew when it was let go of: only what came after that slot is all there
 */
function startOfMemory(slots: readonly number[], seen: ReadonlySet<string>): number {
	const oldest = slots.find((slot) => seen.has(slotMarker(slot)));
	return oldest === undefined ? 0 : (oldest + 1) * SLOT_MS;
}

/** @returns the present span of time and those before it, oldest first, as numbers of spans since the epoch */
function rangeOf(spanMs: number): number[] {
	const present = numberOf(spanMs);
	const count = Math.ceil((REMEMBERED_DAYS * DAY_MS) / spanMs) + 1;
	return Array.from({ length: count }, (_, index) => present - count + 1 + index);
}

function markersOf(events: Iterable<string>): string[] {
	return [slotMarker(numberOf(SLOT_MS)), ...takenMarkersOf(events)];
}

function takenMarkersOf(events: Iterable<string>): string[] {
	return [...events].map((event) => takenMarker(event, numberOf(DAY_MS)));
}

/** @returns the present span of time as a number of spans since the epoch */
function numberOf(spanMs: number): number {
	return Math.floor(clock.now() / spanMs);
}

function slotMarker(slot: number): string {
	return `slot ${String(slot)}`;
}

function takenMarker(event: string, day: number): string {
	return `taken ${event} ${String(day)}`;
}
