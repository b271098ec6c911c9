/**
 * Every event once, in a real n8n: whether lemlist delivers it, delivers it five times or never delivers it,
 * it starts the workflow once, and nothing starts it that should not.
 */
import { until } from '../e2e/n8n/until';
import { activityOf, type Activity, type EventType } from '../sandbox';
import { isDesired } from './n8n/desired';
import { Host, MENDED_WITHIN_MS, YOUNGEST_SECONDS } from './n8n/host';
import { Trigger } from './n8n/trigger';

const EVENTS: readonly EventType[] = ['emailsReplied', 'linkedinReplied', 'annotated'];
const LOOK_BACK_SECONDS = 8;
/** Nothing more comes when a look has come to its end after that long. */
const QUIET_MS = (LOOK_BACK_SECONDS + 3 * YOUNGEST_SECONDS) * 1_000;
const CAUGHT_UP_MS = MENDED_WITHIN_MS + QUIET_MS;

let host: Host;

beforeAll(async () => {
	host = await Host.start({ lookBackSeconds: LOOK_BACK_SECONDS });
});

afterAll(async () => {
	await host.close();
});

async function published(events: readonly EventType[] = EVENTS): Promise<Trigger> {
	const trigger = await Trigger.make(host, { events });
	await trigger.activate();
	await until('its hooks are there', () => isDesired(trigger));
	return trigger;
}

function happens(trigger: Trigger, type: EventType = EVENTS[0] ?? 'emailsReplied'): Activity {
	const activity = activityOf(type, { teamId: trigger.account.teamId });
	host.lemlist.happen(activity);
	return activity;
}

async function startedIds(trigger: Trigger): Promise<string[]> {
	const executions = await trigger.executions();
	return executions.flatMap(({ activities }) => activities.map(({ _id }) => String(_id))).sort();
}

/** Waits until exactly these activities have started the workflow, and longer, to see that nothing else does. */
async function expectOnce(trigger: Trigger, activities: readonly Activity[]): Promise<void> {
	const wanted = activities.map(({ _id }) => String(_id)).sort();
	await until(
		'every event has started the workflow',
		async () => {
			const ids = new Set(await startedIds(trigger));
			return wanted.every((id) => ids.has(id));
		},
		{ limitMs: CAUGHT_UP_MS },
	);
	await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
	expect(await startedIds(trigger)).toEqual(wanted);
}

test('what lemlist delivers four times starts the workflow once', async () => {
	const trigger = await published();
	const activity = activityOf('emailsReplied', { teamId: trigger.account.teamId });
	for (let time = 0; time < 4; time += 1) await trigger.send(activity);
	await expectOnce(trigger, [activity]);
});

test('what happens while n8n is down starts it late, and nothing else does', async () => {
	const trigger = await published();
	const before = activityOf('emailsReplied', { teamId: trigger.account.teamId });
	await trigger.send(before);
	await host.n8n.stop();
	const missed = [
		happens(trigger),
		happens(trigger, 'linkedinReplied'),
		happens(trigger, 'emailsSent'),
	].slice(0, 2);
	await host.n8n.start();
	await expectOnce(trigger, [before, ...missed]);
});
