/** What is missed passes the filters that a delivery passes: lemlist's own and those of the node. */
import type { IDataObject } from 'n8n-workflow';
import { byBot, thirdPartyReply, type Activity, type EventType } from '../../sandbox';
import { Ground } from './ground';

const ground = new Ground();
const { stage, time } = ground;

const CAMPAIGNS = ['@0', '@1', '@2'];

/** Campaigns by their place in lemlist's list. */
function named<Value>(value: Value): Value {
	return JSON.parse(
		JSON.stringify(value).replace(
			/@(\d)/g,
			(_match, index: string) => stage.lemlist.campaigns[Number(index)]?._id ?? '',
		),
	) as Value;
}

const of = (type: EventType, more: IDataObject = {}) => ground.activity(type, more);

/** A reply by somebody else, as lemlist lists it: with its flag, or without. */
function fromAnother(isFlagged: boolean, more: IDataObject = {}): Activity {
	const { isThirdPartyReply, ...reply } = thirdPartyReply('emailsReplied', {
		createdAt: of('emailsReplied').createdAt,
		...more,
	});
	return { ...reply, ...(isFlagged && { isThirdPartyReply }) } as Activity;
}

interface Case {
	parameters: IDataObject;
	/** What happens, and whether it starts the workflow. */
	happen: () => Array<[Activity, boolean]>;
}

test.each<[string, Case]>([
	[
		'Ignore Bots',
		{
			parameters: { events: ['emailsOpened'], options: { ignoreBots: true } },
			happen: () => [
				[byBot(of('emailsOpened')), false],
				[of('emailsOpened', { bot: false }), true],
				[of('emailsOpened', { lead: { variables: { bot: 'no' } } }), true],
			],
		},
	],
	[
		'no Ignore Bots',
		{
			parameters: { events: ['emailsOpened'] },
			happen: () => [[byBot(of('emailsOpened')), true]],
		},
	],
	[
		'Replies From Other People: Leave Out',
		{
			parameters: { options: { thirdPartyReplies: 'exclude' } },
			happen: () => [
				[fromAnother(true), false],
				[fromAnother(false), false],
				[of('emailsReplied'), true],
			],
		},
	],
	[
		'Replies From Other People: Only These',
		{
			parameters: { options: { thirdPartyReplies: 'only' } },
			happen: () => [
				[fromAnother(true), true],
				[fromAnother(false), true],
				[of('emailsReplied'), false],
			],
		},
	],
	[
		'Replies From Other People: Include',
		{
			parameters: {},
			happen: () => [
				[fromAnother(true), true],
				[fromAnother(false), true],
				[of('emailsReplied'), true],
			],
		},
	],
	[
		'one campaign, which lemlist filters by',
		{
			parameters: { campaigns: ['@1'] },
			happen: () =>
				CAMPAIGNS.map((campaignId) => [of('emailsReplied', { campaignId }), campaignId === '@1']),
		},
	],
	[
		'several campaigns, which the node filters by',
		{
			parameters: { campaigns: ['@0', '@2'] },
			happen: () =>
				CAMPAIGNS.map((campaignId) => [of('emailsReplied', { campaignId }), campaignId !== '@1']),
		},
	],
	[
		'First Activity Only',
		{
			parameters: { options: { firstActivityOnly: true } },
			happen: () => [
				[of('emailsReplied', { isFirst: false }), false],
				[of('emailsReplied', { isFirst: true }), true],
			],
		},
	],
	[
		'All Events: no activities that are no events, and nothing of another team',
		{
			parameters: { events: ['*'] },
			happen: () => [
				[{ ...of('emailsReplied'), type: 'conditionChosen' }, false],
				[{ ...of('emailsReplied'), type: 'outOfOffice' }, false],
				[of('emailsReplied', { teamId: 'tea_ofSomebodyElse' }), false],
				[of('emailsReplied'), true],
				[of('linkedinReplied'), true],
			],
		},
	],
	[
		'events of several groups, each with its own',
		{
			parameters: { events: ['emailsReplied', 'smsReplied'] },
			happen: () => [
				[of('emailsReplied'), true],
				[of('smsReplied'), true],
				[of('whatsappReplied'), false],
			],
		},
	],
	[
		"a lead's variables that are called like fields",
		{
			parameters: { campaigns: ['@0', '@1'] },
			happen: () => [
				[
					of('emailsReplied', {
						campaignId: '@0',
						lead: {
							variables: {
								...{ _id: 'mine', type: 'B2B', createdAt: 'x', teamId: 'red', isFirst: false },
								...{ campaignId: 'Spring', isThirdPartyReply: true },
							},
						},
					}),
					true,
				],
			],
		},
	],
])('%s', async (_, { parameters, happen }) => {
	const trigger = await ground.published(named(parameters));
	const expected: unknown[] = [];
	for (const [activity, starts] of named(happen())) {
		ground.missed(activity, { teamId: stage.lemlist.teamId });
		if (starts) expected.push(activity._id);
	}
	await ground.hourly(trigger);
	expect(ground.ids).toEqual(expected);
	await time.startAnew(trigger);
	expect(ground.ids).toEqual(expected);
});

test('a list that goes by no type: each event starts under its own, and no other', async () => {
	stage.lemlist.rules.activityTypeFilter = 'ignore';
	const trigger = await ground.published({ events: ['emailsReplied', 'smsReplied'] });
	const all = (['emailsReplied', 'smsReplied', 'emailsSent'] as const).map((type) =>
		ground.missed(of(type)),
	);
	await ground.hourly(trigger);
	expect(ground.ids).toEqual(all.slice(0, 2));
});

test('Missed Events: Leave Out asks lemlist for nothing, and nothing starts late', async () => {
	const trigger = await ground.published({ options: { missedEvents: 'ignore' } });
	ground.missed();
	stage.removeHook(0);
	await ground.hourly(trigger);
	await time.startAnew(trigger);
	expect(stage.looks()).toEqual([]);
	expect(ground.ids).toEqual([]);
	expect(trigger.log).toEqual([]);
	const id = await ground.delivered();
	expect(ground.ids).toEqual([id]);
});

test.each<[string, Parameters<Ground['published']>[1]]>([
	['Always Output Data, which starts the workflow on nothing', { alwaysOutputData: true }],
	["n8n's engine of version 2, which does not run the gate", { engineType: 'v2' }],
])('with %s, nothing starts late, and one line says so', async (_, place) => {
	const trigger = await ground.published({}, place);
	ground.missed();
	await ground.hourly(trigger);
	expect(stage.looks()).toEqual([]);
	expect(ground.ids).toEqual([]);
	expect(trigger.log).toEqual([
		expect.stringContaining('events that lemlist does not deliver are lost'),
	]);
});
