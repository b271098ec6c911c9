/** Many deliveries to one trigger, genuine and forged ones in turn, as many at a time as wanted. */
import { setTimeout as sleep } from 'node:timers/promises';
import { activityOf, type Activity, type DeliverOptions, type DeliveryResult } from '../../sandbox';
import type { Trigger } from './trigger';

/** n8n's own words, not the node's, when it is so busy that its database misses a look at its health. */
const BUSY = 'Database is not ready';
const BUSY_MS = 1_000;
/** As long as a real one. */
export const FORGED_SECRET = 'x'.repeat(43);

export interface BurstSize {
	/** How many genuine deliveries, and how many forged ones; even. */
	each: number;
	/** Open connections; the others wait at the sender's. */
	atATime: number;
}

/** An activity that was sent, and what became of it. */
export interface Sent {
	activity: Activity;
	result: DeliveryResult;
}

export interface Burst {
	genuine: readonly Sent[];
	forged: readonly Sent[];
}

/** Sends activities of the trigger's first event. @returns each with its answer, once all were answered */
export async function sendBurst(trigger: Trigger, { each, atATime }: BurstSize): Promise<Burst> {
	const burst: { genuine: Sent[]; forged: Sent[] } = { genuine: [], forged: [] };
	// In pairs: where two processors take turns, one of them would get all the forged ones otherwise.
	const kinds = Array.from({ length: 2 * each }, (_, index) => (index % 4 < 2 ? 'genuine' : 'forged')).values();
	const connections = Array.from({ length: atATime }, async () => {
		for (const kind of kinds) burst[kind].push(await sendOne(trigger, kind === 'forged' ? { secret: FORGED_SECRET } : {}));
	});
	await Promise.all(connections);
	return burst;
}

/** Again where n8n itself turned it away before the node saw it. */
async function sendOne({ host, events, account: { teamId } }: Trigger, options: DeliverOptions): Promise<Sent> {
	const activity = activityOf(events[0] ?? 'interested', { teamId });
	for (;;) {
		const [result] = await host.lemlist.deliver(activity, options);
		if (result === undefined) throw new Error('lemlist has no hook for the burst');
		if (result.status !== 503 || !result.body.includes(BUSY)) return { activity, result };
		await sleep(BUSY_MS);
	}
}
