/**
 * Secrets stay where they belong: after a full run in a real n8n that logs all it can, with every kind
 * of error, API keys, Webhook Secrets and derived secrets are searched for wherever n8n and the node
 * leave anything. They may be nowhere but in n8n's encrypted credentials.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { until } from '../e2e/n8n/until';
import { unflatten } from '../e2e/n8n/executionRecord';
import { newId, type Effect, type EventType } from '../sandbox';
import { untilDesired } from './n8n/desired';
import { Host, type Account } from './n8n/host';
import { RecordedSession } from './n8n/recordedSession';
import { filesIn, findSecrets, type Place } from './n8n/search';
import { CREDENTIAL_TYPE, Trigger, TRIGGER_NAME, TRIGGER_TYPE, type NextNode } from './n8n/trigger';

const EVENTS: readonly EventType[] = ['emailsReplied', 'interested'];
const N8N_SETTINGS = { N8N_LOG_LEVEL: 'debug', N8N_WORKFLOW_PUBLICATION_CONCURRENCY: '20' };

/** The header that carries an API key. */
function headerOf({ apiKey }: Account): string {
	return `Basic ${Buffer.from(`:${apiKey}`).toString('base64')}`;
}

/** How lemlist may fail. Errors that carry the request, and answers that repeat it, are the usual leaks. */
const FAILURES: ReadonlyArray<{ name: string; effectFor: (account: Account) => Effect }> = [
	{
		name: 'rejects the key',
		effectFor: () => ({
			name: 'status',
			status: 401,
			body: 'The authentication you supplied is incorrect',
		}),
	},
	{
		name: 'denies access',
		effectFor: () => ({
			name: 'status',
			status: 403,
			body: '{"error":"Forbidden"}',
			contentType: 'application/json',
		}),
	},
	{ name: 'has trouble', effectFor: () => ({ name: 'status', status: 500 }) },
	{ name: 'resets connections', effectFor: () => ({ name: 'resetBefore' }) },
	{ name: 'breaks off its answers', effectFor: () => ({ name: 'cutShort' }) },
	{
		name: 'repeats the key',
		effectFor: ({ apiKey }) => ({ name: 'status', status: 400, body: `Bad key ${apiKey}` }),
	},
	{
		name: 'repeats the key in JSON',
		effectFor: ({ apiKey }) => ({
			name: 'otherShape',
			body: { error: { message: `Bad key ${apiKey}` } },
		}),
	},
	{
		name: 'repeats the header',
		effectFor: (account) => ({
			name: 'status',
			status: 400,
			body: `Bad header ${headerOf(account)}`,
		}),
	},
	{
		name: 'redirects with the key',
		effectFor: ({ apiKey }) => ({
			name: 'redirect',
			location: `http://127.0.0.1:1/?key=${apiKey}`,
		}),
	},
];

/** lemlist's API in the workflow itself, with the same credential; it fails, and n8n keeps the error. */
function httpRequestTo(url: string): NextNode {
	const parameters = {
		url,
		authentication: 'predefinedCredentialType',
		nodeCredentialType: CREDENTIAL_TYPE,
		options: {},
	};
	return { type: 'n8n-nodes-base.httpRequest', typeVersion: 4.2, parameters };
}

let host: Host;
let editor: RecordedSession;
let triggers: readonly Trigger[];
const secrets = new Map<string, string>();
let places: readonly Place[];

beforeAll(async () => {
	host = await Host.start({ env: N8N_SETTINGS });
	editor = new RecordedSession(host.n8n);
	await editor.logIn();
	const working = await Promise.all([
		workingTrigger('HTTP 404', '/leads/nobody'),
		workingTrigger('a reset connection', '/campaigns'),
	]);
	const failing = await Promise.all(FAILURES.map(failingTrigger));
	triggers = [...working, ...failing];
	await Promise.all([...working.map(live), ...failing.map(fail)]);
	for (const trigger of failing)
		await editor.call('POST', '/credentials/test', { credentials: trigger.credential });
	await editor.call('POST', `/workflows/${failing[0]?.workflow.id ?? ''}/run`, {
		triggerToStartFrom: { name: TRIGGER_NAME },
	});
	await lookAround();
	for (const { body } of host.lemlist.requests) noteDerived(body);
	places = await collectPlaces();
});
afterAll(async () => {
	await host.close();
});

async function workingTrigger(name: string, path: string): Promise<Trigger> {
	return await triggerOf(name, httpRequestTo(host.lemlist.apiUrl + path));
}

async function failingTrigger({ name }: { name: string }): Promise<Trigger> {
	return await triggerOf(name);
}

async function triggerOf(name: string, next?: NextNode): Promise<Trigger> {
	const webhookSecret = `whs-${newId('usr')}`;
	const trigger = await Trigger.make(host, {
		events: EVENTS,
		webhookSecret,
		...(next && { next }),
	});
	noteCredential(name, trigger.account, webhookSecret);
	return trigger;
}

function noteCredential(name: string, account: Account, webhookSecret: string): void {
	secrets.set(`API key (${name})`, account.apiKey);
	secrets.set(`authorization header (${name})`, headerOf(account).slice('Basic '.length));
	secrets.set(`Webhook Secret (${name})`, webhookSecret);
}

/** The derived secrets are known from what the node told lemlist. */
function noteDerived(body: unknown): void {
	if (typeof body !== 'object' || body === null || !('secret' in body)) return;
	secrets.set(`derived secret ${String(secrets.size)}`, String(body.secret));
}

/** The life of a trigger that works: events, forged ones, a rotation, failing checks, a failing deactivation. */
async function live(trigger: Trigger): Promise<void> {
	await trigger.activate();
	await sendEvents(trigger);
	const webhookSecret = `whs-${newId('usr')}`;
	const account = host.account(trigger.account.teamId);
	noteCredential(`after rotation, ${trigger.workflow.id}`, account, webhookSecret);
	await trigger.rotate({ account, webhookSecret });
	const before = trigger.hooks[0]?.secret;
	await until(
		'the hooks are rotated',
		() =>
			trigger.hooks.length === EVENTS.length &&
			trigger.hooks.every(({ secret }) => secret !== before),
	);
	await untilDesired(trigger);
	await sendEvents(trigger);
	await failChecks(trigger);
	await failDeactivation(trigger);
}

async function sendEvents(trigger: Trigger): Promise<void> {
	const forged = `forged-${newId('usr')}`;
	secrets.set(`forged secret ${forged}`, forged);
	for (const type of EVENTS) await trigger.deliver(type);
	await trigger.deliver(EVENTS[0], { secret: forged });
	await host.lemlist.send(trigger.webhookUrl, [{ type: 'interested', secret: forged }]);
	await host.lemlist.send(trigger.webhookUrl, `secret=${forged}`, {
		raw: true,
		headers: { 'content-type': 'application/x-www-form-urlencoded' },
	});
	await host.lemlist.send(trigger.webhookUrl, `{"secret":"${forged}"`, { raw: true });
}

/** One check for each way of failing. */
async function failChecks(trigger: Trigger): Promise<void> {
	for (const { effectFor } of FAILURES) {
		const fault = host.lemlist.fault({
			on: { method: 'GET', match: trigger.sent },
			effect: effectFor(trigger.account),
			times: Infinity,
		});
		await until('a check has failed', () => fault.hits > 0);
		fault.remove();
	}
}

async function failDeactivation(trigger: Trigger): Promise<void> {
	const fault = host.lemlist.fault({
		on: { method: 'DELETE', match: trigger.sent },
		effect: { name: 'status', status: 500, body: trigger.account.apiKey },
		times: Infinity,
	});
	await trigger.deactivate();
	expect(fault.hits).toBeGreaterThan(0);
	await editor.call('GET', `/workflows/${trigger.workflow.id}/publication-status`);
}

/** Everything that shows an error, while lemlist fails in one way. */
async function fail(trigger: Trigger, index: number): Promise<void> {
	const effect = FAILURES[index]?.effectFor(trigger.account) ?? { name: 'resetBefore' as const };
	host.lemlist.fault({ on: { match: trigger.sent }, effect, times: Infinity });
	const { id } = trigger.workflow;
	await editor.call('POST', '/dynamic-node-parameters/options', campaignsOf(trigger));
	await expect(trigger.activate()).rejects.toThrow();
	await editor.call('GET', `/workflows/${id}/publication-status`);
}

/** What the editor asks for when somebody opens the list of campaigns. */
function campaignsOf({ credential: { id, name }, workflow }: Trigger) {
	const { type, typeVersion } = TRIGGER_TYPE;
	return {
		path: 'parameters.campaigns',
		nodeTypeAndVersion: { name: type, version: typeVersion },
		currentNodeParameters: { events: EVENTS },
		methodName: 'getCampaigns',
		credentials: { [CREDENTIAL_TYPE]: { id, name } },
		workflowId: workflow.id,
	};
}

/** What the editor shows afterwards. */
async function lookAround(): Promise<void> {
	for (const { workflow, credential } of triggers) {
		await editor.call('GET', `/workflows/${workflow.id}`);
		await editor.call('GET', `/credentials/${credential.id}?includeData=true`);
		for (const { id } of await host.editor.executions(workflow))
			await editor.call('GET', `/executions/${id}`);
	}
}

async function collectPlaces(): Promise<Place[]> {
	const { deliveries, requests } = host.lemlist;
	const tarball = gunzipSync(await readFile(host.tarball));
	const executions = await host.database.run('SELECT "executionId", data FROM execution_data');
	return [
		...(await filesIn(host.n8n.userFolder)),
		...editor.answers.map(({ call, text }) => ({ name: `answer to ${call}`, content: text })),
		...executions.map(({ executionId, data }) => ({
			name: `execution ${String(executionId)}`,
			content: JSON.stringify(unflatten(String(data))),
		})),
		...deliveries.map(({ body, headers, targetUrl }) => ({
			name: `answer to the delivery to ${targetUrl}`,
			content: JSON.stringify(headers) + body,
		})),
		...requests.map(({ method, path, body }) => ({
			name: `URLs of ${method} ${path}`,
			content: JSON.stringify([path, targetUrlIn(body)]),
		})),
		{ name: 'the packed tarball', content: tarball },
	];
}

function targetUrlIn(body: unknown): unknown {
	return typeof body === 'object' && body !== null && 'targetUrl' in body
		? body.targetUrl
		: undefined;
}

test('no secret is anywhere', () => {
	expect(findSecrets(secrets, places)).toEqual([]);
});

test('everything that should be searched was there, and says what it should', () => {
	const whole = (name: RegExp) =>
		places
			.filter((place) => name.test(place.name))
			.map(({ content }) => content.toString())
			.join('\n');
	expect(whole(/database\.sqlite/)).toContain(triggers[0]?.workflow.id);
	expect(whole(/n8n\.log$/)).toMatch(/refused a delivery with 401/);
	expect(whole(/n8n\.log$/)).toMatch(/could be checked or made; the next check tries again/);
	expect(whole(/n8n\.log$/)).toMatch(/still at lemlist/);
	expect(whole(/publication-status/)).toMatch(/lemlist rejected the API key/);
	expect(whole(/dynamic-node-parameters/)).toMatch(/lemlist could not be reached/);
	expect(whole(/credentials.test/)).toMatch(/lemlist rejected the API key/);
	expect(whole(/run$/)).toMatch(/NodeApiError/);
	expect(whole(/^execution/)).toMatch(/emailsReplied.*NodeApiError/s);
	expect(whole(/answer to the delivery/)).toMatch(/The secret is missing or wrong/);
	expect(whole(/tarball/)).toContain('LemlistTrigger.node.js');
});

test.each<[string, (secret: string) => string]>([
	['in clear', (secret) => `{"key":"${secret}"}`],
	['in a header', (secret) => `Basic ${Buffer.from(`:${secret}`).toString('base64')}`],
	['inside a longer base64', (secret) => Buffer.from(`user-1:${secret}:rest`).toString('base64')],
	['in hex', (secret) => Buffer.from(secret).toString('hex')],
])('the search finds a secret that is planted %s', async (_, planted) => {
	const [name = '', secret = ''] = [...secrets][0] ?? [];
	const file = join(host.folder, 'planted');
	await writeFile(file, planted(secret));
	expect(findSecrets(new Map([[name, secret]]), await filesIn(host.folder)).join()).toContain(
		`${name} in`,
	);
});
