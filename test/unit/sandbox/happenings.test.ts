// What happened, as GET /activities tells it.
import { activityOf, type Activity } from '../../sandbox';
import { ask, obey, sandbox, useStandIn } from './stage';

useStandIn();

const HOUR_MS = 60 * 60 * 1_000;
const NOW = Date.UTC(2026, 10, 23, 12);
const hoursAgo = (hours: number) => new Date(NOW - hours * HOUR_MS).toISOString();

async function list(query = ''): Promise<Activity[]> {
	const answer = await ask(`/activities?version=v2${query}`);
	expect(answer.status).toBe(200);
	return answer.json() as Activity[];
}

async function idsOf(query = ''): Promise<unknown[]> {
	return (await list(query)).map(({ _id }) => _id);
}

function happened(
	id: string,
	fields: object = {},
	type: Parameters<typeof activityOf>[0] = 'emailsReplied',
): void {
	sandbox.happen(activityOf(type, { _id: id, createdAt: hoursAgo(1), ...fields }));
}

test('lists what was delivered and what was not, newest first, each once', async () => {
	obey({ activityPages: 'full' });
	happened('act_old', { createdAt: hoursAgo(3) });
	const delivered = activityOf('emailsSent', { _id: 'act_delivered', createdAt: hoursAgo(2) });
	await sandbox.deliver(delivered, { times: 2 });
	await sandbox.deliver(delivered);
	happened('act_new');
	expect(await idsOf()).toEqual(['act_new', 'act_delivered', 'act_old']);
});

test('lists no forgery', async () => {
	await sandbox.deliver(activityOf('emailsReplied'), { secret: 'forged' });
	expect(await list()).toEqual([]);
});

test('has the fields of the delivery, but that the variables of the lead stand under it', async () => {
	const activity = activityOf('emailsReplied', { createdAt: hoursAgo(1) });
	sandbox.happen(activity);
	const [row] = await list();
	const { icebreaker, 'Team size': teamSize, ...fields } = activity;
	expect(row).toEqual({ ...fields, lead: { variables: { icebreaker, 'Team size': teamSize } } });
});

test.each<[string, string, string[]]>([
	['a type', '&type=emailsReplied', ['act_reply']],
	['a campaign', '&campaignId=cam_Other', ['act_other']],
	['a lead', '&leadId=lea_Other', ['act_lead']],
	['first activities', '&isFirst=true', ['act_reply', 'act_other', 'act_lead']],
	[
		'a time, ends included, in ISO 8601',
		`&minDate=${hoursAgo(3)}&maxDate=${hoursAgo(2)}`,
		['act_other', 'act_lead'],
	],
	[
		'a time, ends included, in Unix seconds',
		`&minDate=${String((NOW - 3 * HOUR_MS) / 1_000)}&maxDate=${String((NOW - 2 * HOUR_MS) / 1_000)}`,
		['act_other', 'act_lead'],
	],
	['so many', '&limit=2&offset=1', ['act_other', 'act_lead']],
])('lists by %s', async (_, query, expected) => {
	obey({ activityPages: 'full' });
	happened('act_reply');
	happened('act_other', { campaignId: 'cam_Other', createdAt: hoursAgo(2) }, 'emailsSent');
	happened('act_lead', { leadId: 'lea_Other', createdAt: hoursAgo(3) }, 'emailsOpened');
	happened('act_second', { isFirst: false, createdAt: hoursAgo(4) }, 'emailsClicked');
	expect(await idsOf(query)).toEqual(expected);
});

test.each([
	['no version', '/activities'],
	['another version', '/activities?version=v1'],
	['more than a page', '/activities?version=v2&limit=101'],
	[
		'an end before the beginning',
		`/activities?version=v2&minDate=${hoursAgo(1)}&maxDate=${hoursAgo(2)}`,
	],
	[
		'an end at the beginning',
		`/activities?version=v2&minDate=${hoursAgo(1)}&maxDate=${hoursAgo(1)}`,
	],
	['no date', '/activities?version=v2&minDate=yesterday'],
	['a type that is none', '/activities?version=v2&type=unheard'],
	['an alert, which is in no list', '/activities?version=v2&type=connectionIssue'],
	['a lead state, as long as it lists none', '/activities?version=v2&type=warmed'],
])('refuses %s', async (_, path) => {
	const answer = await ask(path);
	expect([answer.status, answer.text]).toEqual([400, 'Bad params']);
});

test('may answer an empty object to a type that it does not list', async () => {
	obey({ unlistedType: 'empty object' });
	expect((await ask('/activities?version=v2&type=unheard')).text).toBe('{}');
});

test('leaves alerts out, and lead states unless it lists them; other activities are there that are no events', async () => {
	obey({ activityPages: 'full' });
	await sandbox.deliver(activityOf('emailsReplied', { createdAt: hoursAgo(1) }), {
		alsoState: true,
	});
	happened('act_alert', {}, 'connectionIssue');
	sandbox.happen({ _id: 'act_chosen', type: 'conditionChosen', createdAt: hoursAgo(2) });
	const types = async () => (await list()).map(({ type }) => type).sort();
	expect(await types()).toEqual(['conditionChosen', 'emailsReplied']);
	obey({ stateEvents: 'listed' });
	expect(await types()).toEqual(['conditionChosen', 'emailsReplied', 'warmed']);
});

test('hands out short pages before the last one, none of which may be taken for the end, or full ones', async () => {
	const types = [
		'emailsReplied',
		'emailsSent',
		'emailsSent',
		'emailsReplied',
		'emailsReplied',
	] as const;
	types.forEach((type, index) => {
		happened(`act_${String(index)}`, { createdAt: hoursAgo(index + 1) }, type);
	});
	const pages = async () =>
		await Promise.all(
			[0, 2, 4, 6].map(
				async (offset) => await idsOf(`&type=emailsReplied&limit=2&offset=${String(offset)}`),
			),
		);
	expect(await pages()).toEqual([['act_0'], ['act_3'], ['act_4'], []]);
	obey({ activityPages: 'full' });
	expect(await pages()).toEqual([['act_0', 'act_3'], ['act_4'], [], []]);
});

test.each<[string, Parameters<typeof obey>[0], (rows: Activity[]) => void]>([
	[
		'ignore the type',
		{ activityTypeFilter: 'ignore' },
		(rows) => {
			expect(rows.map(({ type }) => type)).toEqual(['emailsSent']);
		},
	],
	[
		'give other ids than the deliveries',
		{ activityTypeFilter: 'ignore', activityIds: 'other' },
		(rows) => {
			expect(rows[0]?._id).not.toBe('act_1');
		},
	],
])('may %s', async (_, rules, check) => {
	obey(rules);
	happened('act_1', {}, 'emailsSent');
	check(await list('&type=emailsReplied'));
});

test('something may turn up late, with its own time', async () => {
	sandbox.happen(activityOf('linkedinReplied', { _id: 'act_late', createdAt: hoursAgo(2) }), 300);
	expect(await idsOf()).toEqual([]);
	await new Promise((resolve) => {
		setTimeout(resolve, 350);
	});
	expect(await idsOf()).toEqual(['act_late']);
});

test('tells each team its own', async () => {
	sandbox.keys.set('other-key', { state: 'valid', teamId: 'tea_Other' });
	happened('act_ours');
	happened('act_theirs', { teamId: 'tea_Other' });
	expect(await idsOf()).toEqual(['act_ours']);
	const theirs = await ask('/activities?version=v2', { key: 'other-key' });
	expect((theirs.json() as Activity[]).map(({ _id }) => _id)).toEqual(['act_theirs']);
});

test('is forgotten at a reset', async () => {
	happened('act_1');
	sandbox.reset();
	expect(await list()).toEqual([]);
});
