/** What happens to an active trigger from outside, while lemlist keeps sending events to it. */
import { until } from '../../e2e/n8n/until';
import type { EventType } from '../../sandbox';
import { expectExecutions, expectSettled, isDesired } from './desired';
import { MENDED_WITHIN_MS } from './host';
import { counting } from './ledger';
import { Traffic } from './traffic';
import { Trigger, type TriggerHost } from './trigger';

export interface Change {
	name: string;
	/** What happens while the workflow is active. */
	make: (trigger: Trigger) => unknown;
	/** Whether all hooks get another secret. */
	rotates?: boolean;
	/** What events that lemlist sends meanwhile may be answered besides 200. */
	tolerated?: readonly string[];
}

export const HOOK_DELETED: Change = {
	name: 'a hook is deleted by hand',
	make: (trigger) => {
		trigger.loseHooks(1);
	},
};
export const SECRET_ROTATED: Change = {
	name: 'the Webhook Secret is rotated',
	make: (trigger) => trigger.rotate({ webhookSecret: 'another secret' }),
	rotates: true,
};

/** Activates a new workflow. @returns its trigger, which has all its hooks */
export async function activeTrigger(
	host: TriggerHost,
	events: readonly EventType[],
): Promise<Trigger> {
	const trigger = await Trigger.make(host, { events, next: counting(host.lemlist) });
	await trigger.activate();
	expect(isDesired(trigger)).toBe(true);
	return trigger;
}

/** The secret that lemlist has for the trigger's hooks. */
export function secretOf(trigger: Trigger): string {
	return trigger.hooks[0]?.secret ?? '';
}

/** Waits for something that a check brings about. */
export async function untilMended(holds: () => boolean): Promise<void> {
	await until('the hooks are as they should be', holds, { limitMs: MENDED_WITHIN_MS, everyMs: 50 });
}

/**
 * Makes the change, under events that keep coming: the hooks are as desired within a check, every
 * event is taken and starts the workflow once, and deactivation leaves nothing.
 */
export async function liveThrough(
	{ make, rotates = false, tolerated = [] }: Change,
	trigger: Trigger,
): Promise<void> {
	const before = secretOf(trigger);
	const traffic = new Traffic(trigger);
	await make(trigger);
	await untilMended(() => isDesired(trigger) && (secretOf(trigger) !== before) === rotates);
	await expectSettled(trigger);
	const statuses = Object.keys(await traffic.stop());
	expect(statuses.filter((status) => !tolerated.includes(status))).toEqual(['200']);
	await expectExecutions(trigger);
	await trigger.deactivate();
	expect(trigger.hooks).toEqual([]);
}
