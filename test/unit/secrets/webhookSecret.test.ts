/** Deriving, recognising and tagging of secrets. */
import fc from 'fast-check';
import {
	deriveSecret,
	fingerprintOf,
	hasFingerprint,
	SECRET_LENGTH,
	tagOf,
} from '../../../nodes/LemlistTrigger/secrets/webhookSecret';

const ORIGIN = { apiKey: 'key', webhookSecret: '', workflowId: 'w1', webhookId: 'h1' };

describe('the derived secret', () => {
	test('is the same for the same origin, and 32 bytes in base64url', () => {
		expect(deriveSecret(ORIGIN)).toBe(deriveSecret({ ...ORIGIN }));
		expect(deriveSecret(ORIGIN)).toMatch(/^[A-Za-z0-9_-]{43}$/);
		expect(deriveSecret(ORIGIN)).toHaveLength(SECRET_LENGTH);
	});

	test('stays what it is from version to version, or every hook would be made anew', () => {
		expect(deriveSecret(ORIGIN)).toBe('RSpqywyWxxZ9d6hgLqGrfDKWz3eKtIcrR7nr0HsAraI');
	});

	test.each(Object.keys(ORIGIN) as (keyof typeof ORIGIN)[])('changes with %s', (field) => {
		expect(deriveSecret({ ...ORIGIN, [field]: 'other' })).not.toBe(deriveSecret(ORIGIN));
	});

	test('does not confuse where one part ends and the next begins', () => {
		expect(deriveSecret({ ...ORIGIN, workflowId: 'ab', webhookId: 'c' })).not.toBe(
			deriveSecret({ ...ORIGIN, workflowId: 'a', webhookId: 'bc' }),
		);
	});
});

describe('recognising a secret', () => {
	const secret = deriveSecret(ORIGIN);
	const fingerprint = fingerprintOf(secret);
	test.each<[string, string, string, boolean]>([
		['the right one', secret, fingerprint, true],
		[
			'another of the same length',
			secret.replace(/./, (letter) => (letter === 'A' ? 'B' : 'A')),
			fingerprint,
			false,
		],
		['the right one in capitals', secret.toUpperCase(), fingerprint, false],
		['the right one in small letters', secret.toLowerCase(), fingerprint, false],
		['a prefix', secret.slice(0, -1), fingerprint, false],
		['a longer one', `${secret}A`, fingerprint, false],
		['an empty one', '', fingerprint, false],
		['the fingerprint itself', fingerprint, fingerprint, false],
		['the right one with a blank', `${secret} `, fingerprint, false],
		['letters that look alike', secret.replace(/[A-Za-z]/, '\u0430'), fingerprint, false],
		['no fingerprint to match', secret, '', false],
		['half a fingerprint', secret, fingerprint.slice(0, 20), false],
	])('%s', (_, presented, expected, isMatch) => {
		expect(hasFingerprint(presented, expected)).toBe(isMatch);
	});

	test('nothing but the secret matches', () => {
		fc.assert(
			fc.property(
				fc.oneof(fc.string(), fc.string({ minLength: SECRET_LENGTH, maxLength: SECRET_LENGTH })),
				(text) => hasFingerprint(text, fingerprint) === (text === secret),
			),
			{ numRuns: 2_000 },
		);
	});
});

describe('the tag', () => {
	const tag = tagOf('s', ['emailsSent', null, false]);
	test('fits into a URL as it is', () => {
		expect(tag).toMatch(/^[A-Za-z0-9_-]{16}$/);
	});
	test.each<[string, string, (string | boolean | null)[]]>([
		['the secret', 't', ['emailsSent', null, false]],
		['the event', 's', ['smsSent', null, false]],
		['the campaign', 's', ['emailsSent', 'cam_a', false]],
		['first activities only', 's', ['emailsSent', null, true]],
	])('changes with %s', (_, secret, subscription) => {
		expect(tagOf(secret, subscription)).not.toBe(tag);
	});
});
