/** The secret of a node, from what n8n's contexts say of it. */
import type { IHookFunctions, INode } from 'n8n-workflow';
import { secretKey, secretOf } from '../../nodes/LemlistTrigger/nodeSecret';

const CREDENTIAL = { apiKey: 'key', webhookSecret: '', baseUrl: 'https://api.lemlist.com/api' };

function context({ workflow = 'w1', id = 'n1', webhookId = 'h1' as string | null, mode = 'trigger' } = {}): IHookFunctions {
	const node = { id, ...(webhookId !== null && { webhookId }) } as INode;
	return { getWorkflow: () => ({ id: workflow }), getNode: () => node, getMode: () => mode } as unknown as IHookFunctions;
}

test('is the same in all modes: test runs and production share it', () => {
	expect(secretOf(context({ mode: 'manual' }), CREDENTIAL)).toBe(secretOf(context({ mode: 'webhook' }), CREDENTIAL));
});

test.each<[string, IHookFunctions]>([
	['another workflow', context({ workflow: 'w2' })],
	['another webhook', context({ webhookId: 'h2' })],
	['a node without a webhook id, which its own id stands for', context({ webhookId: null })],
])('differs for %s', (_, other) => {
	expect(secretOf(other, CREDENTIAL)).not.toBe(secretOf(context(), CREDENTIAL));
	expect(secretKey(other)).not.toBe(secretKey(context()));
});

test('differs for two nodes of one workflow that have no webhook id', () => {
	const [one, other] = [context({ webhookId: null }), context({ webhookId: null, id: 'n2' })];
	expect(secretOf(one, CREDENTIAL)).not.toBe(secretOf(other, CREDENTIAL));
	expect(secretKey(one)).not.toBe(secretKey(other));
});

test('is known apart for test runs, whose static data is not that of production', () => {
	expect(secretKey(context({ mode: 'manual' }))).not.toBe(secretKey(context({ mode: 'webhook' })));
	expect(secretKey(context({ mode: 'trigger' }))).toBe(secretKey(context({ mode: 'webhook' })));
});
