/** The door: what n8n's contexts say, as values. */
import type {
	IHookFunctions,
	ILoadOptionsFunctions,
	INode,
	ITriggerFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';
import {
	activeTriggerOf,
	callOf,
	clientOf,
	triggerOf,
} from '../../../nodes/LemlistTrigger/door/door';

const WEBHOOK_URL = 'https://n8n.example.org/webhook/h1/webhook';

interface Said {
	webhookId?: string | null;
	id?: string;
	mode?: string;
	webhookUrl?: string;
	stored?: object;
	credential?: object;
}

/** One of n8n's contexts, as far as the door looks at it. */
function context({
	webhookId = 'h1',
	id = 'n1',
	mode = 'trigger',
	stored = {},
	credential = { apiKey: 'key' },
	...said
}: Said = {}): IHookFunctions & ITriggerFunctions & IWebhookFunctions & ILoadOptionsFunctions {
	const node = {
		id,
		name: 'Lemlist Events Trigger',
		credentials: { lemlistWebhookApi: { id: '1', name: 'lemlist' } },
		...(webhookId !== null && { webhookId }),
	} as unknown as INode;
	return {
		getNode: () => node,
		getMode: () => mode,
		getActivationMode: () => 'activate',
		getWorkflow: () => ({ id: 'w1' }),
		getWorkflowSettings: () => ({}),
		getNodeWebhookUrl: () => ('webhookUrl' in said ? said.webhookUrl : WEBHOOK_URL),
		getWorkflowStaticData: () => stored,
		getNodeParameter: (name: string, fallback: unknown) =>
			name === 'events' ? ['emailsReplied'] : fallback,
		getCredentials: async () => await Promise.resolve(credential),
		getBodyData: () => ({ type: 'emailsReplied' }),
		getQueryData: () => ({}),
		logger: { warn: jest.fn() },
	} as never;
}

test('a lifecycle call says which trigger it is about', () => {
	const trigger = triggerOf(context({ stored: { fingerprint: 'f' } }));
	expect(trigger).toMatchObject({
		owner: { workflowId: 'w1', webhookId: 'h1', isTestRun: false },
		webhookUrl: WEBHOOK_URL,
		activation: 'activate',
		stored: { fingerprint: 'f' },
	});
	expect(trigger.subscription().selection).toEqual({ kind: 'types', types: ['emailsReplied'] });
});

test('without an address of the webhook there is no trigger, and the user hears what to do', () => {
	expect(() => triggerOf(context({ webhookUrl: undefined as never }))).toThrow(
		/no webhook address\. Save the workflow/,
	);
});

test.each([
	['manual', true],
	['trigger', false],
	['internal', false],
])('mode %s: a test run or not', (mode, isTestRun) => {
	expect(triggerOf(context({ mode })).owner.isTestRun).toBe(isTestRun);
});

test('where a node has no ID of its webhook, its own stands for it: two of one workflow are two', () => {
	const [one, other] = ['n1', 'n2'].map(
		(id) => triggerOf(context({ webhookId: null, id })).owner.webhookId,
	);
	expect([one, other]).toEqual(['n1', 'n2']);
});

test.each<[string, object, string | undefined]>([
	['a webhook URL', { hooksAt: WEBHOOK_URL }, WEBHOOK_URL],
	['none', {}, undefined],
	['something else', { hooksAt: 7 }, undefined],
	['that of a version without the gate', { webhookUrl: WEBHOOK_URL }, undefined],
])(
	'an active trigger is the one that static data tells of by then: %s',
	(_, stored, webhookUrl) => {
		const kept: Record<string, unknown> = {};
		const active = activeTriggerOf(context({ stored: kept }));
		expect(active.now()).toBeUndefined();
		Object.assign(kept, stored);
		expect(active.now()?.webhookUrl).toBe(webhookUrl);
	},
);

test.each<[unknown, string | undefined]>([
	['f', 'f'],
	[7, undefined],
	[undefined, undefined],
])('a call has the fingerprint %j as %j', (fingerprint, expected) => {
	expect(callOf(context({ mode: 'webhook', stored: { fingerprint } })).fingerprint).toBe(expected);
});

test('a list in the editor gets no client with a credential that is none', async () => {
	await expect(clientOf(context({ credential: {} }))(1_000)).rejects.toThrow(
		/API key of the credential is empty/,
	);
});
