// One delivery on its way: posted once, what came back, and what that changes at lemlist.
import type { Lemlist } from './lemlist';
import { exchange, type Received } from './outgoing';
import type { DeliveryRecord, DeliveryResult, SendOptions, StoredHook } from './types';

const USER_AGENT = 'lemlist-sandbox';
/** Answers that tell lemlist that nobody will ever listen there again. */
const DEAD = new Set<number | 'none'>([404, 410]);
const LONGER_EACH_TIME = 2;

export interface Parcel {
	targetUrl: string;
	body: unknown;
	options: SendOptions;
	hook?: StoredHook;
	/** How often it may be posted again. */
	retries: number;
	/** Whether the sandbox has given up on it. */
	closing: AbortSignal;
	/** Called when it is taken. */
	taken?: () => void;
}

interface Failure {
	status: 'none';
	headers: Record<string, never>;
	body: '';
	error: string;
}

/** Posts a parcel, for the first time or again, and keeps a record of it. @param attempt counted from 1 */
export async function post(
	parcel: Parcel,
	attempt: number,
	lemlist: Lemlist,
): Promise<DeliveryResult> {
	const at = Date.now();
	const received = await exchangeOrFailure(parcel, lemlist.rules.deliveryTimeoutMs);
	const result: DeliveryResult = {
		...(parcel.hook && { hookId: parcel.hook._id }),
		targetUrl: parcel.targetUrl,
		ms: Date.now() - at,
		attempts: attempt,
		hookRemoved: isRemovedAsDead(parcel, received.status, lemlist),
		...(isPostedAgain(parcel, attempt, received.status) && {
			againInMs: pauseAfter(attempt, lemlist),
		}),
		...received,
	};
	if (isTaken(result)) parcel.taken?.();
	const { method = 'POST' } = parcel.options;
	const record: DeliveryRecord = { ...result, at, method, sent: parcel.body };
	if (!parcel.closing.aborted) lemlist.journal.addDelivery(record);
	return result;
}

/** Whether an answer ends a delivery: it was taken, or nobody will ever take it. */
export function isFinal({ status }: Pick<DeliveryResult, 'status'>): boolean {
	return isTaken({ status }) || DEAD.has(status);
}

function isTaken({ status }: Pick<DeliveryResult, 'status'>): boolean {
	return status !== 'none' && status < 300;
}

function isPostedAgain({ retries }: Parcel, attempt: number, status: number | 'none'): boolean {
	return attempt <= retries && !isFinal({ status });
}

function pauseAfter(attempt: number, { rules }: Lemlist): number {
	return rules.deliveryRetryDelayMs * LONGER_EACH_TIME ** (attempt - 1);
}

function isRemovedAsDead(
	{ hook }: Parcel,
	status: number | 'none',
	{ rules, hooks, journal }: Lemlist,
): boolean {
	if (!hook || rules.deadHook === 'keep' || !DEAD.has(status)) return false;
	const removed = hooks.remove(hook._id) !== undefined;
	if (removed) journal.log('hook', `${hook._id} removed: its URL answered ${String(status)}`);
	return removed;
}

async function exchangeOrFailure(parcel: Parcel, timeoutMs: number): Promise<Received | Failure> {
	const { targetUrl, body, options, closing } = parcel;
	const { method = 'POST', headers = {}, raw = false } = options;
	const timeout = AbortSignal.timeout(timeoutMs);
	const outgoing = {
		method,
		headers: { 'content-type': 'application/json', 'user-agent': USER_AGENT, ...headers },
		body: raw && isRaw(body) ? body : JSON.stringify(body),
		signal: AbortSignal.any([timeout, closing]),
	};
	try {
		return await exchange(targetUrl, outgoing);
	} catch (error) {
		const late = timeout.aborted && `No answer within ${String(timeoutMs)} ms`;
		const givenUp = closing.aborted && 'The sandbox gave up on this delivery';
		return failure(late || givenUp || String(error));
	}
}

function isRaw(body: unknown): body is string | Buffer {
	return typeof body === 'string' || Buffer.isBuffer(body);
}

function failure(error: string): Failure {
	return { status: 'none', headers: {}, body: '', error };
}
