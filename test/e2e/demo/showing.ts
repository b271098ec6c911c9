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
