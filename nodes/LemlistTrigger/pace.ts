/**
 * When the next request may go to lemlist. Other automations of the team use the same budget, so the
 * answers' headers say what is left; our own last requests say when there is more. Follows lemlist's
 * documentation of rate limits (20 requests per 2 seconds and key, over all routes).
 */
import { clock } from './clock';

const REQUESTS_A_WINDOW = 20;
const WINDOW_MS = 2_000;
/** How long a request counts, seen from here: the way to lemlist may differ from one to the next. */
const SPAN_MS = WINDOW_MS + 60;
/** However soon lemlist says it will have time again; doubles with each further refusal. */
const SHORTEST_PAUSE_MS = 500;
const LONGEST_SHORTEST_PAUSE_MS = 4_000;
/** Keeps triggers that were refused together from coming back together. */
const JITTER_MS = 250;

/** The headers of an answer, by lower-case name. */
export type Headers = Readonly<Record<string, unknown>>;

export class Pace {
	private resumeAt = 0;

	/** When our requests of the last window went out, in milliseconds since the epoch. */
	private sentAt: number[] = [];

	/** How many requests of ours a window holds, as the last answer tells; unlimited while budget is left. */
	private share = Infinity;

	private underWay = 0;

	private refusalsInARow = 0;

	/** @returns milliseconds until the next request may go out, 0 for now */
	delay(): number {
		// Whether lemlist's window is fixed or slides: what one window held, the next one holds at the same intervals.
		const inItsPlace = this.inWindow().at(-this.share) ?? -Infinity;
		return Math.max(0, this.resumeAt - clock.now(), inItsPlace + SPAN_MS - clock.now());
	}

	/** Call when a request goes out. */
	sent(): void {
		this.sentAt = [...this.inWindow(), clock.now()];
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
		if (status === 429) {
			const retryAfterMs = numberOf(headers['retry-after']) * 1_000;
			this.pauseAfterRefusal(Number.isNaN(retryAfterMs) ? WINDOW_MS : retryAfterMs);
			return;
		}
		this.refusalsInARow = 0;
		const isUsedUp = numberOf(headers['x-ratelimit-remaining']) <= this.underWay;
		// More of ours than the limit are there only where a fixed window has just ended and the next begun.
		this.share = isUsedUp ? Math.min(Math.max(1, this.inWindow().length), REQUESTS_A_WINDOW) : Infinity;
	}

	private inWindow(): number[] {
		return this.sentAt.filter((at) => at + SPAN_MS > clock.now());
	}

	private pauseAfterRefusal(retryAfterMs: number): void {
		// Requests that were under way together are refused together: that is one refusal.
		if (this.delay() === 0) this.refusalsInARow += 1;
		const shortest = Math.min(SHORTEST_PAUSE_MS * 2 ** (this.refusalsInARow - 1), LONGEST_SHORTEST_PAUSE_MS);
		const pauseMs = Math.max(retryAfterMs, shortest) + clock.random() * JITTER_MS;
		this.resumeAt = Math.max(this.resumeAt, clock.now() + pauseMs);
	}
}

/** @returns a header's number, NaN when it has none */
function numberOf(header: unknown): number {
	return typeof header === 'string' && header.trim() !== '' ? Number(header) : Number.NaN;
}
