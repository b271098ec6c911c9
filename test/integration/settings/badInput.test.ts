/** Parameters, credentials and addresses that cannot work: refused before lemlist hears of them. */
import type { IDataObject } from 'n8n-workflow';
import { pausesPassAtOnce, Stage } from '../stage';

const stage = new Stage();
pausesPassAtOnce();

describe('bad input is refused in words before anything is registered', () => {
	test.each<[string, IDataObject, IDataObject, RegExp]>([
		['no event', { events: [] }, {}, /No event is picked/],
		['an unknown event', { events: ['emailReplied'] }, {}, /no event called "emailReplied"/],
		['a removed event', { events: ['emailsSendFailed'] }, {}, /Use "emailsFailed"/],
		[
			'no campaign id',
			{ campaigns: ['My campaign'] },
			{},
			/"My campaign" is not the ID of a lemlist campaign/,
		],
		[
			'a campaign that is no text',
			{ campaigns: [{ id: 1 }] },
			{},
			/is not the ID of a lemlist campaign/,
		],
		[
			'campaigns in one text',
			{ campaigns: 'cam_1,cam_2' },
			{},
			/"cam_1,cam_2" is several campaigns in one text\. Pick them/,
		],
		[
			'campaigns in one text under All Events',
			{ events: ['*'], campaigns: ['cam_1; cam_2', 'cam_3'] },
			{},
			/several campaigns in one text/,
		],
		[
			'an unknown choice for replies',
			{ options: { thirdPartyReplies: 'sometimes' } },
			{},
			/not a choice for Replies From Other People/,
		],
		['an empty key', {}, { apiKey: ' ' }, /API key of the credential is empty/],
		['a key that is none', {}, { apiKey: 7 }, /API key of the credential is empty/],
		[
			'a key with a line break in it',
			{},
			{ apiKey: 'abc\ndef' },
			/a space, a line break or an odd character/,
		],
		[
			'a base URL that is none',
			{},
			{ baseUrl: 'lemlist' },
			/credential holds a wrong address for lemlist\. Make a new credential/,
		],
		[
			'a base URL of another kind',
			{},
			{ baseUrl: 'ftp://api.lemlist.com' },
			/credential holds a wrong address for lemlist\. Make a new credential/,
		],
	])('%s', async (_, parameters, credential, words) => {
		const one = stage.trigger(parameters, credential);
		await expect(one.activate()).rejects.toThrow(words);
		expect(stage.requests('POST')).toEqual([]);
		expect(one.cleanUpError).toBeUndefined();
	});

	test.each([
		'http://localhost:5678',
		'http://192.168.1.7:5678',
		'http://n8n:5678',
		'n8n.example.org',
		'htp://n8n.example.org',
	])('a webhook address that lemlist cannot reach: %s', async (base) => {
		const one = stage.trigger({}, { baseUrl: 'https://api.lemlist.example.com/api' });
		one.options.webhookBaseUrl = `${base}/webhook`;
		await expect(one.activate()).rejects.toThrow(
			/lemlist cannot reach the webhook address.*choose Every Minute, Without a Public Address.*set WEBHOOK_URL/,
		);
		expect(one.cleanUpError).toBeUndefined();
		expect(one.log).toEqual([]);
	});

	test('an address of the editor that lemlist cannot reach, in a test run: says why n8n gives that one', async () => {
		const one = stage.trigger({}, { baseUrl: 'https://api.lemlist.example.com/api' });
		one.options.webhookBaseUrl = 'http://10.0.0.7:5678/webhook';
		await expect(one.testRun().listen()).rejects.toThrow(
			/lemlist cannot reach the webhook address http:\/\/10\.0\.0\.7:5678\/webhook-test.*choose Every Minute, Without a Public Address.*set N8N_WEBHOOK_URL.*in a test run, n8n 2 otherwise gives the address of its editor \(N8N_EDITOR_BASE_URL\), even where WEBHOOK_URL is set\./,
		);
	});

	test('a node without a webhook ID, at whose address n8n answers 404 to everything', async () => {
		const one = stage.trigger({}, {}, { hasNoWebhookId: true });
		await expect(one.activate()).rejects.toThrow(
			/n8n does not answer at the address of this trigger.*Delete the trigger and add it again/,
		);
		expect(stage.lemlist.hooks).toEqual([]);
		expect(one.cleanUpError).toBeUndefined();
	});

	test('a base URL with slashes and blanks around it is taken', async () => {
		await stage.trigger({}, { baseUrl: ` ${stage.lemlist.apiUrl}// ` }).activate();
		expect(new Set(stage.lemlist.requests.map(({ path }) => path))).toEqual(
			new Set(['/hooks', '/team']),
		);
	});

	test('an empty base URL means lemlist itself', async () => {
		const one = stage.trigger({}, { baseUrl: '' });
		await expect(one.activate()).rejects.toThrow(/lemlist cannot reach the webhook address/);
	});
});
