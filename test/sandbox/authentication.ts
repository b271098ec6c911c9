// Who asks: HTTP Basic with an empty user name, and the API key as the password.
import type { IncomingHttpHeaders } from 'node:http';

import type { Refusal } from './answers';
import type { KeyHolder, RequestRecord } from './types';

const GENERIC_AGENT = /^(axios|node|undici)\b/i;

/** Whether the request names its program, not just its HTTP library. */
export function hasOwnUserAgent({ headers }: RequestRecord): boolean {
	const agent = headers['user-agent']?.trim() ?? '';
	return agent !== '' && !GENERIC_AGENT.test(agent);
}

/** The API key that a request presents in the one way that lemlist takes. */
export function presentedKey(headers: IncomingHttpHeaders): string | undefined {
	const [, encoded] = /^Basic\s+([A-Za-z0-9+/=_-]+)$/i.exec(headers.authorization ?? '') ?? [];
	if (encoded === undefined) return undefined;
	const [, key] = /^:(.+)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
	return key;
}

/** The team that a request acts for, or why it may not. */
export function teamOf(
	request: RequestRecord,
	keys: ReadonlyMap<string, KeyHolder>,
): { teamId: string } | { refused: Refusal } {
	const holder = keys.get(presentedKey(request.headers) ?? '');
	if (!holder || holder.state === 'revoked') return { refused: 'wrongKey' };
	return holder.state === 'blocked' ? { refused: 'blocked' } : { teamId: holder.teamId };
}
