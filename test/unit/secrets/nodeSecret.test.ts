/** The secret of a trigger node, and the key under which it is known. */
import {
	secretKey,
	secretOf,
	type SecretOwner,
} from '../../../nodes/LemlistTrigger/secrets/nodeSecret';

const CREDENTIAL = { apiKey: 'key', webhookSecret: '' };
const OWNER: SecretOwner = { workflowId: 'w1', webhookId: 'h1', isTestRun: false };

test('is the same in all modes: test runs and production share it', () => {
	expect(secretOf({ ...OWNER, isTestRun: true }, CREDENTIAL)).toBe(secretOf(OWNER, CREDENTIAL));
});

test.each<[string, Partial<SecretOwner>]>([
	['another workflow', { workflowId: 'w2' }],
	['another webhook', { webhookId: 'h2' }],
])('differs for %s', (_, other) => {
	expect(secretOf({ ...OWNER, ...other }, CREDENTIAL)).not.toBe(secretOf(OWNER, CREDENTIAL));
	expect(secretKey({ ...OWNER, ...other })).not.toBe(secretKey(OWNER));
});

test.each<[string, Partial<typeof CREDENTIAL>]>([
	['another API key', { apiKey: 'other' }],
	['another Webhook Secret', { webhookSecret: 'other' }],
])('differs for %s', (_, other) => {
	expect(secretOf(OWNER, { ...CREDENTIAL, ...other })).not.toBe(secretOf(OWNER, CREDENTIAL));
});

test('is known apart for test runs, whose static data is not that of production', () => {
	expect(secretKey({ ...OWNER, isTestRun: true })).not.toBe(secretKey(OWNER));
});
