// Waiting that does not keep the process alive: a closed sandbox ends at once.
import { setTimeout as sleep } from 'node:timers/promises';

/** Waits so many milliseconds; not at all for 0. */
export async function pause(ms: number): Promise<void> {
	if (ms > 0) await sleep(ms, undefined, { ref: false });
}
