/** What becomes of a trigger when n8n starts, while lemlist sends events to it. */
import { settling, untilDesired } from './desired';
import type { Host } from './host';
import { Traffic, type Answers } from './traffic';
import type { Trigger } from './trigger';

/** What else happens when n8n starts. */
export interface Circumstances {
	/** Events that lemlist sends already; they end when n8n has an address for them. */
	early?: Traffic | undefined;
	/** lemlist is out of order until this is over. */
	outage?: (() => Promise<void>) | undefined;
}

export interface Recovery {
	/** From when n8n answers again, or from the end of the outage; undefined if it took too long. */
	healedAfterMs: number | undefined;
	/** Fails if the trigger did not leave its hooks alone after that. */
	settled: Promise<void>;
	/** What n8n answered to the events that lemlist sent from when it had an address for them. */
	answers: Answers;
}

/** Watches a trigger from when n8n answers again. Nobody lends it a hand. */
export async function recovering(
	host: Host,
	trigger: Trigger,
	{ early, outage }: Circumstances = {},
): Promise<Recovery> {
	const healing = outage === undefined ? untilDesired(trigger) : undefined;
	await host.untilItServes(trigger.webhookUrl);
	await early?.stop();
	const traffic = new Traffic(trigger);
	await outage?.();
	const healedAfterMs = await (healing ?? untilDesired(trigger)).catch(() => undefined);
	const settled = settling(trigger);
	await Promise.allSettled([settled]);
	return { healedAfterMs, settled, answers: await traffic.stop() };
}
