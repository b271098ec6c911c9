/** The built package as n8n's loader sees it: names that saved workflows rely on, codex, icons, credential. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PackageDirectoryLoader } from 'n8n-core';
import {
	NodeHelpers,
	Workflow,
	type ICredentialType,
	type IHookFunctions,
	type IHttpRequestOptions,
	type INode,
	type INodeProperties,
	type INodeType,
	type ITriggerFunctions,
	type IWorkflowDataProxyAdditionalKeys,
} from 'n8n-workflow';
import { USER_AGENT } from '../../credentials/LemlistWebhookApi.credentials';
import { NODE_TYPE } from './host';

const FOLDER = path.resolve(__dirname, '../..');
const loader = new PackageDirectoryLoader(FOLDER);
let node: INodeType;
let credential: ICredentialType;

/** What n8n makes of an expression. */
function evaluated(expression: string, names: object): unknown {
	const own: INode = {
		id: '1',
		name: 'Trigger',
		type: 'trigger',
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
	};
	const nodeTypes = {
		getByName: () => node,
		getByNameAndVersion: () => node,
		getKnownTypes: () => ({}),
	};
	const workflow = new Workflow({
		id: '1',
		nodes: [own],
		connections: {},
		active: false,
		nodeTypes,
	});
	return workflow.expression.getSimpleParameterValue(
		own,
		expression,
		'internal',
		names as IWorkflowDataProxyAdditionalKeys,
	);
}

beforeAll(async () => {
	await loader.loadAll();
	node = loader.getNode('lemlistTrigger').type as INodeType;
	credential = loader.getCredential('lemlistWebhookApi').type;
});

test('is one node and one credential, by the names that saved workflows hold', () => {
	expect(loader.packageName).toBe('n8n-nodes-lemlist');
	expect(Object.keys(loader.known.nodes)).toEqual(['lemlistTrigger']);
	expect(Object.keys(loader.known.credentials)).toEqual(['lemlistWebhookApi']);
	expect(node.description).toMatchObject({
		displayName: 'Lemlist Events Trigger',
		version: [1, 2],
		defaultVersion: 2,
		group: ['trigger'],
		inputs: [],
		outputs: ['main'],
		credentials: [{ name: 'lemlistWebhookApi', required: true }],
	});
});

/** Workflows that are given away, and what they hold of our node. */
const givenAway = ['docs', 'examples'].flatMap((folder) => {
	const place = path.join(FOLDER, folder);
	const files = existsSync(place) ? readdirSync(place, { recursive: true, encoding: 'utf8' }) : [];
	return files.filter((file) => file.endsWith('.json')).map((file) => path.join(place, file));
});

test.each(givenAway)('%s has the trigger in its newest version', (file) => {
	const { nodes = [] } = JSON.parse(readFileSync(file, 'utf8')) as {
		nodes?: Array<{ type: string; typeVersion: number }>;
	};
	const versions = nodes
		.filter(({ type }) => type === NODE_TYPE)
		.map(({ typeVersion }) => typeVersion);
	expect(versions.filter((version) => version !== node.description.defaultVersion)).toEqual([]);
});

test('has a preview of its output where n8n looks for that of each version', () => {
	const previews = readdirSync(path.join(FOLDER, 'dist/nodes/LemlistTrigger/__schema__'));
	expect(previews).toEqual(
		[node.description.version].flat().map((version) => `v${String(version)}.0.0.json`),
	);
});

test('is, where the editor makes it, of no version for which n8n evaluates an expression in every call', () => {
	expect(node.description.defaultVersion).not.toBe(1);
});

test('keeps the names of parameters and options', () => {
	const shown = node.description.properties.filter((property) => property.type !== 'notice');
	expect(shown.map(({ name, type }) => [name, type])).toEqual([
		['events', 'multiOptions'],
		['campaigns', 'multiOptions'],
		['options', 'collection'],
	]);
	const options = (shown.find((property) => property.name === 'options')?.options ??
		[]) as INodeProperties[];
	expect(options.map(({ name, type }) => [name, type])).toEqual([
		['firstActivityOnly', 'boolean'],
		['arrival', 'options'],
		['ignoreBots', 'boolean'],
		['missedEvents', 'options'],
		['thirdPartyReplies', 'options'],
		['testWith', 'options'],
	]);
	const choices = options
		.filter(({ type }) => type === 'options')
		.map((option) => option.options ?? []);
	expect(choices.map((all) => all.map((choice) => 'value' in choice && choice.value))).toEqual([
		['webhook', 'lookUp'],
		['catchUp', 'ignore'],
		['include', 'exclude', 'only'],
		['newest', 'next'],
	]);
	expect(credential.properties.map(({ name, type }) => [name, type])).toEqual([
		['apiKey', 'string'],
		['webhookSecret', 'string'],
		['baseUrl', 'hidden'],
	]);
	expect(credential.properties.map((property) => property.default)).toEqual([
		'',
		'',
		'https://api.lemlist.com/api',
	]);
});

test('starts with defaults that leave nothing out, with options that are on once they are added, and with choices that say what they do', () => {
	const [events, campaigns, options] = node.description.properties.filter(
		(property) => property.type !== 'notice',
	);
	expect(events).toMatchObject({ default: [], required: true });
	expect(campaigns).toMatchObject({ default: [], typeOptions: { allowArbitraryValues: true } });
	expect(Object.keys(node.methods?.loadOptions ?? {})).toEqual([
		campaigns?.typeOptions?.loadOptionsMethod,
	]);
	const collected = (options?.options ?? []) as INodeProperties[];
	expect(collected.map((option) => option.default)).toEqual([
		true,
		'webhook',
		true,
		'catchUp',
		'include',
		'newest',
	]);
	const choices = collected.filter(({ type }) => type === 'options');
	expect(choices.map(({ options = [] }) => options.map(({ name }) => name))).toEqual([
		['At Once, by Webhook', 'Every Minute, Without a Public Address'],
		['Start the Workflow Late', 'Leave Out'],
		['Include', 'Leave Out', 'Only These'],
		['Newest Event', 'Next Event'],
	]);
});

test.each([{}, { ignoreBots: false }, { ignoreBots: true, firstActivityOnly: true }])(
	'the options %j stay what they are when n8n completes parameters',
	(options) => {
		for (const withDefaults of [true, false]) {
			const given = { events: ['emailsReplied'], options };
			const parameters = NodeHelpers.getNodeParameters(
				node.description.properties,
				given,
				withDefaults,
				false,
				{ parameters: given, typeVersion: 2 } as never,
				node.description,
			);
			expect(parameters?.options ?? {}).toEqual(options);
		}
	},
);

test('answers lemlist at once, at the address that hooks of earlier versions have', () => {
	expect(node.description.webhooks).toEqual([
		{
			name: 'default',
			httpMethod: 'POST',
			responseMode: 'onReceived',
			responseData: 'noData',
			path: 'webhook',
			ndvHideUrl: true,
		},
	]);
});

test('spreads the checks of triggers that bear the same name', async () => {
	const expressions = new Set<string>();
	const registerCron = ({ expression }: { expression: string }) => {
		expressions.add(expression);
	};
	for (let index = 0; index < 20; index += 1) {
		const own = { id: `node ${String(index)}`, name: 'Lemlist Events Trigger' };
		const context = {
			getNode: () => own,
			getWorkflow: () => ({ id: '1' }),
			getWorkflowSettings: () => ({}),
			getWorkflowStaticData: () => ({}),
			getNodeParameter: (name: string, otherwise: unknown) =>
				name === 'events' ? ['*'] : otherwise,
			helpers: { registerCron },
		};
		const response = await node.trigger?.call(context as unknown as ITriggerFunctions);
		await response?.closeFunction?.();
	}
	expect(expressions.size).toBeGreaterThan(5);
});

test('is found by what salespeople type', () => {
	expect(node.description.codex?.alias).toEqual(
		expect.arrayContaining(['lemlist', 'email reply', 'linkedin reply', 'cold email']),
	);
	expect(node.description.codex?.resources?.primaryDocumentation).toHaveLength(1);
});

test('has icons for light and dark where the loader looks for them', () => {
	for (const icons of [node.description.iconUrl, credential.iconUrl]) {
		const { light, dark } = icons as { light: string; dark: string };
		expect(light).not.toBe(dark);
		for (const icon of [light, dark])
			expect(existsSync(path.join(FOLDER, icon.replace('icons/n8n-nodes-lemlist/', '')))).toBe(
				true,
			);
	}
});

test('names itself to lemlist with the version of the package', () => {
	const { name, version } = JSON.parse(readFileSync(path.join(FOLDER, 'package.json'), 'utf8')) as {
		name: string;
		version: string;
	};
	expect(USER_AGENT).toBe(`${name}/${version}`);
});

test.each(['checkExists', 'create', 'delete'] as const)(
	'%s says so when n8n knows no address of the trigger',
	async (method) => {
		const context = {
			getNodeWebhookUrl: () => undefined,
			getActivationMode: () => 'activate',
			getNode: () => ({ name: 'Lemlist Events Trigger' }),
		};
		await expect(
			node.webhookMethods?.default?.[method].call(context as unknown as IHookFunctions),
		).rejects.toThrow(/^n8n gave this trigger no webhook address\. Save the workflow/);
	},
);

describe('the credential', () => {
	test.each<[string, unknown, string]>([
		['the key as password, no user name', 'key', ':key'],
		['a key with blanks and a line break around it', ' key\r\n', ':key'],
		['no key', undefined, ':'],
	])('sends %s', async (_, apiKey, expected) => {
		const request: IHttpRequestOptions = {
			url: 'https://api.lemlist.com/api/team',
			headers: { 'X-Other': 'kept' },
		};
		if (typeof credential.authenticate !== 'function')
			throw new Error('authenticate has to be a function');
		const { headers } = await credential.authenticate({ apiKey } as never, request);
		expect(headers).toEqual({
			'User-Agent': USER_AGENT,
			'X-Other': 'kept',
			Authorization: `Basic ${Buffer.from(expected).toString('base64')}`,
		});
	});

	test.each<[string, IHttpRequestOptions]>([
		['without headers', { url: '/hooks' }],
		[
			'that brings an authorization of its own',
			{ url: '/hooks', headers: { Authorization: 'Bearer of something else' } },
		],
	])('gives a request %s its name and its key', async (_, request) => {
		if (typeof credential.authenticate !== 'function')
			throw new Error('authenticate has to be a function');
		const { headers } = await credential.authenticate({ apiKey: 'key' }, request);
		expect(headers).toEqual({
			'User-Agent': USER_AGENT,
			Authorization: `Basic ${Buffer.from(':key').toString('base64')}`,
		});
	});

	test('leaves a request the name that it has', async () => {
		if (typeof credential.authenticate !== 'function')
			throw new Error('authenticate has to be a function');
		const { headers } = await credential.authenticate(
			{ apiKey: 'key' },
			{ url: '/hooks', headers: { 'user-agent': 'mine' } },
		);
		expect(headers).toEqual({ 'user-agent': 'mine', Authorization: expect.any(String) as string });
	});

	test('limits its own test in time, and no other request', async () => {
		const limitOf = async (request: IHttpRequestOptions) => {
			if (typeof credential.authenticate !== 'function')
				throw new Error('authenticate has to be a function');
			return (await credential.authenticate({ apiKey: 'key' }, request)).abortSignal;
		};
		const abortSignal = new AbortController().signal;
		expect(
			await limitOf({ ...credential.test?.request, timeout: 300_000 } as IHttpRequestOptions),
		).toBeInstanceOf(AbortSignal);
		expect(await limitOf({ url: 'https://api.lemlist.com/api/team' })).toBeUndefined();
		for (const url of ['/hooks', '/team'])
			expect(await limitOf({ url, abortSignal })).toBe(abortSignal);
	});

	test('limits its test to what somebody waits who has just pressed Save', async () => {
		if (typeof credential.authenticate !== 'function')
			throw new Error('authenticate has to be a function');
		const timeout = jest.spyOn(AbortSignal, 'timeout');
		await credential.authenticate({ apiKey: 'key' }, { url: '/team' });
		const [[ms = 0] = []] = timeout.mock.calls;
		timeout.mockRestore();
		expect(ms).toBeGreaterThanOrEqual(5_000);
		expect(ms).toBeLessThanOrEqual(30_000);
	});

	test('is tested with GET /team, and has a sentence with a cure for each status', () => {
		expect(credential.test?.request).toMatchObject({ url: '/team', disableFollowRedirect: true });
		const rules = credential.test?.rules?.map(({ properties }) => properties) ?? [];
		const statuses = rules.map((rule) =>
			'value' in rule ? (rule.value as number | undefined) : 0,
		);
		expect(statuses).toEqual(expect.arrayContaining([401, 403, 404, 429, 500, 502, 503, 504]));
		for (const { message } of rules) expect(message).toMatch(/^[A-Zl].*[.:] .*\.$/);
	});

	test.each<[RegExp, number[]]>([
		[
			/^lemlist refused the request \(HTTP \d+\)\. Create a new API key/,
			[400, 405, 406, 409, 410, 415, 418, 422, 451, 499],
		],
		[/^lemlist rejected the API key\. Create a new one/, [401]],
		[/^lemlist denied access.*Ask the owner/, [403]],
		[
			/has nothing at the address that this credential asks\. Try again.*make a new credential/,
			[404],
		],
		[
			/plan of this team does not include this, or has run out.*"route is available starting emailPro plan".*Change the plan/,
			[402],
		],
		[/proxy between n8n and lemlist wants n8n to log in/, [407]],
		[/network that n8n is in wants somebody to log in/, [511]],
		[/too many\. The key may be fine: try again/, [429]],
		[/sent the request on to another address\. Make a new credential/, [301, 302, 303, 307, 308]],
		[
			/problem on its side\. The key may be fine: try again/,
			[408, 425, 500, 501, 502, 503, 504, 507, 520, 521, 522, 523, 524, 525, 530],
		],
	])('its test says %s for each of %j', (words, statuses) => {
		const rules = credential.test?.rules?.map(({ properties }) => properties) ?? [];
		for (const status of statuses) {
			const told = rules
				.filter((rule) => 'value' in rule && rule.value === status)
				.map(({ message }) => message);
			expect(told).toEqual([expect.stringMatching(words)]);
		}
	});

	test('its test takes no page of a proxy for lemlist', () => {
		expect(credential.test?.rules).toContainEqual({
			type: 'responseSuccessBody',
			properties: {
				key: '_id',
				value: undefined,
				message: expect.stringContaining('did not come from lemlist') as string,
			},
		});
	});

	test.each<[string, string | undefined, string]>([
		['no base URL', undefined, 'https://api.lemlist.com/api'],
		['an empty one', '', 'https://api.lemlist.com/api'],
		[
			'one with blanks around it',
			' https://lemlist.example.com/api\n',
			'https://lemlist.example.com/api',
		],
	])('its test goes to the right place with %s', (_, baseUrl, expected) => {
		expect(evaluated(String(credential.test?.request.baseURL), { $credentials: { baseUrl } })).toBe(
			expected,
		);
	});

	test('hides key and secret in the form', () => {
		for (const name of ['apiKey', 'webhookSecret'])
			expect(credential.properties.find((property) => property.name === name)?.typeOptions).toEqual(
				{ password: true },
			);
	});
});
