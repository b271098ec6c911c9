/** Without a public address: no hook, and lemlist is asked every minute for what happened. */
import type { Trigger } from '../host';
import { status } from '../stage';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../time';
import { Ground } from './ground';

const ground = new Ground();
const { stage, time } = ground;

const LIST = { method: 'GET', path: '/activities' };
const LOOK_UP = { options: { arrival: 'lookUp' } };

/** n8n's schedule goes off after a minute. */
async function minute(trigger: Trigger): Promise<void> {
	await time.later(MINUTE_MS, trigger);
}

async function edit(trigger: Trigger, arrival: 'webhook' | 'lookUp'): Promise<void> {
	await trigger.deactivate();
	trigger.options.parameters.options = { arrival };
	await trigger.activate('update');
	await time.settled();
}

test('what happens starts the workflow within a minute, once, as lemlist would deliver it', async () => {
	const before = ground.missed();
	const trigger = await ground.published(LOOK_UP);
	const activity = ground.activity();
	stage.lemlist.happen(activity);
	for (let count = 0; count < 4; count += 1) await minute(trigger);
	expect(ground.ids).toEqual([activity._id]);
	expect(ground.ids).not.toContain(before);
	expect(ground.started[0]?.[0]).not.toHaveProperty('isLate');
	expect(stage.lemlist.hooks).toEqual([]);
	expect(trigger.log).toEqual([]);
	// lemlist takes every question, also the one whether the plan includes the list.
	expect(new Set(stage.looks().map(({ status: answered }) => answered))).toEqual(new Set([200]));
});

test('n8n looks each time that its schedule goes off, however soon after publishing', async () => {
	const trigger = await ground.published(LOOK_UP);
	await trigger.deactivate();
	await trigger.activate();
	await time.settled();
	time.pass(3 * SECOND_MS);
	const activity = ground.activity();
	stage.lemlist.happen(activity);
	await time.later(10 * SECOND_MS, trigger);
	expect(ground.ids).toEqual([activity._id]);
});

test('what happens while n8n is down starts it once n8n is up', async () => {
	const trigger = await ground.published(LOOK_UP);
	let missed = '';
	await time.startAnew(trigger, () => {
		missed = ground.missed();
		time.pass(HOUR_MS);
	});
	await minute(trigger);
	expect(ground.ids).toEqual([missed]);
});

test('in a workflow whose time zone n8n does not know, publishing is refused, and nothing is looked for', async () => {
	const trigger = stage.trigger(
		{ events: ['emailsReplied'], ...LOOK_UP },
		{},
		{ timezone: 'Mars' },
	);
	await expect(trigger.activate()).rejects.toThrow(
		/^n8n cannot look for events every minute\. Set the time zone in the settings of the workflow.*n8n says: ./,
	);
	await time.settled();
	ground.missed();
	await time.settled();
	expect(stage.lemlist.requests.filter(({ path }) => path === '/team')).toEqual([]);
});

test('all events: what is no event starts nothing', async () => {
	const trigger = await ground.published({ ...LOOK_UP, events: ['*'] });
	stage.lemlist.happen(ground.activity('conditionChosen' as never));
	const activity = ground.activity('annotated');
	stage.lemlist.happen(activity);
	await minute(trigger);
	await minute(trigger);
	expect(ground.ids).toEqual([activity._id]);
});

test.each(['same', 'other'] as const)(
	'changing over repeats nothing of what was delivered and leaves no hook, with the %s ids in the list',
	async (ids) => {
		stage.lemlist.rules.activityIds = ids;
		const trigger = await ground.published();
		await ground.delivered();
		await edit(trigger, 'lookUp');
		expect(stage.types()).toEqual([]);
		time.pass(2 * MINUTE_MS);
		stage.lemlist.happen(ground.activity());
		await minute(trigger);
		await minute(trigger);
		expect(ground.started).toHaveLength(2);
	},
);

test.each<['same' | 'other', boolean]>([
	['same', false],
	['same', true],
	['other', false],
	['other', true],
])(
	'changing back loses nothing and repeats nothing, with the %s ids in the list, a start in between: %s',
	async (ids, isStartedAnew) => {
		stage.lemlist.rules.activityIds = ids;
		const trigger = await ground.published(LOOK_UP);
		stage.lemlist.happen(ground.activity());
		await minute(trigger);
		const before = ground.ids;
		expect(before).toHaveLength(1);
		await edit(trigger, 'webhook');
		expect(stage.types()).toEqual(['emailsReplied']);
		if (isStartedAnew) await time.startAnew(trigger);
		const delivered = await ground.delivered();
		await ground.hourly(trigger);
		expect(ground.ids).toEqual([...before, delivered]);
	},
);

test('what no look has found before changing back starts it, however much was looked up', async () => {
	const trigger = await ground.published();
	const all = [await ground.delivered()];
	await edit(trigger, 'lookUp');
	for (let count = 0; count < 30; count += 1) {
		const activity = ground.activity();
		stage.lemlist.happen(activity);
		all.push(String(activity._id));
		time.pass(10 * MINUTE_MS);
	}
	await minute(trigger);
	const last = ground.activity();
	stage.lemlist.happen(last);
	await edit(trigger, 'webhook');
	await ground.hourly(trigger);
	expect(ground.ids).toEqual([...all, last._id]);
});

test('until an edit is published it looks nothing up, so what it adds counts from then on', async () => {
	const trigger = await ground.published(LOOK_UP);
	const { saved } = trigger;
	await trigger.deactivate();
	// n8n 2 goes on with what it had read before, and starts the trigger before the tries of its activation.
	trigger.saved = saved;
	trigger.options.parameters.events = ['emailsReplied', 'annotated'];
	const away = stage.lemlist.fault({ on: {}, effect: 'resetBefore', times: Infinity });
	await expect(trigger.activate('update', undefined, { keepsSchedule: true })).rejects.toThrow();
	away.remove();
	await minute(trigger);
	stage.lemlist.happen(ground.activity('annotated'));
	const kept = ground.activity();
	stage.lemlist.happen(kept);
	await minute(trigger);
	await trigger.stop();
	await trigger.activate('update');
	await minute(trigger);
	expect(ground.ids).toEqual([kept._id]);
});

test('twenty of them ask for less than a third of what lemlist allows', async () => {
	const trigger = await ground.published({
		...LOOK_UP,
		events: ['emailsReplied', 'smsReplied', 'annotated'],
	});
	const before = stage.lemlist.requests.length;
	for (let count = 0; count < 60; count += 1) await minute(trigger);
	expect((stage.lemlist.requests.length - before) * 20).toBeLessThan(36_000 / 3);
});

test.each<[number, RegExp]>([
	[402, /lemlist's plan of this team does not include this/],
	[403, /lemlist denied access/],
])('a list that is not for this key (%i) fails the publication, in words', async (code, words) => {
	stage.lemlist.fault({ on: LIST, effect: status(code), times: Infinity });
	await expect(stage.trigger({ ...LOOK_UP }).activate()).rejects.toThrow(words);
	await expect(
		stage
			.trigger({ ...LOOK_UP })
			.testRun()
			.listen(),
	).rejects.toThrow(words);
});

test('a list that is not for this key any more loses nothing once it is again', async () => {
	const trigger = await ground.published(LOOK_UP);
	stage.lemlist.fault({ on: LIST, effect: status(402), times: Infinity });
	const activity = ground.activity();
	stage.lemlist.happen(activity);
	for (let count = 0; count < 3; count += 1) await minute(trigger);
	stage.lemlist.clearFaults();
	await minute(trigger);
	expect(ground.ids).toEqual([activity._id]);
});

test('an event that lemlist does not list is refused when publishing, by name', async () => {
	const trigger = stage.trigger({ ...LOOK_UP, events: ['emailsReplied', 'campaignComplete'] });
	await expect(trigger.activate()).rejects.toThrow(
		/lemlist does not list "Campaign Completed", so looking every minute finds nothing of that/,
	);
	expect(stage.lemlist.hooks).toEqual([]);
});
