// Events on their way: which hooks get one, what is posted, and what a receiver's answer changes.

import { CAUSES_OF_STATE, stateAfter } from './eventTypes';
import { wants } from './hooks';
import { SANDBOX_TEAM } from './identifiers';
import type { Lemlist } from './lemlist';
import { exchange, type Received } from './outgoing';
import { pause } from './pause';
import type {
	Activity,
	DeliverOptions,
	DeliveryRecord,
	DeliveryResult,
	SendOptions,
	StoredHook,
} from './types';

const USER_AGENT = 'lemlist-sandbox';
/** Answers that tell lemlist that nobody will ever listen there again. */
const DEAD = new Set<number | 'none'>([404, 410]);

interface Parcel {
	targetUrl: string;
	body: unknown;
	options: SendOptions;
	hook?: StoredHook;
	/** Whether the sandbox has given up on it. */
	closing: AbortSignal;
}

export class Deliveries {
	private closing = new AbortController();

	constructor(private readonly lemlist: Lemlist) {}

	/** Posts an activity to every hook that wants it, to all of them at the same time. */
	async deliver(activity: Activity, options: DeliverOptions = {}): Promise<DeliveryResult[]> {
		const event = options.event ?? activity.type;
		const results = await this.deliverEvent(event, activity, options);
		const state = options.alsoState === true ? stateAfter(event) : undefined;
		if (state === undefined) return results;
		const namesCause = this.lemlist.rules.deliveryTypeOfStateEvents === 'activity';
		const caused = namesCause ? activity : { ...activity, type: state };
		return [...results, ...(await this.deliverEvent(state, caused, options))];
	}

	/** Posts any body to any URL, once. */
	send(targetUrl: string, body: unknown, options: SendOptions = {}): Promise<DeliveryResult> {
		return this.post({ targetUrl, body, options, closing: this.closing.signal }, 1);
	}

	/** Gives up on everything that is under way. */
	abort(): void {
		this.closing.abort();
		this.closing = new AbortController();
	}

	private async deliverEvent(
		event: string,
		activity: Activity,
		options: DeliverOptions,
	): Promise<DeliveryResult[]> {
		const { rules, hooks } = this.lemlist;
		const posted = this.asPosted(event, activity);
		const wanting = hooks
			.ofTeam(teamOf(activity, options))
			.filter((hook) => wants(hook, event, activity, rules));
		const results = await Promise.all(wanting.map((hook) => this.deliverTo(hook, posted, options)));
		return results.flat();
	}

	private async deliverTo(
		hook: StoredHook,
		activity: Activity,
		{ secret = hook.secret ?? null, times = 1 }: DeliverOptions,
	): Promise<DeliveryResult[]> {
		const body = secret === null ? activity : { ...activity, secret };
		const { targetUrl } = hook;
		const parcel: Parcel = { targetUrl, body, options: {}, hook, closing: this.closing.signal };
		const results: DeliveryResult[] = [];
		for (let time = 0; time < times; time += 1) results.push(await this.postUntilTaken(parcel));
		return results;
	}

	private async postUntilTaken(parcel: Parcel): Promise<DeliveryResult> {
		const { rules } = this.lemlist;
		let result = await this.post(parcel, 1);
		for (let retry = 1; retry <= rules.deliveryRetries && !isFinal(result); retry += 1) {
			await pause(rules.deliveryRetryDelayMs);
			result = await this.post(parcel, retry + 1);
		}
		return result;
	}

	private async post(parcel: Parcel, attempts: number): Promise<DeliveryResult> {
		const at = Date.now();
		const received = await this.exchangeOrFailure(parcel);
		const result: DeliveryResult = {
			...(parcel.hook && { hookId: parcel.hook._id }),
			targetUrl: parcel.targetUrl,
			ms: Date.now() - at,
			attempts,
			hookRemoved: this.removedAsDead(parcel, received.status),
			...received,
		};
		const { method = 'POST' } = parcel.options;
		const record: DeliveryRecord = { ...result, at, method, sent: parcel.body };
		if (!parcel.closing.aborted) this.lemlist.journal.addDelivery(record);
		return result;
	}

	private async exchangeOrFailure(parcel: Parcel): Promise<Received | Failure> {
		const { targetUrl, body, options, closing } = parcel;
		const { method = 'POST', headers = {}, raw = false } = options;
		const { deliveryTimeoutMs } = this.lemlist.rules;
		const timeout = AbortSignal.timeout(deliveryTimeoutMs);
		const outgoing = {
			method,
			headers: { 'content-type': 'application/json', 'user-agent': USER_AGENT, ...headers },
			body: raw && isRaw(body) ? body : JSON.stringify(body),
			signal: AbortSignal.any([timeout, closing]),
		};
		try {
			return await exchange(targetUrl, outgoing);
		} catch (error) {
			const late = timeout.aborted && `No answer within ${String(deliveryTimeoutMs)} ms`;
			const givenUp = closing.aborted && 'The sandbox gave up on this delivery';
			return failure(late || givenUp || String(error));
		}
	}

	private removedAsDead({ hook }: Parcel, status: number | 'none'): boolean {
		const { rules, hooks, journal } = this.lemlist;
		if (!hook || rules.deadHook === 'keep' || !DEAD.has(status)) return false;
		const removed = hooks.remove(hook._id) !== undefined;
		if (removed) journal.log('hook', `${hook._id} removed: its URL answered ${String(status)}`);
		return removed;
	}

	private asPosted(event: string, activity: Activity): Activity {
		const [cause] = CAUSES_OF_STATE[event] ?? [];
		const namesCause = this.lemlist.rules.deliveryTypeOfStateEvents === 'activity';
		return namesCause && cause !== undefined && activity.type === event
			? { ...activity, type: cause }
			: activity;
	}
}

interface Failure {
	status: 'none';
	headers: Record<string, never>;
	body: '';
	error: string;
}

function teamOf(activity: Activity, { teamId }: DeliverOptions): string {
	if (teamId !== undefined) return teamId;
	return typeof activity.teamId === 'string' ? activity.teamId : SANDBOX_TEAM;
}

function isFinal({ status }: DeliveryResult): boolean {
	return status !== 'none' && (status < 300 || DEAD.has(status));
}

function isRaw(body: unknown): body is string | Buffer {
	return typeof body === 'string' || Buffer.isBuffer(body);
}

function failure(error: string): Failure {
	return { status: 'none', headers: {}, body: '', error };
}
