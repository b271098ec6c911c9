/**
 * Receives a delivery from n8n: lets the pure modules judge it and answers the sender. Nothing in here
 * throws to n8n, which would answer 500 and keep a failed execution for every call.
 */
import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { isGenuine, presentedSecrets, wantedActivities, withoutSecret } from './delivery';
import { reasonOf } from './failures';
import { readDelivery, type Activity } from './lemlistSchemas';
import { knownSecrets, secretKey, secretOf } from './nodeSecret';
import { readCredential, readFilter } from './settings';
import { fingerprintOf } from './webhookSecret';

/** Refusals. Never 404 or 410: lemlist removes a hook whose URL answers so. */
const REFUSALS = {
	malformed: { status: 400, message: 'The body has to be a JSON object, or a list of them.' },
	forged: { status: 401, message: 'The secret is missing or wrong.' },
	unable: { status: 503, message: 'The delivery cannot be checked right now. Send it again later.' },
} as const;
type Refusal = keyof typeof REFUSALS;

const FILTERED = { message: 'Received. The settings of the trigger leave this event out.' };

/** n8n's webhook: verify first, then filter, then hand on. @returns the items, or an answer that starts nothing */
export async function receive(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	try {
		const activities = readDelivery(context.getBodyData());
		if (activities === undefined) return refuse(context, 'malformed');
		const refusal = await verify(context, activities);
		if (refusal !== undefined) return refuse(context, refusal);
		const wanted = wantedActivities(activities, readFilter(context));
		if (wanted.length === 0) return { webhookResponse: FILTERED };
		return { workflowData: [wanted.map((activity) => ({ json: withoutSecret(activity) as IDataObject }))] };
	} catch (error) {
		return refuse(context, 'unable', error);
	}
}

/**
 * The fingerprint comes first: it needs no credential.
 *
 * @returns why to refuse, undefined for a genuine delivery. @throws when the credential cannot be read
 */
async function verify(context: IWebhookFunctions, activities: readonly Activity[]): Promise<Refusal | undefined> {
	const secrets = presentedSecrets(activities);
	if (secrets === undefined) return 'forged';
	const { fingerprint } = context.getWorkflowStaticData('node');
	const registered = typeof fingerprint === 'string' ? fingerprint : undefined;
	const key = secretKey(context);
	if (isGenuine(secrets, knownSecrets.accepted(key, registered))) return undefined;
	await knownSecrets.refresh(key, async () => fingerprintOf(secretOf(context, await readCredential(context))));
	knownSecrets.followBack(key, registered);
	// Static data may be newer by now than what this call has read of it.
	return isGenuine(secrets, knownSecrets.accepted(key, undefined)) ? undefined : 'forged';
}

function refuse(context: IWebhookFunctions, refusal: Refusal, cause?: unknown): IWebhookResponseData {
	const { status, message } = REFUSALS[refusal];
	const reason = cause === undefined ? '' : ` ${reasonOf(cause)}`;
	context.logger.warn(`Lemlist Events Trigger: refused a delivery with ${String(status)}. ${message}${reason}`, { workflowId: context.getWorkflow().id, node: context.getNode().name });
	context.getResponseObject().status(status).json({ message });
	return { noWebhookResponse: true };
}
