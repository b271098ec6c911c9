/** What n8n in queue mode knows of a trigger: what its gate has stored, what was asked of the gate. */
import { createHash } from 'node:crypto';
import { PAGE_SIZE } from '../../../nodes/LemlistTrigger/lemlist/endpoints';
import { keyOf } from '../../../nodes/LemlistTrigger/deliveries/mark';
import type { Row } from '../../faults/n8n/database';
import type { Trigger } from '../../faults/n8n/trigger';
import type { Activity } from '../../sandbox';

/** Which of these activities n8n's store does not hold for the trigger. */
export async function unstored(
	trigger: Trigger,
	activities: readonly Activity[],
): Promise<Activity[]> {
	const stored = new Set(await storedHashes(trigger));
	return activities.filter((activity) => !stored.has(hashOf(activity)));
}

/** What n8n's store holds for the trigger: a hash for each key, oldest first. */
export async function storedHashes(trigger: Trigger): Promise<string[]> {
	const rows = await storeOf(trigger);
	return rows.flatMap(({ value }) => (JSON.parse(String(value)) as { data: string[] }).data);
}

/** Whether n8n's store has held anything for the trigger. */
export async function hasStore(trigger: Trigger): Promise<boolean> {
	return (await storeOf(trigger)).length > 0;
}

async function storeOf(trigger: Trigger): Promise<Row[]> {
	return await trigger.host.database.run(
		'SELECT CAST(value AS TEXT) AS value FROM processed_data WHERE "workflowId" = ? AND context = ?',
		trigger.workflow.id,
		`n:${trigger.nodeId}`,
	);
}

/** As n8n stores a key. */
function hashOf(activity: Activity): string {
	const key = keyOf(activity.type, activity);
	if (key === undefined) throw new Error('This activity has no key');
	return hashOfKey(key);
}

/** By which the gate knows an execution that n8n runs once more. */
export function hashOfExecution(id: string): string {
	return hashOfKey(`execution ${id}`);
}

function hashOfKey(key: string): string {
	return createHash('md5').update(key).digest('base64');
}

/**
 * The ids of the executions that were questions to the gate, and how each came out. n8n forgets what an execution
 * was started with once it is over: then it has answered.
 */
export async function questionsOf(
	trigger: Trigger,
): Promise<Array<{ id: string; status: string }>> {
	const rows = await trigger.host.database.run(
		`SELECT e.id, e.status FROM execution_entity e JOIN execution_data d ON d."executionId" = e.id WHERE e."workflowId" = ? AND (d.data LIKE '%"question"%' OR EXISTS (SELECT 1 FROM execution_metadata m WHERE m."executionId" = e.id AND m.key = 'lemlistSeen'))`,
		trigger.workflow.id,
	);
	return rows.map(({ id, status }) => ({ id: String(id), status: String(status) }));
}

/** How many looks for missed events have begun: each asks for the newest page first. */
export function looksOf(trigger: Trigger): number {
	return trigger.host.lemlist.requests.filter(
		(request) =>
			trigger.sent(request) &&
			request.path === '/activities' &&
			request.query.offset === '0' &&
			request.query.limit === String(PAGE_SIZE),
	).length;
}

/** The custom data that its executions have given back, as n8n keeps it. */
export async function answersGiven(
	trigger: Trigger,
): Promise<Array<{ key: string; value: string }>> {
	const rows = await trigger.host.database.run(
		'SELECT m.key, m.value FROM execution_metadata m JOIN execution_entity e ON m."executionId" = e.id WHERE e."workflowId" = ?',
		trigger.workflow.id,
	);
	return rows.map(({ key, value }) => ({ key: String(key), value: String(value) }));
}
