/**
 * When the next request may go to lemlist. Other automations of the team use the same budget, so
 * nothing is counted here: the answers' headers say what is left. Follows lemlist's documentation of
 * rate limits (20 requests per 2 seconds and key, over all routes).
 */
import { clock } from './clock';

const WINDOW_MS = 2_000;
/** How far lemlist's clock and the way there may put its window behind ours. */
const WINDOW_MARGIN_MS = 60;
/** Keeps triggers that were refused together from coming back together. */
const JITTER_MS = 250;

/** The headers of an answer, by lower-case name. */
export type Headers = Readonly<Record<string, unknown>>;

export class Pace {
	private resumeAt = 0;

	/** When the first request since the last pause went out: lemlist's window is no older to us. */
	private windowOpenedAt: number | undefined;

	private underWay = 0;

	/** @returns milliseconds until the next request may go out, 0 for now */
	delay(): number {
		return Math.max(0, this.resumeAt - clock.now());
	}

	/** Call when a request goes out. */
	sent(): void {
		this.windowOpenedAt ??= clock.now();
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
		const retryAfterMs = secondsOf(headers['retry-after']) * 1_000;
		if (status === 429) {
			this.pause((Number.isNaN(retryAfterMs) ? WINDOW_MS : retryAfterMs) + clock.random() * JITTER_MS);
		} else if (secondsOf(headers['x-ratelimit-remaining']) <= this.underWay) {
			const untilNextWindow = (this.windowOpenedAt ?? clock.now()) + WINDOW_MS + WINDOW_MARGIN_MS - clock.now();
			this.pause(Number.isNaN(retryAfterMs) ? untilNextWindow : Math.min(retryAfterMs, untilNextWindow));
		}
	}

	private pause(ms: number): void {
		this.resumeAt = Math.max(this.resumeAt, clock.now() + ms);
		this.windowOpenedAt = undefined;
	}
}

/** @returns a header's number, NaN when it has none */
function secondsOf(header: unknown): number {
	return typeof header === 'string' && header.trim() !== '' ? Number(header) : Number.NaN;
}
