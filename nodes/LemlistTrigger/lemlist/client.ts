/**
 * The room lemlist is for lemlist's API, and knows nothing of triggers. Here are requests: paced, bounded in
 * time, repeated where that is safe, their failures put into plain values. Follows lemlist's documentation of
 * authentication and rate limits. Behind the door, the one file that gets one of n8n's contexts: to send with
 * the credential.
 */
import type {
	IDataObject,
	IHookFunctions,
	IHttpRequestMethods,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	ITriggerFunctions,
} from 'n8n-workflow';
import { clock } from '../process/clock';
import { lemlistError, messageOf, TOOK_TOO_LONG, type Failure } from './failures';
import { Pace, type Headers } from './pace';

export const CREDENTIAL_TYPE = 'lemlistWebhookApi';

/** One request: long enough for a slow answer, short enough to look and try again. */
const REQUEST_TIMEOUT_MS = 6_000;
/** Below this there is no point in sending: the answer would come too late. */
const SHORTEST_REQUEST_MS = 250;
/** How often a wait looks whether something more important is waiting. */
const LOOK_UP_EVERY_MS = 250;
const REPEATS_OF_SAFE_REQUESTS = 3;
const FIRST_REPEAT_AFTER_MS = 400;
const LONGEST_DETAIL = 120;
const SECOND_MS = 1_000;
/** How a request that was ended for its time shows; the first is that of an aborted one. */
const TIME_OUTS: ReadonlySet<string | undefined> = new Set([
	'ERR_CANCELED',
	'ECONNABORTED',
	'ETIMEDOUT',
]);

/** n8n's contexts that can send requests with the credential. */
export type RequestContext = IHookFunctions | ITriggerFunctions | ILoadOptionsFunctions;

/** How one operation may use lemlist's API. */
export interface RequestLimits {
	/** Address of lemlist's API, without a slash at the end. */
	baseUrl: string;
	/** When the operation has to be over, in milliseconds since the epoch. */
	deadline: number;
	/** Texts that must not turn up in anything shown: the API key, secrets. */
	secrets: readonly string[];
	/** Called before each request; throws when another operation should go first. */
	beforeRequest?: () => void;
}

export interface Request {
	method: IHttpRequestMethods;
	path: string;
	qs?: IDataObject;
	body?: IDataObject;
}

export interface Answer {
	status: number;
	headers: Headers;
	body: unknown;
	/** Code of a network failure; only with status 0. */
	code?: string;
}

/** What the answers so far have told beside their content. */
interface Told {
	/** How far lemlist's clock is ahead of this machine's at least, in milliseconds. */
	aheadMs: number;
	/** The same at most. */
	mostAheadMs: number;
}

export class LemlistClient {
	private lastAnswerMs = 0;

	constructor(
		private readonly context: RequestContext,
		private readonly limits: RequestLimits,
		private readonly pace = new Pace(),
		private readonly told: Told = { aheadMs: 0, mostAheadMs: SECOND_MS },
	) {}

	/** @returns the same for a part of the operation that has to be over at another time, in milliseconds since the epoch */
	until(deadline: number): LemlistClient {
		return new LemlistClient(this.context, { ...this.limits, deadline }, this.pace, this.told);
	}

	/** How long the last answer was under way, in milliseconds; 0 before the first. */
	get answerMs(): number {
		return this.lastAnswerMs;
	}

	/** How far lemlist's clock is ahead of this machine's at least, by its last answer, in milliseconds; 0 before the first. */
	get aheadMs(): number {
		return this.told.aheadMs;
	}

	/** The same at most: nobody knows how long the answer was on its way. */
	get mostAheadMs(): number {
		return this.told.mostAheadMs;
	}

	/** @returns the error that n8n shows for a failure */
	error(failure: Failure): Error {
		return lemlistError(this.context.getNode(), failure);
	}

	/** Waits, but not past the deadline, and not while something more important does. @throws what `beforeRequest` throws */
	async wait(ms: number): Promise<void> {
		const until = Math.min(clock.now() + ms, this.limits.deadline);
		for (let left = until - clock.now(); left > 0; left = until - clock.now()) {
			this.limits.beforeRequest?.();
			await clock.sleep(Math.min(left, LOOK_UP_EVERY_MS));
		}
	}

	/** For requests that may be sent twice. @returns the answer that is final, or the last one when patience is at its end */
	async sendRepeatedly(request: Request, isFinal: (answer: Answer) => boolean): Promise<Answer> {
		for (let repeat = 0; ; repeat += 1) {
			const answer = await this.send(request);
			const pauseMs = FIRST_REPEAT_AFTER_MS * 2 ** repeat;
			if (
				isFinal(answer) ||
				repeat === REPEATS_OF_SAFE_REQUESTS ||
				this.timeLeft() < pauseMs + SHORTEST_REQUEST_MS
			)
				return answer;
			await this.wait(pauseMs);
		}
	}

	/**
	 * Sends a request in its turn; a refusal for sending too much (429) was not acted on and is waited out.
	 *
	 * @returns lemlist's answer, or that there was none. @throws NodeApiError for no time to ask
	 */
	async send(request: Request): Promise<Answer> {
		for (;;) {
			const number = await this.takeTurn();
			const began = clock.now();
			const answer = await this.sendNow(request);
			this.lastAnswerMs = clock.now() - began;
			this.pace.ended(number, answer.status, answer.headers);
			this.hearTheTime(answer.headers, began);
			if (answer.status !== 429 || this.timeLeft() < this.pace.delay() + SHORTEST_REQUEST_MS)
				return answer;
		}
	}

	/** The header cuts the second off. @param began when the request went out */
	private hearTheTime({ date }: Headers, began: number): void {
		const shown = typeof date === 'string' ? Date.parse(date) : NaN;
		if (Number.isNaN(shown)) return;
		this.told.aheadMs = shown - clock.now();
		this.told.mostAheadMs = shown + SECOND_MS - began;
	}

	/** Without a pause where there is room, so that who looks next sees that it is taken. */
	private async takeTurn(): Promise<number> {
		// Others may have waited for the same room.
		while (this.pace.delay() > 0) await this.room();
		this.limits.beforeRequest?.();
		if (this.timeLeft() < SHORTEST_REQUEST_MS)
			throw this.error({ status: 0, message: TOOK_TOO_LONG });
		return this.pace.sent();
	}

	/**
	 * Waits until lemlist's limit has room for a request.
	 *
	 * @param isOver whether none is wanted any more
	 * @throws NodeApiError when that takes too long, what `beforeRequest` throws
	 */
	async room(isOver = () => false): Promise<void> {
		for (let delay = this.pace.delay(); delay > 0 && !isOver(); delay = this.pace.delay()) {
			if (delay + SHORTEST_REQUEST_MS > this.timeLeft())
				throw this.error(
					this.pace.isCrowded() ? { status: 429 } : { status: 0, message: TOOK_TOO_LONG },
				);
			await this.wait(Math.min(delay, LOOK_UP_EVERY_MS));
		}
	}

	private timeLeft(): number {
		return this.limits.deadline - clock.now();
	}

	private async sendNow({ method, path, qs, body }: Request): Promise<Answer> {
		const timeout = Math.ceil(Math.min(REQUEST_TIMEOUT_MS, this.timeLeft()));
		const options: IHttpRequestOptions = {
			method,
			url: this.limits.baseUrl + path,
			json: true,
			...(qs !== undefined && { qs }),
			...(body !== undefined && { body }),
			// Statuses are ours to judge: n8n would send a request that got 401 a second time.
			ignoreHttpStatusErrors: true,
			returnFullResponse: true,
			// A redirect must not take the API key to another host.
			disableFollowRedirect: true,
			timeout,
			// `timeout` ends a silent connection only, this one also an answer that trickles in.
			abortSignal: AbortSignal.timeout(timeout),
		};
		try {
			return answerOf(
				await this.context.helpers.httpRequestWithAuthentication.call(
					this.context,
					CREDENTIAL_TYPE,
					options,
				),
			);
		} catch (error) {
			return { status: 0, headers: {}, body: undefined, code: networkCode(error) };
		}
	}

	/** @returns what an answer that is no success, or none of lemlist, means */
	failureOf({ status, body, code }: Answer): Failure {
		const detail = status === 0 ? code : this.quotable(body);
		return {
			status,
			...(detail !== undefined && { detail }),
			...(TIME_OUTS.has(code) && { message: TOOK_TOO_LONG }),
			...(isOfNobody(status, body) && { message: messageOf({ status: 200 }) }),
		};
	}

	/** lemlist's own short words; not a page of markup, and nothing that repeats a secret. */
	private quotable(body: unknown): string | undefined {
		const words = wordsIn(body)?.trim() ?? '';
		if (words === '' || /[<>\p{Cc}]/u.test(words)) return undefined;
		// The key travels as the password of HTTP Basic, and may be repeated in that form.
		const spellings = this.limits.secrets
			.filter((secret) => secret !== '')
			.flatMap((secret) => [secret, Buffer.from(`:${secret}`).toString('base64')]);
		const isSecretIn = spellings.some((spelling) => words.includes(spelling));
		return isSecretIn ? undefined : words.slice(0, LONGEST_DETAIL);
	}
}

/** lemlist says what is wrong as text, sometimes as JSON. */
function wordsIn(body: unknown): string | undefined {
	const { error, message } =
		typeof body === 'object' && body !== null
			? (body as { error?: unknown; message?: unknown })
			: {};
	// Frameworks put the name of the status into error, and what is wrong into message.
	return [body, message, error].find(
		(words) => typeof words === 'string' && words.trim() !== '',
	) as string | undefined;
}

function answerOf(answer: unknown): Answer {
	const { statusCode, headers, body } = answer as {
		statusCode: number;
		headers: Headers;
		body: unknown;
	};
	return { status: statusCode, headers, body };
}

/** n8n wraps network failures, and what it wraps carries the request: only the code may pass. */
function networkCode(error: unknown): string {
	for (
		let cause: unknown = error, depth = 0;
		typeof cause === 'object' && cause !== null && depth < 5;
		depth += 1
	) {
		const { code, cause: deeper } = cause as { code?: unknown; cause?: unknown };
		if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,40}$/.test(code)) return code;
		cause = deeper;
	}
	return 'no answer';
}

/** @returns whether lemlist says that it did what was asked */
export function isSuccess(status: number): boolean {
	return status >= 200 && status < 300;
}

/** @returns whether there was no answer, or a problem on lemlist's side or on the way: the same request may succeed later */
export function isTrouble(status: number): boolean {
	return status === 0 || status === 408 || status === 425 || status >= 500;
}

/** @returns whether an answer is from lemlist: it says in JSON what it did; plain words of success are from something in front of it */
export function isOfLemlist({ status, body }: Answer): boolean {
	const isOnlyText = typeof body === 'string' && body.trim() !== '';
	return !isTrouble(status) && !isPage(body) && !(isSuccess(status) && isOnlyText);
}

/** A page of markup is not from lemlist's API but from something in front of it, whatever its status. */
function isPage(body: unknown): boolean {
	return typeof body === 'string' && body.trimStart().startsWith('<');
}

/** Whether an answer is from something in front of lemlist: a page where lemlist would say something else, or a success that says nothing. */
function isOfNobody(status: number, body: unknown): boolean {
	const isEmpty = body === undefined || body === null || body === '';
	return (isPage(body) && lemlistMayAnswer(status)) || (isEmpty && isSuccess(status));
}

/** Whether a status would be about the key, the plan or the request, if it came from lemlist. What else it says, a page says too. */
function lemlistMayAnswer(status: number): boolean {
	return (
		isSuccess(status) ||
		(status >= 400 && status < 500 && ![407, 429].includes(status) && !isTrouble(status))
	);
}
