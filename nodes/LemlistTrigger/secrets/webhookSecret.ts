/**
 * The room secrets is for what makes a delivery genuine. Here is the secret that lemlist echoes in every
 * delivery: derived from the credential and never stored, with its fingerprint (kept in static data), the
 * tag in hook URLs and comparisons in constant time. Pure: knows nothing of n8n. Follows "The secret is
 * derived, never stored" in docs/design.md.
 */
import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'crypto';

/** Ties a secret to this package, so that no other use of the same key can derive it. */
const PURPOSE = 'n8n-nodes-lemlist';
const SECRET_BYTES = 32;
/** 32 bytes in base64url without padding. */
export const SECRET_LENGTH = 43;
/** 96 bits: far beyond guessing or collision, short enough to keep a hook's URL readable. */
const TAG_LENGTH = 16;

/** What a secret is derived from. */
interface SecretOrigin {
	apiKey: string;
	/** The credential's Webhook Secret; empty if the user left it so. */
	webhookSecret: string;
	workflowId: string;
	/** n8n's id for the webhooks of this node: differs between copies of a node. */
	webhookId: string;
}

/**
 * Derives the secret of one trigger node: HKDF-SHA-256 (RFC 5869) over the API key, salted with the
 * Webhook Secret, bound to package, workflow and node.
 *
 * @returns 32 bytes as base64url, {@link SECRET_LENGTH} characters
 */
export function deriveSecret(origin: SecretOrigin): string {
	const context = JSON.stringify([PURPOSE, origin.workflowId, origin.webhookId]);
	const bytes = hkdfSync('sha256', origin.apiKey, origin.webhookSecret, context, SECRET_BYTES);
	return Buffer.from(bytes).toString('base64url');
}

/** @returns the SHA-256 of a secret as base64url: enough to recognise it, useless to forge with. */
export function fingerprintOf(secret: string): string {
	return createHash('sha256').update(secret).digest('base64url');
}

/**
 * Marks the URL of a hook as ours, for this subscription, under the current secret.
 *
 * @param secret the derived secret
 * @param subscription what the hook asks lemlist for; any change of it changes the tag
 * @returns the start of an HMAC-SHA-256 as base64url, safe in a URL's query
 */
export function tagOf(secret: string, subscription: readonly (string | boolean | null)[]): string {
	return createHmac('sha256', secret)
		.update(JSON.stringify(subscription))
		.digest('base64url')
		.slice(0, TAG_LENGTH);
}

/**
 * @param presented what a delivery carries as its secret
 * @param fingerprint from {@link fingerprintOf}, or any other string (then nothing matches)
 * @returns whether the presented secret is the one with this fingerprint, compared in constant time
 */
export function hasFingerprint(presented: string, fingerprint: string): boolean {
	// The length is public; checking it first keeps the work independent of what a stranger sends.
	if (presented.length !== SECRET_LENGTH) return false;
	const actual = Buffer.from(fingerprintOf(presented));
	const expected = Buffer.from(fingerprint);
	return actual.length === expected.length && timingSafeEqual(actual, expected);
}
