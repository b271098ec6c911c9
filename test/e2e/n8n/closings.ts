/** What has been started, ended again in reverse order: a server or an n8n that is left running keeps the test runner from ending. */

export type Closing = () => Promise<unknown>;

/** Ends everything, last first; whatever fails on the way, the rest is ended, too. @throws AggregateError of what could not be ended */
export async function closeAll(closings: readonly Closing[]): Promise<void> {
	const failures: unknown[] = [];
	for (const close of [...closings].reverse())
		await close().catch((error: unknown) => failures.push(error));
	if (failures.length > 0) throw new AggregateError(failures, 'Not everything could be ended');
}

/**
 * Starts something that consists of several things, all or none.
 *
 * @param start notes how to end each of them as soon as it has been started
 * @throws what `start` throws; then nothing stays
 */
export async function startAll<Whole>(
	start: (closings: Closing[]) => Promise<Whole>,
): Promise<Whole> {
	const closings: Closing[] = [];
	try {
		return await start(closings);
	} catch (error) {
		await closeAll(closings);
		throw error;
	}
}
