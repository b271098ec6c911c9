/**
 * Test runs in queue mode with OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS, as it is from n8n 3 on: the main
 * process listens, a worker runs what came, and the editor hears of it from there.
 */
import { until } from '../e2e/n8n/until';
import { expectExecutions, isDesired } from '../faults/n8n/desired';
import { counting, startedIds } from '../faults/n8n/ledger';
import { OpenEditor, type Message } from '../faults/n8n/openEditor';
import { TestRun, type Button } from '../faults/n8n/testRun';
import { answersOf, Traffic } from '../faults/n8n/traffic';
import { Trigger, TRIGGER_NAME } from '../faults/n8n/trigger';
import { activityOf, type Activity } from '../sandbox';
import { Cluster } from './n8n/cluster';
import { hashOfExecution, storedHashes } from './n8n/ledger';

const PATIENCE = { limitMs: 60_000, everyMs: 100 };

const BUTTONS: ReadonlyArray<[string, Button]> = [
	['Execute step', 'Execute step'],
	['Execute workflow', 'Execute workflow'],
	['Execute workflow, once more', 'Execute workflow'],
];

let cluster: Cluster;
/** Published, and tried at the same time. */
let trigger: Trigger;
/** Published, and left alone: what goes on meanwhile. */
let other: Trigger;
let traffic: Traffic;
let editor: OpenEditor;

beforeAll(async () => {
	cluster = await Cluster.start({ env: { OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true' } });
	[trigger, other] = await Promise.all([
		Trigger.make(cluster, { events: ['interested'] }),
		Trigger.make(cluster, { events: ['emailsReplied'], next: counting(cluster.lemlist) }),
	]);
	await trigger.activate();
	await other.activate();
	traffic = new Traffic(other);
	editor = await OpenEditor.open(cluster.members.main);
});
afterAll(async () => {
	// Where something did not start, it has tidied up itself.
	(editor as OpenEditor | undefined)?.close();
	await (traffic as Traffic | undefined)?.stop();
	await (cluster as Cluster | undefined)?.close();
});

function testHooks(): number {
	return cluster.lemlist.hooks.filter(({ targetUrl }) =>
		targetUrl.startsWith(`${cluster.balancer.url}/webhook-test/`),
	).length;
}

/** How many executions of the workflow ended well. */
async function succeeded(): Promise<number> {
	return (await trigger.started()).filter(({ status }) => status === 'success').length;
}

/** Waits until an activity has come out of the workflow's last node so often, and sees that it has not more often. */
async function untilStartedTimes({ _id }: Activity, times: number): Promise<void> {
	const countNow = async () => (await startedIds(trigger)).filter((id) => id === _id).length;
	await until('it has started', async () => (await countNow()) >= times, PATIENCE);
	expect(await countNow()).toBe(times);
}

async function untilOver(run: TestRun): Promise<Message['data']> {
	return await until(
		'the editor hears that the run is over',
		() => run.heard('executionFinished')[0],
		PATIENCE,
	);
}

/** Expects that an activity is what the editor shows of the trigger. */
function expectShown({ _id }: Activity, run: TestRun): void {
	const items = run
		.heard('nodeExecuteAfterData')
		.filter(({ nodeName }) => nodeName === TRIGGER_NAME)
		.map(({ data }) => data?.data?.main);
	expect(items).toEqual([
		[[expect.objectContaining({ json: expect.objectContaining({ _id }) as object })]],
	]);
}

test.each(BUTTONS)(
	'%s: listens, and shows the event that a worker has run; then its hook is gone',
	async (_, button) => {
		const activity = activityOf('interested', { teamId: trigger.account.teamId });
		// That the published workflow has had it does not matter to who tries it.
		expect(answersOf(await trigger.send(activity))).toEqual({ 200: 1 });
		await untilStartedTimes(activity, 1);
		const run = await TestRun.press(editor, trigger, button);
		expect(testHooks()).toBe(1);
		// One for the published workflow, one for who tries it.
		expect(answersOf(await trigger.send(activity))).toEqual({ 200: 2 });
		const { executionId = '', ...end } = await untilOver(run);
		expect(end).toMatchObject({ workflowId: trigger.workflow.id, status: 'success' });
		expectShown(activity, run);
		// The worker says so a moment after the editor has heard of it.
		await until(
			'the worker says that it has run it',
			async () =>
				(await cluster.members.worker.log(Infinity)).includes(
					`Worker finished execution ${executionId} `,
				),
			PATIENCE,
		);
		await until('the hook of the test run is gone', () => testHooks() === 0, PATIENCE);
		expect(isDesired(trigger)).toBe(true);
		// "Execute step" ends with the trigger.
		const runs = button === 'Execute step' ? 1 : 2;
		await untilStartedTimes(activity, runs);
		expect(await storedHashes(trigger)).not.toContain(hashOfExecution(executionId));
	},
);

test('Execute step shows the newest event that is there, though nothing happens', async () => {
	const newest = activityOf('interested', { teamId: trigger.account.teamId });
	cluster.lemlist.rules.stateEvents = 'listed';
	cluster.lemlist.happen(newest);
	const run = await TestRun.press(editor, trigger, 'Execute step');
	expect(await untilOver(run)).toMatchObject({ status: 'success' });
	expectShown(newest, run);
	await until('the hook of the test run is gone', () => testHooks() === 0, PATIENCE);
	expect(isDesired(trigger)).toBe(true);
});

test('meanwhile no event was refused anywhere, and each has started its workflow once', async () => {
	expect(Object.keys(await traffic.stop())).toEqual(['200']);
	await expectExecutions(other);
	// Each activity came to the published workflow twice, and started it once; the newest came to who tried it alone.
	const expected = 3 * BUTTONS.length + 1;
	await until('all of it has run', async () => (await succeeded()) >= expected, PATIENCE);
	expect(await succeeded()).toBe(expected);
	const logs = await Promise.all(
		Object.values(cluster.members).map(async (member) => await member.log(Infinity)),
	);
	expect(logs.join('\n')).not.toContain('refused a delivery');
});

test('unpublishing removes every hook', async () => {
	await Promise.all([trigger.deactivate(), other.deactivate()]);
	expect(cluster.lemlist.hooks).toEqual([]);
});
