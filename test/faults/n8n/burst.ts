/** Many deliveries to one trigger, genuine and forged ones in turn, as many at a time as wanted. */
import { activityOf, type Activity, type DeliverOptions } from '../../sandbox';
import type { LookedAt } from './busy';
import type { Trigger } from './trigger';

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
	result: LookedAt;
}

export interface Burst {
	genuine: readonly Sent[];
	forged: readonly Sent[];
}

/** Sends activities of the trigger's first event. @returns each with its answer, once all were answered */
export async function sendBurst(trigger: Trigger, { each, atATime }: BurstSize): Promise<Burst> {
	const burst: { genuine: Sent[]; forged: Sent[] } = { genuine: [], forged: [] };
	// In pairs: where two processors take turns, one of them would get all the forged ones otherwise.
	const kinds = Array.from({ length: 2 * each }, (_, index) =>
		index % 4 < 2 ? 'genuine' : 'forged',
	).values();
	const connections = Array.from({ length: atATime }, async () => {
		for (const kind of kinds)
			burst[kind].push(await sendOne(trigger, kind === 'forged' ? { secret: FORGED_SECRET } : {}));
	});
	await Promise.all(connections);
	return burst;
}

async function sendOne(trigger: Trigger, options: DeliverOptions): Promise<Sent> {
	const activity = activityOf(trigger.events[0] ?? 'interested', {
		teamId: trigger.account.teamId,
	});
	const [result] = await trigger.send(activity, options);
	if (result === undefined) throw new Error('lemlist has no hook for the burst');
	return { activity, result };
}
