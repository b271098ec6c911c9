// n8n's internal REST API as one browser sees it: a cookie after the log-in, and n8n's own messages.
import { z } from 'zod';

const LIMIT_MS = 60_000;
/** n8n ties the log-in to the browser that sends this. */
const BROWSER_ID = 'n8n-nodes-lemlist-tests';

const answer = z.object({ data: z.unknown() });
const refusal = z.object({ message: z.string() });

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** n8n refused a call. The message is n8n's own. */
export class Refused extends Error {
	constructor(
		call: string,
		readonly status: number,
		readonly reason: string,
	) {
		super(`n8n answered ${call} with ${String(status)}: ${reason}`);
	}
}

export class RestSession {
	private cookie = '';

	constructor(private readonly url: string) {}

	/**
	 * Makes one call and returns its `data`.
	 *
	 * @param path under /rest
	 * @throws Refused
	 */
	async send(method: Method, path: string, body?: unknown): Promise<unknown> {
		const response = await fetch(`${this.url}/rest${path}`, {
			method,
			headers: {
				'browser-id': BROWSER_ID,
				cookie: this.cookie,
				'content-type': 'application/json',
			},
			signal: AbortSignal.timeout(LIMIT_MS),
			...(body !== undefined && { body: JSON.stringify(body) }),
		});
		const text = await response.text();
		if (!response.ok) throw new Refused(`${method} ${path}`, response.status, reasonIn(text));
		this.keepCookies(response.headers);
		return answer.parse(JSON.parse(text)).data;
	}

	private keepCookies(headers: Headers): void {
		const cookies = headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
		if (cookies.length > 0) this.cookie = cookies.join('; ');
	}
}

function reasonIn(text: string): string {
	try {
		return refusal.parse(JSON.parse(text)).message;
	} catch {
		return text;
	}
}
