/** What deliveries are sent to: workflows that differ in their first node only, each active in one n8n. */
import { randomUUID } from 'node:crypto';
import type { Credential, WorkflowNode } from '../e2e/n8n/editor';
import type { Account, Host } from '../faults/n8n/host';
import { Trigger } from '../faults/n8n/trigger';
import { replyOf } from './bodies';

/** Somewhere to send deliveries to. */
export interface Contender {
	name: string;
	url: string;
	body: string;
	headers: Readonly<Record<string, string>>;
	/** What n8n has to answer, and whether it starts the workflow. */
	status: number;
	isAccepted: boolean;
}

type FirstNode = Pick<WorkflowNode, 'type' | 'typeVersion' | 'parameters'> & { credential?: Credential };

export const NAMES = {
	bare: 'Webhook node',
	header: 'Webhook node with header authentication',
	builtIn: 'n8n\'s own Lemlist Trigger',
	ours: 'Lemlist Events Trigger',
	headerRefused: 'Webhook node, wrong header',
	oursRefused: 'Lemlist Events Trigger, forged',
} as const;
export type ContenderName = keyof typeof NAMES;

const BYTES = 1_000;
const JSON_TYPE = { 'content-type': 'application/json' };
const [SECRET_HEADER, SECRET_VALUE] = ['x-secret', 's'.repeat(43)];

/** Makes and activates the workflows. @returns who can be sent deliveries, all with the same body but for the secret */
export async function contendersIn(host: Host): Promise<Record<ContenderName, Contender>> {
	const account = host.account();
	const ours = await Trigger.make(host, { events: ['linkedinReplied'], account });
	await ours.activate();
	const [hook] = ours.hooks;
	if (hook?.secret === undefined) throw new Error('The trigger made no hook');
	const reply = replyOf(BYTES, hook.secret);
	const [body, forged] = [JSON.stringify(reply), JSON.stringify({ ...reply, secret: SECRET_VALUE })];
	const { bare, header, builtIn } = await othersIn(host, account);
	const accepted = { body, headers: JSON_TYPE, status: 200, isAccepted: true };
	const refused = { body, headers: JSON_TYPE, isAccepted: false };
	return {
		bare: { ...accepted, name: NAMES.bare, url: bare },
		header: { ...accepted, name: NAMES.header, url: header, headers: { ...JSON_TYPE, [SECRET_HEADER]: SECRET_VALUE } },
		builtIn: { ...accepted, name: NAMES.builtIn, url: builtIn },
		ours: { ...accepted, name: NAMES.ours, url: hook.targetUrl },
		headerRefused: { ...refused, name: NAMES.headerRefused, url: header, headers: { ...JSON_TYPE, [SECRET_HEADER]: 'wrong' }, status: 403 },
		oursRefused: { ...refused, name: NAMES.oursRefused, url: hook.targetUrl, body: forged, status: 401 },
	};
}

async function othersIn(host: Host, { apiKey }: Account): Promise<Record<'bare' | 'header' | 'builtIn', string>> {
	const webhook = { type: 'n8n-nodes-base.webhook', typeVersion: 2.1 };
	const header = await host.editor.createCredential({ name: 'Header', type: 'httpHeaderAuth', data: { name: SECRET_HEADER, value: SECRET_VALUE } });
	const lemlist = await host.editor.createCredential({ name: 'lemlist', type: 'lemlistApi', data: { apiKey } });
	const path = (id: string) => ({ httpMethod: 'POST', path: id, options: {} });
	const url = `${host.n8n.url}/webhook`;
	return {
		bare: `${url}/${await activeWorkflow(host, (id) => ({ ...webhook, parameters: path(id) }))}`,
		header: `${url}/${await activeWorkflow(host, (id) => ({ ...webhook, credential: header, parameters: { ...path(id), authentication: 'headerAuth' } }))}`,
		builtIn: `${url}/${await activeWorkflow(host, () => ({ type: 'n8n-nodes-base.lemlistTrigger', typeVersion: 1, credential: lemlist, parameters: { event: 'linkedinReplied', options: {} } }))}/webhook`,
	};
}

/** The given node, and one after it that does nothing. @returns what n8n has in the URL for it */
async function activeWorkflow(host: Host, firstNode: (webhookId: string) => FirstNode): Promise<string> {
	const webhookId = randomUUID();
	const { credential, ...node } = firstNode(webhookId);
	const credentials = credential && { [credential.type]: { id: credential.id, name: credential.name } };
	const workflow = await host.editor.createWorkflow({
		name: node.type,
		nodes: [
			{ id: randomUUID(), name: 'First', position: [0, 0], webhookId, ...node, ...(credentials && { credentials }) },
			{ id: randomUUID(), name: 'Next', position: [240, 0], type: 'n8n-nodes-base.noOp', typeVersion: 1, parameters: {} },
		],
		connections: { First: { main: [[{ node: 'Next', type: 'main', index: 0 }]] } },
	});
	await host.editor.activate(workflow);
	return webhookId;
}
