// The events that a hook can ask for: lemlist's 75, under its headings, each with a name for people.

const GROUPS = [
	{
		key: 'leadStates',
		name: 'Lead states',
		events: {
			contacted: 'Lead contacted',
			hooked: 'Lead opened something',
			attracted: 'Lead clicked or accepted',
			warmed: 'Lead replied',
			interested: 'Lead is interested',
			notInterested: 'Lead is not interested',
		},
	},
	{
		key: 'email',
		name: 'Email',
		events: {
			emailsSent: 'Sent',
			emailsOpened: 'Opened',
			emailsClicked: 'Link clicked',
			emailsReplied: 'Replied',
			emailsBounced: 'Bounced',
			emailsFailed: 'Failed',
			emailsInterested: 'Interested',
			emailsNotInterested: 'Not interested',
			emailsUnsubscribed: 'Unsubscribed',
		},
	},
	{
		key: 'linkedin',
		name: 'LinkedIn',
		events: {
			linkedinSent: 'Message sent',
			linkedinOpened: 'Message opened',
			linkedinReplied: 'Replied',
			linkedinInterested: 'Interested',
			linkedinNotInterested: 'Not interested',
			linkedinSendFailed: 'Message failed',
			linkedinVisitDone: 'Profile visited',
			linkedinVisitFailed: 'Profile visit failed',
			linkedinFollowDone: 'Followed',
			linkedinFollowFailed: 'Follow failed',
			linkedinFollowSkipped: 'Follow skipped',
			linkedinInviteDone: 'Invite sent',
			linkedinInviteFailed: 'Invite failed',
			linkedinInviteAccepted: 'Invite accepted',
			linkedinEndorseDone: 'Endorsed',
			linkedinEndorseFailed: 'Endorsement failed',
			linkedinEndorseSkipped: 'Endorsement skipped',
			linkedinVoiceNoteDone: 'Voice note sent',
			linkedinVoiceNoteFailed: 'Voice note failed',
			linkedinLikeLastPostDone: 'Last post liked',
			linkedinLikeLastPostNoPost: 'No post to like',
			linkedinLikeLastPostFailed: 'Liking failed',
			linkedinWithdrawInvitationDone: 'Invite withdrawn',
			linkedinWithdrawInvitationFailed: 'Withdrawal failed',
		},
	},
	{
		key: 'whatsapp',
		name: 'WhatsApp',
		events: {
			whatsappMessageSent: 'Sent',
			whatsappMessageDelivered: 'Delivered',
			whatsappMessageOpened: 'Opened',
			whatsappReplied: 'Replied',
			whatsappMessageFailed: 'Failed',
		},
	},
	{
		key: 'sms',
		name: 'SMS',
		events: {
			smsSent: 'Sent',
			smsDelivered: 'Delivered',
			smsReplied: 'Replied',
			smsFailed: 'Failed',
		},
	},
	{
		key: 'calls',
		name: 'Calls',
		events: {
			aircallCreated: 'Started',
			aircallEnded: 'Ended',
			aircallDone: 'Task done',
			aircallInterested: 'Interested',
			aircallNotInterested: 'Not interested',
			callRecordingDone: 'Recording ready',
			callTranscriptDone: 'Transcript ready',
		},
	},
	{
		key: 'api',
		name: 'API',
		events: {
			apiDone: 'Step done',
			apiInterested: 'Interested',
			apiNotInterested: 'Not interested',
			apiFailed: 'Step failed',
		},
	},
	{
		key: 'manual',
		name: 'By hand',
		events: {
			manualInterested: 'Interested',
			manualNotInterested: 'Not interested',
		},
	},
	{ key: 'tasks', name: 'Tasks', events: { annotated: 'Note added' } },
	{
		key: 'workspace',
		name: 'Workspace',
		events: {
			paused: 'Lead paused',
			resumed: 'Lead resumed',
			stopped: 'Lead stopped',
			campaignComplete: 'Campaign complete',
			customDomainErrors: 'Custom domain error',
			connectionIssue: 'Mailbox disconnected',
			sendLimitReached: 'Send limit reached',
			lemwarmPaused: 'Lemwarm paused',
		},
	},
	{
		key: 'enrichment',
		name: 'Enrichment',
		events: { enrichmentDone: 'Done', enrichmentError: 'Failed' },
	},
	{ key: 'inbox', name: 'Inbox', events: { inboxLabelUpdated: 'Label changed' } },
	{ key: 'signals', name: 'Signal agents', events: { signalRegistered: 'Signal found' } },
	{
		key: 'deliverability',
		name: 'Deliverability',
		events: { deliverabilityAlertTriggered: 'Alert' },
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

/** The lead state that an activity adds up to, if any. */
export function stateAfter(type: string): string | undefined {
	return Object.entries(CAUSES_OF_STATE).find(([, causes]) =>
		causes.some((cause) => cause === type),
	)?.[0];
}
