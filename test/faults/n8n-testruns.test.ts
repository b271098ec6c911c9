/**
 * "Listen for test event" while lemlist fails. n8n calls the trigger's delete with the mode
 * `internal`, not `manual`, and does not survive a throw of it well: the registration stays in its
 * memory together with half of n8n, and the next listening copies all that for half a minute.
 */
import { until } from '../e2e/n8n/until';
import { Host } from './n8n/host';
import { RecordedSession, type RecordedAnswer } from './n8n/recordedSession';
import { Trigger, TRIGGER_NAME } from './n8n/trigger';

const PROMPT_MS = 5_000;

let host: Host;
let editor: RecordedSession;

beforeAll(async () => {
	host = await Host.start();
	editor = new RecordedSession(host.n8n);
	await editor.logIn();
});
afterAll(async () => {
	await host.close();
});

/** How often the node has said that something of a test run is left at lemlist. */
async function complaints(): Promise<number> {
	const log = await host.n8n.log(Number.MAX_SAFE_INTEGER);
	return log.split('\n').filter((line) => line.includes('still at lemlist')).length;
}

/** Listening has hooks of its own, on n8n's address for test runs. */
function testHooks({ account }: Trigger): number {
	return host.lemlist.hooks.filter(
		({ teamId, targetUrl }) => teamId === account.teamId && targetUrl.includes('/webhook-test/'),
	).length;
}

/** Presses the button. */
async function listen(trigger: Trigger): Promise<{ answer: RecordedAnswer; isPrompt: boolean }> {
	const began = Date.now();
	const answer = await editor.call('POST', `/workflows/${trigger.workflow.id}/run`, {
		triggerToStartFrom: { name: TRIGGER_NAME },
	});
	return { answer, isPrompt: Date.now() - began < PROMPT_MS };
}

test('listening that fails says why, and leaves n8n as quick as before', async () => {
	for (const attempt of [1, 2]) {
		const trigger = await Trigger.make(host, { events: ['interested'] });
		host.lemlist.keys.delete(trigger.account.apiKey);
		const { answer, isPrompt } = await listen(trigger);
		expect(answer.text).toContain('lemlist rejected the API key');
		expect({ attempt, isPrompt }).toEqual({ attempt, isPrompt: true });
	}
});

test('listening that is called off while lemlist deletes nothing leaves n8n as quick as before', async () => {
	for (const attempt of [1, 2]) {
		const trigger = await Trigger.make(host, { events: ['interested'] });
		const { isPrompt } = await listen(trigger);
		expect({ attempt, isPrompt }).toEqual({ attempt, isPrompt: true });
		expect(testHooks(trigger)).toBe(1);
		host.lemlist.fault({
			on: { method: 'DELETE', match: trigger.sent },
			effect: { name: 'status', status: 500 },
			times: Infinity,
		});
		const { status } = await editor.call('DELETE', `/test-webhook/${trigger.workflow.id}`);
		expect(status).toBe(200);
		await until('the node has given up on its hook', async () => (await complaints()) === attempt, {
			limitMs: 30_000,
		});
	}
});
