// What every test of the stand-in needs: the stand-in, a receiver for its deliveries, a client of its API.
import { startSandbox, type RulesOptions, type Sandbox } from '../../sandbox';
import { startReceiver, type Receiver } from '../../sandbox/receiver';

export const AGENT = 'sandbox-test/1.0';

export interface Answer {
	status: number;
	headers: Headers;
	text: string;
	json: () => unknown;
}

export interface Ask {
	method?: string;
	headers?: Record<string, string>;
	body?: unknown;
	key?: string;
	signal?: AbortSignal;
	redirect?: 'manual';
}

export let sandbox: Sandbox;
export let receiver: Receiver;

/** Starts both for a file of tests, and puts both back before each test. */
export function useStandIn(): void {
	beforeAll(async () => {
		sandbox = await startSandbox({ rules: { rateLimit: { requests: 1000 } } });
		receiver = await startReceiver();
	});
	beforeEach(() => {
		sandbox.reset();
		receiver.reset();
	});
	afterAll(async () => {
		await Promise.all([sandbox.close(), receiver.close()]);
	});
}

/** Asks the API as a client would. */
export async function ask(path: string, options: Ask = {}): Promise<Answer> {
	const { method = 'GET', headers = {}, body, key = sandbox.apiKey, ...rest } = options;
	const answer = await fetch(sandbox.apiUrl + path, {
		method,
		headers: { authorization: basic('', key), 'user-agent': AGENT, ...headers },
		...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
		...rest,
	});
	return await answerOf(answer);
}

/** Asks the stand-in's own API, as its page would. */
export async function control(method: string, path: string, order?: unknown): Promise<Answer> {
	const body = order !== undefined && { body: JSON.stringify(order) };
	return await answerOf(await fetch(sandbox.url + path, { method, ...body }));
}

/** An answer with its whole body read. */
export async function answerOf(answer: Response): Promise<Answer> {
	const text = await answer.text();
	const json = (): unknown => JSON.parse(text);
	return { status: answer.status, headers: answer.headers, text, json };
}

export function basic(user: string, password: string): string {
	return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

export function register(body: unknown, query = '', key = sandbox.apiKey): Promise<Answer> {
	return ask(`/hooks${query}`, { method: 'POST', body, key });
}

/** Sets rules, which hold until the next test. */
export function obey(rules: RulesOptions): void {
	const { rateLimit, ...others } = rules;
	Object.assign(sandbox.rules, others);
	Object.assign(sandbox.rules.rateLimit, rateLimit);
}
