// The workflow files of this project, read as n8n imports them.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import type { Credential, WorkflowDraft, WorkflowNode } from '../n8n/editor';

export const EXAMPLES_FOLDER = resolve(__dirname, '../../../examples');

/** What a user fills in after an import: other parameters, by the name of the node. */
export type FilledIn = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Reads a workflow file. @param name its path in the folder of examples, without `.json` */
export function readWorkflowFile(name: string): WorkflowDraft {
	return JSON.parse(readFileSync(join(EXAMPLES_FOLDER, `${name}.json`), 'utf8')) as WorkflowDraft;
}

/** The node that starts a workflow: the first one, by the custom of these files. */
export function triggerOf({ nodes }: WorkflowDraft): WorkflowNode {
	const [trigger] = nodes;
	if (trigger === undefined) throw new Error('The workflow has no nodes');
	return trigger;
}

/** A workflow as it is once the editor gave its trigger an address, and a user picked the credential and filled in the rest. */
export function filledIn(draft: WorkflowDraft, credential: Credential, filling: FilledIn = {}): WorkflowDraft {
	const picked = { credentials: { [credential.type]: { id: credential.id, name: credential.name } } };
	const trigger = triggerOf(draft);
	const nodes = draft.nodes.map((node) => ({
		...node,
		...(node === trigger && { webhookId: randomUUID() }),
		...((node === trigger || node.parameters.nodeCredentialType === credential.type) && picked),
		parameters: { ...node.parameters, ...filling[node.name] },
	}));
	return { ...draft, nodes };
}
