/**
 * What can go wrong between the node and lemlist, in the user's words: what happened, then what to
 * do. One table by HTTP status. Follows the statuses that lemlist's API documents.
 */
import { NodeApiError, NodeOperationError, type INode } from 'n8n-workflow';

/** The answer, or lack of one, that a message is about. */
export interface Failure {
	/** HTTP status; 0 when there was no answer. */
	status: number;
	/** lemlist's own words, or the network's code, shortened and free of secrets. */
	detail?: string;
	/** A sentence that says more precisely what went wrong; the table's otherwise. */
	message?: string;
}

const MESSAGES: Readonly<Record<number, string>> = {
	0: 'lemlist could not be reached. Try again in a few minutes. If that does not help, ask whoever runs this n8n to let it connect to api.lemlist.com (firewall, proxy, DNS).',
	400: 'lemlist refused the request. Create a new API key in lemlist under Settings > Integrations, update the credential and try again.',
	401: 'lemlist rejected the API key. Create a new one in lemlist under Settings > Integrations and update the credential.',
	403: 'lemlist denied access: the user of this API key is blocked or not allowed to do this. Ask the owner of the lemlist team, or use the API key of another user.',
	404: 'This credential holds a wrong address for lemlist. Make a new credential and pick it in the trigger.',
	429: 'lemlist is turning requests away because the team sends too many. Try again in a minute; slow down other automations that use the same lemlist team.',
};
const REDIRECTED = 'lemlist sent the request on to another address, and the API key was not passed on. Make a new credential and pick it in the trigger. If that changes nothing, ask whoever runs this n8n about its proxy.';
export const TOOK_TOO_LONG = 'lemlist took too long to answer. Try again in a few minutes.';
const UNREADABLE = 'The answer did not come from lemlist. A proxy or a maintenance page may be in the way: try again in a few minutes.';
const SERVER_TROUBLE = 'lemlist has a problem on its side. Try again in a few minutes.';

/** Ends an operation before its next request because a more important one on the same webhooks is waiting. */
export class GaveWay extends NodeOperationError {}

/** @returns the message of whatever was thrown */
export function reasonOf(thrown: unknown): string {
	const isSpoken = typeof thrown === 'object' && thrown !== null && 'message' in thrown && typeof thrown.message === 'string';
	return isSpoken ? String(thrown.message) : String(thrown);
}

/** @returns the error that some work ended with, undefined if it ended well */
export async function errorOf(work: Promise<unknown>): Promise<Error | undefined> {
	try {
		await work;
		return undefined;
	} catch (error) {
		return error instanceof Error ? error : new Error(reasonOf(error));
	}
}

/** @returns the sentence for a failure without one of its own; with lemlist's words where the status alone tells nothing */
export function messageOf({ status, detail }: Failure): string {
	const known = MESSAGES[status];
	if (known !== undefined) return known;
	if (status >= 500 || status === 408 || status === 425) return SERVER_TROUBLE;
	if (status >= 300 && status < 400) return REDIRECTED;
	if (status < 300) return UNREADABLE;
	const answer = detail === undefined ? String(status) : `${String(status)}: "${detail}"`;
	return `lemlist refused the request (HTTP ${answer}). If it does so again in a few minutes, ask the owner of the lemlist team.`;
}

/**
 * Makes the error that n8n shows. Nothing of the request goes into it: it would carry the API key.
 *
 * @param node the trigger node
 * @param failure what happened
 */
export function lemlistError(node: INode, failure: Failure): NodeApiError {
	const { status, detail, message: told = messageOf(failure) } = failure;
	const origin = status === 0 ? 'The connection failed with' : `lemlist answered HTTP ${String(status)} with`;
	return new NodeApiError(node, {}, {
		message: told,
		// n8n 1.x shows a description alone where there is one, so it has to say everything.
		...(detail !== undefined && !told.includes(`"${detail}"`) && { description: `${told} ${origin} "${detail}".` }),
		...(status > 0 && { httpCode: String(status) }),
	});
}

/**
 * @param node the trigger node
 * @param message what is wrong with a parameter, the credential or n8n's own set-up, and what to do
 */
export function setupError(node: INode, message: string): NodeOperationError {
	return new NodeOperationError(node, message);
}
