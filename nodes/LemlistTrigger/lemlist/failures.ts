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

export const TOOK_TOO_LONG = 'lemlist took too long to answer. Try again in a few minutes.';
const REDIRECTED =
	'lemlist sent the request on to another address, and the API key was not passed on. Make a new credential and pick it in the trigger. If that changes nothing, ask whoever runs this n8n about its proxy.';
const UNREADABLE =
	'The answer did not come from lemlist. A proxy or a maintenance page may be in the way: try again in a few minutes.';
const SERVER_TROUBLE = 'lemlist has a problem on its side. Try again in a few minutes.';

/** What a failure means, in the order in which it is looked up. */
interface Meaning {
	/** Status, or the first and the last of several. */
	status: number | readonly [first: number, last: number];
	/** Where the status alone does not tell: what lemlist has to say beside it. */
	words?: RegExp;
	/** @param quote lemlist's words in brackets after a blank, empty where it said none */
	message: (quote: string) => string;
}

const MEANINGS: readonly Meaning[] = [
	{
		status: 0,
		message: () =>
			'lemlist could not be reached. Try again in a few minutes. If that does not help, ask whoever runs this n8n to let it connect to api.lemlist.com (firewall, proxy, DNS).',
	},
	...[301, 302, 303, 307, 308].map((status) => ({ status, message: () => REDIRECTED })),
	{ status: [100, 399], message: () => UNREADABLE },
	{
		status: 400,
		words: /team/i,
		message: (quote) =>
			`lemlist does not know the team of this API key${quote}. Create a new API key in lemlist under Settings > Integrations and update the credential.`,
	},
	{
		status: 401,
		message: () =>
			'lemlist rejected the API key. Create a new one in lemlist under Settings > Integrations and update the credential.',
	},
	{
		status: 402,
		message: (quote) =>
			`lemlist's plan of this team does not include this, or has run out${quote}. Change the plan in lemlist, or use the API key of a team whose plan includes it.`,
	},
	{
		status: 403,
		message: () =>
			'lemlist denied access: the user of this API key is blocked or not allowed to do this. Ask the owner of the lemlist team, or use the API key of another user.',
	},
	{
		status: 404,
		message: () =>
			'lemlist has nothing at the address that this credential asks. Try again in a few minutes. If that does not help, make a new credential and pick it in the trigger.',
	},
	{
		status: 407,
		message: () =>
			"A proxy between n8n and lemlist wants n8n to log in. Ask whoever runs this n8n to set the proxy's user name and password.",
	},
	...[408, 425].map((status) => ({ status, message: () => SERVER_TROUBLE })),
	{
		status: 429,
		message: () =>
			'lemlist is turning requests away because the team sends too many. Try again in a minute; slow down other automations that use the same lemlist team.',
	},
	{
		status: 511,
		message: () =>
			'The network that n8n is in wants somebody to log in before anything gets through to lemlist. Ask whoever runs this n8n.',
	},
	{ status: [500, 599], message: () => SERVER_TROUBLE },
];

/** @returns whether lemlist keeps something from an API key: it is not in the team's plan, or not for the key's user */
export function isKeptFromKey(status: number): boolean {
	return status === 402 || status === 403;
}

/** Ends an operation before its next request because a more important one on the same webhooks is waiting. */
export class GaveWay extends NodeOperationError {}

/** @returns the message of whatever was thrown */
export function reasonOf(thrown: unknown): string {
	const isSpoken =
		typeof thrown === 'object' &&
		thrown !== null &&
		'message' in thrown &&
		typeof thrown.message === 'string';
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
	const meaning = MEANINGS.find(
		(row) =>
			isWithin(status, row.status) && (row.words === undefined || row.words.test(detail ?? '')),
	);
	if (meaning !== undefined) return meaning.message(detail === undefined ? '' : ` ("${detail}")`);
	const answer = detail === undefined ? String(status) : `${String(status)}: "${detail}"`;
	return `lemlist refused the request (HTTP ${answer}). If it does so again in a few minutes, ask the owner of the lemlist team.`;
}

function isWithin(status: number, row: Meaning['status']): boolean {
	const [first, last] = typeof row === 'number' ? [row, row] : row;
	return first <= status && status <= last;
}

/**
 * Makes the error that n8n shows. Nothing of the request goes into it: it would carry the API key.
 *
 * @param node the trigger node
 * @param failure what happened
 */
export function lemlistError(node: INode, failure: Failure): NodeApiError {
	const { status, detail, message: told = messageOf(failure) } = failure;
	const origin =
		status === 0 ? 'The connection failed with' : `lemlist answered HTTP ${String(status)} with`;
	return new NodeApiError(
		node,
		{},
		{
			message: told,
			// n8n 1.x shows a description alone where there is one, so it has to say everything.
			...(detail !== undefined &&
				!told.includes(`"${detail}"`) && { description: `${told} ${origin} "${detail}".` }),
			...(status > 0 && { httpCode: String(status) }),
		},
	);
}

/**
 * @param node the trigger node
 * @param message what is wrong with a parameter, the credential or n8n's own set-up, and what to do
 */
export function setupError(node: INode, message: string): NodeOperationError {
	return new NodeOperationError(node, message);
}
