/** A genuine delivery that somebody recorded and sends again, to a real n8n: it is answered, and starts nothing. */
import { until } from '../e2e/n8n/until';
import { activityOf } from '../sandbox';
import { HostileStage, TRIGGER_NAME, type Target } from './hostileStage';

let stage: HostileStage;
let target: Target;
beforeAll(async () => {
	stage = await HostileStage.start();
	target = await stage.activeWorkflow();
});
afterAll(async () => {
	await stage.close();
});

/** Sends what lemlist would send, and waits for the end of its execution. @returns what passed to the workflow */
async function passedOf(activity: object): Promise<readonly unknown[] | undefined> {
	const before = (await stage.editor.executions(target.workflow)).length;
	const { status } = await fetch(target.url, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ ...activity, secret: target.secret }),
	});
	expect(status).toBe(200);
	const { id } = await until('the execution is over', async () => {
		const [newest, ...older] = await stage.editor.executions(target.workflow);
		return newest?.status === 'success' && older.length === before && newest;
	});
	return (await stage.editor.execution(id)).items[TRIGGER_NAME];
}

test('a recorded delivery that is sent again starts nothing, and another one of the same event does', async () => {
	const [recorded, another] = [activityOf('emailsReplied'), activityOf('emailsReplied')];
	expect(await passedOf(recorded)).toEqual([recorded]);
	expect(await passedOf(recorded)).toEqual([]);
	expect(await passedOf(another)).toEqual([another]);
	expect(await passedOf(recorded)).toEqual([]);
});

test('without an _id, nobody can tell: both start the workflow', async () => {
	const { _id, ...activity } = activityOf('emailsReplied');
	expect(_id).toBeDefined();
	expect(await passedOf(activity)).toEqual([activity]);
	expect(await passedOf(activity)).toEqual([activity]);
});
