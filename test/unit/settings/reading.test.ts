/** What the user set, in the node and in the credential: what is taken, and what is refused in words. */
import type { INode } from 'n8n-workflow';
import {
	assertServed,
	isReachable,
	readCredential,
	readFilter,
	readSubscription,
	type LemlistCredential,
	type ReadParameter,
	type Subscription,
} from '../../../nodes/LemlistTrigger/settings/reading';

const LEMLIST = 'https://api.lemlist.com/api';
const NODE = {
	name: 'Lemlist Events Trigger',
	credentials: { lemlistWebhookApi: { id: '1', name: 'lemlist' } },
} as unknown as INode;

/** Parameters by their paths; what is not given is not set. */
function parameters(given: Record<string, unknown> = {}): ReadParameter {
	const all: Record<string, unknown> = { events: ['emailsReplied'], ...given };
	return (name, otherwise) => (name in all ? all[name] : otherwise);
}

const subscription = (given?: Record<string, unknown>): Subscription =>
	readSubscription(NODE, parameters(given));

async function credential(given: object): Promise<LemlistCredential> {
	return await readCredential(NODE, async () => await Promise.resolve({ apiKey: 'key', ...given }));
}

describe('the API key', () => {
	test.each<[string, string]>([
		['key', 'key'],
		[' key\r\n', 'key'],
		['!"#$%&\'()*+,-./09:;<=>?@AZ[\\]^_`az{|}~', '!"#$%&\'()*+,-./09:;<=>?@AZ[\\]^_`az{|}~'],
	])('%j is taken as %j', async (apiKey, expected) => {
		expect((await credential({ apiKey })).apiKey).toBe(expected);
	});

	test.each([
		'a b',
		'a\tb',
		'a\nb',
		'a\u00a0b',
		'cl\u00e9',
		'key\u2026',
		'\u200bkey',
		'key\u007f',
		'k\u0435y',
	])('%j is refused: it cannot be a key', async (apiKey) => {
		await expect(credential({ apiKey })).rejects.toThrow(
			/a space, a line break or an odd character/,
		);
	});

	test.each(['', ' \n', undefined, null, 7])('%j is refused: it is none', async (apiKey) => {
		await expect(credential({ apiKey })).rejects.toThrow(/API key of the credential is empty/);
	});
});

test("a credential that n8n cannot load is told of in words, with n8n's reason", async () => {
	const load = async () => await Promise.reject(new Error('Credential with ID "1" does not exist'));
	await expect(readCredential(NODE, load)).rejects.toThrow(
		/could not read the credential of this trigger\. Pick one.*n8n says: Credential with ID "1" does not exist/,
	);
});

test('a node without a credential is told of before n8n is asked', async () => {
	await expect(
		readCredential(
			{ ...NODE, credentials: {} },
			async () => await Promise.reject(new Error('asked')),
		),
	).rejects.toThrow(/No credential is picked/);
});

describe('the Webhook Secret', () => {
	test.each<[unknown, string]>([
		['mine', 'mine'],
		[' mine\n', 'mine'],
		['of two words', 'of two words'],
		['', ''],
		[undefined, ''],
		[null, ''],
	])('%j is taken as %j', async (webhookSecret, expected) => {
		expect((await credential({ webhookSecret })).webhookSecret).toBe(expected);
	});
});

describe('the base URL', () => {
	test.each<[unknown, string]>([
		[undefined, LEMLIST],
		['', LEMLIST],
		[' ', LEMLIST],
		['/', LEMLIST],
		[LEMLIST, LEMLIST],
		[` ${LEMLIST}// `, LEMLIST],
		['http://127.0.0.1:8080/api', 'http://127.0.0.1:8080/api'],
	])('%j is taken as %j', async (baseUrl, expected) => {
		expect((await credential({ baseUrl })).baseUrl).toBe(expected);
	});

	test.each([
		'lemlist',
		'api.lemlist.com',
		'ftp://api.lemlist.com',
		'file:///etc/passwd',
		'https:',
	])('%j is refused', async (baseUrl) => {
		await expect(credential({ baseUrl })).rejects.toThrow(
			/wrong address for lemlist\. Make a new credential/,
		);
	});
});

describe('campaigns', () => {
	test.each<[string, unknown, string[]]>([
		['none', [], []],
		['nothing', undefined, []],
		['a single one from an expression', ' cam_1 ', ['cam_1']],
		['several', ['cam_1', 'cam_2'], ['cam_1', 'cam_2']],
		['the same twice', ['cam_1', 'cam_1 ', 'cam_2'], ['cam_1', 'cam_2']],
		['one beside empty entries', [undefined, null, '', ' ', 'cam_1'], ['cam_1']],
		['the row that says there are more', ['more', 'cam_1'], ['cam_1']],
	])('%s', (_, campaigns, expected) => {
		expect(subscription({ campaigns }).campaignIds).toEqual(expected);
	});

	test.each<[string, unknown, RegExp]>([
		['a name', ['cam_1', 'Spring'], /"Spring" is not the ID of a lemlist campaign/],
		['a name that begins alike', 'camping', /"camping" is not the ID of a lemlist campaign/],
		['a number', [7], /"7" is not the ID of a lemlist campaign/],
		['an object', [{ id: 'cam_1' }], /"\{"id":"cam_1"\}" is not the ID of a lemlist campaign/],
		...[',', ', ', ';', ' ', '\n', '\t'].map((between): [string, string, RegExp] => [
			`two with ${JSON.stringify(between)} between`,
			`cam_1${between}cam_2`,
			/is several campaigns in one text\. Pick them/,
		]),
	])('%s: refused', (_, campaigns, words) => {
		expect(() => subscription({ campaigns })).toThrow(words);
	});
});

describe('options', () => {
	test('that are not set leave nothing out', () => {
		expect(subscription()).toEqual({
			selection: { kind: 'types', types: ['emailsReplied'] },
			campaignIds: [],
			thirdPartyReplies: 'include',
			ignoreBots: false,
			firstActivityOnly: false,
			missedEvents: 'catchUp',
			arrival: 'webhook',
			testWith: 'newest',
		});
		expect(readFilter(parameters())).toEqual({
			campaignIds: [],
			thirdPartyReplies: 'include',
			ignoreBots: false,
		});
	});

	test.each(['include', 'exclude', 'only'])('take "%s" for replies from other people', (choice) => {
		expect(subscription({ 'options.thirdPartyReplies': choice }).thirdPartyReplies).toBe(choice);
	});

	test.each(['sometimes', '', 'Only', true, null])(
		'do not take %j for replies from other people',
		(choice) => {
			expect(() => subscription({ 'options.thirdPartyReplies': choice })).toThrow(
				/is not a choice for Replies From Other People/,
			);
		},
	);

	test.each<[unknown, boolean]>([
		[true, true],
		[false, false],
		['true', false],
		['false', false],
		[1, false],
		[null, false],
	])('that are on or off, set to %j, are %j', (value, expected) => {
		const read = subscription({ 'options.firstActivityOnly': value, 'options.ignoreBots': value });
		expect(read).toMatchObject({ firstActivityOnly: expected, ignoreBots: expected });
	});
});

describe('the address of the webhook', () => {
	test.each<[string, string, boolean]>([
		['https://n8n.example.org/webhook/1/webhook', LEMLIST, true],
		['http://n8n.example.org/webhook/1/webhook', LEMLIST, true],
		['http://localhost:5678/webhook/1/webhook', LEMLIST, false],
		['http://192.168.1.2/webhook/1/webhook', LEMLIST, false],
		['http://localhost:5678/webhook/1/webhook', 'http://127.0.0.1:8080/api', true],
		['https://n8n.example.org/webhook/1/webhook', 'http://127.0.0.1:8080/api', true],
		['ftp://n8n.example.org/webhook/1/webhook', LEMLIST, false],
		['n8n.example.org/webhook/1/webhook', LEMLIST, false],
		['n8n.example.org/webhook/1/webhook', 'http://127.0.0.1:8080/api', false],
	])('%s can be called by what is at %s: %s', (webhookUrl, baseUrl, expected) => {
		expect(isReachable(webhookUrl, { apiKey: 'key', webhookSecret: '', baseUrl })).toBe(expected);
	});

	test.each<[string, string | undefined, string, boolean]>([
		['made of the ID of the webhook', '1234', '/webhook/1234/webhook', true],
		['with an odd path that somebody chose', '1234', '/web%20hook/1234/webhook', true],
		['made of the name of a node without spaces', undefined, '/webhook/w1/lemlist/webhook', true],
		[
			'made of the name of a node with spaces',
			undefined,
			'/webhook/w1/lemlist%20events%20trigger/webhook',
			false,
		],
	])('%s: served by n8n or refused', (_, webhookId, path, isServed) => {
		const assert = () => {
			assertServed(
				{ ...NODE, ...(webhookId !== undefined && { webhookId }) },
				`https://n8n.example.org${path}`,
			);
		};
		if (isServed) expect(assert).not.toThrow();
		else expect(assert).toThrow(/n8n does not answer at the address of this trigger/);
	});
});
