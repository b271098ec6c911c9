/**
 * What histories are made of besides operations: what a user may pick, hooks of others, hooks that
 * should not be on the trigger's URL, and secrets that no genuine delivery carries.
 */
import { createHash } from 'node:crypto';
import {
	plausibleCampaigns,
	type Activity,
	type EventType,
	type RulesOptions,
	type StoredHook,
} from '../../sandbox';

const [FIRST, SECOND, THIRD] = plausibleCampaigns(3).map(({ _id }) => _id) as [
	string,
	string,
	string,
];

/** What the user picks in the node. */
export interface Picks {
	events: readonly (EventType | '*')[];
	campaigns: readonly string[];
}

export const EVENT_PICKS: readonly Picks['events'][] = [
	['emailsReplied'],
	['emailsReplied', 'linkedinReplied', 'interested'],
	['interested', 'connectionIssue'],
	['interested', 'emailsInterested'],
	[
		'emailsReplied',
		'emailsOpened',
		'emailsBounced',
		'interested',
		'linkedinReplied',
		'connectionIssue',
	],
	['*'],
];
export const CAMPAIGN_PICKS: readonly Picks['campaigns'][] = [
	[],
	[],
	[FIRST],
	[SECOND],
	[FIRST, SECOND],
];

/** Events that happen in histories, and where. */
export const DELIVERED_TYPES: readonly [EventType, ...EventType[]] = [
	'emailsReplied',
	'linkedinReplied',
	'interested',
	'connectionIssue',
];
export const DELIVERED_IN: readonly [string, ...string[]] = [FIRST, SECOND, THIRD];
/** The one of them that belongs to no campaign. */
export const TEAM_WIDE: EventType = 'connectionIssue';
/** The state of a lead among them, and what brings it about: two events of one activity. */
export const STATE: EventType = 'interested';
export const CAUSE_OF_STATE: EventType = 'emailsInterested';
/** Never picked and never happening: a hook of others may ask for it. */
export const OTHERS_TYPE: EventType = 'smsSent';

/** How lemlist behaves where its documentation is silent, or may be wrong. */
export type Ways = Required<
	Pick<
		RulesOptions,
		| 'takenTargetUrl'
		| 'hookOrder'
		| 'listDisabled'
		| 'dateHeader'
		| 'createdAtIn'
		| 'deliveryTypeOfStateEvents'
		| 'deliveryIdOfStateEvents'
		| 'stateEvents'
		| 'listedTypeOfStateEvents'
		| 'listedIdOfStateEvents'
		| 'unlistedType'
		| 'activityTypeFilter'
		| 'activityPages'
		| 'activityOrder'
		| 'activityIds'
		| 'activityTypes'
		| 'listedLead'
	>
> & {
	/** How far lemlist's clock is ahead, in milliseconds. */
	aheadMs: number;
};

/** Where lemlist's list tells of an activity as its delivery does. */
export interface Agreement {
	ofIds: boolean;
	ofLeads: boolean;
	/** Of the states of leads, whichever way they are asked for. */
	ofStates: boolean;
	/** Whether a state can be told from what brought it about, delivered and listed. */
	isStateApart: boolean;
	isStateListed: boolean;
	/** And that under its own name. */
	isStateNamed: boolean;
	/** Whether only what was asked for is listed. */
	ofTypes: boolean;
}

export function agreementOf(ways: Ways): Agreement {
	return {
		ofIds: ways.activityIds === 'same' && ways.activityTypes === 'same',
		ofLeads: ways.listedLead === 'variables',
		ofStates:
			ways.deliveryTypeOfStateEvents === 'state' &&
			ways.listedTypeOfStateEvents === 'state' &&
			ways.deliveryIdOfStateEvents === ways.listedIdOfStateEvents,
		isStateApart:
			(ways.deliveryTypeOfStateEvents === 'state' || ways.deliveryIdOfStateEvents === 'own') &&
			(ways.listedTypeOfStateEvents === 'state' || ways.listedIdOfStateEvents === 'own'),
		isStateListed: ways.stateEvents === 'listed',
		isStateNamed: ways.stateEvents === 'listed' && ways.listedTypeOfStateEvents === 'state',
		ofTypes: ways.activityTypeFilter === 'honour',
	};
}

/** Hooks that are not the trigger's, by their URL. */
export const FOREIGN_URLS = {
	'of somebody else': () => 'https://somebody-else.example.com/lemlist',
	'of a longer path': (webhookUrl: string) => `${webhookUrl}s`,
	'below our path': (webhookUrl: string) => `${webhookUrl}/more?hook=all.AAAAAAAAAAAAAAAA`,
	'of a copy of this n8n': (webhookUrl: string) =>
		`https://copy.example.com${new URL(webhookUrl).pathname}?hook=all.AAAAAAAAAAAAAAAA`,
	'of another workflow': (webhookUrl: string) =>
		webhookUrl.replace(
			/[^/]+\/webhook$/,
			'11111111-1111-4111-8111-111111111111/webhook?hook=all.AAAAAAAAAAAAAAAA',
		),
	'of the test URL': (webhookUrl: string) => webhookUrl.replace('/webhook/', '/webhook-test/'),
	'of a relay': (webhookUrl: string) => `https://relay.example.com/?to=${webhookUrl}`,
	'that is no URL': () => 'not a URL',
} satisfies Record<string, (webhookUrl: string) => string>;
export type ForeignUrl = keyof typeof FOREIGN_URLS;

interface Surroundings {
	webhookUrl: string;
	/** Hooks that are on the trigger's URL now. */
	own: readonly StoredHook[];
	/** Every hook that ever was, the latest last. */
	past: readonly StoredHook[];
}

/** Hooks on the trigger's URL that should not be there: what somebody has to have made. */
export const STRAY_HOOKS = {
	'without a query': ({ webhookUrl }: Surroundings) => ({ targetUrl: webhookUrl }),
	'with a wrong tag': ({ webhookUrl }: Surroundings) => ({
		targetUrl: `${webhookUrl}?hook=emailsReplied.AAAAAAAAAAAAAAAA`,
		type: 'emailsReplied',
		secret: 'made up',
	}),
	'with almost the right tag': (surroundings: Surroundings) => {
		const { targetUrl, type } = tagged(surroundings);
		return {
			targetUrl: targetUrl.slice(0, -1) + other(targetUrl.at(-1)),
			...(type !== undefined && { type }),
		};
	},
	'with more in the query': (surroundings: Surroundings) => ({
		targetUrl: `${tagged(surroundings).targetUrl}&more=1`,
	}),
	'a double': ({ webhookUrl, own }: Surroundings) =>
		withoutId(own.at(-1) ?? { targetUrl: webhookUrl }),
	'a double that is switched off': ({ webhookUrl, own }: Surroundings) => ({
		...withoutId(own.at(-1) ?? { targetUrl: webhookUrl }),
		disabled: true,
	}),
	'a revenant that is switched off': ({ webhookUrl, past }: Surroundings) => ({
		...withoutId(past[0] ?? { targetUrl: webhookUrl }),
		disabled: true,
	}),
	'a revenant': ({ webhookUrl, past }: Surroundings) =>
		withoutId(past[0] ?? { targetUrl: webhookUrl }),
} satisfies Record<string, (surroundings: Surroundings) => Partial<StoredHook>>;
export type StrayHook = keyof typeof STRAY_HOOKS;

/** One that the node made, if it made any. */
function tagged({
	webhookUrl,
	own,
	past,
}: Surroundings): Partial<StoredHook> & { targetUrl: string } {
	return (
		[...own, ...past].find(({ targetUrl }) => targetUrl.includes('?hook=')) ?? {
			targetUrl: `${webhookUrl}?hook=all.B`,
		}
	);
}

function withoutId({ _id, ...hook }: Partial<StoredHook>): Partial<StoredHook> {
	return hook;
}

/** What somebody who forges knows, or guesses. */
export interface Knowledge {
	secret: string;
	/** Secrets from before the last activation, the latest last. */
	retired: readonly string[];
	/** The secret of the same key in another workflow. */
	elsewhere: string;
	apiKey: string;
	webhookSecret: string;
}

/** Bodies that lemlist did not send. */
export const FORGERIES = {
	'no secret': (activity: Activity) => activity,
	'empty secret': (activity: Activity) => ({ ...activity, secret: '' }),
	null: (activity: Activity) => ({ ...activity, secret: null }),
	number: (activity: Activity) => ({ ...activity, secret: 1 }),
	'made up, right length': (activity: Activity) => ({ ...activity, secret: 'A'.repeat(43) }),
	'first character wrong': (activity: Activity, { secret }: Knowledge) => ({
		...activity,
		secret: other(secret[0]) + secret.slice(1),
	}),
	'last character wrong': (activity: Activity, { secret }: Knowledge) => ({
		...activity,
		secret: secret.slice(0, -1) + other(secret.at(-1)),
	}),
	'one character short': (activity: Activity, { secret }: Knowledge) => ({
		...activity,
		secret: secret.slice(0, -1),
	}),
	'one character more': (activity: Activity, { secret }: Knowledge) => ({
		...activity,
		secret: `${secret}A`,
	}),
	'in a list': (activity: Activity, { secret }: Knowledge) => ({ ...activity, secret: [secret] }),
	nested: (activity: Activity, { secret }: Knowledge) => ({ ...activity, data: { secret } }),
	fingerprint: (activity: Activity, { secret }: Knowledge) => ({
		...activity,
		secret: createHash('sha256').update(secret).digest('base64url'),
	}),
	'API key': (activity: Activity, { apiKey }: Knowledge) => ({ ...activity, secret: apiKey }),
	'Webhook Secret': (activity: Activity, { webhookSecret }: Knowledge) => ({
		...activity,
		secret: webhookSecret,
	}),
	'of another workflow': (activity: Activity, { elsewhere }: Knowledge) => ({
		...activity,
		secret: elsewhere,
	}),
	'one of before the last activation': (activity: Activity, { retired }: Knowledge) => ({
		...activity,
		secret: retired.at(-1) ?? 'none',
	}),
	'beside a genuine one': (activity: Activity, { secret }: Knowledge) => [
		{ ...activity, secret },
		activity,
	],
	'beside one with a wrong secret': (activity: Activity, { secret }: Knowledge) => [
		{ ...activity, secret },
		{ ...activity, secret: 'A'.repeat(43) },
	],
	'an empty list': () => [],
} satisfies Record<string, (activity: Activity, knowledge: Knowledge) => unknown>;
export type Forgery = keyof typeof FORGERIES;

function other(character = ''): string {
	return character === 'A' ? 'B' : 'A';
}
