/** The secret of one trigger node, from n8n's contexts, and what this process knows of such secrets. */
import type { IHookFunctions, ITriggerFunctions, IWebhookFunctions } from 'n8n-workflow';
import { KnownSecrets } from './knownSecrets';
import type { LemlistCredential } from './settings';
import { deriveSecret } from './webhookSecret';

type Context = IHookFunctions | ITriggerFunctions | IWebhookFunctions;

/** Shared by the operations on hooks and the deliveries of this process. */
export const knownSecrets = new KnownSecrets();

/**
 * @returns the key under which a node's secrets are known: one for production, another for test runs,
 * whose static data is not the same
 */
export function secretKey(context: Context): string {
	return JSON.stringify([context.getWorkflow().id, webhookIdOf(context), context.getMode() === 'manual']);
}

/** @returns the secret of this node under a credential */
export function secretOf(context: Context, { apiKey, webhookSecret }: LemlistCredential): string {
	return deriveSecret({ apiKey, webhookSecret, workflowId: String(context.getWorkflow().id), webhookId: webhookIdOf(context) });
}

function webhookIdOf(context: Context): string {
	const { webhookId, id } = context.getNode();
	return webhookId ?? id;
}
