/**
 * Requests to lemlist as fast as its limit lets one, and nothing else: what any activation has to take
 * at least. It knows the limit beforehand, so it is never refused.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { USER_AGENT } from '../../credentials/LemlistWebhookApi.credentials';
import type { Sandbox } from '../sandbox';
import { forEachOf } from './part';

export const WINDOW_MS = 2_000;
/** Our window opens when we send, lemlist's when it hears us. */
const MARGIN_MS = 40;

/** Where the requests go and how many of them one window holds. */
interface Limits {
	lemlist: Sandbox;
	perWindow: number;
}

/** Looks first, one request after the other; then the rest, as many at a time as a window holds. @throws Error when one is refused */
export async function sendBarely(
	{ lemlist, perWindow }: Limits,
	looks: number,
	others: number,
): Promise<void> {
	const sentAt: number[] = [];
	const send = async () => {
		// Each takes the place of the one that a whole window went before.
		const place = (sentAt.at(-perWindow) ?? -Infinity) + WINDOW_MS + MARGIN_MS;
		const at = Math.max(performance.now(), sentAt.length < perWindow ? 0 : place);
		sentAt.push(at);
		await sleep(at - performance.now());
		await get(lemlist, '/team');
	};
	for (let look = 0; look < looks; look += 1) await send();
	await forEachOf([...Array(others).keys()], perWindow, send);
}

/** One authenticated GET. @throws Error when it is refused */
export async function get({ apiUrl, apiKey }: Sandbox, resource: string): Promise<void> {
	const authorization = `Basic ${Buffer.from(`:${apiKey}`).toString('base64')}`;
	const answer = await fetch(apiUrl + resource, {
		headers: { 'user-agent': USER_AGENT, authorization },
	});
	await answer.text();
	if (!answer.ok)
		throw new Error(`The stand-in answered ${resource} with ${String(answer.status)}`);
}
