/** The secret of one trigger node under a credential, and what this process knows of such secrets. Pure but for that memory. */
import { KnownSecrets } from './knownSecrets';
import { deriveSecret } from './webhookSecret';

/** Shared by the operations on hooks and the deliveries of this process. */
export const knownSecrets = new KnownSecrets();

/** Which trigger node a secret belongs to. */
export interface SecretOwner {
	workflowId: string;
	/** n8n's id for the webhooks of the node; the node's own where it has none. */
	webhookId: string;
	isTestRun: boolean;
}

/**
 * @returns the key under which a node's secrets are known: one for production, another for test runs,
 * whose static data is not the same
 */
export function secretKey({ workflowId, webhookId, isTestRun }: SecretOwner): string {
	return JSON.stringify([workflowId, webhookId, isTestRun]);
}

/** @returns the secret of a node under an API key and a Webhook Secret: one for production and test runs */
export function secretOf(
	{ workflowId, webhookId }: SecretOwner,
	{ apiKey, webhookSecret }: { apiKey: string; webhookSecret: string },
): string {
	return deriveSecret({ apiKey, webhookSecret, workflowId, webhookId });
}
