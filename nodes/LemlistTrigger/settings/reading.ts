/**
 * The room settings is for what people set. This file reads it, in the node and in the credential, and says
 * in a sentence what is wrong with it. Gets values, or functions that give them; n8n's contexts are the
 * door's affair.
 */
import type { ICredentialDataDecryptedObject, INode } from 'n8n-workflow';
import { CREDENTIAL_TYPE } from '../lemlist/client';
import { reasonOf, setupError } from '../lemlist/failures';
import { eventOf, hasTrait, type EventType } from './events';
import { isLocalUrl } from './reachability';
import { readSelection, type Selection } from './selection';

const DEFAULT_BASE_URL = 'https://api.lemlist.com/api';
/** Value of the row that tells there are more campaigns than listed; no campaign, whoever picks it. */
export const MORE_CAMPAIGNS = 'more';

export type ThirdPartyReplies = 'include' | 'exclude' | 'only';
export type MissedEvents = 'catchUp' | 'ignore';
export type Arrival = 'webhook' | 'lookUp';
export type TestWith = 'newest' | 'next';

/** What the user asked for, as far as lemlist can be told or deliveries can be filtered. */
export interface Subscription {
	selection: Exclude<Selection, { kind: 'problem' }>;
	/** Empty: every campaign. */
	campaignIds: readonly string[];
	firstActivityOnly: boolean;
	thirdPartyReplies: ThirdPartyReplies;
	ignoreBots: boolean;
	/** What becomes of events that no hook delivered. */
	missedEvents: MissedEvents;
	/** Whether lemlist delivers events, or is asked for them. */
	arrival: Arrival;
	/** What a test run shows. */
	testWith: TestWith;
}

/** The part of a subscription that the node itself has to see to. */
export type DeliveryFilter = Pick<Subscription, 'campaignIds' | 'thirdPartyReplies' | 'ignoreBots'>;

/** Gives the value of a parameter, expressions evaluated, or the fallback. */
export type ReadParameter = (name: string, fallback: unknown) => unknown;

/** The credential, tidied up. */
export interface LemlistCredential {
	apiKey: string;
	webhookSecret: string;
	/** Address of lemlist's API, without a slash at the end. */
	baseUrl: string;
}

const WORDS = {
	noCampaign: (id: string) =>
		`"${id}" is not the ID of a lemlist campaign: those start with "cam_". Pick the campaign from the list under Campaign Names or IDs, or correct the expression.`,
	noList: (ids: string) =>
		`"${ids}" is several campaigns in one text. Pick them from the list under Campaign Names or IDs, or give a list in the expression, such as {{ ["cam_1", "cam_2"] }}.`,
	noChoice: (value: string) =>
		`"${value}" is not a choice for Replies From Other People. Use "include", "exclude" or "only".`,
	notListed: (types: readonly EventType[]) =>
		`lemlist does not list ${types.map((type) => `"${eventOf(type)?.name ?? type}"`).join(', ')}, so looking every minute finds nothing of that. Pick other events, or set How Events Arrive to At Once, by Webhook.`,
	noCredential: 'No credential is picked. Pick one at the top of the trigger, or make one there.',
	emptyKey:
		'The API key of the credential is empty. Create one in lemlist under Settings > Integrations and paste it into the credential.',
	malformedKey:
		'The API key of the credential has a space, a line break or an odd character in it. Copy it again from lemlist under Settings > Integrations and paste it into the credential.',
	noBaseUrl:
		'This credential holds a wrong address for lemlist. Make a new credential and pick it in the trigger.',
	notServed:
		'n8n does not answer at the address of this trigger, because it was made without one of its own. Delete the trigger and add it again from the node panel.',
	unreadable: (reason: string) =>
		`n8n could not read the credential of this trigger. Pick one at the top of the trigger, or make a new one there. n8n says: ${reason}`,
	unreachable: (webhookUrl: string) =>
		`lemlist cannot reach the webhook address ${webhookUrl}: it is only known on this machine or network. If n8n has no address on the internet, add the option How Events Arrive to the trigger, and choose Every Minute, Without a Public Address. If it has one, set WEBHOOK_URL (its newer name is N8N_WEBHOOK_URL) to it, restart n8n and switch the workflow on again.`,
	unreachableInTest: (webhookUrl: string) =>
		`lemlist cannot reach the webhook address ${webhookUrl}: it is only known on this machine or network. If n8n has no address on the internet, add the option How Events Arrive to the trigger, and choose Every Minute, Without a Public Address. If it has one, set N8N_WEBHOOK_URL (n8n 1: WEBHOOK_URL) to it, restart n8n and try again: in a test run, n8n 2 otherwise gives the address of its editor (N8N_EDITOR_BASE_URL), even where WEBHOOK_URL is set.`,
};

const THIRD_PARTY_REPLIES: readonly unknown[] = [
	'include',
	'exclude',
	'only',
] satisfies ThirdPartyReplies[];

/** @returns the subscription that the parameters describe. @throws NodeOperationError when one is wrong */
export function readSubscription(node: INode, read: ReadParameter): Subscription {
	const selection = readSelection(read('events', []));
	if (selection.kind === 'problem') throw setupError(node, selection.problem);
	const filter = readFilter(read);
	const wrongId = filter.campaignIds.find((id) => !id.startsWith('cam_'));
	if (wrongId !== undefined) throw setupError(node, WORDS.noCampaign(wrongId));
	const severalIds = filter.campaignIds.find((id) => /[\s,;]/.test(id));
	if (severalIds !== undefined) throw setupError(node, WORDS.noList(severalIds));
	if (!THIRD_PARTY_REPLIES.includes(filter.thirdPartyReplies))
		throw setupError(node, WORDS.noChoice(filter.thirdPartyReplies));
	const arrival = read('options.arrival', 'webhook') === 'lookUp' ? 'lookUp' : 'webhook';
	const unlisted =
		selection.kind === 'all' ? [] : selection.types.filter((type) => hasTrait(type, 'unlisted'));
	if (arrival === 'lookUp' && unlisted.length > 0)
		throw setupError(node, WORDS.notListed(unlisted));
	return {
		selection,
		...filter,
		firstActivityOnly: read('options.firstActivityOnly', false) === true,
		missedEvents: read('options.missedEvents', 'catchUp') === 'ignore' ? 'ignore' : 'catchUp',
		arrival,
		testWith: read('options.testWith', 'newest') === 'next' ? 'next' : 'newest',
	};
}

/** @returns what deliveries are filtered by, taken as it is set */
export function readFilter(read: ReadParameter): DeliveryFilter {
	return {
		campaignIds: readCampaignIds(read('campaigns', [])),
		thirdPartyReplies: read('options.thirdPartyReplies', 'include') as ThirdPartyReplies,
		ignoreBots: read('options.ignoreBots', false) === true,
	};
}

/** A list, or a single id from an expression. */
function readCampaignIds(value: unknown): string[] {
	const values: unknown[] = Array.isArray(value) ? value : [value];
	const ids = values
		.filter((id) => id !== undefined && id !== null)
		.map((id) => (typeof id === 'string' ? id.trim() : JSON.stringify(id)));
	return [...new Set(ids)].filter((id) => id !== '' && id !== MORE_CAMPAIGNS);
}

/** @returns the credential. @throws NodeOperationError when none is picked, it cannot be read, the key is empty or malformed, or the base URL is none */
export async function readCredential(
	node: INode,
	load: () => Promise<ICredentialDataDecryptedObject>,
): Promise<LemlistCredential> {
	if (node.credentials?.[CREDENTIAL_TYPE] === undefined) throw setupError(node, WORDS.noCredential);
	const stored = await load().catch((error: unknown) => {
		throw setupError(node, WORDS.unreadable(reasonOf(error)));
	});
	const apiKey = textOf(stored.apiKey);
	if (apiKey === '') throw setupError(node, WORDS.emptyKey);
	// A key travels in a header and cannot hold anything but visible ASCII.
	if (/[^\x21-\x7e]/.test(apiKey)) throw setupError(node, WORDS.malformedKey);
	const baseUrl = textOf(stored.baseUrl).replace(/\/+$/, '') || DEFAULT_BASE_URL;
	if (!isHttpUrl(baseUrl)) throw setupError(node, WORDS.noBaseUrl);
	return { apiKey, webhookSecret: textOf(stored.webhookSecret), baseUrl };
}

function textOf(value: unknown): string {
	return typeof value === 'string' ? value.trim() : '';
}

function isHttpUrl(url: string): boolean {
	return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

/**
 * A node that was made by a program may have no webhook ID. n8n then puts the node's name into the address,
 * and does not find it again where the name has spaces or the like.
 *
 * @throws NodeOperationError when n8n would answer 404 to every delivery
 */
export function assertServed(node: INode, webhookUrl: string): void {
	if (node.webhookId === undefined && new URL(webhookUrl).pathname.includes('%'))
		throw setupError(node, WORDS.notServed);
}

/** @returns whether lemlist can call the webhook URL, judged by its literal host */
export function isReachable(webhookUrl: string, { baseUrl }: LemlistCredential): boolean {
	// With the API on this machine or network, such as the sandbox, a local URL is what is meant.
	return isHttpUrl(webhookUrl) && (!isLocalUrl(webhookUrl) || isLocalUrl(baseUrl));
}

/**
 * @param isTestRun whether the URL is that of a test run, for which n8n goes by other settings
 * @throws NodeOperationError when lemlist, on the internet, cannot call the webhook URL
 */
export function assertReachable(
	node: INode,
	webhookUrl: string,
	credential: LemlistCredential,
	isTestRun: boolean,
): void {
	if (isReachable(webhookUrl, credential)) return;
	const words = isTestRun ? WORDS.unreachableInTest : WORDS.unreachable;
	throw setupError(node, words(webhookUrl));
}
