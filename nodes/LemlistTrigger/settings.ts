/**
 * Reads what the user set, in the node and in the credential, and says in a sentence what is wrong
 * with it. The one place that reads parameters.
 */
import type { IHookFunctions, ILoadOptionsFunctions, ITriggerFunctions, IWebhookFunctions } from 'n8n-workflow';
import { readSelection } from './events';
import { reasonOf, setupError } from './failures';
import { CREDENTIAL_TYPE } from './lemlistApi';
import { isLocalUrl } from './reachability';
import type { Subscription, ThirdPartyReplies } from './subscription';
import type { DeliveryFilter } from './delivery';

const DEFAULT_BASE_URL = 'https://api.lemlist.com/api';
/** Value of the row that tells there are more campaigns than listed; no campaign, whoever picks it. */
export const MORE_CAMPAIGNS = 'more';

/** n8n's contexts in which parameters can be read. */
type ParameterContext = IHookFunctions | ITriggerFunctions | IWebhookFunctions;
type CredentialContext = ParameterContext | ILoadOptionsFunctions;

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
		`lemlist cannot reach the webhook address ${webhookUrl}: it is only known on this machine or network. Set WEBHOOK_URL (its newer name is N8N_WEBHOOK_URL) to the address at which n8n can be reached from the internet, restart n8n and switch the workflow on again.`,
	unreachableInTest: (webhookUrl: string) =>
		`lemlist cannot reach the webhook address ${webhookUrl}: it is only known on this machine or network. In a test run, n8n 2 gives the address of its editor (N8N_EDITOR_BASE_URL), even where WEBHOOK_URL is set. Set N8N_WEBHOOK_URL (n8n 1: WEBHOOK_URL) to the address at which n8n can be reached from the internet: it counts for test runs, too. Then restart n8n and try again.`,
};

const THIRD_PARTY_REPLIES: readonly unknown[] = ['include', 'exclude', 'only'] satisfies ThirdPartyReplies[];

/** @returns the subscription that the parameters describe. @throws NodeOperationError when one is wrong */
export function readSubscription(context: ParameterContext): Subscription {
	const selection = readSelection(context.getNodeParameter('events', []));
	if (selection.kind === 'problem') throw setupError(context.getNode(), selection.problem);
	const filter = readFilter(context);
	const wrongId = filter.campaignIds.find((id) => !id.startsWith('cam_'));
	if (wrongId !== undefined) throw setupError(context.getNode(), WORDS.noCampaign(wrongId));
	const severalIds = filter.campaignIds.find((id) => /[\s,;]/.test(id));
	if (severalIds !== undefined) throw setupError(context.getNode(), WORDS.noList(severalIds));
	if (!THIRD_PARTY_REPLIES.includes(filter.thirdPartyReplies)) throw setupError(context.getNode(), WORDS.noChoice(filter.thirdPartyReplies));
	return { selection, ...filter, firstActivityOnly: context.getNodeParameter('options.firstActivityOnly', false) === true };
}

/** @returns what deliveries are filtered by, taken as it is set */
export function readFilter(context: ParameterContext): DeliveryFilter {
	return {
		campaignIds: readCampaignIds(context.getNodeParameter('campaigns', [])),
		thirdPartyReplies: context.getNodeParameter('options.thirdPartyReplies', 'include') as ThirdPartyReplies,
		ignoreBots: context.getNodeParameter('options.ignoreBots', false) === true,
	};
}

/** A list, or a single id from an expression. */
function readCampaignIds(value: unknown): string[] {
	const values: unknown[] = Array.isArray(value) ? value : [value];
	const ids = values.filter((id) => id !== undefined && id !== null).map((id) => (typeof id === 'string' ? id.trim() : JSON.stringify(id)));
	return [...new Set(ids)].filter((id) => id !== '' && id !== MORE_CAMPAIGNS);
}

/** @returns the credential. @throws NodeOperationError when none is picked, it cannot be read, the key is empty or malformed, or the base URL is none */
export async function readCredential(context: CredentialContext): Promise<LemlistCredential> {
	if (context.getNode().credentials?.[CREDENTIAL_TYPE] === undefined) throw setupError(context.getNode(), WORDS.noCredential);
	const stored = await context.getCredentials(CREDENTIAL_TYPE).catch((error: unknown) => {
		throw setupError(context.getNode(), WORDS.unreadable(reasonOf(error)));
	});
	const apiKey = textOf(stored.apiKey);
	if (apiKey === '') throw setupError(context.getNode(), WORDS.emptyKey);
	// A key travels in a header and cannot hold anything but visible ASCII.
	if (/[^\x21-\x7e]/.test(apiKey)) throw setupError(context.getNode(), WORDS.malformedKey);
	const baseUrl = textOf(stored.baseUrl).replace(/\/+$/, '') || DEFAULT_BASE_URL;
	if (!isHttpUrl(baseUrl)) throw setupError(context.getNode(), WORDS.noBaseUrl);
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
export function assertServed(context: IHookFunctions | ITriggerFunctions, webhookUrl: string): void {
	if (context.getNode().webhookId === undefined && new URL(webhookUrl).pathname.includes('%')) throw setupError(context.getNode(), WORDS.notServed);
}

/** @returns whether lemlist can call the webhook URL, judged by its literal host */
export function isReachable(webhookUrl: string, { baseUrl }: LemlistCredential): boolean {
	// With the API on this machine or network, such as the sandbox, a local URL is what is meant.
	return isHttpUrl(webhookUrl) && (!isLocalUrl(webhookUrl) || isLocalUrl(baseUrl));
}

/** @throws NodeOperationError when lemlist, on the internet, cannot call the webhook URL */
export function assertReachable(context: IHookFunctions | ITriggerFunctions, webhookUrl: string, credential: LemlistCredential): void {
	if (isReachable(webhookUrl, credential)) return;
	const words = context.getMode() === 'manual' ? WORDS.unreachableInTest : WORDS.unreachable;
	throw setupError(context.getNode(), words(webhookUrl));
}
