// The stand-in's activities: for each event the fields that lemlist gives it, by lemlist's
// names, in plausible shapes. The tables here are written from the documentation, not from the stand-in.
import { EVENT_GROUPS as NODE_GROUPS } from '../../nodes/LemlistTrigger/settings/events';
import {
	activityOf,
	byBot,
	EVENT_GROUPS,
	EVENT_TYPES,
	EVENTS_WITHOUT_CAMPAIGN,
	plausibleCampaigns,
	SANDBOX_CAMPAIGN,
	thirdPartyReply,
	type EventType,
} from '../sandbox';

const ISO_DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const EMAIL = /^[a-z.]+@(mail\.)?example\.(com|org)$/;
const PHONE = /^\+\d{11}$/;
const TEXT = /^\S.*\S$/;
const PAGE = /^https:\/\/\S+$/;
const RECIPIENTS = [
	{ address: expect.stringMatching(EMAIL) as string, name: expect.stringMatching(TEXT) as string },
];

const id = (prefix: string) => new RegExp(`^${prefix}_\\w{17}$`);

/** Every field that may occur, and what it looks like. */
const SHAPES: Readonly<Record<string, unknown>> = {
	_id: id('act'),
	type: /^[a-z][A-Za-z]+$/,
	teamId: id('tea'),
	createdAt: ISO_DATE,
	campaignId: id('cam'),
	campaignName: TEXT,
	name: TEXT,
	sequenceId: id('seq'),
	sequenceStep: expect.any(Number),
	totalSequenceStep: expect.any(Number),
	stepId: id('stp'),
	isFirst: true,
	stopped: false,
	leadId: id('lea'),
	contactId: id('ctc'),
	leadEmail: EMAIL,
	leadFirstName: TEXT,
	leadLastName: TEXT,
	leadCompanyName: TEXT,
	leadPhone: PHONE,
	leadPicture: PAGE,
	icebreaker: TEXT,
	'Team size': /^\d+$/,
	createdBy: id('usr'),
	sendUserId: id('usr'),
	sendUserEmail: EMAIL,
	sendUserName: TEXT,
	sendUserMailboxId: id('usm'),
	subject: TEXT,
	emailId: id('eml'),
	emailTemplateId: id('etp'),
	messageId: /^<[\w-]+@mail\.example\.org>$/,
	to: RECIPIENTS,
	cc: RECIPIENTS,
	bcc: RECIPIENTS,
	bot: false,
	relatedSentAt: ISO_DATE,
	text: TEXT,
	url: PAGE,
	errorMessage: TEXT,
	linkedinUrl: PAGE,
	phone: PHONE,
	duration: expect.any(Number),
	recordingUrl: PAGE,
	transcript: TEXT,
	note: TEXT,
	metaData: expect.any(Object),
	domain: /^[a-z.]+$/,
	limit: expect.any(Number),
	labels: [expect.stringMatching(TEXT)],
	signal: TEXT,
	data: [
		{
			id: expect.stringMatching(id('lea')) as string,
			email: expect.stringMatching(EMAIL) as string,
			phone: expect.stringMatching(PHONE) as string,
		},
	],
};

const ALWAYS = ['_id', 'teamId', 'createdAt'];
const CAMPAIGN = ['campaignId', 'campaignName', 'name'];
const SENDER = ['createdBy', 'sendUserId', 'sendUserEmail', 'sendUserName', 'sendUserMailboxId'];
const LEAD = [
	...ALWAYS,
	...CAMPAIGN,
	...SENDER,
	'sequenceId',
	'sequenceStep',
	'totalSequenceStep',
	'stepId',
	'isFirst',
	'leadId',
	'contactId',
	'leadEmail',
	'leadFirstName',
	'leadLastName',
	'leadCompanyName',
	'leadPhone',
	'leadPicture',
];

/** What every event of a group has. */
const OF_GROUP: Readonly<Record<string, readonly string[]>> = {
	leadStates: LEAD,
	email: [...LEAD, 'subject', 'emailId', 'emailTemplateId', 'messageId'],
	linkedin: [...LEAD, 'linkedinUrl'],
	whatsapp: [...LEAD, 'phone'],
	sms: [...LEAD, 'phone'],
	calls: [...LEAD, 'phone'],
	api: LEAD,
	manual: LEAD,
	tasks: [...LEAD, 'note'],
	workspace: [],
	enrichment: [],
	inbox: [...ALWAYS, 'contactId', 'labels'],
	signals: [...ALWAYS, 'contactId', 'signal'],
	deliverability: [...ALWAYS, ...SENDER],
};

/** What one event has besides. */
const OF_EVENT: Partial<Record<EventType, readonly string[]>> = {
	contacted: ['subject', 'to'],
	hooked: ['subject', 'bot'],
	attracted: ['subject', 'bot', 'url'],
	warmed: ['subject', 'to', 'text'],
	emailsSent: ['to', 'bcc'],
	emailsOpened: ['bot', 'relatedSentAt'],
	emailsClicked: ['bot', 'relatedSentAt', 'url'],
	emailsReplied: ['to', 'cc', 'text', 'relatedSentAt'],
	emailsBounced: ['to', 'errorMessage'],
	linkedinSent: ['text'],
	linkedinReplied: ['text', 'relatedSentAt'],
	linkedinOpened: ['bot'],
	whatsappMessageSent: ['text'],
	whatsappReplied: ['text'],
	smsSent: ['text'],
	smsReplied: ['text'],
	aircallEnded: ['duration'],
	aircallDone: ['duration', 'note'],
	callRecordingDone: ['duration', 'recordingUrl'],
	callTranscriptDone: ['duration', 'transcript'],
	apiDone: ['metaData'],
	paused: LEAD,
	resumed: LEAD,
	stopped: LEAD,
	campaignComplete: [...ALWAYS, ...CAMPAIGN],
	customDomainErrors: [...ALWAYS, 'domain', 'errorMessage'],
	connectionIssue: [...ALWAYS, ...SENDER, 'errorMessage'],
	sendLimitReached: [...ALWAYS, ...SENDER, 'limit'],
	lemwarmPaused: [...ALWAYS, ...SENDER],
	enrichmentDone: ['data'],
	enrichmentError: [...ALWAYS, 'errorMessage'],
	deliverabilityAlertTriggered: ['metaData'],
};

/** Fields that differ from one activity to the next of its kind. */
const FLEETING = new Set(['_id', 'createdAt', 'relatedSentAt', 'metaData']);
const lasting = (activity: object) =>
	Object.fromEntries(Object.entries(activity).filter(([field]) => !FLEETING.has(field)));

const CASES = EVENT_GROUPS.flatMap(({ key, events }) =>
	events.map(({ type }) => ({
		type,
		expected: [...(OF_GROUP[key] ?? []), ...(OF_EVENT[type] ?? [])],
	})),
);

const EMAIL_EVENTS = new Set<string>([
	'contacted',
	'hooked',
	'attracted',
	'warmed',
	'interested',
	'notInterested',
]);
const WITH_RECIPIENTS = new Set<string>([
	'emailsSent',
	'emailsReplied',
	'emailsBounced',
	'contacted',
	'warmed',
]);
const FAILURES = /Failed$|Bounced$|Error$|Errors$|^connectionIssue$/;

/** Fields that lemlist gives to some events only. */
const ONLY: ReadonlyArray<{ field: string; where: (type: string) => boolean }> = [
	{ field: 'subject', where: (type) => type.startsWith('emails') || EMAIL_EVENTS.has(type) },
	{ field: 'to', where: (type) => WITH_RECIPIENTS.has(type) },
	{ field: 'bcc', where: (type) => type === 'emailsSent' || type === 'contacted' },
	{ field: 'errorMessage', where: (type) => FAILURES.test(type) },
	{ field: 'campaignId', where: (type) => !EVENTS_WITHOUT_CAMPAIGN.has(type) },
	{
		field: 'leadId',
		where: (type) => !EVENTS_WITHOUT_CAMPAIGN.has(type) && type !== 'campaignComplete',
	},
	{ field: 'data', where: (type) => type === 'enrichmentDone' },
];

test('each event once, under the headings and by the names of the list in n8n', () => {
	expect(new Set(EVENT_TYPES).size).toBe(EVENT_TYPES.length);
	const named = (
		groups: ReadonlyArray<{ name: string; events: ReadonlyArray<{ type: string; name: string }> }>,
	) => groups.map(({ name, events }) => [name, events.map((event) => [event.type, event.name])]);
	const here = EVENT_GROUPS.map(({ name, events }) => ({
		name,
		events: events.map(({ type, label }) => ({ type, name: label })),
	}));
	expect(named(here)).toEqual(
		named(NODE_GROUPS.map(({ title, events }) => ({ name: title, events }))),
	);
});

describe.each(CASES)('$type', ({ type, expected }) => {
	const activity = activityOf(type);

	test('has the fields of its group, and none that others have', () => {
		expect(Object.keys(activity)).toEqual(expect.arrayContaining(['type', ...expected]));
		for (const { field, where } of ONLY)
			if (!where(type)) expect(activity).not.toHaveProperty([field]);
	});

	test('has plausible values under known names, and no secret', () => {
		expect(JSON.stringify(activity)).not.toContain('secret');
		for (const [field, value] of Object.entries(activity)) {
			const shape = SHAPES[field];
			if (shape === undefined)
				throw new Error(`${field} is no field that lemlist is known to send`);
			if (shape instanceof RegExp)
				expect([field, value]).toEqual([field, expect.stringMatching(shape)]);
			else expect([field, value]).toEqual([field, shape]);
		}
	});

	test('is another one each time, about the same people', () => {
		const another = activityOf(type);
		expect(lasting(another)).toEqual(lasting(activity));
		if (expected.includes('_id')) expect(another._id).not.toBe(activity._id);
	});

	test("takes fields of one's own", () => {
		expect(activityOf(type, { _id: 'act_1', extra: 1 })).toMatchObject({
			type,
			_id: 'act_1',
			extra: 1,
		});
	});
});

test('the activity that leads to a state looks like the state', () => {
	expect(lasting(activityOf('warmed'))).toEqual({
		...lasting(activityOf('emailsReplied')),
		type: 'warmed',
	});
});

test.each(plausibleCampaigns().map(({ _id, name }) => [_id, name]))(
	'in campaign %s the campaign is called %s',
	(campaignId, name) => {
		expect(activityOf('paused', { campaignId })).toMatchObject({
			campaignId,
			campaignName: name,
			name,
		});
	},
);

test('in a campaign that nobody knows the name is not that of another', () => {
	const { campaignName } = activityOf('paused', { campaignId: 'cam_unknown' });
	expect(plausibleCampaigns().map(({ name }) => name)).not.toContain(campaignName);
	expect(activityOf('paused').campaignId).toBe(SANDBOX_CAMPAIGN);
});

test.each(['emailsReplied', 'linkedinReplied', 'whatsappReplied', 'smsReplied', 'warmed'] as const)(
	'%s by somebody else is flagged, names them, and is tied to no campaign',
	(type) => {
		const reply = thirdPartyReply(type, { extra: 1 });
		expect(reply).toMatchObject({ type, isThirdPartyReply: true, extra: 1 });
		for (const field of ['campaignId', 'leadId', 'sequenceId'])
			expect(reply).not.toHaveProperty(field);
		expect(reply.leadEmail).not.toBe(activityOf(type).leadEmail);
		expect(reply.contactId).not.toBe(activityOf(type).contactId);
	},
);

test('a machine opens and clicks with the flag', () => {
	expect(byBot(activityOf('emailsOpened'))).toMatchObject({ type: 'emailsOpened', bot: true });
});
