/** The built package as n8n's loader sees it: names that saved workflows rely on, codex, icons, credential. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PackageDirectoryLoader } from 'n8n-core';
import type { ICredentialType, IExecuteFunctions, IHttpRequestOptions, INodeProperties, INodeType } from 'n8n-workflow';
import { USER_AGENT } from '../../nodes/LemlistTrigger/lemlistApi';
import { NODE_TYPE } from './host';

const FOLDER = path.resolve(__dirname, '../..');
const loader = new PackageDirectoryLoader(FOLDER);
let node: INodeType;
let credential: ICredentialType;

beforeAll(async () => {
	await loader.loadAll();
	node = loader.getNode('lemlistTrigger').type as INodeType;
	credential = loader.getCredential('lemlistWebhookApi').type;
});

test('is one node and one credential, by the names that saved workflows hold', () => {
	expect(loader.packageName).toBe('n8n-nodes-lemlist');
	expect(Object.keys(loader.known.nodes)).toEqual(['lemlistTrigger']);
	expect(Object.keys(loader.known.credentials)).toEqual(['lemlistWebhookApi']);
	expect(node.description).toMatchObject({ displayName: 'Lemlist Events Trigger', version: 2, group: ['trigger'], inputs: [], outputs: ['main'], credentials: [{ name: 'lemlistWebhookApi', required: true }] });
});

/** Workflows that are given away, and what they hold of our node. */
const givenAway = ['docs', 'examples'].flatMap((folder) => {
	const place = path.join(FOLDER, folder);
	const files = existsSync(place) ? readdirSync(place, { recursive: true, encoding: 'utf8' }) : [];
	return files.filter((file) => file.endsWith('.json')).map((file) => path.join(place, file));
});

test.each(givenAway)('%s has the trigger in its version', (file) => {
	const { nodes = [] } = JSON.parse(readFileSync(file, 'utf8')) as { nodes?: Array<{ type: string; typeVersion: number }> };
	const versions = nodes.filter(({ type }) => type === NODE_TYPE).map(({ typeVersion }) => typeVersion);
	expect(versions.filter((version) => version !== node.description.version)).toEqual([]);
});

test('has its schema preview, if any, where n8n looks for that of its version', () => {
	const folder = path.join(FOLDER, 'dist/nodes/LemlistTrigger/__schema__');
	const previews = existsSync(folder) ? readdirSync(folder) : [];
	expect(previews.filter((preview) => preview !== `v${String(node.description.version)}.0.0.json`)).toEqual([]);
});

test('is of no version for which n8n evaluates an expression in every call', () => {
	expect(node.description.version).not.toBe(1);
});

test('keeps the names of parameters and options', () => {
	const shown = node.description.properties.filter((property) => property.type !== 'notice');
	expect(shown.map(({ name, type }) => [name, type])).toEqual([['events', 'multiOptions'], ['campaigns', 'multiOptions'], ['options', 'collection']]);
	const options = (shown.find((property) => property.name === 'options')?.options ?? []) as INodeProperties[];
	expect(options.map(({ name, type }) => [name, type])).toEqual([['firstActivityOnly', 'boolean'], ['ignoreBots', 'boolean'], ['thirdPartyReplies', 'options']]);
	expect(options.at(-1)?.options?.map((option) => 'value' in option && option.value)).toEqual(['include', 'exclude', 'only']);
	expect(credential.properties.map(({ name, type }) => [name, type])).toEqual([['apiKey', 'string'], ['webhookSecret', 'string'], ['baseUrl', 'hidden']]);
});

test('is found by what salespeople type', () => {
	expect(node.description.codex?.alias).toEqual(expect.arrayContaining(['lemlist', 'email reply', 'linkedin reply', 'cold email']));
	expect(node.description.codex?.resources?.primaryDocumentation).toHaveLength(1);
});

test('has icons for light and dark where the loader looks for them', () => {
	for (const icons of [node.description.iconUrl, credential.iconUrl]) {
		const { light, dark } = icons as { light: string; dark: string };
		expect(light).not.toBe(dark);
		for (const icon of [light, dark]) expect(existsSync(path.join(FOLDER, icon.replace('icons/n8n-nodes-lemlist/', '')))).toBe(true);
	}
});

test('names itself to lemlist with the version of the package', () => {
	const { name, version } = JSON.parse(readFileSync(path.join(FOLDER, 'package.json'), 'utf8')) as { name: string; version: string };
	expect(USER_AGENT).toBe(`${name}/${version}`);
});

test('hands on in execute what the webhook gave', async () => {
	const items = [{ json: { _id: 'act_1' } }];
	expect(await node.execute?.call({ getInputData: () => items } as unknown as IExecuteFunctions)).toEqual([items]);
});

describe('the credential', () => {
	test.each<[string, unknown, string]>([
		['the key as password, no user name', 'key', ':key'],
		['a key with blanks and a line break around it', ' key\r\n', ':key'],
		['no key', undefined, ':'],
	])('sends %s', async (_, apiKey, expected) => {
		const request: IHttpRequestOptions = { url: 'https://api.lemlist.com/api/team', headers: { 'X-Other': 'kept' } };
		if (typeof credential.authenticate !== 'function') throw new Error('authenticate has to be a function');
		const { headers } = await credential.authenticate({ apiKey } as never, request);
		expect(headers).toEqual({ 'X-Other': 'kept', Authorization: `Basic ${Buffer.from(expected).toString('base64')}` });
	});

	test('is tested with GET /team, and has a sentence with a cure for each status', () => {
		expect(credential.test?.request).toMatchObject({ url: '/team', disableFollowRedirect: true, headers: { 'User-Agent': USER_AGENT } });
		const rules = credential.test?.rules?.map(({ properties }) => properties) ?? [];
		const statuses = rules.map((rule) => ('value' in rule ? (rule.value as number | undefined) : 0));
		expect(statuses).toEqual(expect.arrayContaining([401, 403, 404, 429, 500, 502, 503, 504]));
		for (const { message } of rules) expect(message).toMatch(/^[A-Zl].*[.:] .*\.$/);
	});

	test('hides key and secret in the form', () => {
		for (const name of ['apiKey', 'webhookSecret']) expect(credential.properties.find((property) => property.name === name)?.typeOptions).toEqual({ password: true });
	});
});
