/**
 * What people see who have no public address, and who try the trigger: events that are looked up every minute, and
 * the newest event at once in a test run. In both versions of n8n.
 */
import { until } from '../e2e/n8n/until';
import { N8N_VERSIONS } from '../e2e/n8n/versions';
import { activityOf, type Activity, type EventType } from '../sandbox';
import { Host } from './n8n/host';
import { RecordedSession } from './n8n/recordedSession';
import { Trigger, TRIGGER_NAME } from './n8n/trigger';

const SHOWN_WITHIN_MS = 30_000;

/** It happened so many seconds ago, and no hook delivers it. */
function happens({ host, account }: Trigger, type: EventType, secondsAgo: number): Activity {
	const createdAt = new Date(Date.now() - secondsAgo * 1_000).toISOString();
	const activity = activityOf(type, { teamId: account.teamId, createdAt });
	host.lemlist.happen(activity);
	return activity;
}

async function shown(trigger: Trigger): Promise<unknown[]> {
	const finished = (await trigger.executions()).filter(({ status }) => status === 'success');
	return finished.flatMap(({ activities }) => activities.map(({ _id }) => _id));
}

describe.each([...N8N_VERSIONS])('n8n %s', (version) => {
	let host: Host;
	let session: RecordedSession;

	beforeAll(async () => {
		host = await Host.start({ version });
		session = new RecordedSession(host.n8n);
		await session.logIn();
	});

	afterAll(async () => {
		await host.close();
	});

	async function listen({ workflow }: Trigger): Promise<void> {
		// n8n 1 runs what the editor has open.
		const saved = await session.call('GET', `/workflows/${workflow.id}`);
		const body = saved.text.slice(saved.text.indexOf('{"data"'));
		const { data: workflowData } = JSON.parse(body) as { data: object };
		const { status } = await session.call('POST', `/workflows/${workflow.id}/run`, {
			workflowData,
			triggerToStartFrom: { name: TRIGGER_NAME },
		});
		expect(status).toBe(200);
	}

	test.each([
		['by webhook', {}],
		['looked up every minute', { arrival: 'lookUp' }],
	])('a test run shows the newest event that is there, %s', async (_, options) => {
		const trigger = await Trigger.make(host, {
			events: ['emailsReplied'],
			parameters: { options },
		});
		happens(trigger, 'emailsReplied', 300);
		const newest = happens(trigger, 'emailsReplied', 60);
		happens(trigger, 'emailsSent', 0);
		await listen(trigger);
		await until('the event is shown', async () => (await shown(trigger)).length > 0, {
			limitMs: SHOWN_WITHIN_MS,
		});
		expect(await shown(trigger)).toEqual([newest._id]);
	});
});
