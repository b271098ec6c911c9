// Waiting for something that will be so, with an end to the patience.
import { setTimeout as sleep } from 'node:timers/promises';

export interface Patience {
	limitMs?: number;
	everyMs?: number;
}

/**
 * Asks again and again until the answer is neither undefined nor false, and returns it.
 *
 * @param what what is waited for, for the message: "the hooks are gone"
 * @throws an Error once the time is up
 */
export async function until<Answer>(
	what: string,
	ask: () => Promise<Answer | undefined | false> | Answer | undefined | false,
	{ limitMs = 60_000, everyMs = 200 }: Patience = {},
): Promise<Answer> {
	const deadline = Date.now() + limitMs;
	for (;;) {
		const answer = await ask();
		if (answer !== undefined && answer !== false) return answer;
		if (Date.now() >= deadline)
			throw new Error(`Waited ${String(limitMs / 1000)} s in vain until ${what}.`);
		await sleep(everyMs);
	}
}
