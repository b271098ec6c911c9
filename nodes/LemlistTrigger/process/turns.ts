/**
 * One operation at a time under each key, such as a webhook URL, in this process. Who waits behind something
 * less important makes it give way before its next request. Knows nothing of n8n.
 */

/** What an operation does; a later one in this list is more important. */
const RANKS = ['delivery', 'look', 'check', 'activate', 'deactivate'] as const;
export type Rank = (typeof RANKS)[number];

interface Line {
	last: Promise<unknown>;
	waiting: Rank[];
}

export class Turns {
	private readonly lines = new Map<string, Line>();

	/** Whether anything is under way, under whatever key. */
	get isBusy(): boolean {
		return this.lines.size > 0;
	}

	/**
	 * Runs work when everything that was asked for earlier under the same key has ended.
	 *
	 * @param work gets a function that says whether something more important is waiting
	 * @returns what the work returns; it throws what the work throws
	 */
	async take<Result>(
		key: string,
		rank: Rank,
		work: (shouldGiveWay: () => boolean) => Promise<Result>,
	): Promise<Result> {
		const line = this.lines.get(key) ?? { last: Promise.resolve(), waiting: [] };
		this.lines.set(key, line);
		line.waiting.push(rank);
		const turn = line.last.then(async () => {
			line.waiting.splice(line.waiting.indexOf(rank), 1);
			return await work(() =>
				line.waiting.some((other) => RANKS.indexOf(other) > RANKS.indexOf(rank)),
			);
		});
		const ended = turn.then(noop, noop);
		line.last = ended;
		await ended;
		if (line.last === ended) this.lines.delete(key);
		return await turn;
	}
}

function noop(): void {
	// An operation's outcome is its caller's affair, not that of the one who waits behind it.
}
