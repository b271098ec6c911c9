/**
 * The gate: every activity of a published workflow passes here, in whatever process runs the execution, and
 * is held against n8n's own store of processed values. What was seen is dropped. Follows "The gate" in
 * docs/design.md.
 */
import type { INodeExecutionData } from 'n8n-workflow';
import type { Run } from '../door/door';
import type { Activity } from '../lemlist/schemas';
import { gateMemories, type GateMemory } from './gateMemory';
import { keyOf, kindOf, MARK, markOf, ownEventOf, unprovenKeyOf, type Mark } from './mark';
import { markersOf, takenMarkersOf } from './markers';
import { ProcessedValues, STORE_MS, type Verdict } from './processedValues';
import { answer } from './question';

/** Nobody waits for what starts late. */
const LATE_MS = 30_000;

const UNRECORDED =
	'n8n could not look up which events have started the workflow before. What lemlist delivered starts it; should lemlist deliver the same once more, it may start again.';

interface Arrival {
	item: INodeExecutionData;
	/** Whether a look has found it. */
	isLate: boolean;
	/** Whether that one is not known to have the id that a delivery has. */
	isUnproven: boolean;
	kind: string;
	key: string | undefined;
}

/** n8n's execute. @returns what starts the workflow: in a test run and a retry everything, otherwise what the gate has not seen. Never throws */
export async function pass(run: Run): Promise<INodeExecutionData[]> {
	const marks = run.items.map(markOf);
	const question = marks.find((mark) => mark?.is === 'question');
	if (question !== undefined) {
		await answer(run, question);
		return [];
	}
	const arrivals = run.items.map((item, index) => arrivalOf(item, marks[index]));
	const passing = run.isGated ? await newOnes(run, arrivals) : arrivals;
	return passing.map(({ item: { [MARK]: _mark, ...item } }) => item);
}

function arrivalOf(item: INodeExecutionData, mark: Mark | undefined): Arrival {
	const event = mark !== undefined && 'event' in mark ? mark.event : ownEventOf(item.json);
	const activity = item.json as Activity;
	const key = keyOf(event, activity);
	const isLate = mark?.is === 'late';
	return { item, isLate, isUnproven: isLate && !mark.isProven, kind: kindOf(event, activity), key };
}

async function newOnes(run: Run, arrivals: readonly Arrival[]): Promise<Arrival[]> {
	const memory = gateMemories.of(run.key);
	const keys = new Set(keysOf(arrivals));
	if (keys.size === 0) return [...arrivals];
	const values = new ProcessedValues(run, memory);
	const execution = `execution ${run.executionId}`;
	// Only a worker may be lost in the middle, and another be given the same execution.
	const executions = memory.isAtHome ? [] : [execution];
	let recorded: string[] = [];
	let passing: readonly Arrival[] = [];
	return await values.recordTogether({
		keys: () => {
			recorded = [...keys, ...executions, ...markersOf(deliveredOf(arrivals))];
			return recorded;
		},
		ms: arrivals.some(({ isLate }) => isLate) ? LATE_MS : STORE_MS,
		decide: (verdict) => {
			passing = unseen(arrivals, verdict, memory, execution);
			if (verdict instanceof Error) {
				run.warn(UNRECORDED, verdict);
				values.mistrust(leftBy(arrivals, passing, memory));
			} else {
				drop(values, memory, without(arrivals, passing));
				for (const one of recorded) memory.unforgotten.delete(one);
			}
			note(values, memory, passing);
			memory.note(executions);
			return [...passing];
		},
		onTooLate: (before) => {
			for (const one of before) memory.unforgotten.delete(one);
			values.takeBack(without(leftBy(arrivals, passing, memory), before));
		},
	});
}

/** @returns what has not passed the gate before */
function unseen(
	arrivals: readonly Arrival[],
	verdict: Verdict,
	memory: GateMemory,
	execution: string,
): Arrival[] {
	const stored = verdict instanceof Error ? new Set<string>() : verdict;
	// n8n 1 runs an execution whose worker was lost once more, under the same id. While it starts, it may run one
	// twice in the same process, which nothing has lost: then one is enough.
	const isRepeated = stored.has(execution) && !memory.has(execution);
	const keys = new Set(keysOf(arrivals));
	return arrivals.filter(({ key, isLate }) => {
		if (key === undefined) return true;
		// Of two alike in one delivery, the first passes.
		if (!keys.delete(key)) return false;
		if (verdict instanceof Error && isLate) return false;
		if (isRepeated) return true;
		return !memory.has(key) && (!stored.has(key) || memory.unforgotten.has(key));
	});
}

/** Takes note of what was seen before. What a look had started, and lemlist delivers under the same id, is proven by that. */
function drop(values: ProcessedValues, memory: GateMemory, seen: readonly Arrival[]): void {
	const delivered = keysOf(seen.filter(({ isLate }) => !isLate));
	const proven = delivered
		.filter((key) => memory.has(unprovenKeyOf(key)) || !memory.has(key))
		.map(unprovenKeyOf);
	memory.drop(proven);
	values.takeBack(proven);
	memory.note(keysOf(seen));
}

/** What the store may hold of arrivals that did not pass: nor was anything of their kinds taken. */
function leftBy(
	arrivals: readonly Arrival[],
	passing: readonly Arrival[],
	memory: GateMemory,
): string[] {
	const heldBack = without(arrivals, passing);
	const kinds = [...deliveredOf(heldBack)].filter((kind) => !memory.taken.has(kind));
	return [...keysOf(heldBack).filter((key) => !memory.has(key)), ...takenMarkersOf(kinds)];
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

/** @returns the kinds of what lemlist delivered */
function deliveredOf(arrivals: readonly Arrival[]): Set<string> {
	return new Set(arrivals.filter(({ isLate }) => !isLate).map(({ kind }) => kind));
}

function note(values: ProcessedValues, memory: GateMemory, passing: readonly Arrival[]): void {
	const keys = notedFor(passing);
	memory.note(keys);
	for (const kind of deliveredOf(passing)) memory.taken.add(kind);
	for (const doubts of memory.doubts) {
		doubts.add(keys);
		void values.recordAgain(doubts);
	}
}
