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

/** Where the files look for lemlist. */
const LEMLIST = 'https://api.lemlist.com/api';

/** A workflow that looks for lemlist elsewhere. @param apiUrl the address of lemlist's API */
export function withLemlistAt(draft: WorkflowDraft, apiUrl: string): WorkflowDraft {
	const nodes = draft.nodes.map(({ parameters, ...node }) => ({
		...node,
		parameters: JSON.parse(
			JSON.stringify(parameters).replaceAll(LEMLIST, apiUrl),
		) as WorkflowNode['parameters'],
	}));
	return { ...draft, nodes };
}

/** The credentials that nodes want by their type, where they have no choice. */
const WANTED: Readonly<Record<string, string>> = {
	'@n8n/n8n-nodes-langchain.lmChatOpenAi': 'openAiApi',
};

/** A workflow as it is once the editor gave its trigger an address, and a user picked the credentials and filled in the rest. @param others further credentials, each of another type */
export function filledIn(
	draft: WorkflowDraft,
	credential: Credential,
	filling: FilledIn = {},
	others: readonly Credential[] = [],
): WorkflowDraft {
	const trigger = draft.nodes.find(({ type }) => type.endsWith('.lemlistTrigger'));
	const pickedFor = (node: WorkflowNode): Partial<WorkflowNode> => {
		const wanted =
			node === trigger
				? credential.type
				: (node.parameters.nodeCredentialType ?? WANTED[node.type]);
		const picked = [credential, ...others].find(({ type }) => type === wanted);
		return picked === undefined
			? {}
			: { credentials: { [picked.type]: { id: picked.id, name: picked.name } } };
	};
	const nodes = draft.nodes.map((node) => ({
		...node,
		...(node === trigger && { webhookId: randomUUID() }),
		...pickedFor(node),
		parameters: { ...node.parameters, ...filling[node.name] },
	}));
	return { ...draft, nodes };
}
