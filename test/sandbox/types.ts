// The sandbox's vocabulary: everything that its users see, in one place.
import type { IncomingHttpHeaders } from 'node:http';

import type { EventType } from './eventTypes';
import type { Effect, BareEffectName } from './faults';
import type { Rules, RulesOptions } from './rules';

/** A hook as lemlist keeps it, with what its API never tells. */
export interface StoredHook {
	_id: string;
	targetUrl: string;
	createdAt: string;
	teamId: string;
	isFirst: boolean;
	type?: string;
	campaignId?: string;
	zapId?: string;
	secret?: string;
	/** Switched off: it gets nothing any more, and nothing switches it on again. */
	disabled?: boolean;
}

export type CampaignStatus = 'draft' | 'running' | 'paused' | 'ended' | 'archived' | 'errors';

export interface Campaign {
	_id: string;
	name: string;
	status: CampaignStatus;
	createdAt: string;
	teamId: string;
}

type KeyState = 'valid' | 'blocked' | 'revoked';

export interface KeyHolder {
	state: KeyState;
	teamId: string;
}

/**
 * One event of lemlist's, as it is posted to hooks. Its fields are open-ended. What stands under `lead.variables`
 * is posted flat beside them, but over none of them, and stays under `lead` in the list.
 */
export interface Activity {
	type: string;
	[field: string]: unknown;
}

export interface RequestRecord {
	/** Milliseconds since 1970. */
	at: number;
	method: string;
	/** Without `/api` and without the query. */
	path: string;
	query: Record<string, string>;
	headers: IncomingHttpHeaders;
	/** Parsed where it was JSON, else the text; undefined when there was none. */
	body: unknown;
	/** What was answered; 'none' while nothing was, and for ever if nothing will be. */
	status: number | 'none';
	/** Whether lemlist carried the request out, whatever the client was told. */
	acted: boolean;
}

export interface DeliveryResult {
	hookId?: string;
	targetUrl: string;
	/** 'none' when the receiver could not be reached or did not answer in time. */
	status: number | 'none';
	/** What the receiver answered, as text. */
	body: string;
	headers: IncomingHttpHeaders;
	ms: number;
	/** How often it was posted, first time included. */
	attempts: number;
	/** Whether this answer made lemlist remove the hook. */
	hookRemoved: boolean;
	/** In so many milliseconds it is posted again, if the hook is still there and on; absent where it is not. */
	againInMs?: number;
	error?: string;
}

export interface DeliveryRecord extends DeliveryResult {
	at: number;
	method: string;
	/** What was posted: the object, or the raw text. */
	sent: unknown;
}

export interface DeliverOptions {
	/** What the hooks' `type` is compared with; the activity's own type by default. */
	event?: string;
	/** The team it happens in; by default the activity's, else the sandbox's first team. */
	teamId?: string;
	/** Sent in place of each hook's own secret (a forgery); null sends none. */
	secret?: string | null;
	/** Also deliver the lead-state event that this activity adds up to, as a second event. */
	alsoState?: boolean;
	/** How often each hook gets it, one after the other. Default 1. */
	times?: number;
	/** Resolve with the last attempts, when nothing will be posted again. By default the first ones tell, and the others follow. */
	toTheEnd?: boolean;
}

/** `teamId`: the team whose list has it, whatever the activity says. */
export type HappenOptions = Pick<DeliverOptions, 'teamId' | 'alsoState'>;

export interface ListedActivity {
	/** As GET /activities has it. */
	readonly row: Activity;
	/** Whether a receiver took it from a hook. */
	readonly isTaken: boolean;
}

export interface SendOptions {
	method?: string;
	headers?: Record<string, string>;
	/** Send `body` (a string or a Buffer) as it is instead of as JSON. */
	raw?: boolean;
}

export interface FaultTrigger {
	method?: string;
	/** A string is compared with the whole path ('/hooks'), without `/api`. */
	path?: RegExp | string;
	/** Parts of the query that must be so, for example `{ type: 'emailsReplied' }`. */
	query?: Record<string, string>;
	/** The first request that is hit, counted from 1 among those that fit. */
	nth?: number;
	match?: (request: RequestRecord) => boolean;
}

export interface Fault {
	/** Every request, where it is left out. */
	on?: FaultTrigger;
	/** How many requests it hits. Default 1; Infinity until removed. */
	times?: number;
	effect: Effect | BareEffectName;
}

export interface ActiveFault {
	readonly id: string;
	readonly effect: Effect;
	readonly on: FaultTrigger;
	readonly remaining: number;
	/** How many requests it has hit. */
	readonly hits: number;
	remove(): void;
}

export interface LogEntry {
	at: number;
	kind: 'request' | 'delivery' | 'activity' | 'hook' | 'fault' | 'reset';
	text: string;
}

export interface SandboxOptions {
	/** 0: any free one. */
	port: number;
	apiKey: string;
	/** The rule of that name. */
	latencyMs: number;
	rules: RulesOptions;
	/** How many, or which ones. */
	campaigns: number | Array<Partial<Campaign>>;
	log: (line: LogEntry) => void;
}

export interface Sandbox {
	readonly url: string;
	readonly apiUrl: string;
	readonly apiKey: string;
	/** The team of `apiKey`. */
	readonly teamId: string;
	/** May be changed at any time; `reset()` puts back what `startSandbox` was given. */
	readonly rules: Rules;
	/** All teams' hooks, oldest first, secrets included. */
	readonly hooks: readonly StoredHook[];
	/** All teams' campaigns; may be changed in place. */
	readonly campaigns: Campaign[];
	readonly keys: Map<string, KeyHolder>;
	readonly requests: readonly RequestRecord[];
	readonly deliveries: readonly DeliveryRecord[];
	readonly faults: readonly ActiveFault[];
	/** What GET /activities has for `teamId` now, in its order. */
	readonly activities: readonly ListedActivity[];
	/** The latest lines of the log, oldest first. */
	readonly log: readonly LogEntry[];
	/** The time at lemlist, in milliseconds since 1970. */
	now(): number;
	/** As the function of that name, but on lemlist's clock. */
	activityOf(type: EventType, overrides?: Record<string, unknown>): Activity;
	/** A hook that somebody else made: no rule is applied. */
	addHook(hook?: Partial<StoredHook>): StoredHook;
	removeHook(id: string): void;
	/** As lemlist does when a hook's deliveries keep failing. */
	switchOffHook(id: string): void;
	clearRequests(): void;
	/** Somebody else's automation uses so many requests of the rate budget, now. */
	spend(requests: number, apiKey?: string): void;
	fault(fault: Fault): ActiveFault;
	removeFault(id: string): void;
	clearFaults(): void;
	/** Post an activity to every hook that wants it; again, later, where it is not taken. A forgery is posted once. */
	deliver(activity: Activity, options?: DeliverOptions): Promise<DeliveryResult[]>;
	/**
	 * Something happens that no hook delivers: GET /activities lists it, as it does what was delivered.
	 * `lateMs`: how long after now it turns up there.
	 */
	happen(activity: Activity, lateMs?: number, options?: HappenOptions): void;
	/**
	 * Somebody deletes an activity at lemlist, and the list has it no more: at once, or after so many more pages of
	 * lists that it could be in. @returns whether there is one
	 */
	loseActivity(id: string, afterPages?: number): boolean;
	/** Post anything anywhere, for example a forgery. */
	send(targetUrl: string, body: unknown, options?: SendOptions): Promise<DeliveryResult>;
	/** Calls the listener on every change, until the returned function is called. */
	onChange(listener: (line: LogEntry) => void): () => void;
	/** Connections are refused until `startListening()`, which takes the same port again. */
	stopListening(): Promise<void>;
	startListening(): Promise<void>;
	/** Back to the state just after `startSandbox`, on the same port. */
	reset(): void;
	/** Ends every socket at once, hanging ones included. */
	close(): Promise<void>;
}
