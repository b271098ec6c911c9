/**
 * When the next request may go to lemlist. Other automations of the team use the same budget, so
 * nothing is counted here: the answers' headers say what is left. Follows lemlist's documentation of
 * rate limits (20 requests per 2 seconds and key, over all routes).
 */
import { clock } from './clock';

const WINDOW_MS = 2_000;
/** How far lemlist's clock and the way there may put its window behind ours. */
const WINDOW_MARGIN_MS = 60;
/** However soon lemlist says it will have time again; doubles with each further refusal. */
const SHORTEST_PAUSE_MS = 500;
const LONGEST_SHORTEST_PAUSE_MS = 4_000;
/** Keeps triggers that were refused together from coming back together. */
const JITTER_MS = 250;

/** The headers of an answer, by lower-case name. */
export type Headers = Readonly<Record<string, unknown>>;

export class Pace {
	private resumeAt = 0;

	/** When the first request since the last pause went out: lemlist's window is no older to us. */
	private windowOpenedAt: number | undefined;

	private underWay = 0;

	private refusalsInARow = 0;

	/** @returns milliseconds until the next request may go out, 0 for now */
	delay(): number {
		return Math.max(0, this.resumeAt - clock.now());
	}

	/** Call when a request goes out. */
	sent(): void {
		// Kept through the pause: answers of the same window still come in, and must not make it longer.
		if (this.windowOpenedAt === undefined || this.windowOpenedAt < this.resumeAt) this.windowOpenedAt = clock.now();
		this.underWay += 1;
	}

	/**
	 * Call when a request has ended.
	 *
	 * @param status the HTTP status, 0 if there was no answer
	 * @param headers the answer's headers
	 */
	ended(status: number, headers: Headers): void {
		this.underWay -= 1;
		const retryAfterMs = numberOf(headers['retry-after']) * 1_000;
		if (status === 429) {
			this.pauseAfterRefusal(Number.isNaN(retryAfterMs) ? WINDOW_MS : retryAfterMs);
			return;
		}
		this.refusalsInARow = 0;
		if (numberOf(headers['x-ratelimit-remaining']) <= this.underWay) {
			const untilNextWindow = (this.windowOpenedAt ?? clock.now()) + WINDOW_MS + WINDOW_MARGIN_MS - clock.now();
			this.pause(Number.isNaN(retryAfterMs) ? untilNextWindow : Math.min(retryAfterMs, untilNextWindow));
		}
	}

	private pauseAfterRefusal(retryAfterMs: number): void {
		// Requests that were under way together are refused together: that is one refusal.
		if (this.delay() === 0) this.refusalsInARow += 1;
		const shortest = Math.min(SHORTEST_PAUSE_MS * 2 ** (this.refusalsInARow - 1), LONGEST_SHORTEST_PAUSE_MS);
		this.pause(Math.max(retryAfterMs, shortest) + clock.random() * JITTER_MS);
	}

	private pause(ms: number): void {
		this.resumeAt = Math.max(this.resumeAt, clock.now() + ms);
	}
}

/** @returns a header's number, NaN when it has none */
function numberOf(header: unknown): number {
	return typeof header === 'string' && header.trim() !== '' ? Number(header) : Number.NaN;
}
