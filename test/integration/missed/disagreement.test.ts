/** Where lemlist's list is not what it delivers: rather nothing late than anything twice, and a line that says so. */
import type { EventType, Sandbox } from '../../sandbox';
import { DAY_MS, MINUTE_MS } from '../time';
import { Ground } from './ground';

const ground = new Ground();
const { stage, time } = ground;

type Rules = Partial<Sandbox['rules']>;

const NOT_PROVEN = /lemlist lists ".*" differently from what it delivers/;
const OTHER_TYPES = /lemlist lists other events under ".*" than it delivers/;

test.each<[string, Rules, RegExp]>([
	['other ids', { activityIds: 'other' }, NOT_PROVEN],
	['types in another spelling', { activityTypes: 'other' }, OTHER_TYPES],
])('%s: nothing starts late or twice, and one line says so', async (_, rules, words) => {
	Object.assign(stage.lemlist.rules, rules);
	const trigger = await ground.published();
	const all = [await ground.delivered(), await ground.delivered()];
	ground.missed();
	for (let hour = 0; hour < 3; hour += 1) await ground.hourly(trigger);
	expect(trigger.log).toEqual([expect.stringMatching(words)]);
	await time.startAnew(trigger);
	all.push(await ground.delivered());
	await ground.hourly(trigger);
	expect(ground.ids).toEqual(all);
});

test.each<[string, Rules]>([
	['later times', { activityTimes: { laterMs: 30 * MINUTE_MS } }],
	['earlier times', { activityTimes: { laterMs: -30 * MINUTE_MS } }],
	['times to the millisecond', { createdAtIn: 'milliseconds' }],
	['ties in another order each time', { activityOrder: 'newest, ties shuffled' }],
	['the oldest first', { activityOrder: 'oldest' }],
	['full pages', { activityPages: 'full' }],
	['pages with a few rows each', { activityPages: 'sparse' }],
	['pages smaller than asked for', { activityPages: 'capped' }],
	['no variables', { listedLead: 'null' }],
	['no Date header', { dateHeader: 'absent' }],
])('%s: what was delivered does not start again, and what was missed starts', async (_, rules) => {
	Object.assign(stage.lemlist.rules, rules);
	const trigger = await ground.published();
	time.pass(DAY_MS / 24);
	const all = [await ground.delivered(), ground.missed(), await ground.delivered()];
	for (let hour = 0; hour < 3; hour += 1) await ground.hourly(trigger);
	await time.startAnew(trigger);
	expect([...ground.ids].sort()).toEqual([...all].sort());
});

test('other ids, and a team that is named only now and then: nothing starts late or twice', async () => {
	stage.lemlist.rules.activityIds = 'other';
	const trigger = await ground.published();
	const id = await ground.delivered(ground.activity('emailsReplied', { teamId: undefined }));
	ground.missed();
	for (let hour = 0; hour < 2; hour += 1) await ground.hourly(trigger);
	await time.startAnew(trigger);
	expect(ground.ids).toEqual([id]);
});

test('no ids: nothing starts late, and what is delivered starts', async () => {
	stage.lemlist.rules.activityIds = 'absent';
	const trigger = await ground.published();
	const id = await ground.delivered();
	ground.missed();
	await ground.hourly(trigger);
	await time.startAnew(trigger);
	expect(ground.ids).toEqual([id]);
});

test('rows that are deleted while they are listed: the others start', async () => {
	stage.lemlist.rules.activityPages = 'full';
	const trigger = await ground.published();
	const all = Array.from({ length: 150 }, () => {
		const activity = ground.activity();
		stage.lemlist.happen(activity);
		time.pass(1_000);
		return activity._id as string;
	});
	time.pass(5 * MINUTE_MS);
	// The newest go after the first page, and what is behind them moves up.
	for (const id of all.slice(-5)) stage.lemlist.loseActivity(id, 1);
	await ground.hourly(trigger);
	const expected = all.slice(0, -5);
	expect(ground.ids.filter((id) => expected.includes(id))).toEqual(expected);
	expect(new Set(ground.ids).size).toBe(ground.ids.length);
});

describe('an event for any channel', () => {
	const EVENTS: EventType[] = ['warmed'];
	const reply = () => ground.activity('warmed');

	test.each<[string, Rules]>([
		['under its own name', {}],
		["under the channel's", { listedTypeOfStateEvents: 'activity' }],
		["delivered under the channel's", { deliveryTypeOfStateEvents: 'activity' }],
	])('listed %s with the id that was delivered: what was missed starts', async (_, rules) => {
		Object.assign(stage.lemlist.rules, { stateEvents: 'listed', ...rules });
		const trigger = await ground.published({ events: EVENTS });
		const all = [await ground.delivered(reply()), ground.missed(reply())];
		await ground.hourly(trigger);
		expect(ground.ids).toEqual(all);
	});

	test.each<[string, Rules, boolean]>([
		['with an id of its own', { listedIdOfStateEvents: 'own' }, true],
		['with an id of its own, before any was delivered', { listedIdOfStateEvents: 'own' }, false],
		['before any was delivered', {}, false],
	])('listed %s: nothing starts late or twice', async (_, rules, isProven) => {
		Object.assign(stage.lemlist.rules, { stateEvents: 'listed', ...rules });
		const trigger = await ground.published({ events: EVENTS });
		const all = isProven ? [await ground.delivered(reply())] : [];
		ground.missed(reply());
		await ground.hourly(trigger);
		await time.startAnew(trigger);
		expect(ground.ids).toEqual(all);
		expect(trigger.log.join()).toMatch(NOT_PROVEN);
	});

	test('listed as itself beside the activity that brought it about, which was not asked for: that one does not stand for it', async () => {
		Object.assign(stage.lemlist.rules, { stateEvents: 'listed', activityTypeFilter: 'ignore' });
		const trigger = await ground.published({ events: EVENTS, options: { arrival: 'lookUp' } });
		const cause = ground.activity('emailsReplied');
		ground.missed(cause);
		const id = ground.missed(reply());
		await ground.hourly(trigger);
		expect(ground.ids).toEqual([id]);
	});

	test.each(['refuse', 'empty object'] as const)(
		'not listed (%s): one line says so, and the other events start late',
		async (unlistedType) => {
			Object.assign(stage.lemlist.rules, { stateEvents: 'unlisted', unlistedType });
			const trigger = await ground.published({ events: ['warmed', 'emailsReplied'] });
			const id = ground.missed();
			await ground.hourly(trigger);
			await ground.hourly(trigger);
			expect(ground.ids).toEqual([id]);
			const lines = trigger.log.filter((line) => line.includes('lemlist does not list'));
			expect(lines).toEqual([expect.stringContaining('"Lead Replied (Any Channel)"')]);
			expect(stage.looks().filter(({ query }) => query.type === 'warmed').length).toBeLessThan(5);
		},
	);
});

test('what started late, and is delivered after all, proves that the ids agree', async () => {
	const trigger = await ground.published();
	const activity = ground.activity();
	const all = [ground.missed(activity)];
	await ground.hourly(trigger);
	await stage.lemlist.deliver(activity);
	await time.startAnew(trigger);
	all.push(ground.missed());
	await ground.hourly(trigger);
	expect(ground.ids).toEqual(all);
});

test('what started late proves nothing: what is delivered afterwards does not start again', async () => {
	stage.lemlist.rules.activityIds = 'other';
	const trigger = await ground.published();
	const first = ground.missed();
	await ground.hourly(trigger);
	// Nothing was ever taken: what is listed counts. Its id is that of the list.
	expect(ground.ids).toHaveLength(1);
	expect(ground.ids).not.toEqual([first]);
	const all = [...ground.ids, await ground.delivered()];
	await ground.hourly(trigger);
	await time.startAnew(trigger);
	await ground.hourly(trigger);
	expect(ground.ids).toEqual(all);
});

test('what is delivered while a look goes on, and is not in its list yet, keeps nothing back for good', async () => {
	const trigger = await ground.published();
	const later = ground.activity();
	let all: string[] = [];
	await time.startAnew(trigger, () => {
		all = [ground.missed(), later._id as string];
		const ask = trigger.execute.bind(trigger);
		trigger.execute = async (items, ...rest) => {
			trigger.execute = ask;
			// The first one is the question.
			await stage.lemlist.deliver(later);
			return await ask(items, ...rest);
		};
	});
	expect([...ground.ids].sort()).toEqual(all.sort());
	expect(trigger.log).toEqual([expect.stringContaining('1 event that lemlist did not deliver')]);
});
