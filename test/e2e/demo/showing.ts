// The steps that show what the trigger does: hooks at lemlist, an event, two forgeries.
import { isDeepStrictEqual } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';

import { activityOf, type Activity, type DeliverOptions, type DeliveryResult } from '../../sandbox';
import type { ExecutionSummary } from '../n8n/editor';
import { watched } from '../n8n/progress';
import { until } from '../n8n/until';
import { terminal } from '../terminal';
import type { Stage } from './stage';
import { demoWorkflow, EVENTS, SENT_EVENT, TRIGGER_NAME } from './workflow';

/** Long enough for an execution that should not be to show up. */
const SETTLE_MS = 1500;

const FORGERIES: ReadonlyArray<{ name: string; options: DeliverOptions }> = [
	{ name: 'with a wrong secret', options: { secret: 'forged' } },
	{ name: 'without a secret', options: { secret: null } },
];

/** Makes a workflow with the trigger and activates it; the stage gets it. @throws Error when lemlist has other hooks than one for each event */
export async function activate(stage: Stage): Promise<void> {
	const editor = stage.editor.value;
	const workflow = stage.workflow.fill(
		await editor.createWorkflow(demoWorkflow(stage.credential.value)),
	);
	await watched('n8n activates it', terminal.progress.bind(terminal), editor.activate(workflow));
	const types = stage.sandbox.value.hooks.map(({ type }) => type);
	if (isDeepStrictEqual(new Set(types), new Set(EVENTS)) && types.length === EVENTS.length) return;
	throw new Error(
		`lemlist should have one hook for each of ${EVENTS.join(', ')}, and has: ${types.join(', ') || 'none'}`,
	);
}

/** Sends one event and prints the item of its execution. @throws Error when that is not the activity as sent */
export async function sendEvent(stage: Stage): Promise<void> {
	const activity = activityOf(SENT_EVENT);
	await deliverOnce(stage, activity, {}, 200);
	const execution = await until('an execution has finished', async () => {
		const [first] = await executionsOf(stage, 1);
		return first?.status !== 'new' && first?.status !== 'running' && first;
	});
	const { items, error, status } = await stage.editor.value.execution(execution.id);
	if (status !== 'success')
		throw new Error(`The execution ended with ${status}: ${error ?? 'no message'}`);
	const given = items[TRIGGER_NAME] ?? [];
	terminal.line(`Execution ${execution.id} has ${String(given.length)} item:`, 1);
	terminal.line(JSON.stringify(given[0], null, 2), 2);
	if (given.length === 1 && isDeepStrictEqual(given[0], activity)) return;
	throw new Error('The item is not the activity as lemlist sent it, without its secret.');
}

/** Sends the same event twice without the right secret. @throws Error unless each is answered 401 and starts no execution */
export async function sendForgeries(stage: Stage): Promise<void> {
	for (const { name, options } of FORGERIES) {
		const { status, body } = await deliverOnce(stage, activityOf(SENT_EVENT), options, 401);
		terminal.line(`${SENT_EVENT} ${name}: ${String(status)} ${body}`, 1);
	}
	await sleep(SETTLE_MS);
	const { length } = await executionsOf(stage, 1);
	terminal.line(`Still ${String(length)} execution`, 1);
}

/**
 * Stops n8n, lets something happen that no hook can deliver, starts n8n again; then lemlist delivers the same
 * event after all. @throws Error unless the workflow starts for it once, late
 */
export async function missEvent(stage: Stage): Promise<void> {
	const { n8n, sandbox } = stage;
	await n8n.value.stop();
	const activity = activityOf(SENT_EVENT);
	sandbox.value.happen(activity);
	terminal.line(`n8n is stopped. ${SENT_EVENT} happens, and is not delivered.`, 1);
	await watched('n8n starts again', terminal.progress.bind(terminal), n8n.value.start());
	const late = await until('the workflow has started late', async () => {
		const [start] = await startsWith(stage, activity);
		return start;
	});
	terminal.line(`The workflow has started for it, with "isLate": ${String(late.isLate)}.`, 1);
	await deliverOnce(stage, activity, {}, 200);
	await sleep(SETTLE_MS);
	const { length } = await startsWith(stage, activity);
	terminal.line(`lemlist delivers it after all: still ${String(length)} start.`, 1);
	if (length !== 1) throw new Error('The workflow should have started for it once.');
}

/** What came out of the trigger for an activity, in whatever execution. */
async function startsWith({ editor, workflow }: Stage, { _id }: Activity): Promise<Activity[]> {
	const executions = await editor.value.executions(workflow.value);
	const starts = await Promise.all(
		executions.map(async ({ id }) => (await editor.value.execution(id)).items[TRIGGER_NAME] ?? []),
	);
	return (starts.flat() as Activity[]).filter((item) => item._id === _id);
}

/** Sends to the one hook for this type of event. */
async function deliverOnce(
	{ sandbox }: Stage,
	activity: Activity,
	options: DeliverOptions,
	expected: number,
): Promise<DeliveryResult> {
	const [result, ...others] = await sandbox.value.deliver(activity, options);
	if (!result || others.length > 0) {
		throw new Error(
			`The event went to ${String(others.length + (result ? 1 : 0))} hooks, not to one.`,
		);
	}
	if (result.status === expected) return result;
	throw new Error(
		`n8n answered ${String(result.status)}, not ${String(expected)}: ${result.error ?? result.body}`,
	);
}

/** The workflow's executions; at most as many as there should be. */
async function executionsOf(
	{ editor, workflow }: Stage,
	most: number,
): Promise<ExecutionSummary[]> {
	const executions = await editor.value.executions(workflow.value);
	if (executions.length <= most) return executions;
	throw new Error(
		`There are ${String(executions.length)} executions; there should be ${String(most)}.`,
	);
}
