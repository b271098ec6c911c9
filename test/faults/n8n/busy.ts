/**
 * n8n turns every call away, before any node sees it, while its database is not open yet, or while it is
 * so busy that its database misses a look at its health.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { DeliveryResult } from '../../sandbox';

/** n8n's words, not the node's. */
const BUSY = 'Database is not ready';
const BUSY_MS = 1_000;

/** Delivers; again as long as n8n turns it away. @returns the results of the delivery that n8n looked at */
export async function untilLookedAt(deliver: () => Promise<DeliveryResult[]>): Promise<DeliveryResult[]> {
	for (;;) {
		const results = await deliver();
		if (results.length === 0 || !results.every(isTurnedAway)) return results;
		await sleep(BUSY_MS);
	}
}

function isTurnedAway({ status, body }: DeliveryResult): boolean {
	return status === 503 && body.includes(BUSY);
}
