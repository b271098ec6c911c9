// The rate budget of each API key: so many requests in a window, and the headers that tell of it.
import { lemlistNow } from './clock';
import type { RateLimitRule, Rules } from './rules';

interface BudgetState {
	allowed: boolean;
	remaining: number;
	/** When the oldest request stops counting, in milliseconds since 1970. */
	resetAt: number;
}

type StillCounting = (times: number[], now: number, windowMs: number) => number[];

const STILL_COUNTING: Record<RateLimitRule['style'], StillCounting> = {
	fixed: (times, now, windowMs) =>
		times[0] !== undefined && now - times[0] < windowMs ? times : [],
	sliding: (times, now, windowMs) => times.filter((time) => now - time < windowMs),
};

export class RateBudget {
	private readonly spent = new Map<string, number[]>();

	constructor(private readonly rules: Rules) {}

	/** Counts one request of a key. One past the limit is refused, and does not count. */
	take(apiKey: string): BudgetState {
		const { requests, windowMs } = this.rules.rateLimit;
		const times = this.counting(apiKey);
		const allowed = times.length < requests;
		if (allowed) times.push(Date.now());
		this.spent.set(apiKey, times);
		return {
			allowed,
			remaining: Math.max(0, requests - times.length),
			resetAt: (times[0] ?? Date.now()) + windowMs,
		};
	}

	/** Counts requests that somebody else made with the same key, as far as the budget goes. */
	spend(apiKey: string, requests: number): void {
		const times = this.counting(apiKey);
		const room = Math.max(0, this.rules.rateLimit.requests - times.length);
		const now = Date.now();
		const taken = Array.from({ length: Math.min(requests, room) }, () => now);
		this.spent.set(apiKey, [...times, ...taken]);
	}

	/** Gives every key its whole budget back. */
	clear(): void {
		this.spent.clear();
	}

	private counting(apiKey: string): number[] {
		const { style, windowMs } = this.rules.rateLimit;
		return STILL_COUNTING[style](this.spent.get(apiKey) ?? [], Date.now(), windowMs);
	}
}

const RETRY_AFTER: Record<RateLimitRule['retryAfter'], (ms: number) => Record<string, string>> = {
	fraction: (ms) => ({ 'retry-after': (ms / 1000).toFixed(3) }),
	whole: (ms) => ({ 'retry-after': String(Math.max(1, Math.ceil(ms / 1000))) }),
	absent: () => ({}),
};

/** The headers that every answer carries, a refusal or not. The reset is a date for people, by lemlist's clock. */
export function rateLimitHeaders(
	rules: Rules,
	{ remaining, resetAt }: BudgetState,
): Record<string, string> {
	const rule = rules.rateLimit;
	const leftMs = Math.max(0, resetAt - Date.now());
	return {
		...RETRY_AFTER[rule.retryAfter](leftMs),
		...(rule.headers && {
			'x-ratelimit-limit': String(rule.requests),
			'x-ratelimit-remaining': String(remaining),
			'x-ratelimit-reset': new Date(lemlistNow(rules) + leftMs).toUTCString(),
		}),
	};
}
