/** The Campaigns dropdown of the built node against the stand-in for lemlist. */
import { plausibleCampaigns } from '../../sandbox';
import type { Trigger } from '../host';
import { EVENTS, pausesPassAtOnce, Stage, status, wordsOf } from '../stage';

const stage = new Stage();
pausesPassAtOnce();

function campaigns(count: number): void {
	stage.lemlist.campaigns.splice(
		0,
		Infinity,
		...plausibleCampaigns(count).map((campaign) => ({ ...campaign, teamId: stage.lemlist.teamId })),
	);
	stage.lemlist.rules.rateLimit.requests = 100;
}

test('lists running campaigns first and archived ones, which it marks, last, and tells campaigns of one name apart', async () => {
	campaigns(0);
	const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
	const { teamId } = stage.lemlist;
	stage.lemlist.campaigns.push(
		{ _id: 'cam_old', name: 'Spring', status: 'running', createdAt: at(1), teamId },
		{ _id: 'cam_archived', name: 'Spring', status: 'archived', createdAt: at(5), teamId },
		{ _id: 'cam_nameless', status: 'paused', createdAt: at(2), teamId } as never,
		{ _id: 'cam_draft', name: ' ', status: 'draft', createdAt: at(3), teamId },
		{ _id: 'cam_new', name: 'Summer', status: 'running', createdAt: at(4), teamId },
	);
	expect(await stage.trigger().campaigns()).toEqual([
		{ name: 'Summer', value: 'cam_new', description: 'Running – cam_new' },
		{ name: 'Spring', value: 'cam_old', description: 'Running – cam_old' },
		{ name: 'cam_draft', value: 'cam_draft', description: 'Draft – cam_draft' },
		{ name: 'cam_nameless', value: 'cam_nameless', description: 'Paused – cam_nameless' },
		{ name: 'Spring (archived)', value: 'cam_archived', description: 'Archived – cam_archived' },
	]);
});

test.each(['campaigns', 'data', 'results', 'array'] as const)(
	'understands a list in the shape "%s", with and without status',
	async (shape) => {
		campaigns(230);
		stage.lemlist.rules.campaignShape = shape;
		expect(await stage.trigger().campaigns()).toHaveLength(230);
		stage.lemlist.rules.campaignStatus = 'absent';
		expect((await stage.trigger().campaigns())[0]?.description).toMatch(/^cam_/);
	},
);

test.each([
	[99, 99, 1],
	[100, 100, 2],
	[1_000, 1_000, 11],
])('%i campaigns: %i rows, %i requests', async (count, rows, requests) => {
	campaigns(count);
	expect(await stage.trigger().campaigns()).toHaveLength(rows);
	expect(stage.lemlist.requests).toHaveLength(requests);
});

test('lists the newest thousand and says that there are more', async () => {
	campaigns(1_234);
	const rows = await stage.trigger().campaigns();
	expect(rows).toHaveLength(1_001);
	expect(rows.at(-1)).toMatchObject({
		value: 'more',
		disabled: true,
		description: expect.stringContaining('not listed') as string,
	});
	const newest = [...stage.lemlist.campaigns]
		.sort((one, other) => other.createdAt.localeCompare(one.createdAt))
		.slice(0, 1_000)
		.map((campaign) => campaign._id);
	expect(
		rows
			.slice(0, -1)
			.map((row) => row.value)
			.sort(),
	).toEqual(newest.sort());
});

test('stops when the same page comes again', async () => {
	campaigns(300);
	stage.lemlist.rules.campaignPages = 'ignore';
	expect(await stage.trigger().campaigns()).toHaveLength(100);
	expect(stage.lemlist.requests).toHaveLength(2);
});

/** n8n locks the field and keeps the reason to itself when loading throws, so the rows have to tell. */
async function reasonIn(trigger: Trigger): Promise<string> {
	const rows = await trigger.campaigns();
	expect(
		rows.every(({ disabled, value }) => disabled === true && !String(value).startsWith('cam_')),
	).toBe(true);
	expect(new Set(rows.map(({ value }) => value)).size).toBe(rows.length);
	expect(rows.at(-1)?.description).toContain('Refresh List');
	// n8n cuts long descriptions off, so there is a row for each sentence; the first stands out.
	expect(
		rows.map(({ description }) => description).filter((text = '') => /[.] [A-Z]/.test(text)),
	).toEqual([]);
	expect(rows[0]?.description).toMatch(/^<b>.*<\/b>$/);
	return wordsOf(rows);
}

test.each<[string, object, RegExp]>([
	['the key is wrong', { apiKey: 'wrong' }, /rejected the API key\. Create a new one/],
	['the key is empty', { apiKey: '' }, /API key of the credential is empty/],
])('says so instead of being empty when %s', async (_, credential, words) => {
	expect(await reasonIn(stage.trigger({}, credential as never))).toMatch(words);
});

test('says so when no credential is picked', async () => {
	const trigger = stage.host.trigger({
		parameters: { events: EVENTS },
		credential: { data: undefined },
	});
	expect(await reasonIn(trigger)).toMatch(
		/^No credential is picked\. Pick one at the top of the trigger/,
	);
});

test.each<[string, number, RegExp]>([
	['has a problem', 500, /problem on its side/],
	['has blocked the user', 403, /denied access/],
])('says so when lemlist %s', async (_, code, words) => {
	stage.lemlist.fault({ effect: status(code), times: Infinity });
	expect(await reasonIn(stage.trigger())).toMatch(words);
});

test('says so when the team has no campaigns', async () => {
	campaigns(0);
	expect(await reasonIn(stage.trigger())).toMatch(
		/^This lemlist team has no campaigns yet\. Leave this field empty/,
	);
	expect(stage.lemlist.requests).toHaveLength(1);
});

test('says so when lemlist wants more patience than somebody who opens a list has', async () => {
	stage.lemlist.fault({ effect: status(429, { headers: { 'retry-after': '35' } }) });
	expect(await reasonIn(stage.trigger())).toMatch(/too many/);
});

test('waits for twenty seconds when lemlist asks for that', async () => {
	stage.lemlist.fault({ effect: status(429, { headers: { 'retry-after': '20' } }) });
	const { length } = stage.lemlist.campaigns;
	expect(await stage.trigger().campaigns()).toHaveLength(length);
});

test.each<[number, string]>([
	[400, 'lemlist refused'],
	[402, 'plan of this team'],
])('quotes neither key nor Webhook Secret that came back with %i', async (code, words) => {
	const trigger = stage.trigger({}, { webhookSecret: 'my webhook secret' });
	for (const hidden of [stage.lemlist.apiKey, 'my webhook secret']) {
		stage.lemlist.fault({ effect: status(code, { body: `Bad ${hidden}` }) });
		const rows = JSON.stringify(await trigger.campaigns());
		expect(rows).toContain(words);
		expect(rows).not.toContain(hidden);
	}
});

test.each<[number, string, string]>([
	[
		402,
		'route is available starting emailPro plan',
		'plan of this team does not include this, or has run out ("route is available starting emailPro plan").',
	],
	[418, '{"error":"short and stout"}', '(HTTP 418: "short and stout")'],
])('quotes lemlist where its status alone tells nothing: %i', async (code, body, words) => {
	stage.lemlist.fault({
		effect: status(code, {
			body,
			contentType: body.startsWith('{') ? 'application/json' : 'text/plain',
		}),
	});
	expect(await reasonIn(stage.trigger())).toContain(words);
});

test('says so when lemlist cannot be reached', async () => {
	await stage.lemlist.stopListening();
	expect(await reasonIn(stage.trigger())).toMatch(/could not be reached/);
	await stage.lemlist.startListening();
});
