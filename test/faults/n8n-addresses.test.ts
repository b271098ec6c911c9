/**
 * An n8n whose editor has a private address, and a lemlist on the internet: where n8n sends lemlist for a
 * published workflow, and where for a test run. Nobody can reach example.org, so no event comes; n8n
 * reaches the stand-in as its proxy.
 */
import { freePort } from '../e2e/n8n/ports';
import { until } from '../e2e/n8n/until';
import { Host } from './n8n/host';
import { RecordedSession } from './n8n/recordedSession';
import { CREDENTIAL_TYPE, Trigger, TRIGGER_NAME } from './n8n/trigger';

const PUBLIC = 'https://n8n.example.org';
const EDITOR = 'http://192.168.7.7:5678';
const LEMLIST = 'http://lemlist.example.org/api';

interface Setting {
	name: string;
	env: Readonly<Record<string, string>>;
	/** What a test run answers. */
	testRun: RegExp;
	/** Where its hook is. */
	testHooks: readonly string[];
}

const SETTINGS: readonly Setting[] = [
	{
		name: 'WEBHOOK_URL',
		env: { WEBHOOK_URL: `${PUBLIC}/` },
		testRun:
			/lemlist cannot reach the webhook address http:\/\/192\.168\.7\.7:5678\/webhook-test\/.*set N8N_WEBHOOK_URL .*\(N8N_EDITOR_BASE_URL\), even where WEBHOOK_URL is set\./,
		testHooks: [],
	},
	{
		name: 'WEBHOOK_URL and N8N_WEBHOOK_URL',
		env: { WEBHOOK_URL: `${PUBLIC}/`, N8N_WEBHOOK_URL: `${PUBLIC}/` },
		testRun: /"waitingForWebhook":true/,
		testHooks: [`${PUBLIC}/webhook-test/`],
	},
];

describe.each(SETTINGS)('with $name', ({ env, testRun, testHooks }) => {
	let host: Host;
	let trigger: Trigger;

	beforeAll(async () => {
		const port = await freePort();
		host = await Host.start({
			sandbox: { port },
			env: {
				...env,
				N8N_EDITOR_BASE_URL: EDITOR,
				HTTP_PROXY: `http://127.0.0.1:${String(port)}`,
				NO_PROXY: '127.0.0.1',
			},
		});
		const account = host.account();
		const credential = await host.editor.createCredential({
			name: 'lemlist',
			type: CREDENTIAL_TYPE,
			data: { apiKey: account.apiKey, webhookSecret: '', baseUrl: LEMLIST },
		});
		trigger = await Trigger.make(host, { events: ['interested'], account, credential });
	});
	afterAll(async () => {
		// Where it did not start, it has tidied up itself.
		await (host as Host | undefined)?.close();
	});

	/** Where hooks are, up to what is the trigger's own. */
	function hooksAt(): string[] {
		return host.lemlist.hooks.map(
			({ targetUrl }) => /^.*?\/webhook(-test)?\//.exec(targetUrl)?.[0] ?? targetUrl,
		);
	}

	test('a test run gets an address that lemlist can call, or says what to set; called off, it leaves nothing', async () => {
		const editor = new RecordedSession(host.n8n);
		await editor.logIn();
		const { text } = await editor.call('POST', `/workflows/${trigger.workflow.id}/run`, {
			triggerToStartFrom: { name: TRIGGER_NAME },
		});
		expect(text).toMatch(testRun);
		expect(hooksAt()).toEqual(testHooks);
		await editor.call('DELETE', `/test-webhook/${trigger.workflow.id}`);
		await until('the hook of the test run is gone', () => hooksAt().length === 0);
	});

	test('publishing registers on the public address, and unpublishing leaves nothing', async () => {
		await trigger.activate();
		expect(hooksAt()).toEqual([`${PUBLIC}/webhook/`]);
		await trigger.deactivate();
		expect(hooksAt()).toEqual([]);
	});
});
