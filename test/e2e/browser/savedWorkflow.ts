/** A workflow with a trigger that is there already when the person opens it, and what lemlist knows of it. */
import { randomUUID } from 'node:crypto';
import { CREDENTIAL_TYPE, TRIGGER_NAME, TRIGGER_TYPE } from '../../faults/n8n/trigger';
import { until, type Patience } from '../n8n/until';
import type { Salesperson } from './salesperson';

/** Saves a workflow with the trigger, and a credential for it, and opens it in the editor. */
export async function openWithTrigger({ host, openWorkflow }: Salesperson, parameters: Readonly<Record<string, unknown>>): Promise<void> {
	const data = { apiKey: host.lemlist.apiKey, webhookSecret: '', baseUrl: host.lemlist.apiUrl };
	const { id, name } = await host.editor.createCredential({ name: 'Lemlist Events account', type: CREDENTIAL_TYPE, data });
	const trigger = { id: randomUUID(), name: TRIGGER_NAME, ...TRIGGER_TYPE, position: [0, 0] as const, parameters, webhookId: randomUUID() };
	const nodes = [{ ...trigger, credentials: { [CREDENTIAL_TYPE]: { id, name } } }];
	const workflow = await host.editor.createWorkflow({ name: 'Replies', nodes, connections: {} });
	await openWorkflow(workflow.id);
}

/** @returns the events that lemlist has hooks for, sorted; "*" stands for all */
export function hookedEvents({ host }: Salesperson): string[] {
	return host.lemlist.hooks.map(({ type = '*' }) => type).sort();
}

/** Waits until lemlist has hooks for exactly these events. */
export async function untilHooked(person: Salesperson, events: readonly string[], patience?: Patience): Promise<void> {
	const wanted = [...events].sort().join();
	await until(`lemlist has hooks for ${wanted || 'nothing'}`, () => hookedEvents(person).join() === wanted, patience);
}
