/**
 * The room deliveries is for what lemlist sends. This file receives a delivery from n8n, has it judged and
 * answers the sender. Nothing in here throws to n8n, which would answer 500 and keep a failed execution for
 * every call.
 */
import type { IWebhookResponseData } from 'n8n-workflow';
import type { Call } from '../door/door';
import { readDelivery, type Activity } from '../lemlist/schemas';
import { knownSecrets, secretKey, secretOf } from '../secrets/nodeSecret';
import { fingerprintOf } from '../secrets/webhookSecret';
import { marked, ownEventOf } from './mark';
import { isGenuine, presentedSecrets, wantedActivities, withoutSecret } from './delivery';

/** Refusals. Never 404 or 410: lemlist removes a hook whose URL answers so. */
const REFUSALS = {
	malformed: { status: 400, message: 'The body has to be a JSON object, or a list of them.' },
	forged: { status: 401, message: 'The secret is missing or wrong.' },
	unable: {
		status: 503,
		message: 'The delivery cannot be checked right now. Send it again later.',
	},
} as const;
type Refusal = keyof typeof REFUSALS;

const FILTERED = { message: 'Received. The settings of the trigger leave this event out.' };

/** n8n's webhook: verify first, then filter, then hand on. @returns the items, or an answer that starts nothing */
export async function receive(call: Call): Promise<IWebhookResponseData> {
	try {
		const activities = readDelivery(call.body);
		if (activities === undefined) return refuse(call, 'malformed');
		const refusal = await verify(call, activities);
		if (refusal !== undefined) return refuse(call, refusal);
		const wanted = wantedActivities(activities, call.filter());
		if (wanted.length === 0) return { webhookResponse: FILTERED };
		return {
			workflowData: [
				wanted.map((activity) =>
					marked(withoutSecret(activity), {
						is: 'delivered',
						event: call.event ?? ownEventOf(activity),
					}),
				),
			],
		};
	} catch (error) {
		return refuse(call, 'unable', error);
	}
}

/**
 * The fingerprint comes first: it needs no credential.
 *
 * @returns why to refuse, undefined for a genuine delivery. @throws when the credential cannot be read
 */
async function verify(
	{ owner, fingerprint, credential }: Call,
	activities: readonly Activity[],
): Promise<Refusal | undefined> {
	const secrets = presentedSecrets(activities);
	if (secrets === undefined) return 'forged';
	const key = secretKey(owner);
	if (isGenuine(secrets, knownSecrets.accepted(key, fingerprint))) return undefined;
	await knownSecrets.refresh(key, async () => fingerprintOf(secretOf(owner, await credential())));
	knownSecrets.followBack(key, fingerprint);
	// Static data may be newer by now than what this call has read of it.
	return isGenuine(secrets, knownSecrets.accepted(key, undefined)) ? undefined : 'forged';
}

function refuse(call: Call, refusal: Refusal, cause?: unknown): IWebhookResponseData {
	const { status, message } = REFUSALS[refusal];
	call.warn(`refused a delivery with ${String(status)}. ${message}`, cause);
	call.answer(status, { message });
	return { noWebhookResponse: true };
}
