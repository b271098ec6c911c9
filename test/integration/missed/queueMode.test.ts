/** Events that no hook delivered where the executions run in another process than the looks. */
import type { Sandbox } from '../../sandbox';
import { Ground } from './ground';

const ground = new Ground();
const { stage, time } = ground;

test.each<[string, Partial<Sandbox['rules']>, boolean]>([
	['as they were delivered: what was missed starts the workflow', {}, true],
	['under other ids: nothing starts late', { activityIds: 'other' }, false],
])(
	'a list that tells events %s, what was delivered starts it once',
	async (_, rules, startsLate) => {
		Object.assign(stage.lemlist.rules, rules);
		const trigger = await ground.published();
		await time.startWorker();
		const all = [await ground.delivered()];
		const missed = [ground.missed()];
		await ground.hourly(trigger);
		// Nor does the next worker know what this one has seen, nor the next main process.
		await time.startWorker();
		all.push(await ground.delivered());
		await time.startAnew(trigger, () => {
			missed.push(ground.missed());
		});
		await ground.hourly(trigger);
		const expected = startsLate ? [...all, ...missed] : all;
		expect([...ground.ids].sort()).toEqual([...expected].sort());
	},
);

test('where nothing is delivered, what happens starts it within the minute', async () => {
	const trigger = await ground.published({ options: { arrival: 'lookUp' } });
	await time.startWorker();
	const activity = ground.activity();
	stage.lemlist.happen(activity);
	await time.later(60_000, trigger);
	await time.startWorker();
	await time.later(60_000, trigger);
	expect(ground.ids).toEqual([activity._id]);
});
