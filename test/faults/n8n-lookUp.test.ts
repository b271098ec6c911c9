/**
 * What people see who have no public address, and who try the trigger: events that are looked up every minute, and
 * the newest event at once in a test run. In both versions of n8n.
 */
import { randomUUID } from 'node:crypto';
import type { Workflow } from '../e2e/n8n/editor';
import { until } from '../e2e/n8n/until';
import { N8N_VERSIONS } from '../e2e/n8n/versions';
import { activityOf, type Activity, type EventType } from '../sandbox';
import { Host, type HostOptions } from './n8n/host';
import { RecordedSession } from './n8n/recordedSession';
import { CREDENTIAL_TYPE, TRIGGER_NAME, TRIGGER_TYPE } from './n8n/trigger';

const SHOWN_WITHIN_MS = 30_000;

/** A workflow with the trigger alone, as a person would make it, in a team of its own. */
interface Made {
	workflow: Workflow;
	teamId: string;
}

async function made(
	host: Host,
	options: object,
	events: readonly EventType[] = ['emailsReplied'],
): Promise<Made> {
	const { apiKey, teamId } = host.account();
	const credential = await host.editor.createCredential({
		name: `lemlist ${randomUUID()}`,
		type: CREDENTIAL_TYPE,
		data: { apiKey, webhookSecret: '', baseUrl: host.lemlist.apiUrl },
	});
	const workflow = await host.editor.createWorkflow({
		name: `Look up ${randomUUID()}`,
		nodes: [
			{
				id: randomUUID(),
				name: TRIGGER_NAME,
				...TRIGGER_TYPE,
				parameters: { events, options },
				webhookId: randomUUID(),
				position: [0, 0],
				credentials: { [CREDENTIAL_TYPE]: { id: credential.id, name: credential.name } },
			},
		],
		connections: {},
	});
	return { workflow, teamId };
}

function happens(
	host: Host,
	{ teamId }: Made,
	type: EventType = 'emailsReplied',
	secondsAgo = 0,
): Activity {
	const createdAt = new Date(Date.now() - secondsAgo * 1_000).toISOString();
	const activity = activityOf(type, { teamId, createdAt });
	host.lemlist.happen(activity);
	return activity;
}

async function shown(host: Host, { workflow }: Made): Promise<unknown[]> {
	const executions = await host.editor.executions(workflow);
	const finished = executions.filter(({ status }) => status === 'success');
	const items = await Promise.all(
		finished.map(async ({ id }) => (await host.editor.execution(id)).items[TRIGGER_NAME] ?? []),
	);
	return items.flat().map((item) => (item as Activity)._id);
}

describe.each([...N8N_VERSIONS])('n8n %s', (version) => {
	let host: Host;
	let session: RecordedSession;

	beforeAll(async () => {
		const options: HostOptions = { version };
		host = await Host.start(options);
		session = new RecordedSession(host.n8n);
		await session.logIn();
	});

	afterAll(async () => {
		await host.close();
	});

	async function listen({ workflow }: Made): Promise<void> {
		// n8n 1 runs what the editor has open.
		const saved = await session.call('GET', `/workflows/${workflow.id}`);
		const body = saved.text.slice(saved.text.indexOf('{"data"'));
		const { data: workflowData } = JSON.parse(body) as { data: object };
		const { status } = await session.call('POST', `/workflows/${workflow.id}/run`, {
			workflowData,
			triggerToStartFrom: { name: TRIGGER_NAME },
		});
		expect(status).toBe(200);
	}

	test.each([
		['by webhook', {}],
		['looked up every minute', { arrival: 'lookUp' }],
	])('a test run shows the newest event that is there, %s', async (_, options) => {
		const workflow = await made(host, options);
		happens(host, workflow, 'emailsReplied', 300);
		const newest = happens(host, workflow, 'emailsReplied', 60);
		happens(host, workflow, 'emailsSent');
		const began = Date.now();
		await listen(workflow);
		await until('the event is shown', async () => (await shown(host, workflow)).length > 0, {
			limitMs: SHOWN_WITHIN_MS,
		});
		console.log('shown after', Date.now() - began);
		expect(await shown(host, workflow)).toEqual([newest._id]);
	});
});
