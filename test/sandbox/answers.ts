// What lemlist answers, before it is put on the wire.
import type { Rules } from './rules';

export interface Answer {
	status: number;
	body: string | Buffer;
	/** Lower-case names. */
	headers: Record<string, string>;
}

/** An answer in JSON. */
export function json(value: unknown, status = 200): Answer {
	return {
		status,
		body: JSON.stringify(value),
		headers: { 'content-type': 'application/json; charset=utf-8' },
	};
}

/** An answer in plain text, as most of lemlist's refusals are. */
export function text(body: string, status = 200): Answer {
	return { status, body, headers: { 'content-type': 'text/plain; charset=utf-8' } };
}

/** A page, as a proxy in front of the API or the web app behind it sends. */
export function html(body: string, status: number): Answer {
	return { status, body, headers: { 'content-type': 'text/html; charset=utf-8' } };
}

const REFUSALS = {
	badParams: [400, 'Bad params'],
	badTeam: [400, 'Bad team'],
	wrongKey: [401, 'The authentication you supplied is incorrect'],
	notInPlan: [402, 'route is available starting emailPro plan'],
	blocked: [403, 'Forbidden'],
	notFound: [404, 'Not found'],
	wrongMethod: [405, 'Method not allowed'],
	urlTaken: [409, 'Already exists'],
	tooMany: [429, 'Too many requests'],
} as const;

export type Refusal = keyof typeof REFUSALS;

/** One of lemlist's refusals, in the format of the day. */
export function refusal(name: Refusal, rules: Rules): Answer {
	const [status, message] = REFUSALS[name];
	return refusalOf(message, status, rules);
}

/** A refusal in words of one's own, in the format of the day. */
export function refusalOf(message: string, status: number, rules: Rules): Answer {
	return rules.errorFormat === 'json' ? json({ error: message }, status) : text(message, status);
}

/** The same answer with more headers, which win over its own. */
export function withHeaders(answer: Answer, headers: Record<string, string>): Answer {
	return { ...answer, headers: { ...answer.headers, ...headers } };
}
