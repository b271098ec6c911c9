// The fields of lemlist's activities in sets that belong together, and which event has which sets.
// What lemlist documents has its name and type from there; everything else is named as seen.
import { nameOfCampaign, SANDBOX_CAMPAIGN } from './campaigns';
import type { EventGroup, EventType } from './eventTypes';
import { fixedId, newId, SANDBOX_TEAM } from './identifiers';
import { COLLEAGUE, LEAD, recipient, SENDER } from './people';

export type Fields = Record<string, unknown>;

const ONE_HOUR_MS = 60 * 60 * 1000;

/** Custom variables of the lead, with names that the user chose. */
const VARIABLES = { icebreaker: 'Congratulations on the new office!', 'Team size': '42' };

/** The names of the lead's variables. */
export const LEAD_VARIABLES: ReadonlySet<string> = new Set(Object.keys(VARIABLES));

/** Fields that belong together, made anew for each activity. */
const FIELD_SETS = {
	identity: ({ createdAt }) => ({ _id: newId('act'), teamId: SANDBOX_TEAM, createdAt }),
	campaign: ({ campaignId = SANDBOX_CAMPAIGN }) => {
		const name = nameOfCampaign(campaignId) ?? 'A campaign';
		return { campaignId, campaignName: name, name };
	},
	step: () => ({
		isFirst: true,
		stopped: false,
		sequenceId: fixedId('seq', 'SandboxSequence', 1),
		sequenceStep: 0,
		totalSequenceStep: 4,
		stepId: fixedId('stp', 'SandboxStep', 1),
	}),
	lead: () => ({
		leadId: LEAD.id,
		contactId: LEAD.contactId,
		leadEmail: LEAD.email,
		leadFirstName: LEAD.firstName,
		leadLastName: LEAD.lastName,
		leadCompanyName: LEAD.companyName,
		leadPhone: LEAD.phone,
		leadPicture: LEAD.picture,
		...VARIABLES,
	}),
	contact: () => ({ contactId: LEAD.contactId }),
	sender: () => ({
		createdBy: SENDER.id,
		sendUserId: SENDER.id,
		sendUserEmail: SENDER.email,
		sendUserName: SENDER.name,
		sendUserMailboxId: SENDER.mailboxId,
	}),
	email: () => ({
		subject: 'A question about Example SAS',
		emailId: fixedId('eml', 'SandboxEmail', 1),
		emailTemplateId: fixedId('etp', 'SandboxTemplate', 1),
		messageId: '<sandbox-email-1@mail.example.org>',
	}),
	outbound: () => ({ to: [recipient(LEAD)], bcc: [{ address: 'crm@example.org', name: 'CRM' }] }),
	inbound: () => ({ to: [recipient(SENDER)], cc: [recipient(COLLEAGUE)] }),
	bounced: () => ({ to: [recipient(LEAD)], errorMessage: '550 5.1.1 User unknown' }),
	linkedin: () => ({ linkedinUrl: LEAD.linkedinUrl }),
	phone: () => ({ phone: LEAD.phone }),
	task: () => ({ metaData: { taskId: newId('tsk') } }),
	reaction: ({ createdAt }) => ({ bot: false, relatedSentAt: anHourBefore(createdAt) }),
	message: () => ({ text: 'Hi Ada, do you have ten minutes on Tuesday?' }),
	reply: ({ createdAt }) => ({
		text: 'Sounds good, call me on Tuesday.',
		relatedSentAt: anHourBefore(createdAt),
	}),
	call: () => ({ duration: 125 }),
} as const satisfies Record<string, (given: Fields) => Fields>;

type FieldSet = keyof typeof FIELD_SETS;

const OF_LEAD = ['identity', 'campaign', 'step', 'lead', 'sender'] as const;
const OF_TEAM = ['identity'] as const;

const OF_GROUP: Readonly<Record<EventGroup, readonly FieldSet[]>> = {
	leadStates: OF_LEAD,
	email: [...OF_LEAD, 'email'],
	linkedin: [...OF_LEAD, 'linkedin', 'task'],
	whatsapp: [...OF_LEAD, 'phone'],
	sms: [...OF_LEAD, 'phone'],
	calls: [...OF_LEAD, 'phone', 'task'],
	api: OF_LEAD,
	manual: OF_LEAD,
	tasks: [...OF_LEAD, 'task'],
	workspace: OF_LEAD,
	enrichment: OF_TEAM,
	inbox: [...OF_TEAM, 'contact'],
	signals: [...OF_TEAM, 'contact'],
	deliverability: [...OF_TEAM, 'sender'],
};

/** Events that have other sets than their group. */
const INSTEAD: Partial<Record<EventType, readonly FieldSet[]>> = {
	campaignComplete: ['identity', 'campaign'],
	customDomainErrors: OF_TEAM,
	connectionIssue: [...OF_TEAM, 'sender'],
	sendLimitReached: [...OF_TEAM, 'sender'],
	lemwarmPaused: [...OF_TEAM, 'sender'],
	// The one event that has been seen without any of the common fields.
	enrichmentDone: [],
};

/** Sets that an event has besides those of its group. */
const BESIDES: Partial<Record<EventType, readonly FieldSet[]>> = {
	emailsSent: ['outbound'],
	emailsOpened: ['reaction'],
	emailsClicked: ['reaction'],
	emailsReplied: ['inbound', 'reply'],
	emailsBounced: ['bounced'],
	linkedinSent: ['message'],
	linkedinOpened: ['reaction'],
	linkedinReplied: ['reply'],
	linkedinInviteDone: ['message'],
	linkedinInviteAccepted: ['reaction'],
	whatsappMessageSent: ['message'],
	whatsappMessageOpened: ['reaction'],
	whatsappReplied: ['reply'],
	smsSent: ['message'],
	smsReplied: ['reply'],
	aircallEnded: ['call'],
	aircallDone: ['call'],
	callRecordingDone: ['call'],
	callTranscriptDone: ['call'],
};

/** Fields that one event alone has. */
const OWN: Partial<Record<EventType, Fields>> = {
	emailsClicked: { url: 'https://example.org/pricing' },
	emailsFailed: { errorMessage: 'The mailbox did not accept the email' },
	linkedinSendFailed: { errorMessage: 'The lead is no connection of the sender' },
	linkedinVisitFailed: { errorMessage: 'The profile does not exist' },
	linkedinFollowFailed: { errorMessage: 'The profile cannot be followed' },
	linkedinInviteFailed: { errorMessage: 'The weekly limit of invites is reached' },
	linkedinEndorseFailed: { errorMessage: 'The profile lists no skills' },
	linkedinVoiceNoteFailed: { errorMessage: 'The lead is no connection of the sender' },
	linkedinLikeLastPostFailed: { errorMessage: 'The post cannot be liked' },
	linkedinWithdrawInvitationFailed: { errorMessage: 'The invite was accepted already' },
	whatsappMessageFailed: { errorMessage: 'The number is not on WhatsApp' },
	smsFailed: { errorMessage: 'The number cannot receive text messages' },
	apiFailed: { errorMessage: 'The address answered with 500', metaData: { status: 500 } },
	apiDone: { metaData: { status: 200 } },
	aircallDone: { note: 'Wants a quote' },
	callRecordingDone: { recordingUrl: 'https://example.org/recordings/1.mp3' },
	callTranscriptDone: { transcript: 'Sam: Hello Ada! Ada: Hello Sam, good that you call.' },
	annotated: { note: 'Met at the fair' },
	customDomainErrors: { domain: 'links.example.org', errorMessage: 'There is no CNAME record' },
	connectionIssue: { errorMessage: 'The mailbox asks for a new log-in' },
	sendLimitReached: { limit: 100 },
	enrichmentDone: { data: [{ id: LEAD.id, email: LEAD.email, phone: LEAD.phone }] },
	enrichmentError: { errorMessage: 'There are no credits left' },
	inboxLabelUpdated: { labels: ['Hot'] },
	signalRegistered: { signal: 'jobChange' },
	deliverabilityAlertTriggered: { metaData: { score: 61 } },
};

/**
 * The fields of one event's activity, without `type`.
 *
 * @param given fields that the others should fit: a campaign's name its id, and all times `createdAt`
 */
export function fieldsOf(type: EventType, group: EventGroup, given: Fields): Fields {
	const sets = INSTEAD[type] ?? [...OF_GROUP[group], ...(BESIDES[type] ?? [])];
	const made = sets.map((set) => FIELD_SETS[set](given));
	return Object.assign({}, ...made, OWN[type]) as Fields;
}

function anHourBefore(createdAt: unknown): string {
	const time = typeof createdAt === 'string' ? Date.parse(createdAt) : NaN;
	return new Date((Number.isNaN(time) ? Date.now() : time) - ONE_HOUR_MS).toISOString();
}
