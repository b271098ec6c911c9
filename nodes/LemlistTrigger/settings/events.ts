/**
 * The catalogue: lemlist's 75 event types under their 14 headings, as data. Every list of events
 * in this package (dropdown, node panel, filters, the tables of docs/events.md) derives from it.
 * Pure: knows nothing of n8n.
 */

interface EventEntry {
	/** lemlist's name of the event, as sent to and received from its API. */
	type: string;
	/** What a salesperson reads. */
	name: string;
	description: string;
	/** The event belongs to no campaign, so its hook is always for the whole team. */
	teamWide?: true;
	/** An answer from a person: what Replies From Other People is about. */
	reply?: true;
	/** An open or a click, which a machine can cause as well: what Ignore Bots is about. */
	openOrClick?: true;
	/** lemlist does not list it among its activities, or not as it delivers it: what is missed stays missed. */
	unlisted?: true;
	/** Events of single channels that lemlist reports a second time under this one. */
	includes?: readonly string[];
}

interface GroupEntry {
	/** Stable part of the heading's value, `group:<key>`: saved workflows may hold it. */
	key: string;
	title: string;
	events: readonly EventEntry[];
}

/** In the order of the tables of lemlist's page "Add Webhook". */
export const EVENT_GROUPS = [
	{
		key: 'lead',
		title: 'Lead on any channel',
		events: [
			{
				type: 'contacted',
				name: 'Lead Contacted (Any Channel)',
				description: 'A step of a campaign reached the lead, whatever the channel',
				includes: ['emailsSent', 'linkedinSent', 'whatsappMessageSent', 'smsSent', 'apiDone'],
			},
			{
				type: 'hooked',
				name: 'Lead Opened a Message (Any Channel)',
				description: 'The lead opened an email, a LinkedIn message or a WhatsApp message',
				openOrClick: true,
				includes: ['emailsOpened', 'linkedinOpened', 'whatsappMessageOpened'],
			},
			{
				type: 'attracted',
				name: 'Lead Showed Interest (Any Channel)',
				description: 'The lead clicked on a link or accepted your LinkedIn invite',
				openOrClick: true,
				includes: ['emailsClicked', 'linkedinInviteAccepted'],
			},
			{
				type: 'warmed',
				name: 'Lead Replied (Any Channel)',
				description: 'The lead answered by email, LinkedIn, WhatsApp or SMS',
				reply: true,
				includes: ['emailsReplied', 'linkedinReplied', 'whatsappReplied', 'smsReplied'],
			},
			{
				type: 'interested',
				name: 'Lead Interested (Any Channel)',
				description: 'The lead was marked as interested, wherever that was done',
				includes: [
					'emailsInterested',
					'linkedinInterested',
					'aircallInterested',
					'apiInterested',
					'manualInterested',
				],
			},
			{
				type: 'notInterested',
				name: 'Lead Not Interested (Any Channel)',
				description: 'The lead was marked as not interested, wherever that was done',
				includes: [
					'emailsNotInterested',
					'linkedinNotInterested',
					'aircallNotInterested',
					'apiNotInterested',
					'manualNotInterested',
				],
			},
		],
	},
	{
		key: 'email',
		title: 'Email',
		events: [
			{ type: 'emailsSent', name: 'Email Sent', description: 'An email went out to the lead' },
			{
				type: 'emailsOpened',
				name: 'Email Opened',
				description: 'An email was opened (mail scanners open emails too: see Ignore Bots)',
				openOrClick: true,
			},
			{
				type: 'emailsClicked',
				name: 'Email Link Clicked',
				description: 'A link in an email was clicked (mail scanners do that too: see Ignore Bots)',
				openOrClick: true,
			},
			{
				type: 'emailsReplied',
				name: 'Email Replied',
				description: 'Somebody answered one of your emails',
				reply: true,
			},
			{
				type: 'emailsBounced',
				name: 'Email Bounced',
				description: 'An email could not be delivered and came back',
			},
			{
				type: 'emailsFailed',
				name: 'Email Failed',
				description: 'lemlist could not send an email',
			},
			{
				type: 'emailsInterested',
				name: 'Lead Interested (Email)',
				description: 'The lead was marked as interested on an email step',
			},
			{
				type: 'emailsNotInterested',
				name: 'Lead Not Interested (Email)',
				description: 'The lead was marked as not interested on an email step',
			},
			{
				type: 'emailsUnsubscribed',
				name: 'Lead Unsubscribed (Email)',
				description: 'The lead asked not to get emails any more',
			},
		],
	},
	{
		key: 'linkedin',
		title: 'LinkedIn',
		events: [
			{
				type: 'linkedinSent',
				name: 'LinkedIn Message Sent',
				description: 'A LinkedIn message went out to the lead',
			},
			{
				type: 'linkedinOpened',
				name: 'LinkedIn Message Opened',
				description: 'The lead read a LinkedIn message',
				openOrClick: true,
			},
			{
				type: 'linkedinReplied',
				name: 'LinkedIn Message Replied',
				description: 'Somebody answered one of your LinkedIn messages',
				reply: true,
			},
			{
				type: 'linkedinInterested',
				name: 'Lead Interested (LinkedIn)',
				description: 'The lead was marked as interested on a LinkedIn step',
			},
			{
				type: 'linkedinNotInterested',
				name: 'Lead Not Interested (LinkedIn)',
				description: 'The lead was marked as not interested on a LinkedIn step',
			},
			{
				type: 'linkedinSendFailed',
				name: 'LinkedIn Message Failed',
				description: 'A LinkedIn message could not be sent',
			},
			{
				type: 'linkedinVisitDone',
				name: 'LinkedIn Profile Visited',
				description: 'Your sender looked at the profile of the lead',
			},
			{
				type: 'linkedinVisitFailed',
				name: 'LinkedIn Profile Visit Failed',
				description: 'The profile of the lead could not be visited',
			},
			{
				type: 'linkedinFollowDone',
				name: 'LinkedIn Profile Followed',
				description: 'Your sender now follows the lead',
			},
			{
				type: 'linkedinFollowFailed',
				name: 'LinkedIn Follow Failed',
				description: 'The lead could not be followed',
			},
			{
				type: 'linkedinFollowSkipped',
				name: 'LinkedIn Follow Skipped',
				description: 'The step to follow the lead was skipped',
			},
			{
				type: 'linkedinInviteDone',
				name: 'LinkedIn Invite Sent',
				description: 'An invite to connect went out to the lead',
			},
			{
				type: 'linkedinInviteFailed',
				name: 'LinkedIn Invite Failed',
				description: 'An invite to connect could not be sent',
			},
			{
				type: 'linkedinInviteAccepted',
				name: 'LinkedIn Invite Accepted',
				description: 'The lead accepted your invite to connect',
			},
			{
				type: 'linkedinEndorseDone',
				name: 'LinkedIn Skills Endorsed',
				description: 'Your sender endorsed skills of the lead',
			},
			{
				type: 'linkedinEndorseFailed',
				name: 'LinkedIn Endorsement Failed',
				description: 'Skills of the lead could not be endorsed',
			},
			{
				type: 'linkedinEndorseSkipped',
				name: 'LinkedIn Endorsement Skipped',
				description: 'The step to endorse the lead was skipped',
			},
			{
				type: 'linkedinVoiceNoteDone',
				name: 'LinkedIn Voice Note Sent',
				description: 'A voice note went out to the lead',
			},
			{
				type: 'linkedinVoiceNoteFailed',
				name: 'LinkedIn Voice Note Failed',
				description: 'A voice note could not be sent',
			},
			{
				type: 'linkedinLikeLastPostDone',
				name: 'LinkedIn Post Liked',
				description: 'Your sender liked the latest post of the lead',
			},
			{
				type: 'linkedinLikeLastPostNoPost',
				name: 'LinkedIn Post Not Found',
				description: 'The lead has no post that could be liked',
			},
			{
				type: 'linkedinLikeLastPostFailed',
				name: 'LinkedIn Post Like Failed',
				description: 'The latest post of the lead could not be liked',
			},
			{
				type: 'linkedinWithdrawInvitationDone',
				name: 'LinkedIn Invite Withdrawn',
				description: 'An invite that was not accepted was taken back',
			},
			{
				type: 'linkedinWithdrawInvitationFailed',
				name: 'LinkedIn Invite Withdrawal Failed',
				description: 'An invite could not be taken back',
			},
		],
	},
	{
		key: 'whatsapp',
		title: 'WhatsApp',
		events: [
			{
				type: 'whatsappMessageSent',
				name: 'WhatsApp Message Sent',
				description: 'A WhatsApp message went out to the lead',
			},
			{
				type: 'whatsappMessageDelivered',
				name: 'WhatsApp Message Delivered',
				description: 'A WhatsApp message arrived on the phone of the lead',
			},
			{
				type: 'whatsappMessageOpened',
				name: 'WhatsApp Message Opened',
				description: 'The lead read a WhatsApp message',
				openOrClick: true,
			},
			{
				type: 'whatsappReplied',
				name: 'WhatsApp Message Replied',
				description: 'Somebody answered one of your WhatsApp messages',
				reply: true,
			},
			{
				type: 'whatsappMessageFailed',
				name: 'WhatsApp Message Failed',
				description: 'A WhatsApp message could not be sent',
			},
		],
	},
	{
		key: 'sms',
		title: 'SMS',
		events: [
			{ type: 'smsSent', name: 'SMS Sent', description: 'A text message went out to the lead' },
			{
				type: 'smsDelivered',
				name: 'SMS Delivered',
				description: 'A text message arrived on the phone of the lead',
			},
			{
				type: 'smsReplied',
				name: 'SMS Replied',
				description: 'Somebody answered one of your text messages',
				reply: true,
			},
			{ type: 'smsFailed', name: 'SMS Failed', description: 'A text message could not be sent' },
		],
	},
	{
		key: 'call',
		title: 'Calls',
		events: [
			{
				type: 'aircallCreated',
				name: 'Call Started',
				description: 'A call to or from the lead began',
			},
			{ type: 'aircallEnded', name: 'Call Ended', description: 'A call with the lead is over' },
			{
				type: 'aircallDone',
				name: 'Call Task Done',
				description: 'The call step of the campaign was completed',
			},
			{
				type: 'aircallInterested',
				name: 'Lead Interested (Call)',
				description: 'The lead was marked as interested on a call',
			},
			{
				type: 'aircallNotInterested',
				name: 'Lead Not Interested (Call)',
				description: 'The lead was marked as not interested on a call',
			},
			{
				type: 'callRecordingDone',
				name: 'Call Recording Ready',
				description: 'The recording of a call can be listened to',
				unlisted: true,
			},
			{
				type: 'callTranscriptDone',
				name: 'Call Transcript Ready',
				description: 'The transcript of a call can be read',
				unlisted: true,
			},
		],
	},
	{
		key: 'api',
		title: 'API steps',
		events: [
			{
				type: 'apiDone',
				name: 'API Step Done',
				description: 'A campaign step that calls another system succeeded',
			},
			{
				type: 'apiInterested',
				name: 'Lead Interested (API)',
				description: 'Another system marked the lead as interested',
			},
			{
				type: 'apiNotInterested',
				name: 'Lead Not Interested (API)',
				description: 'Another system marked the lead as not interested',
			},
			{
				type: 'apiFailed',
				name: 'API Step Failed',
				description: 'A campaign step that calls another system went wrong',
			},
		],
	},
	{
		key: 'manual',
		title: 'Marked by hand',
		events: [
			{
				type: 'manualInterested',
				name: 'Lead Interested (By Hand)',
				description: 'Somebody in your team marked the lead as interested',
			},
			{
				type: 'manualNotInterested',
				name: 'Lead Not Interested (By Hand)',
				description: 'Somebody in your team marked the lead as not interested',
			},
		],
	},
	{
		key: 'task',
		title: 'Tasks and notes',
		events: [
			{
				type: 'annotated',
				name: 'Note Added to Lead',
				description: 'A note was written about the lead',
			},
		],
	},
	{
		key: 'workspace',
		title: 'Campaigns and workspace',
		events: [
			{
				type: 'paused',
				name: 'Lead Paused',
				description: 'The campaign was put on hold for the lead',
			},
			{ type: 'resumed', name: 'Lead Resumed', description: 'The campaign goes on for the lead' },
			{ type: 'stopped', name: 'Lead Stopped', description: 'The campaign was ended for the lead' },
			{
				type: 'campaignComplete',
				name: 'Campaign Completed',
				description: 'The campaign has come to its end',
				unlisted: true,
			},
			{
				type: 'customDomainErrors',
				name: 'Custom Domain Error',
				description: 'Something is wrong with your tracking domain',
				teamWide: true,
				unlisted: true,
			},
			{
				type: 'connectionIssue',
				name: 'Mailbox Disconnected',
				description: 'lemlist lost the connection to a sending account',
				teamWide: true,
				unlisted: true,
			},
			{
				type: 'sendLimitReached',
				name: 'Daily Send Limit Reached',
				description: 'A sender has used up the messages of the day',
				teamWide: true,
				unlisted: true,
			},
			{
				type: 'lemwarmPaused',
				name: 'Lemwarm Paused',
				description: 'lemlist stopped warming up a mailbox for now',
				teamWide: true,
				unlisted: true,
			},
		],
	},
	{
		key: 'enrichment',
		title: 'Enrichment',
		events: [
			{
				type: 'enrichmentDone',
				name: 'Enrichment Done',
				description: 'Contact details that you asked for were looked up',
				teamWide: true,
				unlisted: true,
			},
			{
				type: 'enrichmentError',
				name: 'Enrichment Failed',
				description: 'Contact details could not be looked up',
				teamWide: true,
				unlisted: true,
			},
		],
	},
	{
		key: 'inbox',
		title: 'Inbox',
		events: [
			{
				type: 'inboxLabelUpdated',
				name: 'Inbox Label Changed',
				description: 'A conversation got or lost a label',
				teamWide: true,
				unlisted: true,
			},
		],
	},
	{
		key: 'signal',
		title: 'Signal agents',
		events: [
			{
				type: 'signalRegistered',
				name: 'Signal Detected',
				description: 'A signal agent found something new',
				teamWide: true,
				unlisted: true,
			},
		],
	},
	{
		key: 'deliverability',
		title: 'Deliverability hub',
		events: [
			{
				type: 'deliverabilityAlertTriggered',
				name: 'Deliverability Alert',
				description: 'lemlist warns that your emails may not reach inboxes',
				teamWide: true,
				unlisted: true,
			},
		],
	},
] as const satisfies readonly GroupEntry[];

/** One of lemlist's 75 event types. */
export type EventType = (typeof EVENT_GROUPS)[number]['events'][number]['type'];

/** An entry of the catalogue with the type of its `type` known. */
export type LemlistEvent = EventEntry & { type: EventType };

/** The value that stands for every event, present and future: one hook without a type. */
export const ALL_EVENTS = '*';

/** What a heading's value starts with; the group's key follows. */
export const GROUP_PREFIX = 'group:';

/** All 75 events in the catalogue's order. */
export const EVENTS: readonly LemlistEvent[] = EVENT_GROUPS.flatMap(
	(group): readonly LemlistEvent[] => group.events,
);

/** Types that lemlist removed, with what its documentation names instead (null: nothing). */
export const REMOVED_EVENTS: Readonly<Record<string, string | null>> = {
	skipped: null,
	emailsSendFailed: '"emailsFailed" (Email Failed)',
	opportunitiesDone:
		'"annotated" (Note Added to Lead), or the event of the task that you mean, such as "aircallDone" (Call Task Done)',
};

const EVENTS_BY_TYPE: ReadonlyMap<string, LemlistEvent> = new Map(
	EVENTS.map((event) => [event.type, event]),
);

/** @returns the catalogue's entry for a type, undefined for a type that it does not list. */
export function eventOf(type: string): LemlistEvent | undefined {
	return EVENTS_BY_TYPE.get(type);
}

/** @returns whether an event has a trait; an event that the catalogue does not list has none */
export function hasTrait(
	type: string,
	trait: 'teamWide' | 'reply' | 'openOrClick' | 'unlisted',
): boolean {
	return EVENTS_BY_TYPE.get(type)?.[trait] === true;
}
