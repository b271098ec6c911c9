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

	/** @param pushRef by which n8n knows the open page that is to hear of the runs that it starts; none by default */
	constructor(
		private readonly n8n: Instance,
		private readonly pushRef?: string,
	) {}

	/** By which n8n knows the browser and who has logged in. */
	get identity(): Readonly<Record<string, string>> {
		return { 'browser-id': BROWSER_ID, cookie: this.cookie };
	}

	async logIn(): Promise<void> {
		await this.call('POST', '/login', {
			emailOrLdapLoginId: OWNER.email,
			password: OWNER.password,
		});
	}

	/** Makes one call. @returns the answer, whatever its status */
	async call(method: string, path: string, body?: unknown): Promise<RecordedAnswer> {
		const response = await fetch(`${this.n8n.url}/rest${path}`, {
			method,
			headers: {
				...this.identity,
				'content-type': 'application/json',
				...(this.pushRef !== undefined && { 'push-ref': this.pushRef }),
			},
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
