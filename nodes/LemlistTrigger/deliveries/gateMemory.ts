/** What this process knows of the activities that have passed the gate of one trigger node, beside n8n's store of them. */
import { clock } from '../process/clock';
import { ForgetfulMap } from '../process/forgetfulMap';

/** For each node. What is older is let go of, and nothing from before then is taken for new. */
const MOST_KEYS = 100_000;

/**
 * n8n's processes write over each other in the store, so each key is recorded again: soon, because a process
 * may end at any moment, and later, when a burst is over; until the store has held it so many times in a row.
 */
const ROUNDS = [
	{ leastMs: 200, mostMs: 1_000, times: 1 },
	{ leastMs: 2_000, mostMs: 10_000, times: 2 },
] as const;
/** A store that is full lets go of keys as they come: then it is no use to go on. */
const MOST_ROUNDS = 15;

interface Doubt {
	/** How often more the store has to hold the key. */
	times: number;
	rounds: number;
}

/** Keys that another process may have written over. */
export class Doubts {
	private readonly left = new Map<string, Doubt>();

	/** Whether something is already under way that will record them again. */
	isUnderWay = false;

	/** Between two rounds it takes a time in between, at random. */
	constructor(
		readonly leastMs: number,
		readonly mostMs: number,
		private readonly times: number,
	) {}

	add(keys: Iterable<string>): void {
		for (const key of keys) this.left.set(key, { times: this.times, rounds: 0 });
	}

	drop(key: string): void {
		this.left.delete(key);
	}

	/** What is to be recorded once more. */
	get keys(): string[] {
		return [...this.left.keys()];
	}

	/** Takes note of a round. @param held those of the keys that the store held before */
	settle(keys: readonly string[], held: ReadonlySet<string>): void {
		for (const key of keys) {
			const doubt = this.left.get(key);
			if (doubt === undefined) continue;
			doubt.times = held.has(key) ? doubt.times - 1 : this.times;
			doubt.rounds += 1;
			if (doubt.times === 0 || doubt.rounds === MOST_ROUNDS) this.left.delete(key);
		}
	}
}

/** An execution that waits for its turn to record. */
export interface Waiting {
	keys: () => readonly string[];
	/** @param before gives those of the keys that the store held before. @returns when what comes of it is decided */
	hear: (before: Promise<readonly string[]>) => Promise<void>;
}

export class GateMemory {
	/** Keys seen, oldest first, with when that was, in milliseconds since the epoch. */
	private readonly seen = new Map<string, number>();

	/** In the order in which they came. */
	readonly waiting = new Set<Waiting>();

	/** When the last that waited began to be recorded, in milliseconds since the epoch. */
	recordedAt = -Infinity;

	/** Keys that were recorded a moment ago. */
	readonly doubts = ROUNDS.map(({ leastMs, mostMs, times }) => new Doubts(leastMs, mostMs, times));

	/** Kinds of which something was delivered. */
	readonly taken = new Set<string>();

	/** Whether the trigger itself runs in this process. */
	isAtHome = false;

	/** Whether the executions of this node run in this process, so that it sees everything that passes. */
	seesAll = false;

	/** Keys that the store holds though nothing has passed: a question or what was held back has recorded them, and how often more they are to be forgotten. */
	readonly unforgotten = new Map<string, number>();

	/** Whether something is already under way that will have them forgotten. */
	isForgetting = false;

	/** What happened before then may have been seen, even if it is not known here; in milliseconds since the epoch. */
	knowsSince = -Infinity;

	has(key: string): boolean {
		return this.seen.has(key);
	}

	/** Lets go of keys, and has them recorded no more. */
	drop(keys: Iterable<string>): void {
		for (const key of keys) {
			this.seen.delete(key);
			for (const doubts of this.doubts) doubts.drop(key);
		}
	}

	/** Takes note of keys that the gate has seen. */
	note(keys: Iterable<string>): void {
		for (const key of keys) {
			this.unforgotten.delete(key);
			if (!this.seen.has(key)) this.seen.set(key, clock.now());
		}
		for (const [key, at] of this.seen) {
			if (this.seen.size <= MOST_KEYS) return;
			this.seen.delete(key);
			this.knowsSince = Math.max(this.knowsSince, at);
		}
	}
}

/** By trigger node. */
export const gateMemories = new ForgetfulMap<GateMemory>(() => new GateMemory());
