/**
 * The gate's answer on its way from the process that ran an execution to the one that asked: as the custom data of
 * that execution, which is what n8n hands back from a worker, too. Pure.
 */
import type { IRun } from 'n8n-workflow';

/** What the gate says when it is asked, in the order of the question. */
export interface GateAnswer {
	/** By key: whether the gate has seen it. */
	seen: readonly boolean[];
	/** By kind: whether lemlist has delivered any activity of it in the last days. */
	taken: readonly boolean[];
	/** What happened before then may have been forgotten; in milliseconds since the epoch. */
	knowsSince: number;
}

/** Names of the custom data: n8n takes letters, digits and underscores. */
const NAMES = { seen: 'lemlistSeen', taken: 'lemlistTaken', knowsSince: 'lemlistKnowsSince' };
/** n8n cuts a value off after 512 characters: as many bits as base64 holds in that. */
export const MOST_ASKED = 3_000;

/** @param answer to at most {@link MOST_ASKED} keys */
export function writeAnswer({ seen, taken, knowsSince }: GateAnswer): Record<string, string> {
	return {
		[NAMES.seen]: bitsOf(seen),
		[NAMES.taken]: bitsOf(taken),
		[NAMES.knowsSince]: String(knowsSince),
	};
}

/** @returns the answer that an execution gave. @throws Error where it gave none */
export function readAnswer(run: IRun | undefined): GateAnswer {
	const told: Readonly<Record<string, string>> = run?.data.resultData.metadata ?? {};
	const { [NAMES.seen]: seen, [NAMES.taken]: taken, [NAMES.knowsSince]: knowsSince } = told;
	if (seen === undefined || taken === undefined || knowsSince === undefined)
		throw new Error('n8n did not say which events have started the workflow before.');
	return { seen: flagsIn(seen), taken: flagsIn(taken), knowsSince: Number(knowsSince) };
}

function bitsOf(flags: readonly boolean[]): string {
	const bytes = Buffer.alloc(Math.ceil(flags.length / 8));
	for (const [index, flag] of flags.entries())
		if (flag) bytes.writeUInt8(bytes.readUInt8(index >> 3) | (1 << (index & 7)), index >> 3);
	return bytes.toString('base64');
}

/** Past the last flag stand a few that say no. */
function flagsIn(bits: string): boolean[] {
	return [...Buffer.from(bits, 'base64')].flatMap((byte) =>
		Array.from({ length: 8 }, (_, bit) => (byte & (1 << bit)) !== 0),
	);
}
