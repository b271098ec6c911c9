/** Trust: what was delivered proves that lemlist lists it as it delivers it, wherever that is found. */
import type { IDataObject } from 'n8n-workflow';
import type { Activity, EventType } from '../../sandbox';
import type { Trigger } from '../host';
import { HOUR_MS, MINUTE_MS } from '../time';
import { Ground } from './ground';

const ground = new Ground();
const { stage, time } = ground;

const NOT_PROVEN = /lemlist lists ".*" differently from what it delivers/;

const WHERE = ['the same process', 'another process'] as const;
type Where = (typeof WHERE)[number];

describe('what was delivered long ago proves that the ids agree, though much that was not lies in between:', () => {
	const happen = (count: number, activity: () => Activity) => {
		for (let index = 0; index < count; index += 1) {
			stage.lemlist.happen(activity());
			time.pass(1_000);
		}
	};

	/** Something is missed, and what looks finds it. @returns its id */
	const missedIn = async (where: Where, trigger: Trigger, activity?: Activity) => {
		if (where === 'another process') await time.stop(trigger);
		const id = ground.missed(activity);
		if (where === 'another process') await time.start(trigger);
		else await ground.hourly(trigger);
		return id;
	};

	test.each(WHERE)(
		'what was asked for before an edit, of another campaign, in %s',
		async (where) => {
			const [before, after] = stage.lemlist.campaigns.map(({ _id }) => _id);
			const reply = (campaignId: string | undefined) =>
				ground.activity('emailsReplied', { campaignId });
			const trigger = await ground.published({ campaigns: [before] });
			const all = [await ground.delivered(reply(before))];
			await trigger.deactivate();
			trigger.options.parameters.campaigns = [after];
			await trigger.activate('update');
			await time.settled();
			time.pass(5 * MINUTE_MS);
			all.push(await missedIn(where, trigger, reply(after)));
			expect(ground.ids).toEqual(all);
		},
	);

	test.each<[string, IDataObject, number, EventType, Where]>([
		['of the event', {}, 250, 'emailsReplied', 'the same process'],
		['of the event', {}, 250, 'emailsReplied', 'another process'],
		['of All Events', { events: ['*'] }, 460, 'emailsSent', 'another process'],
	])(
		'what happened %s while the workflow was unpublished: %j, %i of %s, in %s',
		async (_, parameters, count, type, where) => {
			const trigger = await ground.published(parameters);
			const all = [await ground.delivered()];
			await trigger.deactivate();
			time.pass(5 * MINUTE_MS);
			happen(count, () => ground.activity(type));
			await trigger.activate('activate');
			await time.settled();
			time.pass(5 * MINUTE_MS);
			all.push(await missedIn(where, trigger));
			expect(ground.ids).toEqual(all);
		},
	);

	test('what is left out of the slice itself', async () => {
		const trigger = await ground.published({ events: ['emailsOpened'] });
		const open = (bot: boolean) => ground.activity('emailsOpened', { bot });
		const all = [await ground.delivered(open(true))];
		await trigger.deactivate();
		trigger.options.parameters.options = { ignoreBots: true };
		await trigger.activate('update');
		all.push(ground.missed(open(false)));
		await time.settled();
		await ground.hourly(trigger);
		expect(ground.ids).toEqual(all);
	});

	test('what is left out, hour by hour', async () => {
		const [picked, other, another] = stage.lemlist.campaigns.map(({ _id }) => _id);
		const reply = (campaignId: string | undefined) =>
			ground.activity('emailsReplied', { campaignId });
		const trigger = await ground.published({ campaigns: [picked, other] });
		const all = [await ground.delivered(reply(picked))];
		await ground.hourly(trigger);
		time.pass(5 * HOUR_MS);
		happen(60, () => reply(another));
		all.push(ground.missed(reply(other)));
		await ground.hourly(trigger);
		expect(ground.ids).toEqual(all);
	});

	test('is searched for once in a look, however much is missing', async () => {
		stage.lemlist.rules.activityIds = 'other';
		const types: EventType[] = ['emailsSent', 'emailsReplied'];
		const trigger = await ground.published({ events: ['*'] });
		for (const type of types) await ground.delivered(ground.activity(type));
		await ground.hourly(trigger);
		time.pass(3 * HOUR_MS);
		for (const type of types) happen(250, () => ground.activity(type));
		const before = stage.looks().length;
		await ground.hourly(trigger);
		const looks = stage.looks().slice(before);
		const slices = new Set(looks.map(({ query }) => query.minDate));
		const searches = looks.filter(({ query }) => query.minDate?.startsWith('1970'));
		expect(slices.size).toBeGreaterThan(2);
		expect(searches.length).toBeLessThanOrEqual(2 * 3 * types.length);
		expect(trigger.log.filter((line) => NOT_PROVEN.test(line))).toHaveLength(types.length);
	}, 60_000);

	test('repetitions alone, before first activities were asked for', async () => {
		const open = (isFirst: boolean) => ground.activity('emailsOpened', { isFirst });
		const trigger = await ground.published({ events: ['emailsOpened'] });
		const all = [await ground.delivered(open(false))];
		await trigger.deactivate();
		trigger.options.parameters.options = { firstActivityOnly: true };
		await trigger.activate('update');
		await time.settled();
		await time.startAnew(trigger, () => {
			all.push(ground.missed(open(true)));
		});
		expect(ground.ids).toEqual(all);
	});
});
