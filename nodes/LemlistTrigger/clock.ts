/** Time as the node sees it, in one place, so that tests can let it pass without waiting. */
import { sleep } from 'n8n-workflow';

export const clock = {
	/** @returns milliseconds since the epoch */
	now: (): number => Date.now(),
	/** @param ms how long to wait, in milliseconds */
	sleep: async (ms: number): Promise<void> => {
		await sleep(ms);
	},
	/** @returns a random number from 0 up to, not including, 1 */
	random: (): number => Math.random(),
};
