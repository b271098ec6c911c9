// Waiting that does not keep the process alive: a closed sandbox ends at once.
import { setTimeout as sleep } from 'node:timers/promises';

/** Waits so many milliseconds, or until the signal; not at all for 0. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
	// The signal ends the wait, and is no failure.
	if (ms > 0) await sleep(ms, undefined, { ref: false, signal }).catch(() => undefined);
}
