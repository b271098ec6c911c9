/**
 * The time that n8n gives a publication: 84 seconds, its own repetitions included. Past that it says so
 * itself, in words that help nobody, and calls no delete. Pure: knows nothing of n8n and sends nothing.
 */
import { clock } from '../process/clock';

/** Somewhat less than n8n's. */
const PUBLICATION_MS = 80_000;
/** So long n8n still pauses in a publication after its first, second, … try. */
const PAUSES_AFTER_TRY_MS = [15_000, 14_000, 12_000, 8_000, 0];
/** Two steps of one publication are never further apart; its longest pause is 8 seconds. */
const SAME_PUBLICATION_MS = 10_000;
/** Two steps of an edit of several triggers are never further apart, even where n8n is slow. */
const EDITED_WITHIN_MS = 15_000;
/** With less time than this, a try is not worth a request. */
const SHORTEST_TRY_MS = 4_000;

/** When triggers of a workflow were removed, one or several at once, in milliseconds since the epoch. */
export interface Removal {
	readonly beganAt: number;
	readonly endedAt: number;
	/** When n8n was last seen to be at the edit that it was a part of, if it was. */
	readonly lastStepAt: number;
}

export const NO_REMOVAL: Removal = {
	beganAt: -Infinity,
	endedAt: -Infinity,
	lastStepAt: -Infinity,
};

/** @returns a removal that ends now, together with what went on beside it: for an edit, n8n removes all triggers at once */
export function endRemoval(beganAt: number, beside: Removal): Removal {
	const isBeside = beganAt <= beside.endedAt;
	const endedAt = clock.now();
	return {
		beganAt: isBeside ? Math.min(beganAt, beside.beganAt) : beganAt,
		endedAt,
		lastStepAt: endedAt,
	};
}

/** @returns the same after a step of n8n's that ends now, where the step was a part of that edit. @param beganAt when the step began */
export function goOn(removal: Removal, beganAt: number): Removal {
	const isOfEdit = beganAt - removal.lastStepAt <= EDITED_WITHIN_MS;
	return isOfEdit ? { ...removal, lastStepAt: clock.now() } : removal;
}

/**
 * @param removedAt when a trigger was removed, in milliseconds since the epoch
 * @returns whether n8n goes on now with the edit that removed it, and it was not disabled by one and enabled by another
 */
export function isOfSameEdit(removedAt: number, { beganAt, lastStepAt }: Removal): boolean {
	const isGoingOn = clock.now() - lastStepAt <= EDITED_WITHIN_MS;
	return isGoingOn && removedAt >= beganAt - EDITED_WITHIN_MS;
}

/** The tries of one publication, as far as they can be told from here: n8n calls delete after each that failed. */
export class Publication {
	private began = -Infinity;

	private tries = 0;

	private lastStep = -Infinity;

	private failure: Error | undefined;

	/**
	 * A try begins. It belongs to the publication before if that failed just now and n8n still tries.
	 *
	 * @param removal of the workflow's triggers, where n8n says that something was published before: it was a part of this then
	 * @param longestMs how long one try may take
	 * @param cleanUpMs how long delete after it may take
	 * @returns when it has to be over. @throws what the last try threw where there is no time for another
	 */
	beginTry(removal: Removal | undefined, longestMs: number, cleanUpMs: number): number {
		const now = clock.now();
		if (!this.isUnderWay()) this.startAnew(removal);
		this.tries += 1;
		const deadline = Math.min(now + longestMs, this.endOfTry() - cleanUpMs);
		if (deadline - now < SHORTEST_TRY_MS && this.failure !== undefined) {
			this.lastStep = now;
			throw this.failure;
		}
		return deadline;
	}

	/** What was published is removed: what comes next is another publication. */
	end(): void {
		this.tries = 0;
	}

	/** A step is over. @param failure what a try threw */
	endStep(failure?: Error): void {
		this.lastStep = clock.now();
		this.failure = failure ?? this.failure;
	}

	/** @returns when the present try, the delete after it included, has to be over, in milliseconds since the epoch; Infinity where n8n does not wait any more */
	endOfTry(): number {
		return this.tries === 0 || this.isOver()
			? Infinity
			: this.began + PUBLICATION_MS - (PAUSES_AFTER_TRY_MS[this.tries - 1] ?? 0);
	}

	private isUnderWay(): boolean {
		return this.tries > 0 && this.tries < PAUSES_AFTER_TRY_MS.length && !this.isOver();
	}

	private isOver(): boolean {
		return !isJustNow(this.lastStep);
	}

	private startAnew({ beganAt, endedAt }: Removal = NO_REMOVAL): void {
		Object.assign(this, {
			began: isJustNow(endedAt) ? beganAt : clock.now(),
			tries: 0,
			lastStep: clock.now(),
			failure: undefined,
		});
	}
}

/** Whether a step that ended then belongs to the same publication as what begins now. */
function isJustNow(endedAt: number): boolean {
	return clock.now() - endedAt <= SAME_PUBLICATION_MS;
}
