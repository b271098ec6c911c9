// Plausible activities for each event, as lemlist posts them: valid by default, changed a field at a
// time by whoever needs something else.
import { SANDBOX_CAMPAIGN } from './campaigns';
import {
	CAUSES_OF_STATE,
	EVENTS_WITHOUT_CAMPAIGN,
	groupOf,
	type EventGroup,
	type EventType,
} from './eventTypes';
import { fixedId, newId, SANDBOX_TEAM } from './identifiers';
import type { Activity } from './types';

type Fields = Record<string, unknown>;

const LEAD = { address: 'ada.martin@example.com', name: 'Ada Martin' };
const SENDER = { address: 'sam.weber@example.org', name: 'Sam Weber' };
const ONE_HOUR_MS = 60 * 60 * 1000;
/** Events that happen to a whole campaign rather than to one lead. */
const WITHOUT_LEAD = new Set(['campaignComplete']);

/**
 * An activity of the given type with the fields that its group has; `overrides` win. Identifiers of
 * activity and lead are new at each call; team and campaign are the sandbox's first ones.
 */
export function activityOf(type: EventType, overrides: Fields = {}): Activity {
	const shape = UNUSUAL[type] ?? flat;
	return { type, ...shape(type), ...overrides };
}

/** A reply by somebody else than the lead: flagged, and no longer tied to campaign and lead. */
export function thirdPartyReply(
	type: EventType = 'emailsReplied',
	overrides: Fields = {},
): Activity {
	const tied = new Set(['campaignId', 'leadId', 'sequenceId']);
	const untied = Object.entries(activityOf(type)).filter(([field]) => !tied.has(field));
	return { type, ...Object.fromEntries(untied), isThirdPartyReply: true, ...overrides };
}

/** The same activity, done by a machine. */
export function byBot(activity: Activity): Activity {
	return { ...activity, bot: true };
}

const UNUSUAL: Partial<Record<EventType, (type: EventType) => Fields>> = {
	enrichmentDone: () => ({ data: [{ id: newId('lea'), email: LEAD.address, status: 'done' }] }),
};

function flat(type: EventType): Fields {
	const ofCampaign = !EVENTS_WITHOUT_CAMPAIGN.has(type);
	return {
		_id: newId('act'),
		teamId: SANDBOX_TEAM,
		createdAt: new Date().toISOString(),
		...(ofCampaign && campaignFields()),
		...(ofCampaign && !WITHOUT_LEAD.has(type) && leadFields()),
		...groupFields(type),
		...OWN_FIELDS[type]?.(),
		...(type.endsWith('Failed') && { errorMessage: 'The provider turned this down' }),
	};
}

function campaignFields(): Fields {
	return {
		campaignId: SANDBOX_CAMPAIGN,
		campaignName: 'Founders in Paris',
		name: 'Founders in Paris',
	};
}

function leadFields(): Fields {
	return {
		isFirst: true,
		sequenceId: fixedId('seq', 'SandboxSequence', 1),
		sequenceStep: 0,
		totalSequenceStep: 4,
		stepId: fixedId('stp', 'SandboxStep', 1),
		leadId: newId('lea'),
		contactId: newId('ctc'),
		leadEmail: LEAD.address,
		leadFirstName: 'Ada',
		leadLastName: 'Martin',
		leadCompanyName: 'Example SAS',
		...senderFields(),
		// Custom variables of the lead, with names that the user chose.
		icebreaker: 'Congratulations on the new office!',
		'Team size': '42',
	};
}

function senderFields(): Fields {
	return {
		createdBy: fixedId('usr', 'SandboxUser', 1),
		sendUserId: fixedId('usr', 'SandboxUser', 1),
		sendUserEmail: SENDER.address,
		sendUserName: SENDER.name,
		sendUserMailboxId: 'mailbox-1',
	};
}

const BY_GROUP: Partial<Record<EventGroup, () => Fields>> = {
	email: () => ({
		subject: 'A question about Example SAS',
		emailId: 'email-1',
		emailTemplateId: 'template-1',
		messageId: `<${newId('act')}@mail.example.org>`,
	}),
	linkedin: () => ({ linkedinUrl: 'https://www.linkedin.com/in/ada-martin-example' }),
	whatsapp: () => ({ phone: '+33123456789', leadPhone: '+33123456789' }),
	sms: () => ({ phone: '+33123456789', leadPhone: '+33123456789' }),
	calls: () => ({ phone: '+33123456789', leadPhone: '+33123456789' }),
};

function groupFields(type: EventType): Fields {
	// A lead state looks like the activity that usually leads to it.
	const [cause = type] = CAUSES_OF_STATE[type] ?? [];
	const group = groupOf(cause);
	const fields = group === undefined ? undefined : BY_GROUP[group]?.();
	return { ...fields, ...(cause !== type && OWN_FIELDS[cause]?.()) };
}

function outbound(): Fields {
	return { to: [LEAD], bcc: [{ address: 'crm@example.org', name: 'CRM' }] };
}

function inbound(): Fields {
	return {
		to: [SENDER],
		cc: [{ address: 'grace@example.com', name: 'Grace' }],
		text: 'Sounds good, call me on Tuesday.',
		relatedSentAt: anHourAgo(),
	};
}

function reaction(): Fields {
	return { bot: false, relatedSentAt: anHourAgo() };
}

function written(): Fields {
	return { text: 'Sounds good, call me on Tuesday.' };
}

function anHourAgo(): string {
	return new Date(Date.now() - ONE_HOUR_MS).toISOString();
}

const OWN_FIELDS: Partial<Record<EventType, () => Fields>> = {
	emailsSent: outbound,
	emailsOpened: reaction,
	emailsClicked: () => ({ ...reaction(), url: 'https://example.org/pricing' }),
	emailsReplied: inbound,
	emailsBounced: () => ({ to: [LEAD], errorMessage: '550 5.1.1 User unknown' }),
	linkedinReplied: written,
	whatsappReplied: written,
	smsReplied: written,
	aircallEnded: () => ({ duration: 125 }),
	aircallDone: () => ({ duration: 125, note: 'Wants a quote' }),
	callRecordingDone: () => ({
		duration: 125,
		recordingUrl: 'https://example.org/recordings/1.mp3',
	}),
	callTranscriptDone: () => ({ duration: 125, transcript: 'Sam: Hello! Ada: Hello.' }),
	annotated: () => ({ note: 'Met at the fair' }),
	apiDone: () => ({ metaData: { status: 200 } }),
	customDomainErrors: () => ({ domain: 'links.example.org', errorMessage: 'No CNAME record' }),
	connectionIssue: () => ({ ...senderFields(), errorMessage: 'The mailbox asks for a new login' }),
	sendLimitReached: () => ({ ...senderFields(), limit: 100 }),
	lemwarmPaused: senderFields,
	enrichmentError: () => ({ errorMessage: 'No credits left' }),
	inboxLabelUpdated: () => ({ contactId: newId('ctc'), labels: ['Hot'] }),
	signalRegistered: () => ({ signal: 'jobChange', contactId: newId('ctc') }),
	deliverabilityAlertTriggered: () => ({ ...senderFields(), metaData: { score: 61 } }),
};
