/**
 * n8n turns every call away, before any node sees it, while its database is not open yet, or while its
 * database leaves a look at its health unanswered for five seconds.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Activity, DeliverOptions, DeliveryResult, Sandbox } from '../../sandbox';

/** n8n's words, not the node's. */
const BUSY = 'Database is not ready';
const BUSY_MS = 1_000;
/** As often, one n8n on SQLite may turn an event away; past that its answer counts. */
export const MOST_RESENDS = 30;

/** What was answered in the end. */
export interface LookedAt extends DeliveryResult {
	/** How often n8n had turned the same event away before. */
	resends: number;
}

/** Whose lemlist sends, and how patient it is. */
interface Sender {
	lemlist: Sandbox;
	/** How often an event is sent again at most. */
	mostResends: number;
}

/**
 * Lets lemlist send an activity; again while n8n turns it away.
 *
 * @returns the results of the delivery that n8n looked at, or of the last one
 */
export async function deliverUntilLookedAt(
	{ lemlist, mostResends }: Sender,
	activity: Activity,
	options: DeliverOptions = {},
): Promise<LookedAt[]> {
	for (let resends = 0; ; resends += 1) {
		const results = await lemlist.deliver(activity, options);
		const isOver = resends >= mostResends || results.length === 0 || !results.every(isTurnedAway);
		if (isOver) return results.map((result) => ({ ...result, resends }));
		await sleep(BUSY_MS);
	}
}

function isTurnedAway({ status, body }: DeliveryResult): boolean {
	return status === 503 && body.includes(BUSY);
}
