/** What deliveries are sent to: workflows that differ in their first node only, each active in one n8n. */
import { randomUUID } from 'node:crypto';
import type { Credential, WorkflowNode } from '../e2e/n8n/editor';
import type { Account, Host } from '../faults/n8n/host';
import { Trigger, type TriggerHost } from '../faults/n8n/trigger';
import { bodiesLike, replyOf } from './bodies';

/** Somewhere to send deliveries to. */
export interface Contender {
	name: string;
	url: string;
	/** @returns the body of one more delivery: no two are of the same activity, for that starts nothing twice */
	body: () => string;
	headers: Readonly<Record<string, string>>;
	/** What n8n has to answer, and whether it starts the workflow. */
	status: number;
	isAccepted: boolean;
}

type FirstNode = Pick<WorkflowNode, 'type' | 'typeVersion' | 'parameters'> & {
	credential?: Credential;
};

export const NAMES = {
	bare: 'Webhook node',
	header: 'Webhook node with header authentication',
	builtIn: "n8n's own Lemlist Trigger",
	ours: 'Lemlist Events Trigger',
	headerRefused: 'Webhook node, wrong header',
	oursRefused: 'Lemlist Events Trigger, forged',
} as const;
export type ContenderName = keyof typeof NAMES;

const WEBHOOK_NODE = { type: 'n8n-nodes-base.webhook', typeVersion: 2.1 };
const BYTES = 1_000;
const JSON_TYPE = { 'content-type': 'application/json' };
const [SECRET_HEADER, SECRET_VALUE] = ['x-secret', 's'.repeat(43)];

/** Makes and activates the workflows. @returns who can be sent deliveries, all with the same body but for the secret */
export async function contendersIn(host: Host): Promise<Record<ContenderName, Contender>> {
	const { ours, bare } = await pairIn(host);
	const forged = bodiesLike(replyOf(BYTES, SECRET_VALUE));
	const { header, builtIn } = await othersIn(host, host.account());
	return {
		bare,
		header: {
			...bare,
			name: NAMES.header,
			url: header,
			headers: { ...JSON_TYPE, [SECRET_HEADER]: SECRET_VALUE },
		},
		builtIn: { ...bare, name: NAMES.builtIn, url: builtIn },
		ours,
		headerRefused: {
			...bare,
			name: NAMES.headerRefused,
			url: header,
			headers: { ...JSON_TYPE, [SECRET_HEADER]: 'wrong' },
			status: 403,
			isAccepted: false,
		},
		oursRefused: { ...ours, name: NAMES.oursRefused, body: forged, status: 401, isAccepted: false },
	};
}

/** Makes and activates two of them. @returns our trigger and the bare Webhook node, with the same body */
export async function pairIn(host: TriggerHost): Promise<Record<'ours' | 'bare', Contender>> {
	const { contender: ours } = await triggerIn(host, NAMES.ours);
	const bare = await activeWorkflow(host, (id) => ({ ...WEBHOOK_NODE, parameters: postTo(id) }));
	return {
		ours,
		bare: { ...ours, name: NAMES.bare, url: `${host.webhookBase}/webhook/${bare}` },
	};
}

/** Makes and activates a trigger. @param type of its node; ours by default */
export async function triggerIn(
	host: TriggerHost,
	name: string,
	type?: string,
): Promise<{ trigger: Trigger; contender: Contender }> {
	const events = ['linkedinReplied'] as const;
	const trigger = await Trigger.make(host, { events, ...(type !== undefined && { type }) });
	await trigger.activate();
	const [hook] = trigger.hooks;
	if (hook?.secret === undefined) throw new Error('The trigger made no hook');
	const contender = {
		name,
		url: hook.targetUrl,
		body: bodiesLike(replyOf(BYTES, hook.secret)),
		headers: JSON_TYPE,
		status: 200,
		isAccepted: true,
	};
	return { trigger, contender };
}

async function othersIn(
	host: Host,
	{ apiKey }: Account,
): Promise<Record<'header' | 'builtIn', string>> {
	const header = await host.editor.createCredential({
		name: 'Header',
		type: 'httpHeaderAuth',
		data: { name: SECRET_HEADER, value: SECRET_VALUE },
	});
	const lemlist = await host.editor.createCredential({
		name: 'lemlist',
		type: 'lemlistApi',
		data: { apiKey },
	});
	const url = `${host.webhookBase}/webhook`;
	return {
		header: `${url}/${await activeWorkflow(host, (id) => ({ ...WEBHOOK_NODE, credential: header, parameters: { ...postTo(id), authentication: 'headerAuth' } }))}`,
		builtIn: `${url}/${await activeWorkflow(host, () => ({ type: 'n8n-nodes-base.lemlistTrigger', typeVersion: 1, credential: lemlist, parameters: { event: 'linkedinReplied', options: {} } }))}/webhook`,
	};
}

function postTo(path: string) {
	return { httpMethod: 'POST', path, options: {} };
}

/** The given node, and one after it that does nothing. @returns what n8n has in the URL for it */
async function activeWorkflow(
	{ editor }: TriggerHost,
	firstNode: (webhookId: string) => FirstNode,
): Promise<string> {
	const webhookId = randomUUID();
	const { credential, ...node } = firstNode(webhookId);
	const credentials = credential && {
		[credential.type]: { id: credential.id, name: credential.name },
	};
	const workflow = await editor.createWorkflow({
		name: node.type,
		nodes: [
			{
				id: randomUUID(),
				name: 'First',
				position: [0, 0],
				webhookId,
				...node,
				...(credentials && { credentials }),
			},
			{
				id: randomUUID(),
				name: 'Next',
				position: [240, 0],
				type: 'n8n-nodes-base.noOp',
				typeVersion: 1,
				parameters: {},
			},
		],
		connections: { First: { main: [[{ node: 'Next', type: 'main', index: 0 }]] } },
	});
	await editor.activate(workflow);
	return webhookId;
}
