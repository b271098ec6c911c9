/**
 * What this process remembers of the hooks on one webhook URL: one of a few states with named ways from one
 * to the next, and the times that bound what n8n does with it. Pure: knows nothing of n8n and sends nothing.
 */
import { clock } from '../process/clock';
import { ForgetfulMap } from '../process/forgetfulMap';
import { Turns } from '../process/turns';
import type { Since } from '../settings/since';
import { NO_REMOVAL, Publication, type Removal } from './publication';

/** How long after its connection was lost a POST may still arrive at lemlist. */
const ARRIVES_WITHIN_MS = 3_000;

export type State =
	/** No lifecycle call in this process yet: static data says what is registered. */
	| { readonly is: 'unknown' }
	/** An activation is under way, or threw. `createBy`: checkExists has begun it, and create has to end it by then. */
	| {
			readonly is: 'activating';
			readonly workflowId: string;
			readonly made: 'nothing' | 'perhaps';
			/** Whether n8n says that something was published before. */
			readonly isEdit: boolean;
			readonly createBy?: number;
	  }
	/** delete came between checkExists and create, so create must not go on. */
	| { readonly is: 'calledOff' }
	/** Exactly the desired hooks were there. Checks act in this state and in `unknown`, in no other. */
	| { readonly is: 'registered'; readonly workflowId: string; readonly isTestRun: boolean }
	/** Published hooks are being removed, or could not be. */
	| { readonly is: 'leaving' }
	| { readonly is: 'off' };

export class Memory {
	private current: State = { is: 'unknown' };

	private lastUnsettled = -Infinity;

	readonly publication = new Publication();

	/** Since when what is registered here is wanted. */
	since: Since | undefined;

	get state(): State {
		return this.current;
	}

	/** Whether what is registered here is looked after: not while an activation is under way, nor after one that failed. */
	get isLookedAfter(): boolean {
		return ['registered', 'unknown'].includes(this.current.is);
	}

	/** A part of an activation begins its turn. What one before may have left stays known until it is removed. */
	activate(workflowId: string, isEdit: boolean): void {
		const made = this.current.is === 'activating' ? this.current.made : 'nothing';
		this.current = { is: 'activating', workflowId, made, isEdit };
	}

	/** This part is checkExists: n8n will call create, unless everything is there. @param createBy when create has to be over */
	announceCreate(createBy: number): void {
		if (this.current.is === 'activating') this.current = { ...this.current, createBy };
	}

	/** create takes over, so that delete cannot come before it any more. @returns when it has to be over, where checkExists has said so */
	takeOver(): number | undefined {
		if (this.current.is !== 'activating') return undefined;
		const { createBy, ...current } = this.current;
		this.current = current;
		return createBy;
	}

	/** The activation may have made hooks from now on, or is known to have made none. */
	make(made: 'nothing' | 'perhaps'): void {
		if (this.current.is === 'activating') this.current = { ...this.current, made };
	}

	/** Exactly the desired hooks are there, or checks shall see to it. */
	register(workflowId: string, isTestRun: boolean): void {
		this.current = { is: 'registered', workflowId, isTestRun };
	}

	/** n8n has called delete. An activation whose create is still to come is called off at once. */
	callOff(): void {
		if (this.current.is === 'activating' && this.current.createBy !== undefined)
			this.current = { is: 'calledOff' };
	}

	/**
	 * delete begins.
	 *
	 * @param isStored whether static data holds this URL, which it does for what is published
	 * @returns whether it is the first to remove what was published
	 */
	leave(isStored: boolean): boolean {
		const { current } = this;
		const isPublished =
			current.is === 'registered'
				? !current.isTestRun
				: ['unknown', 'off'].includes(current.is) && isStored;
		if (isPublished) this.current = { is: 'leaving' };
		else if (current.is === 'registered') this.current = { is: 'off' };
		return isPublished;
	}

	/** Nothing is left. */
	end(): void {
		if (this.current.is !== 'calledOff') this.current = { is: 'off' };
	}

	/** A POST ended without an answer: a hook may still turn up. */
	unsettle(): void {
		this.lastUnsettled = clock.now();
	}

	/** When no POST that was given up can arrive any more, in milliseconds since the epoch. */
	get settledAt(): number {
		return this.lastUnsettled + ARRIVES_WITHIN_MS;
	}

	/** Whether delete is called for a copy: n8n calls it for a workflow that it refused to activate on a taken address. */
	belongsToAnother(workflowId: string): boolean {
		const { current } = this;
		return (
			(current.is === 'activating' || current.is === 'registered') &&
			current.workflowId !== workflowId
		);
	}
}

/** One operation at a time for each webhook URL. */
export const turns = new Turns();

/**
 * By workflow: when hooks of its triggers were last removed. n8n publishes nothing of an edit before all is removed
 * that the edit changes, however long one trigger takes.
 */
export const removals = new ForgetfulMap<Removal>(() => NO_REMOVAL);

/** By webhook URL. */
export const memories = new ForgetfulMap<Memory>(() => new Memory());
