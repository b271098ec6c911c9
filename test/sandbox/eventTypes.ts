// The events that a hook can ask for: all of lemlist's, under its headings, each by the name that people know from the
// trigger's own list.

const GROUPS = [
	{
		key: 'leadStates',
		name: 'Lead on any channel',
		events: {
			contacted: 'Lead Contacted (Any Channel)',
			hooked: 'Lead Opened a Message (Any Channel)',
			attracted: 'Lead Showed Interest (Any Channel)',
			warmed: 'Lead Replied (Any Channel)',
			interested: 'Lead Interested (Any Channel)',
			notInterested: 'Lead Not Interested (Any Channel)',
		},
	},
	{
		key: 'email',
		name: 'Email',
		events: {
			emailsSent: 'Email Sent',
			emailsOpened: 'Email Opened',
			emailsClicked: 'Email Link Clicked',
			emailsReplied: 'Email Replied',
			emailsBounced: 'Email Bounced',
			emailsFailed: 'Email Failed',
			emailsInterested: 'Lead Interested (Email)',
			emailsNotInterested: 'Lead Not Interested (Email)',
			emailsUnsubscribed: 'Lead Unsubscribed (Email)',
		},
	},
	{
		key: 'linkedin',
		name: 'LinkedIn',
		events: {
			linkedinSent: 'LinkedIn Message Sent',
			linkedinOpened: 'LinkedIn Message Opened',
			linkedinReplied: 'LinkedIn Message Replied',
			linkedinInterested: 'Lead Interested (LinkedIn)',
			linkedinNotInterested: 'Lead Not Interested (LinkedIn)',
			linkedinSendFailed: 'LinkedIn Message Failed',
			linkedinVisitDone: 'LinkedIn Profile Visited',
			linkedinVisitFailed: 'LinkedIn Profile Visit Failed',
			linkedinFollowDone: 'LinkedIn Profile Followed',
			linkedinFollowFailed: 'LinkedIn Follow Failed',
			linkedinFollowSkipped: 'LinkedIn Follow Skipped',
			linkedinInviteDone: 'LinkedIn Invite Sent',
			linkedinInviteFailed: 'LinkedIn Invite Failed',
			linkedinInviteAccepted: 'LinkedIn Invite Accepted',
			linkedinEndorseDone: 'LinkedIn Skills Endorsed',
			linkedinEndorseFailed: 'LinkedIn Endorsement Failed',
			linkedinEndorseSkipped: 'LinkedIn Endorsement Skipped',
			linkedinVoiceNoteDone: 'LinkedIn Voice Note Sent',
			linkedinVoiceNoteFailed: 'LinkedIn Voice Note Failed',
			linkedinLikeLastPostDone: 'LinkedIn Post Liked',
			linkedinLikeLastPostNoPost: 'LinkedIn Post Not Found',
			linkedinLikeLastPostFailed: 'LinkedIn Post Like Failed',
			linkedinWithdrawInvitationDone: 'LinkedIn Invite Withdrawn',
			linkedinWithdrawInvitationFailed: 'LinkedIn Invite Withdrawal Failed',
		},
	},
	{
		key: 'whatsapp',
		name: 'WhatsApp',
		events: {
			whatsappMessageSent: 'WhatsApp Message Sent',
			whatsappMessageDelivered: 'WhatsApp Message Delivered',
			whatsappMessageOpened: 'WhatsApp Message Opened',
			whatsappReplied: 'WhatsApp Message Replied',
			whatsappMessageFailed: 'WhatsApp Message Failed',
		},
	},
	{
		key: 'sms',
		name: 'SMS',
		events: {
			smsSent: 'SMS Sent',
			smsDelivered: 'SMS Delivered',
			smsReplied: 'SMS Replied',
			smsFailed: 'SMS Failed',
		},
	},
	{
		key: 'calls',
		name: 'Calls',
		events: {
			aircallCreated: 'Call Started',
			aircallEnded: 'Call Ended',
			aircallDone: 'Call Task Done',
			aircallInterested: 'Lead Interested (Call)',
			aircallNotInterested: 'Lead Not Interested (Call)',
			callRecordingDone: 'Call Recording Ready',
			callTranscriptDone: 'Call Transcript Ready',
		},
	},
	{
		key: 'api',
		name: 'API steps',
		events: {
			apiDone: 'API Step Done',
			apiInterested: 'Lead Interested (API)',
			apiNotInterested: 'Lead Not Interested (API)',
			apiFailed: 'API Step Failed',
		},
	},
	{
		key: 'manual',
		name: 'Marked by hand',
		events: {
			manualInterested: 'Lead Interested (By Hand)',
			manualNotInterested: 'Lead Not Interested (By Hand)',
		},
	},
	{ key: 'tasks', name: 'Tasks and notes', events: { annotated: 'Note Added to Lead' } },
	{
		key: 'workspace',
		name: 'Campaigns and workspace',
		events: {
			paused: 'Lead Paused',
			resumed: 'Lead Resumed',
			stopped: 'Lead Stopped',
			campaignComplete: 'Campaign Completed',
			customDomainErrors: 'Custom Domain Error',
			connectionIssue: 'Mailbox Disconnected',
			sendLimitReached: 'Daily Send Limit Reached',
			lemwarmPaused: 'Lemwarm Paused',
		},
	},
	{
		key: 'enrichment',
		name: 'Enrichment',
		events: { enrichmentDone: 'Enrichment Done', enrichmentError: 'Enrichment Failed' },
	},
	{ key: 'inbox', name: 'Inbox', events: { inboxLabelUpdated: 'Inbox Label Changed' } },
	{ key: 'signals', name: 'Signal agents', events: { signalRegistered: 'Signal Detected' } },
	{
		key: 'deliverability',
		name: 'Deliverability hub',
		events: { deliverabilityAlertTriggered: 'Deliverability Alert' },
	},
] as const;

type KeysOfUnion<T> = T extends unknown ? keyof T : never;

export type EventGroup = (typeof GROUPS)[number]['key'];
export type EventType = KeysOfUnion<(typeof GROUPS)[number]['events']>;

/** All events by heading, in lemlist's order. */
export const EVENT_GROUPS = GROUPS.map(({ key, name, events }) => ({
	key,
	name,
	events: Object.entries(events).map(([type, label]) => ({ type: type as EventType, label })),
}));

export const EVENT_TYPES: readonly EventType[] = EVENT_GROUPS.flatMap(({ events }) =>
	events.map(({ type }) => type),
);

const GROUP_OF = new Map<string, EventGroup>(
	EVENT_GROUPS.flatMap(({ key, events }) => events.map(({ type }) => [type, key] as const)),
);

/** Whether lemlist knows this event; names that it has removed are not known. */
export function isEventType(type: unknown): type is EventType {
	return typeof type === 'string' && GROUP_OF.has(type);
}

/** The heading that an event stands under. */
export function groupOf(type: string): EventGroup | undefined {
	return GROUP_OF.get(type);
}

/** Events that belong to a team, not to a campaign. */
export const EVENTS_WITHOUT_CAMPAIGN: ReadonlySet<string> = new Set<EventType>([
	'customDomainErrors',
	'connectionIssue',
	'sendLimitReached',
	'lemwarmPaused',
	'enrichmentDone',
	'enrichmentError',
	'inboxLabelUpdated',
	'signalRegistered',
	'deliverabilityAlertTriggered',
]);

/** Lead states, each with the activities that bring a lead into it; the first is the usual one. */
export const CAUSES_OF_STATE: Readonly<Record<string, readonly [EventType, ...EventType[]]>> = {
	contacted: ['emailsSent', 'linkedinSent', 'whatsappMessageSent', 'smsSent', 'apiDone'],
	hooked: ['emailsOpened', 'linkedinOpened', 'whatsappMessageOpened'],
	attracted: ['emailsClicked', 'linkedinInviteAccepted'],
	warmed: ['emailsReplied', 'linkedinReplied', 'whatsappReplied', 'smsReplied'],
	interested: [
		'emailsInterested',
		'linkedinInterested',
		'aircallInterested',
		'apiInterested',
		'manualInterested',
	],
	notInterested: [
		'emailsNotInterested',
		'linkedinNotInterested',
		'aircallNotInterested',
		'apiNotInterested',
		'manualNotInterested',
	],
};

/** Whether this event is a lead state. */
export function isState(type: string): boolean {
	return Object.hasOwn(CAUSES_OF_STATE, type);
}

/** The lead state that an activity adds up to, if any. */
export function stateAfter(type: string): string | undefined {
	return Object.entries(CAUSES_OF_STATE).find(([, causes]) =>
		causes.some((cause) => cause === type),
	)?.[0];
}
