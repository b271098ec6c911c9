/**
 * A question to the gate, asked by a look and answered in whatever process runs the execution: which activities
 * have passed, since when that is known, and of which kinds lemlist has delivered anything.
 */
import type { Run } from '../door/door';
import { gateMemories } from './gateMemory';
import type { Question } from './mark';
import { confirmationOf, slots, takenOnAnyDay } from './markers';
import { ProcessedValues } from './processedValues';

const UNANSWERED =
	'n8n could not look up which events have started the workflow before. Events that were missed are looked for again later.';

/** Answers a question, and leaves the store as it was. Where that fails, there is no answer. Never throws */
export async function answer(run: Run, { keys, kinds }: Question): Promise<void> {
	const memory = gateMemories.of(run.key);
	const values = new ProcessedValues(run, memory);
	memory.seesAll = true;
	try {
		// A store that fails is not written to.
		const isPerhapsFull = await values.isPerhapsFull();
		const taken = kinds.map(takenOnAnyDay);
		const markers = taken.flat();
		const seen = await values.lookUp(keys, markers);
		const isTrue = await confirmed(
			values,
			markers.filter((marker) => seen.has(marker)),
		);
		run.answer({
			seen: keys.map((key) => memory.has(key) || (seen.has(key) && !memory.unforgotten.has(key))),
			taken: taken.map((days) => days.some(isTrue)),
			knowsSince: isPerhapsFull || (await values.isPerhapsFull()) ? await startOfMemory(values) : 0,
		});
	} catch (error) {
		run.warn(UNANSWERED, error);
	}
}

/** @returns whether a marker is there in truth */
async function confirmed(
	values: ProcessedValues,
	markers: readonly string[],
): Promise<(marker: string) => boolean> {
	const confirmations = markers.map(confirmationOf);
	const seen = markers.length === 0 ? new Set() : await values.lookUp([], confirmations);
	return (marker) => seen.has(confirmationOf(marker));
}

/**
 * @returns from when a store that may have been full holds everything, in milliseconds since the epoch. A slot's key is
 * recorded with the first activity in it, and anew when it was let go of: only what came after that slot is all there
 */
async function startOfMemory(values: ProcessedValues): Promise<number> {
	const ranges = slots();
	const seen = await values.lookUp(
		ranges.flatMap((range) => range.slice(0, -1)).map(({ marker }) => marker),
		ranges.flatMap((range) => range.slice(-1)).map(({ marker }) => marker),
	);
	const oldest = ranges
		.map((range) => range.find(({ marker }) => seen.has(marker)))
		.filter((slot) => slot !== undefined);
	return oldest.length === 0 ? 0 : Math.min(...oldest.map(({ end }) => end));
}
