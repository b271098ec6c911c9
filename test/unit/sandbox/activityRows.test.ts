// How the list tells of an activity, and its delivery: alike, or as different as nobody knows that they are not.
import { activityOf, type Activity, type RulesOptions } from '../../sandbox';
import { ask, obey, receiver, sandbox, useStandIn } from './stage';

useStandIn();

beforeEach(() => {
	sandbox.addHook({ targetUrl: receiver.url });
});

const CREATED_AT = '2026-11-23T11:00:00.000Z';

async function rows(query = ''): Promise<Activity[]> {
	return (await ask(`/activities?version=v2${query}`)).json() as Activity[];
}

/** Both sides of one activity. */
async function bothSides(
	activity: Activity,
	rules: RulesOptions = {},
): Promise<{ row: Activity | undefined; body: Activity | undefined }> {
	obey(rules);
	await sandbox.deliver(activity);
	const [row] = await rows();
	const [body] = receiver.bodies;
	return { row, body: body as Activity | undefined };
}

test('a variable of the lead that is called like a field stands beside it in the list, and gives way in the delivery', async () => {
	const variables = {
		bot: 'no',
		type: 'B2B',
		campaignId: 'Spring',
		teamId: 'Blue',
		_id: '7',
		stage: 'A',
	};
	const fields = { _id: 'act_1', createdAt: CREATED_AT, type: 'paused', campaignId: 'cam_1' };
	const { row, body } = await bothSides({ ...fields, lead: { variables } });
	expect(row).toEqual({ ...fields, lead: { variables } });
	expect(body).toEqual({ ...fields, bot: 'no', teamId: 'Blue', stage: 'A' });
});

test('variables of both kinds are told together in the list', async () => {
	const { row } = await bothSides(activityOf('emailsReplied', { lead: { variables: { a: 1 } } }));
	expect(row?.lead).toEqual({
		variables: { icebreaker: expect.any(String) as string, 'Team size': '42', a: 1 },
	});
});

test.each<[string, Activity, RulesOptions]>([
	['where the rules have it so', activityOf('emailsReplied'), { listedLead: 'null' }],
	['where it is given so', activityOf('emailsReplied', { lead: null }), {}],
])('the lead may be null in the list, and is in no delivery: %s', async (_, activity, rules) => {
	const { row, body } = await bothSides(activity, rules);
	expect(row).toMatchObject({ _id: activity._id, lead: null });
	expect(row).not.toHaveProperty('icebreaker');
	expect(body).toHaveProperty('icebreaker');
	expect(body).not.toHaveProperty('lead');
});

test.each<[string, RulesOptions, object]>([
	['all the same', {}, { _id: 'act_1', type: 'emailsReplied', createdAt: CREATED_AT }],
	[
		'another identifier',
		{ activityIds: 'other' },
		{ _id: expect.stringMatching(/^act_\w{17}$/) as string },
	],
	['no identifier', { activityIds: 'absent' }, { _id: undefined }],
	['another spelling of the type', { activityTypes: 'other' }, { type: 'emails_replied' }],
	[
		'a later time',
		{ activityTimes: { laterMs: 90_000 } },
		{ createdAt: '2026-11-23T11:01:30.000Z' },
	],
	[
		'an earlier time',
		{ activityTimes: { laterMs: -1_000 } },
		{ createdAt: '2026-11-23T10:59:59.000Z' },
	],
])('the list may have %s', async (_, rules, told) => {
	const usual = { _id: 'act_1', type: 'emailsReplied', createdAt: CREATED_AT };
	const { row, body } = await bothSides(activityOf('emailsReplied', usual), rules);
	expect({ _id: undefined, ...row }).toMatchObject({ ...usual, ...told });
	expect(body).toMatchObject(usual);
	expect(row?._id === 'act_1').toBe(!('_id' in told) || told._id === 'act_1');
});

test('whatever the list calls it, it is found by its type and by the time that the list has, and is the same again', async () => {
	obey({ activityTypes: 'other', activityIds: 'other', activityTimes: { laterMs: 90_000 } });
	sandbox.happen(activityOf('emailsReplied', { createdAt: CREATED_AT }));
	const before = `&type=emailsReplied&maxDate=2026-11-23T11:01:00Z`;
	const after = `&type=emailsReplied&minDate=2026-11-23T11:01:00Z`;
	expect(await rows(before)).toEqual([]);
	const [row] = await rows(after);
	expect(row?.type).toBe('emails_replied');
	expect(await rows(after)).toEqual([row]);
});

test('what has no identifier has none in the list', async () => {
	obey({ activityIds: 'other' });
	sandbox.happen(activityOf('enrichmentDone'));
	sandbox.happen(activityOf('enrichmentDone'));
	const found = await rows();
	expect(found).toHaveLength(2);
	for (const row of found) expect(row).not.toHaveProperty('_id');
});

describe('lead states', () => {
	/** The state's delivery and its row, after a reply by text message. */
	async function warmed(rules: RulesOptions): Promise<Array<Activity | undefined>> {
		obey({ stateEvents: 'listed', ...rules });
		await sandbox.deliver(activityOf('smsReplied', { _id: 'act_reply' }), { alsoState: true });
		const [row, ...others] = await rows('&type=warmed');
		expect(others).toEqual([]);
		expect(receiver.bodies).toHaveLength(2);
		return [receiver.bodies[1] as Activity, row];
	}

	test.each<[RulesOptions, string, string]>([
		[{}, 'warmed', 'warmed'],
		[{ deliveryTypeOfStateEvents: 'activity' }, 'smsReplied', 'warmed'],
		[{ listedTypeOfStateEvents: 'activity' }, 'warmed', 'smsReplied'],
		[
			{ deliveryTypeOfStateEvents: 'activity', listedTypeOfStateEvents: 'activity' },
			'smsReplied',
			'smsReplied',
		],
	])('types with %j: %s in the delivery, %s in the list', async (rules, ...types) => {
		expect((await warmed(rules)).map((told) => told?.type)).toEqual(types);
	});

	test.each<[RulesOptions, boolean, boolean]>([
		[{}, true, true],
		[{ deliveryIdOfStateEvents: 'own' }, false, true],
		[{ listedIdOfStateEvents: 'own' }, true, false],
		[{ deliveryIdOfStateEvents: 'own', listedIdOfStateEvents: 'own' }, false, false],
	])(
		"identifiers with %j: the reply's in the delivery %s, in the list %s",
		async (rules, ...areTheReplys) => {
			const ids = (await warmed(rules)).map((told) => told?._id);
			expect(ids.map((id) => id === 'act_reply')).toEqual(areTheReplys);
			for (const id of ids) expect(id).toMatch(/^act_\w+$/);
			// An identifier of its own is one, on whichever side it is told.
			expect(new Set(ids).size).toBe(areTheReplys[0] === areTheReplys[1] ? 1 : 2);
		},
	);

	test('the activity itself is told as it is all the same', async () => {
		await warmed({ listedTypeOfStateEvents: 'activity', listedIdOfStateEvents: 'own' });
		expect(await rows('&type=smsReplied')).toMatchObject([
			{ _id: 'act_reply', type: 'smsReplied' },
		]);
		expect(receiver.bodies[0]).toMatchObject({ _id: 'act_reply', type: 'smsReplied' });
		expect(await rows()).toHaveLength(2);
	});

	test('one that happens without its activity names the usual one', async () => {
		obey({ stateEvents: 'listed', listedTypeOfStateEvents: 'activity' });
		sandbox.happen(activityOf('warmed', { _id: 'act_1' }));
		expect(await rows('&type=warmed')).toMatchObject([{ _id: 'act_1', type: 'emailsReplied' }]);
	});

	test('it can happen undelivered, together with its activity', async () => {
		obey({ stateEvents: 'listed' });
		sandbox.happen(activityOf('smsReplied'), 0, { alsoState: true });
		expect((await rows()).map(({ type }) => type).sort()).toEqual(['smsReplied', 'warmed']);
		expect(receiver.calls).toEqual([]);
	});
});
