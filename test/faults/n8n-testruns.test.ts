/**
 * "Listen for test event" while lemlist fails. n8n calls the trigger's delete with the mode
 * `internal`, not `manual`, and does not survive a throw of it well: the registration stays in its
 * memory together with half of n8n, and the next listening copies all that for half a minute.
 */
import { Host } from './n8n/host';
import { RecordedSession, type RecordedAnswer } from './n8n/recordedSession';
import { Trigger, TRIGGER_NAME } from './n8n/trigger';

const PROMPT_MS = 5_000;

let host: Host;
let editor: RecordedSession;

beforeAll(async () => {
	host = await Host.start();
	editor = new RecordedSession(host);
	await editor.logIn();
});
afterAll(async () => {
	await host.close();
});

/** Presses the button in a workflow whose API key lemlist rejects. */
async function listenInVain(): Promise<{ answer: RecordedAnswer; ms: number }> {
	const trigger = await Trigger.make(host, { events: ['interested'] });
	host.lemlist.keys.delete(trigger.account.apiKey);
	const began = Date.now();
	const answer = await editor.call('POST', `/workflows/${trigger.workflow.id}/run`, { triggerToStartFrom: { name: TRIGGER_NAME } });
	return { answer, ms: Date.now() - began };
}

test('a test run that fails says why, and leaves n8n as quick as before', async () => {
	for (const attempt of [1, 2]) {
		const { answer, ms } = await listenInVain();
		expect(answer.text).toContain('lemlist rejected the API key');
		expect({ attempt, isPrompt: ms < PROMPT_MS }).toEqual({ attempt, isPrompt: true });
	}
});
