// Long work that is watched: whoever waits learns every second that it still goes on.

const EVERY_MS = 1000;
/** Work that is done by then needs no word. */
const WORTH_A_WORD_MS = 2000;

/** Takes a piece of work's title and how far it has come. */
export type Report = (title: string, state: string) => void;

/** For those who do not want to know. */
export const silent: Report = () => undefined;

/**
 * Waits for the work, and reports every second how long it has taken.
 *
 * @param detail what there is to say besides the seconds, for example megabytes
 */
export async function watched<Result>(
	title: string,
	report: Report,
	work: Promise<Result>,
	detail: () => string = () => '',
): Promise<Result> {
	const start = Date.now();
	const timer = setInterval(() => {
		const elapsed = Date.now() - start;
		if (elapsed < WORTH_A_WORD_MS) return;
		report(title, [`${String(Math.round(elapsed / 1000))} s`, detail()].filter(Boolean).join(', '));
	}, EVERY_MS);
	try {
		return await work;
	} finally {
		clearInterval(timer);
	}
}
