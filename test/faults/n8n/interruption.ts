/** Brings an order to n8n to a stop in the middle, by a lemlist that falls silent: the moment to kill n8n. */
import { until } from '../../e2e/n8n/until';
import type { Trigger } from './trigger';

/** A request that gets no answer, and all that follow it. */
export interface Silence {
	method: 'POST' | 'DELETE';
	/** The first one, counted from 1. */
	from: number;
	/** Whether lemlist does what the first one asks for. */
	firstActs: boolean;
}

export interface Interruption {
	order: (trigger: Trigger) => Promise<unknown>;
	silence: Silence;
}

export const THIRD_POST: Silence = { method: 'POST', from: 3, firstActs: true };

/** The order to activate the workflow. */
export const activate: Interruption['order'] = (trigger) => trigger.activate();

/** Gives the order; without one, nothing happens. @returns when n8n is done with it, or gone */
export async function bringToAStop(trigger: Trigger, interruption?: Interruption): Promise<void> {
	if (interruption === undefined) return;
	const { method, from, firstActs } = interruption.silence;
	const on = { method, match: trigger.sent, nth: from };
	const { lemlist } = trigger.host;
	lemlist.fault({ on, effect: firstActs ? 'hangAfter' : 'hangBefore' });
	lemlist.fault({ on, effect: 'hangBefore', times: Infinity });
	await interruption.order(trigger);
}

/** Waits until lemlist has fallen silent. @param hooks how many the trigger has then */
export async function untilAtAStop(
	trigger: Trigger,
	hooks: number,
	interruption?: Interruption,
): Promise<void> {
	const { method = '' } = interruption?.silence ?? {};
	const isSilent = () =>
		interruption === undefined || trigger.requests(method).some(({ status }) => status === 'none');
	await until('lemlist has fallen silent', () => isSilent() && trigger.hooks.length === hooks, {
		everyMs: 20,
	});
}
