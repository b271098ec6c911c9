/** n8n's REST API as the editor calls it, with every answer kept word for word, errors included. */
import type { Instance } from '../../e2e/n8n/instance';
import { OWNER } from './host';

const BROWSER_ID = 'n8n-nodes-lemlist-recorded';

export interface RecordedAnswer {
	call: string;
	status: number;
	/** Headers and body. */
	text: string;
}

export class RecordedSession {
	readonly answers: RecordedAnswer[] = [];
	private cookie = '';

	constructor(private readonly n8n: Instance) {}

	async logIn(): Promise<void> {
		await this.call('POST', '/login', { emailOrLdapLoginId: OWNER.email, password: OWNER.password });
	}

	/** Makes one call. @returns the answer, whatever its status */
	async call(method: string, path: string, body?: unknown): Promise<RecordedAnswer> {
		const response = await fetch(`${this.n8n.url}/rest${path}`, {
			method,
			headers: { 'browser-id': BROWSER_ID, cookie: this.cookie, 'content-type': 'application/json' },
			...(body !== undefined && { body: JSON.stringify(body) }),
		});
		const [cookie] = response.headers.getSetCookie();
		this.cookie = cookie?.split(';')[0] ?? this.cookie;
		const text = JSON.stringify([...response.headers]) + (await response.text());
		const answer = { call: `${method} ${path}`, status: response.status, text };
		this.answers.push(answer);
		return answer;
	}
}
