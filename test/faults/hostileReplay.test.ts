/** The workflow of docs/remove-doubles.json in a real n8n: an event that comes twice passes once. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Execution, WorkflowDraft } from '../e2e/n8n/editor';
import { until } from '../e2e/n8n/until';
import { activityOf } from '../sandbox';
import { CREDENTIAL_TYPE, HostileStage } from './hostileStage';

const FILE = path.join(__dirname, '../../docs/remove-doubles.json');
const LAST = 'Your workflow goes on here';

let stage: HostileStage;
let workflow: { id: string };
beforeAll(async () => {
	stage = await HostileStage.start();
	const created = await stage.editor.createWorkflow(imported());
	await stage.editor.activate(created);
	workflow = created;
});
afterAll(async () => {
	await stage.close();
});

/** What a user adds after the import: the credential; and the editor: an id for the webhook. */
function imported(): WorkflowDraft {
	const draft = JSON.parse(readFileSync(FILE, 'utf8')) as WorkflowDraft;
	const { id, name } = stage.credential;
	const [trigger, ...others] = draft.nodes;
	if (trigger === undefined) throw new Error('The workflow has no nodes');
	return {
		...draft,
		nodes: [
			{ ...trigger, webhookId: randomUUID(), credentials: { [CREDENTIAL_TYPE]: { id, name } } },
			...others,
		],
	};
}

/** Lets lemlist send an event and waits for the end of its execution. @returns what passed to the last node */
async function passedOf(
	activity: Parameters<typeof stage.lemlist.deliver>[0],
): Promise<readonly unknown[]> {
	const before = (await stage.editor.executions(workflow)).length;
	expect((await stage.lemlist.deliver(activity)).map(({ status }) => status)).toEqual([200]);
	const execution = await until('the execution is over', async (): Promise<Execution | false> => {
		const [newest, ...older] = await stage.editor.executions(workflow);
		return (
			newest !== undefined &&
			older.length === before &&
			newest.status === 'success' &&
			(await stage.editor.execution(newest.id))
		);
	});
	return execution.items[LAST] ?? [];
}

test('the file holds no credential and no webhook id', () => {
	expect(readFileSync(FILE, 'utf8')).not.toMatch(/credentials|webhookId/);
});

test('an event passes the first time, not the second, and another one passes', async () => {
	const activity = activityOf('emailsReplied');
	expect(await passedOf(activity)).toEqual([activity]);
	expect(await passedOf(activity)).toEqual([]);
	const another = activityOf('emailsReplied');
	expect(await passedOf(another)).toEqual([another]);
});

test('events without an _id all pass', async () => {
	const { _id, ...activity } = activityOf('emailsReplied');
	expect(_id).toBeDefined();
	expect(await passedOf({ ...activity, type: 'emailsReplied' })).toHaveLength(1);
	expect(await passedOf({ ...activity, type: 'emailsReplied' })).toHaveLength(1);
});
