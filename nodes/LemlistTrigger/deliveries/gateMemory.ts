/** What this process knows of the activities that have passed the gate of one trigger node, beside n8n's store of them. */
import { clock } from '../process/clock';
import { ForgetfulMap } from '../process/forgetfulMap';

/** For each node. What is older is let go of, and nothing from before then is taken for new. */
const MOST_KEYS = 100_000;
/** n8n's processes write over each other in the store: each key is recorded so many times more. */
const TIMES_AGAIN = 2;

export class GateMemory {
	/** Keys seen, oldest first, with when that was, in milliseconds since the epoch. */
	private readonly seen = new Map<string, number>();

	private readonly unsafe = new Map<string, number>();

	/** Events of which something was taken. */
	readonly taken = new Set<string>();

	/** Whether the executions of this node run in this process, so that it sees everything that passes. */
	seesAll = false;

	/** Whether something is already under way that will record what is to be recorded again. */
	isRecordingAgain = false;

	/** What happened before then may have been seen, even if it is not known here; in milliseconds since the epoch. */
	knowsSince = -Infinity;

	has(key: string): boolean {
		return this.seen.has(key);
	}

	/** Takes note of keys that the gate has seen. */
	note(keys: Iterable<string>): void {
		for (const key of keys) if (!this.seen.has(key)) this.seen.set(key, clock.now());
		for (const [key, at] of this.seen) {
			if (this.seen.size <= MOST_KEYS) return;
			this.seen.delete(key);
			this.knowsSince = Math.max(this.knowsSince, at);
		}
	}

	/** These were recorded just now; another process may have written over it. */
	doubt(keys: Iterable<string>): void {
		for (const key of keys) this.unsafe.set(key, TIMES_AGAIN);
	}

	/** @returns what is to be recorded once more now */
	takeDoubtful(): string[] {
		const keys = [...this.unsafe.keys()];
		for (const [key, times] of this.unsafe) {
			if (times > 1) this.unsafe.set(key, times - 1);
			else this.unsafe.delete(key);
		}
		return keys;
	}
}

/** By trigger node: keys that the store holds though nothing has passed. A question has recorded them, and they could not be forgotten yet. */
export const unforgotten = new Map<string, Set<string>>();

/** By trigger node. */
export const gateMemories = new ForgetfulMap<GateMemory>(() => new GateMemory());
