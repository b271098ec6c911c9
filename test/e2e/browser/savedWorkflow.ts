/** A workflow with a trigger that is there already when the person opens it, and what lemlist knows of it. */
import { randomUUID } from 'node:crypto';
import { CREDENTIAL_TYPE, TRIGGER_NAME, TRIGGER_TYPE } from '../../faults/n8n/trigger';
import type { CredentialDraft, Editor, Workflow, WorkflowNode } from '../n8n/editor';
import { until, type Patience } from '../n8n/until';
import type { Salesperson } from './salesperson';

/** A node after the trigger, and what it needs to sign in with. */
export interface Next
	extends Pick<WorkflowNode, 'name' | 'type' | 'typeVersion' | 'position' | 'parameters'> {
	credential: CredentialDraft;
}

/** Saves a workflow with the trigger, a credential for it and the nodes after it, and opens it in the editor. @returns the workflow */
export async function openWithTrigger(
	salesperson: Salesperson,
	parameters: Readonly<Record<string, unknown>>,
	next: readonly Next[] = [],
): Promise<Workflow> {
	const { host } = salesperson;
	const data = { apiKey: host.lemlist.apiKey, webhookSecret: '', baseUrl: host.lemlist.apiUrl };
	const { id, name } = await host.editor.createCredential({
		name: 'Lemlist Webhook account',
		type: CREDENTIAL_TYPE,
		data,
	});
	const trigger = {
		id: randomUUID(),
		name: TRIGGER_NAME,
		...TRIGGER_TYPE,
		position: [0, 0] as const,
		parameters,
		webhookId: randomUUID(),
	};
	const following = await Promise.all(next.map((node) => savedNode(host.editor, node)));
	const nodes = [{ ...trigger, credentials: { [CREDENTIAL_TYPE]: { id, name } } }, ...following];
	const connections = {
		[TRIGGER_NAME]: { main: [next.map((node) => ({ node: node.name, type: 'main', index: 0 }))] },
	};
	const workflow = await host.editor.createWorkflow({ name: 'Replies', nodes, connections });
	await salesperson.openWorkflow(workflow.id);
	return workflow;
}

async function savedNode(editor: Editor, { credential, ...node }: Next): Promise<WorkflowNode> {
	const { id, name, type } = await editor.createCredential(credential);
	return { id: randomUUID(), ...node, credentials: { [type]: { id, name } } };
}

/** @returns the events that lemlist has hooks for, sorted; "*" stands for all */
export function hookedEvents({ host }: Salesperson): string[] {
	return host.lemlist.hooks.map(({ type = '*' }) => type).sort();
}

/** @returns how many hooks were asked of lemlist, those included that are gone again */
export function hooksMade({ host }: Salesperson): number {
	return host.lemlist.requests.filter(({ method, path }) => method === 'POST' && path === '/hooks')
		.length;
}

/** Waits until lemlist has hooks for exactly these events. */
export async function untilHooked(
	person: Salesperson,
	events: readonly string[],
	patience?: Patience,
): Promise<void> {
	const wanted = [...events].sort().join();
	await until(
		`lemlist has hooks for ${wanted || 'nothing'}`,
		() => hookedEvents(person).join() === wanted,
		patience,
	);
}
