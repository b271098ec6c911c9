/**
 * The room process is for what there is one of in a process, whatever the node is about. Here is time as the
 * node sees it, in one place, so that tests can let it pass without waiting.
 */
import { sleep } from 'n8n-workflow';

/** How far the machine's clock was put back while this process ran, and the latest time told. */
let putBack = 0;
let latest = 0;

/** Thrown for work that took too long, and that may still be carried out. */
export class TookTooLong extends Error {
	constructor(ms: number) {
		super(`It took longer than ${String(ms / 1_000)} s.`);
	}
}

export const clock = {
	/** @returns milliseconds since the epoch. Never goes back, so that nothing waits for an hour twice */
	now: (): number => {
		const shown = Date.now();
		putBack = Math.max(putBack, latest - shown);
		latest = shown + putBack;
		return latest;
	},
	/** Waits within something that has to be over in time. @param ms how long, in milliseconds */
	sleep: async (ms: number): Promise<void> => {
		await sleep(ms);
	},
	/** Waits between pieces of work that nobody waits for. @param ms how long, in milliseconds */
	rest: async (ms: number): Promise<void> => {
		await sleep(ms);
	},
	/**
	 * @param ms how long to wait at most, in milliseconds of real time
	 * @returns what the work gives. @throws what the work throws, or TookTooLong: it goes on then, and nobody hears of it
	 */
	within: async <Result>(ms: number, work: Promise<Result>): Promise<Result> => {
		const limit = AbortSignal.timeout(ms);
		const late = new Promise<never>((_resolve, reject) => {
			limit.addEventListener('abort', () => {
				reject(new TookTooLong(ms));
			});
		});
		return await Promise.race([work, late]);
	},
	/** @returns a random number from 0 up to, not including, 1 */
	random: (): number => Math.random(),
};
