/**
 * When the next request may go to lemlist. Other automations of the team use the same budget, so the
 * answers' headers say what is left; our own last requests say when there is more. Follows lemlist's
 * documentation of rate limits (20 requests per 2 seconds and key, over all routes).
 */
import { clock } from '../process/clock';

const REQUESTS_A_WINDOW = 20;
const WINDOW_MS = 2_000;
/** How long a request counts, seen from here: the way to lemlist may differ from one to the next. */
const SPAN_MS = WINDOW_MS + 60;

/** @returns how long so many requests wait for room before the last of them goes out, in milliseconds, where the limit is all ours */
export function waitingTimeOf(requests: number): number {
	return Math.max(0, Math.ceil(requests / REQUESTS_A_WINDOW) - 1) * SPAN_MS;
}

/** However soon lemlist says it will have time again; doubles with each further refusal. */
const SHORTEST_PAUSE_MS = 500;
const LONGEST_SHORTEST_PAUSE_MS = 4_000;
/** Keeps triggers that were refused together from coming back together. */
const JITTER_MS = 250;

/** The headers of an answer, by lower-case name. */
export type Headers = Readonly<Record<string, unknown>>;

/** A request that went out. */
interface Sent {
	/** Requests are counted from 1, in the order in which they went out. */
	number: number;
	/** In milliseconds since the epoch. */
	at: number;
}

export class Pace {
	private resumeAt = 0;

	/** Our requests of the last window, oldest first. */
	private recent: Sent[] = [];

	private lastSent = 0;

	/** What the newest answer has told: how many requests of ours a window holds, and until when that says something. */
	private told = { number: 0, share: REQUESTS_A_WINDOW, until: -Infinity };

	private refusalsInARow = 0;

	/** @returns milliseconds until the next request may go out, 0 for now */
	delay(): number {
		// Whether lemlist's window is fixed or slides: what one window held, the next one holds at the same intervals.
		const inItsPlace = this.inWindow().at(-this.share())?.at ?? -Infinity;
		return Math.max(0, this.resumeAt - clock.now(), inItsPlace + SPAN_MS - clock.now());
	}

	/** @returns whether others leave us less than half of the limit, or lemlist turns requests away */
	isCrowded(): boolean {
		return this.resumeAt > clock.now() || this.share() < REQUESTS_A_WINDOW / 2;
	}

	/** Call when a request goes out. @returns its number, for {@link ended} */
	sent(): number {
		this.lastSent += 1;
		this.recent = [...this.inWindow(), { number: this.lastSent, at: clock.now() }];
		return this.lastSent;
	}

	/**
	 * Call when a request has ended.
	 *
	 * @param number what {@link sent} returned for it
	 * @param status the HTTP status, 0 if there was no answer
	 * @param headers the answer's headers
	 */
	ended(number: number, status: number, headers: Headers): void {
		if (status === 429) {
			// lemlist had no room beside those before it, and does not count what it refused.
			this.recent = this.recent.filter((sent) => sent.number !== number);
			const retryAfterMs = numberOf(headers['retry-after']) * 1_000;
			this.pauseAfterRefusal(Number.isNaN(retryAfterMs) ? WINDOW_MS : retryAfterMs);
			this.follow(number, 0, this.resumeAt);
			return;
		}
		this.refusalsInARow = 0;
		// An answer that took longer than a window tells of one that is over.
		const at = this.recent.find((sent) => sent.number === number)?.at ?? -Infinity;
		this.follow(number, numberOf(headers['x-ratelimit-remaining']), at);
	}

	/**
	 * @param remaining what lemlist had left once it had counted this request; NaN where it did not tell
	 * @param at when the window began, at the latest, that this is about
	 */
	private follow(number: number, remaining: number, at: number): void {
		if (number < this.told.number || Number.isNaN(remaining)) return;
		// What went out after this request was not counted yet when lemlist answered it.
		const counted = this.inWindow().filter((sent) => sent.number <= number).length;
		// More of ours than the limit are there only where a fixed window has just ended and the next begun.
		this.told = {
			number,
			share: Math.max(1, Math.min(counted + Math.floor(remaining), REQUESTS_A_WINDOW)),
			until: at + SPAN_MS,
		};
	}

	private share(): number {
		return this.told.until > clock.now() ? this.told.share : REQUESTS_A_WINDOW;
	}

	private inWindow(): Sent[] {
		return this.recent.filter(({ at }) => at + SPAN_MS > clock.now());
	}

	private pauseAfterRefusal(retryAfterMs: number): void {
		// Requests that were under way together are refused together: that is one refusal.
		if (this.resumeAt <= clock.now()) this.refusalsInARow += 1;
		const shortest = Math.min(
			SHORTEST_PAUSE_MS * 2 ** (this.refusalsInARow - 1),
			LONGEST_SHORTEST_PAUSE_MS,
		);
		const pauseMs = Math.max(retryAfterMs, shortest) + clock.random() * JITTER_MS;
		this.resumeAt = Math.max(this.resumeAt, clock.now() + pauseMs);
	}
}

/** @returns a header's number, NaN when it has none */
function numberOf(header: unknown): number {
	return typeof header === 'string' && header.trim() !== '' ? Number(header) : Number.NaN;
}
