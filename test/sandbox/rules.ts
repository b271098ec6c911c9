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
	/** Whether GET /activities lists lead-state events, and takes them as a type. */
	stateEvents: 'listed' | 'unlisted';
	/** A type that GET /activities does not list: 400, or an empty object. */
	unlistedType: 'refuse' | 'empty object';
	/** 'ignore': GET /activities lists all types, whichever is asked for. */
	activityTypeFilter: 'honour' | 'ignore';
	/** 'short': a page of GET /activities that holds less than was asked for need not be the last. */
	activityPages: 'full' | 'short';
	/** Whether an activity has the same `_id` in the list and in its delivery. */
	activityIds: 'same' | 'other';
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
	latencyMs: 0,
	errorFormat: 'text',
	legacyBodyOptions: false,
	thirdPartyThroughCampaignHook: false,
	unflaggedThroughFirstHook: false,
	deliveryTypeOfStateEvents: 'state',
	stateEvents: 'unlisted',
	unlistedType: 'refuse',
	activityTypeFilter: 'honour',
	activityPages: 'short',
	activityIds: 'same',
	deliveryTimeoutMs: 30_000,
	deliveryRetries: 5,
	deliveryRetryDelayMs: 10_000,
};

/** A fresh set of rules: the strictest, with the given ones in their place. */
export function rulesFrom(options: RulesOptions = {}): Rules {
	const rules = structuredClone({ ...STRICTEST, ...options });
	return { ...rules, rateLimit: { ...STRICTEST.rateLimit, ...options.rateLimit } };
}
