/** The life of a trigger and the workflows to import, in the newest n8n of each major line. */
import { answersOf } from '../faults/n8n/traffic';
import { expectSettled, isDesired, untilDesired } from '../faults/n8n/desired';
import { OWNER, type Host } from '../faults/n8n/host';
import { Trigger } from '../faults/n8n/trigger';
import { activityOf, type EventType } from '../sandbox';
import { EXAMPLES } from './examples/examples';
import { ExamplesStage } from './examples/stage';
import { until } from './n8n/until';
import { N8N_VERSIONS } from './n8n/versions';
import { LIFECYCLE, type LifecycleCheck } from './versions/checks';

const EVENTS: readonly EventType[] = ['emailsReplied', 'linkedinReplied', 'interested'];
const OTHER_EVENTS: readonly EventType[] = ['emailsReplied', 'emailsOpened'];

async function published(host: Host): Promise<Trigger> {
	const trigger = await Trigger.make(host, { events: EVENTS });
	await trigger.activate();
	expect(isDesired(trigger)).toBe(true);
	return trigger;
}

async function credential(host: Host): Promise<void> {
	const { credential: right } = await Trigger.make(host, { events: EVENTS });
	const wrong = { ...right, data: { ...right.data, apiKey: 'wrong' } };
	expect(await host.editor.testCredential(right)).toMatchObject({ status: 'OK' });
	// n8n 1 says it in its own words: docs/troubleshooting.md has them.
	const words = host.n8n.version.startsWith('1.')
		? /^Authorization failed - please check your credentials$/
		: /^lemlist rejected the API key\. Create a new one in lemlist/;
	expect(await host.editor.testCredential(await host.editor.createCredential(wrong))).toEqual({
		status: 'Error',
		message: expect.stringMatching(words) as unknown,
	});
}

async function publish(host: Host): Promise<void> {
	const trigger = await published(host);
	const activity = activityOf('interested', { teamId: trigger.account.teamId });
	expect(answersOf(await trigger.send(activity, { secret: 'forged' }))).toEqual({ 401: 1 });
	expect(answersOf(await trigger.send(activity, { secret: null }))).toEqual({ 401: 1 });
	expect(answersOf(await trigger.send(activity))).toEqual({ 200: 1 });
	const executions = await until('the execution is over', async () => {
		const all = await trigger.executions();
		// n8n 1 saves the status first, and then what came out.
		return (
			all.some(({ status, activities }) => status === 'success' && activities.length > 0) && all
		);
	});
	expect(executions.map(({ status, activities }) => ({ status, activities }))).toEqual([
		{ status: 'success', activities: [activity] },
	]);
}

async function mend(host: Host): Promise<void> {
	const trigger = await published(host);
	trigger.loseHooks();
	await untilDesired(trigger);
	await expectSettled(trigger);
}

async function restart(host: Host): Promise<void> {
	const trigger = await published(host);
	const before = trigger.hooks;
	await host.n8n.stop();
	await host.n8n.start();
	await host.editor.logIn(OWNER);
	await host.untilItServes(trigger.webhookUrl);
	expect(trigger.hooks).toEqual(before);
	await expectSettled(trigger);
}

async function edit(host: Host): Promise<void> {
	const trigger = await published(host);
	await trigger.edit(OTHER_EVENTS);
	await trigger.activate();
	await untilDesired(trigger);
	await expectSettled(trigger);
}

async function unpublish(host: Host): Promise<void> {
	const trigger = await published(host);
	const { targetUrl = '', secret } = trigger.hooks[0] ?? {};
	await trigger.deactivate();
	expect(trigger.hooks).toEqual([]);
	const late = { ...activityOf('emailsReplied'), secret };
	expect((await host.lemlist.send(targetUrl, late)).status).toBe(404);
}

const LIVES: Readonly<Record<LifecycleCheck, (host: Host) => Promise<void>>> = {
	credential,
	publish,
	mend,
	restart,
	edit,
	unpublish,
};

describe.each(N8N_VERSIONS)('n8n %s', (version) => {
	let stage: ExamplesStage;
	beforeAll(async () => {
		stage = await ExamplesStage.start({ version });
	});
	afterAll(async () => {
		await stage.close();
	});

	test.each(Object.entries(LIFECYCLE) as Array<[LifecycleCheck, string]>)(
		'%s: %s',
		async (check) => {
			await LIVES[check](stage.host);
		},
	);

	test.each(EXAMPLES)(
		'$file.json runs with its sample, and with an event from lemlist once it is published',
		async (example) => {
			const imported = await stage.imported(example);
			await imported.runWithSample();
			expect(await imported.outcome()).toEqual([example.ofSample]);
			await stage.host.editor.activate(imported.workflow);
			await imported.deliver();
			expect(await imported.outcome()).toEqual([example.ofSample, example.ofEvent]);
			await stage.host.editor.deactivate(imported.workflow);
		},
	);
});
