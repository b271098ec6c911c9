// How lemlist behaves where its documentation is silent or may change: each rule can be set either
// way, and the default is the answer that is harder on a client.
import type { RouteName } from './apiRoutes';

export interface RateLimitRule {
	requests: number;
	windowMs: number;
	/** 'fixed': a window opens with the first request; 'sliding': each request counts for windowMs. */
	style: 'fixed' | 'sliding';
	/** Whether answers carry X-RateLimit-Limit, -Remaining and -Reset. */
	headers: boolean;
	/** Retry-After, on every answer: the exact rest of the window, whole seconds, or none. */
	retryAfter: 'fraction' | 'whole' | 'absent';
}

export interface Rules {
	/** A second hook on one targetUrl: 409, or one more hook. */
	takenTargetUrl: 'refuse' | 'allow';
	/** A hook whose URL answers 404 or 410: removed without a word, or left. */
	deadHook: 'remove' | 'keep';
	/** A hook that did not take an event at the last attempt either: off for good, or left. */
	failingHook: 'switch off' | 'keep';
	hooksPerTeam: number;
	/** What the first hook too many gets. */
	pastHooksPerTeam: { status: number; body: string };
	unknownType: 'refuse' | 'accept';
	/** A campaignId that the team does not have. */
	unknownCampaign: 'refuse' | 'accept';
	/** Whether GET /hooks tells isFirst. */
	listIsFirst: boolean;
	/** Whether GET /hooks tells `disabled` of every hook, or of those alone that are off. */
	listDisabled: 'when true' | 'always';
	/** Whether GET /hooks answers all hooks, or pages of at most `size` by offset and limit. */
	hookPages: 'all' | { size: number };
	hookOrder: 'oldest' | 'newest' | 'random';
	/** Where version 2 of GET /campaigns puts the list. */
	campaignShape: 'campaigns' | 'data' | 'results' | 'array';
	campaignStatus: 'present' | 'absent';
	/** 'ignore': offset and page do nothing, so the same page comes again and again. */
	campaignPages: 'honour' | 'ignore';
	/** Whether a request without a User-Agent of its own gets 403. */
	requireUserAgent: boolean;
	/** Calls that the team's plan does not include: 402. */
	notInPlan: readonly RouteName[];
	/** A path that the API does not have: 200 and the web app's page, or 404. */
	unknownPath: 'page' | 'notFound';
	rateLimit: RateLimitRule;
	/** How far lemlist's clock is ahead of the machine's, in milliseconds; negative: behind. */
	clockOffsetMs: number;
	/** Whether answers carry a Date header. */
	dateHeader: 'sent' | 'absent';
	/** How finely lemlist writes when something happened; what is given more finely is cut off. */
	createdAtIn: 'seconds' | 'milliseconds';
	/** Wait before each answer of the API, in milliseconds. */
	latencyMs: number;
	errorFormat: 'text' | 'json';
	/** Whether campaignId and isFirst count in the body of POST /hooks too. */
	legacyBodyOptions: boolean;
	/** Whether a third-party reply, which names no campaign, goes through a hook for one campaign. */
	thirdPartyThroughCampaignHook: boolean;
	/** Whether an activity that has no isFirst goes through a hook for first activities. */
	unflaggedThroughFirstHook: boolean;
	/** Whether a lead-state event's `type` names the state or the activity that caused it. */
	deliveryTypeOfStateEvents: 'state' | 'activity';
	/** Whether its `_id` is that of the activity, or one of its own. */
	deliveryIdOfStateEvents: 'same' | 'own';
	/** Whether GET /activities lists lead-state events, and takes them as a type. */
	stateEvents: 'listed' | 'unlisted';
	/** The same two questions of the list. */
	listedTypeOfStateEvents: 'state' | 'activity';
	listedIdOfStateEvents: 'same' | 'own';
	/** A type that GET /activities does not list: 400, or an empty object. */
	unlistedType: 'refuse' | 'empty object';
	/** 'ignore': GET /activities lists all types, whichever is asked for. */
	activityTypeFilter: 'honour' | 'ignore';
	/** 'short', 'sparse': a page of GET /activities that holds less than was asked for, or much less, need not be the last; one that is empty is. 'capped': no page holds as much as was asked for. */
	activityPages: 'full' | 'short' | 'sparse' | 'capped';
	/** Rows of one time stand in the order in which lemlist came to know of them, or in another at each request. */
	activityOrder: 'newest' | 'newest, ties shuffled' | 'oldest';
	/** How long the list lacks what is of a type, in milliseconds. */
	lateListing: Readonly<Record<string, number>>;
	/** Whether an activity has the same `_id` in the list and in its delivery, or none in the list. */
	activityIds: 'same' | 'other' | 'absent';
	/** Whether the list spells its `type` as its delivery does. It is found by the delivery's. */
	activityTypes: 'same' | 'other';
	/** Whether its `createdAt` is that of its delivery, or later by so much; earlier, if that is negative. */
	activityTimes: 'same' | { laterMs: number };
	/** Where the list has the lead's variables: under `lead`, or nowhere, because `lead` is null. */
	listedLead: 'variables' | 'null';
	deliveryTimeoutMs: number;
	/** How often a delivery is posted again after anything but 2xx, 404 and 410. */
	deliveryRetries: number;
	/** Before it is posted the second time; twice as long before each further time. */
	deliveryRetryDelayMs: number;
}

/** Some rules; of the rate limit, some of its parts. */
export type RulesOptions = Partial<Omit<Rules, 'rateLimit'>> & {
	rateLimit?: Partial<RateLimitRule>;
};

const STRICTEST: Rules = {
	takenTargetUrl: 'refuse',
	deadHook: 'remove',
	failingHook: 'switch off',
	hooksPerTeam: 200,
	pastHooksPerTeam: { status: 400, body: 'Too many hooks' },
	unknownType: 'refuse',
	unknownCampaign: 'refuse',
	listIsFirst: false,
	listDisabled: 'when true',
	hookPages: 'all',
	hookOrder: 'oldest',
	campaignShape: 'campaigns',
	campaignStatus: 'present',
	campaignPages: 'honour',
	requireUserAgent: true,
	notInPlan: [],
	unknownPath: 'page',
	rateLimit: {
		requests: 20,
		windowMs: 2000,
		style: 'fixed',
		headers: true,
		retryAfter: 'fraction',
	},
	clockOffsetMs: 0,
	dateHeader: 'sent',
	createdAtIn: 'seconds',
	latencyMs: 0,
	errorFormat: 'text',
	legacyBodyOptions: false,
	thirdPartyThroughCampaignHook: false,
	unflaggedThroughFirstHook: false,
	deliveryTypeOfStateEvents: 'state',
	deliveryIdOfStateEvents: 'same',
	stateEvents: 'unlisted',
	listedTypeOfStateEvents: 'state',
	listedIdOfStateEvents: 'same',
	unlistedType: 'refuse',
	activityTypeFilter: 'honour',
	activityPages: 'short',
	activityOrder: 'newest',
	lateListing: {},
	activityIds: 'same',
	activityTypes: 'same',
	activityTimes: 'same',
	listedLead: 'variables',
	deliveryTimeoutMs: 30_000,
	deliveryRetries: 5,
	deliveryRetryDelayMs: 10_000,
};

/** A fresh set of rules: the strictest, with the given ones in their place. */
export function rulesFrom(options: RulesOptions = {}): Rules {
	const rules = structuredClone({ ...STRICTEST, ...options });
	return { ...rules, rateLimit: { ...STRICTEST.rateLimit, ...options.rateLimit } };
}
