/**
 * The room process is for what there is one of in a process, whatever the node is about. Here is time as the
 * node sees it, in one place, so that tests can let it pass without waiting.
 */
import { sleep } from 'n8n-workflow';

/** How far the machine's clock was put back while this process ran, and the latest time told. */
let putBack = 0;
let latest = 0;

export const clock = {
	/** @returns milliseconds since the epoch. Never goes back, so that nothing waits for an hour twice */
	now: (): number => {
		const shown = Date.now();
		putBack = Math.max(putBack, latest - shown);
		latest = shown + putBack;
		return latest;
	},
	/** @param ms how long to wait, in milliseconds */
	sleep: async (ms: number): Promise<void> => {
		await sleep(ms);
	},
	/** @returns a random number from 0 up to, not including, 1 */
	random: (): number => Math.random(),
};
