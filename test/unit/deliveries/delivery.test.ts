/** Verifying, filtering and shaping of single deliveries. */
import fc from 'fast-check';
import {
	isGenuine,
	presentedSecrets,
	wantedActivities,
	withoutSecret,
} from '../../../nodes/LemlistTrigger/deliveries/delivery';
import type { DeliveryFilter } from '../../../nodes/LemlistTrigger/settings/reading';
import { readDelivery } from '../../../nodes/LemlistTrigger/lemlist/schemas';
import { deriveSecret, fingerprintOf } from '../../../nodes/LemlistTrigger/secrets/webhookSecret';

const SECRET = deriveSecret({ apiKey: 'k', webhookSecret: '', workflowId: 'w', webhookId: 'h' });
const OTHER = deriveSecret({ apiKey: 'k', webhookSecret: 'x', workflowId: 'w', webhookId: 'h' });

/** The verdict as webhook() reaches it. */
function verdict(body: unknown): 'malformed' | 'forged' | 'genuine' {
	const activities = readDelivery(body);
	if (activities === undefined) return 'malformed';
	const secrets = presentedSecrets(activities);
	return secrets !== undefined && isGenuine(secrets, [fingerprintOf(SECRET)])
		? 'genuine'
		: 'forged';
}

describe('verifying', () => {
	test.each<[string, unknown, ReturnType<typeof verdict>]>([
		['the right secret', { type: 'emailsSent', secret: SECRET }, 'genuine'],
		['the right secret and nothing else', { secret: SECRET }, 'genuine'],
		['a list, all right', [{ secret: SECRET }, { secret: SECRET }], 'genuine'],
		['a list with a forged one', [{ secret: SECRET }, { secret: OTHER }], 'forged'],
		['a list with one without', [{ secret: SECRET }, {}], 'forged'],
		['none', { type: 'emailsSent' }, 'forged'],
		['another', { secret: OTHER }, 'forged'],
		['null', { secret: null }, 'forged'],
		['an empty text', { secret: '' }, 'forged'],
		['a number', { secret: 1 }, 'forged'],
		['a list holding it', { secret: [SECRET] }, 'forged'],
		['an object that reads as it', { secret: { toString: () => SECRET } }, 'forged'],
		['further down', { data: { secret: SECRET } }, 'forged'],
		['in another spelling', { Secret: SECRET }, 'forged'],
		['as a prototype', JSON.parse(`{"__proto__":{"secret":"${SECRET}"}}`), 'forged'],
		['inherited', Object.create({ secret: SECRET }), 'forged'],
		['an empty list', [], 'malformed'],
		['a list of texts', ['a'], 'malformed'],
		['a list with a list', [[{ secret: SECRET }]], 'malformed'],
		['a list with null', [{ secret: SECRET }, null], 'malformed'],
		['nothing', undefined, 'malformed'],
		['null as body', null, 'malformed'],
		['a text', SECRET, 'malformed'],
		['a number as body', 7, 'malformed'],
	])('%s', (_, body, expected) => {
		expect(verdict(body)).toBe(expected);
	});

	test('no body without the secret is genuine', () => {
		fc.assert(
			fc.property(fc.anything({ withNullPrototype: true }), (body) => verdict(body) !== 'genuine'),
			{ numRuns: 3_000 },
		);
	});

	test('no secrets at all are not genuine', () => {
		expect(isGenuine([], [fingerprintOf(SECRET)])).toBe(false);
		expect(isGenuine([SECRET], [])).toBe(false);
	});
});

describe('filtering', () => {
	const NONE: DeliveryFilter = { campaignIds: [], thirdPartyReplies: 'include', ignoreBots: false };
	const AB = { campaignIds: ['cam_a', 'cam_b'] };
	test.each<[string, Record<string, unknown>, Partial<DeliveryFilter>, boolean]>([
		[
			'anything passes without a filter',
			{ type: 'brandNew', bot: true, isThirdPartyReply: true },
			{},
			true,
		],
		['a picked campaign', { campaignId: 'cam_b' }, AB, true],
		['another campaign', { campaignId: 'cam_c' }, AB, false],
		['no campaign: it may be an alert', { type: 'connectionIssue' }, AB, true],
		[
			'an alert that names another campaign',
			{ type: 'connectionIssue', campaignId: 'cam_c' },
			AB,
			true,
		],
		['a campaign of an unexpected type', { campaignId: 7 }, AB, true],
		['an empty campaign', { campaignId: '' }, AB, true],
		[
			'leave out: a reply of the lead',
			{ type: 'emailsReplied' },
			{ thirdPartyReplies: 'exclude' },
			true,
		],
		[
			'leave out: a reply of somebody else',
			{ type: 'emailsReplied', isThirdPartyReply: true },
			{ thirdPartyReplies: 'exclude' },
			false,
		],
		[
			'leave out: lead replied, by somebody else',
			{ type: 'warmed', isThirdPartyReply: true },
			{ thirdPartyReplies: 'exclude' },
			false,
		],
		[
			'leave out: another event',
			{ type: 'emailsSent', isThirdPartyReply: true },
			{ thirdPartyReplies: 'exclude' },
			true,
		],
		[
			'leave out: a reply with a flag of an unexpected type',
			{ type: 'emailsReplied', isThirdPartyReply: 'false' },
			{ thirdPartyReplies: 'exclude' },
			true,
		],
		[
			'leave out: a reply with a type of an unexpected type',
			{ type: ['emailsReplied'], isThirdPartyReply: true },
			{ thirdPartyReplies: 'exclude' },
			true,
		],
		[
			'bots: an open with a mark of an unexpected type',
			{ type: 'emailsOpened', bot: 'false' },
			{ ignoreBots: true },
			true,
		],
		[
			'only these: a reply of the lead',
			{ type: 'smsReplied' },
			{ thirdPartyReplies: 'only' },
			false,
		],
		[
			'only these: a reply flagged as not',
			{ type: 'smsReplied', isThirdPartyReply: false },
			{ thirdPartyReplies: 'only' },
			false,
		],
		[
			'only these: a reply of somebody else',
			{ type: 'linkedinReplied', isThirdPartyReply: true },
			{ thirdPartyReplies: 'only' },
			true,
		],
		['only these: another event', { type: 'emailsSent' }, { thirdPartyReplies: 'only' }, true],
		['only these: an event without type', {}, { thirdPartyReplies: 'only' }, true],
		['bots: an open by one', { type: 'emailsOpened', bot: true }, { ignoreBots: true }, false],
		['bots: a click by one', { type: 'emailsClicked', bot: true }, { ignoreBots: true }, false],
		[
			'bots: opened on any channel by one',
			{ type: 'hooked', bot: true },
			{ ignoreBots: true },
			false,
		],
		['bots: an open by a person', { type: 'emailsOpened', bot: false }, { ignoreBots: true }, true],
		[
			'bots: a reply that is marked so',
			{ type: 'emailsReplied', bot: true },
			{ ignoreBots: true },
			true,
		],
	])('%s', (_, activity, filter, isWanted) => {
		expect(wantedActivities([activity], { ...NONE, ...filter })).toEqual(
			isWanted ? [activity] : [],
		);
	});

	test('each activity of a list is judged by itself', () => {
		const list = [{ campaignId: 'cam_a' }, { campaignId: 'cam_c' }, {}];
		expect(wantedActivities(list, { ...NONE, ...AB })).toEqual([list[0], list[2]]);
	});
});

describe('shaping', () => {
	test('takes the secret out and leaves everything else as it came', () => {
		const sent =
			'{"type":"x","secret":"s","my variable":{"secret":"stays"},"__proto__":{"a":1},"constructor":2,"n":null}';
		expect(JSON.stringify(withoutSecret(JSON.parse(sent) as Record<string, unknown>))).toBe(
			sent.replace('"secret":"s",', ''),
		);
	});

	test('leaves the delivery itself alone', () => {
		const activity = { secret: 's', a: 1 };
		withoutSecret(activity);
		expect(activity).toEqual({ secret: 's', a: 1 });
	});
});
