// Everything that can go wrong between a client and lemlist, as a table of named effects, and the
// rules for which request is hit. What matters most is whether lemlist acted before it went wrong.
import { json, withHeaders, type Answer } from './answers';
import { cutShort, reset, silence, trickled, whole, type Transmission } from './transmissions';
import type { ActiveFault, Fault, FaultTrigger, RequestRecord } from './types';

/** An effect without parameters of its own. */
type Bare = Record<never, never>;

interface StatusEffect {
	status: number;
	body?: string;
	contentType?: string;
	/** Added to lemlist's own, or in their place; null takes a header away. */
	headers?: Record<string, string | number | null>;
	/** Whether lemlist carries the request out all the same. Default false. */
	acts?: boolean;
}

/** What each effect can be given. */
interface EffectParameters {
	/** The connection is reset; lemlist did not act. */
	resetBefore: Bare;
	/** lemlist acted; then the connection is reset. */
	resetAfter: Bare;
	/** No answer ever; lemlist did not act. */
	hangBefore: Bare;
	/** lemlist acted; no answer ever. */
	hangAfter: Bare;
	/** Any other answer in place of the right one. */
	status: StatusEffect;
	/** lemlist acted; 200 without a body. */
	emptyBody: Bare;
	/** lemlist acted; the answer is JSON that stops in the middle. */
	brokenJson: Bare;
	/** lemlist acted; the answer is well-formed and not what it should be. */
	otherShape: { body?: unknown };
	/** A redirection; lemlist acts only if asked. */
	redirect: { location: string; status?: number; acts?: boolean };
	/** lemlist acted; the answer is so long. */
	hugeAnswer: { bytes: number };
	/** lemlist acted; the answer arrives in small pieces. */
	slowAnswer: { bytesPerSecond: number };
	/** lemlist acted; the connection is lost in the middle of the answer. */
	cutShort: Bare;
	/** lemlist acts at once and answers late. */
	delay: { ms: number };
	/** lemlist acts late, whether the client still waits or not, and then answers. */
	actLate: { ms: number };
}

export type EffectName = keyof EffectParameters;

export type Effect<N extends EffectName = EffectName> = {
	[K in N]: { name: K } & EffectParameters[K];
}[N];

/** Effects that may be written as their name alone. */
export type BareEffectName = {
	[K in EffectName]: Bare extends EffectParameters[K] ? K : never;
}[EffectName];

/** What happens to a request that is hit. */
export interface EffectPlan {
	acts: boolean;
	actsAfterMs?: number;
	/** Of the right answer (of an empty one when lemlist does not act), what is sent. */
	transmit: (answer: Answer) => Transmission;
}

const acted = (transmit: EffectPlan['transmit']): EffectPlan => ({ acts: true, transmit });
const notActed = (transmit: EffectPlan['transmit']): EffectPlan => ({ acts: false, transmit });

const EFFECTS: { [N in EffectName]: (parameters: EffectParameters[N]) => EffectPlan } = {
	resetBefore: () => notActed(reset),
	resetAfter: () => acted(reset),
	hangBefore: () => notActed(silence),
	hangAfter: () => acted(silence),
	status: (effect) => ({
		acts: effect.acts ?? false,
		transmit: (answer) => whole(replaced(answer, effect)),
	}),
	emptyBody: () => acted((answer) => whole({ ...answer, status: 200, body: '' })),
	brokenJson: () =>
		acted((answer) => {
			const body = Buffer.from(answer.body);
			return whole({ ...answer, body: body.subarray(0, Math.floor(body.length / 2)) });
		}),
	otherShape: ({ body = { unexpected: 'shape' } }) =>
		acted((answer) => whole(withHeaders(json(body), answer.headers))),
	redirect: ({ location, status = 302, acts = false }) => ({
		acts,
		transmit: (answer) => whole(replaced(answer, { status, headers: { location } })),
	}),
	hugeAnswer: ({ bytes }) =>
		acted((answer) => whole({ ...answer, body: `"${'x'.repeat(Math.max(0, bytes - 2))}"` })),
	slowAnswer: ({ bytesPerSecond }) => acted((answer) => trickled(answer, bytesPerSecond)),
	cutShort: () => acted(cutShort),
	delay: ({ ms }) => acted((answer) => whole(answer, ms)),
	actLate: ({ ms }) => ({ ...acted(whole), actsAfterMs: ms }),
};

export const EFFECT_NAMES = Object.keys(EFFECTS) as EffectName[];

/** What a request that nothing happens to gets. */
export const ORDINARY: EffectPlan = acted(whole);

/** What an effect does to a request. */
export function planOf<N extends EffectName>(effect: Effect<N>): EffectPlan {
	return EFFECTS[effect.name](effect);
}

function replaced(answer: Answer, effect: StatusEffect): Answer {
	const { status, body = '', contentType = 'text/plain; charset=utf-8' } = effect;
	const headers: Record<string, string> = { ...answer.headers, 'content-type': contentType };
	const changes = Object.entries(effect.headers ?? {});
	const gone = new Set(changes.filter(([, value]) => value === null).map(([name]) => lower(name)));
	for (const [name, value] of changes) headers[lower(name)] = String(value);
	const kept = Object.entries(headers).filter(([name]) => !gone.has(name));
	return { status, body, headers: Object.fromEntries(kept) };
}

function lower(name: string): string {
	return name.toLowerCase();
}

/** The faults that wait for their requests, oldest first. */
export class Faults {
	private waiting: StoredFault[] = [];
	private made = 0;

	/** Sets up a fault. */
	add({ on = {}, times = 1, effect }: Fault): ActiveFault {
		this.made += 1;
		const fault = new StoredFault(
			String(this.made),
			on,
			typeof effect === 'string' ? { name: effect } : effect,
			times,
			() => {
				this.waiting = this.waiting.filter((other) => other !== fault);
			},
		);
		this.waiting.push(fault);
		return fault;
	}

	/** The faults that still have requests to hit. */
	active(): ActiveFault[] {
		return this.waiting.filter(({ remaining }) => remaining > 0);
	}

	/** The fault that hits this request, if one does. The first one that was set up wins. */
	hitting(request: RequestRecord): ActiveFault | undefined {
		return this.waiting.find((fault) => fault.hit(request));
	}

	/** Takes all faults back. */
	clear(): void {
		this.waiting = [];
	}
}

class StoredFault implements ActiveFault {
	hits = 0;
	private fitting = 0;

	constructor(
		readonly id: string,
		readonly on: FaultTrigger,
		readonly effect: Effect,
		public remaining: number,
		private readonly forget: () => void,
	) {}

	hit(request: RequestRecord): boolean {
		if (this.remaining <= 0 || !fits(this.on, request)) return false;
		this.fitting += 1;
		if (this.fitting < (this.on.nth ?? 1)) return false;
		this.remaining -= 1;
		this.hits += 1;
		return true;
	}

	remove(): void {
		this.remaining = 0;
		this.forget();
	}
}

function fits({ method, path, query, match }: FaultTrigger, request: RequestRecord): boolean {
	if (method !== undefined && method.toUpperCase() !== request.method) return false;
	if (typeof path === 'string' && path !== request.path) return false;
	// A global expression keeps its place between calls: search() always starts at the beginning.
	if (path instanceof RegExp && request.path.search(path) < 0) return false;
	const asked = Object.entries(query ?? {});
	if (asked.some(([name, value]) => request.query[name] !== value)) return false;
	return match?.(request) ?? true;
}
