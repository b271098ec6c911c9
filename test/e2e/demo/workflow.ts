// What the demo sets up in n8n: its user, its credential, its workflow.
import { randomUUID } from 'node:crypto';

import type { Sandbox } from '../../sandbox';
import type { Credential, CredentialDraft, Owner, WorkflowDraft } from '../n8n/editor';
import { PACKAGE_NAME } from '../n8n/package';

export const OWNER: Owner = {
	email: 'demo@example.com',
	password: 'Lemlist-demo-1',
	firstName: 'Demo',
	lastName: 'User',
};

export const EVENTS = ['emailsReplied', 'linkedinReplied', 'interested'] as const;
/** The one that the demo sends. */
export const SENT_EVENT = EVENTS[0];
export const TRIGGER_NAME = 'Lemlist Events Trigger';

const CREDENTIAL_TYPE = 'lemlistWebhookApi';
const NEXT_NAME = 'Do something with the reply';

/** The stand-in's API key, and its address in place of lemlist's. */
export function demoCredential({ apiKey, apiUrl }: Sandbox): CredentialDraft {
	return {
		name: 'Stand-in for lemlist',
		type: CREDENTIAL_TYPE,
		data: { apiKey, webhookSecret: '', baseUrl: apiUrl },
	};
}

/** The trigger, and a node after it that does nothing. */
export function demoWorkflow({ id, name }: Credential): WorkflowDraft {
	return {
		name: 'lemlist demo',
		nodes: [
			{
				id: randomUUID(),
				name: TRIGGER_NAME,
				type: `${PACKAGE_NAME}.lemlistTrigger`,
				typeVersion: 2,
				position: [0, 0],
				parameters: { events: EVENTS },
				webhookId: randomUUID(),
				credentials: { [CREDENTIAL_TYPE]: { id, name } },
			},
			{
				id: randomUUID(),
				name: NEXT_NAME,
				type: 'n8n-nodes-base.noOp',
				typeVersion: 1,
				position: [240, 0],
				parameters: {},
			},
		],
		connections: { [TRIGGER_NAME]: { main: [[{ node: NEXT_NAME, type: 'main', index: 0 }]] } },
	};
}
