// lemlist's API as far as hooks, campaigns, activities and the examples need it: one row a call.
import { activityPage } from './activityList';
import { teamOf } from './authentication';
import { html, json, refusal, type Answer } from './answers';
import { campaignPage } from './campaigns';
import { createHook } from './hookCreation';
import { listed, told } from './hooks';
import { leadCalled, toldLead } from './leads';
import type { Lemlist } from './lemlist';
import { SENDER } from './people';
import type { RequestRecord } from './types';

interface Call {
	request: RequestRecord;
	teamId: string;
	/** The part of the path that the route leaves open, or the last one of them. */
	id: string;
	lemlist: Lemlist;
}

/** A call of the API: its method, and its path with a colon before the parts that are left open. */
export type RouteName =
	| 'GET /team'
	| 'GET /hooks'
	| 'POST /hooks'
	| 'DELETE /hooks/:id'
	| 'GET /campaigns'
	| 'GET /activities'
	| 'GET /leads'
	| 'GET /leads/:id'
	| 'POST /campaigns/:campaignId/leads/:id/interested';

const ANSWERS: Record<RouteName, (call: Call) => Answer> = {
	'GET /team': getTeam,
	'GET /hooks': getHooks,
	'POST /hooks': postHook,
	'DELETE /hooks/:id': deleteHook,
	'GET /campaigns': getCampaigns,
	'GET /activities': getActivities,
	'GET /leads': findLead,
	'GET /leads/:id': getLead,
	'POST /campaigns/:campaignId/leads/:id/interested': markAsInterested,
};

const ROUTES = (Object.keys(ANSWERS) as RouteName[]).map((name) => {
	const [method = '', path = ''] = name.split(' ');
	return { name, method, path: new RegExp(`^${path.replaceAll(/:\w+/g, '([^/]+)')}$`) };
});

/** What stands behind the API, and answers where the API has nothing. */
export const WEB_APP = html('<!doctype html><title>lemlist</title><div id="app"></div>', 200);

/** Carries a request out, and tells what lemlist answers. */
export function act(request: RequestRecord, lemlist: Lemlist): Answer {
	const { rules } = lemlist;
	const onPath = ROUTES.filter(({ path }) => path.test(request.path));
	if (onPath.length === 0 && rules.unknownPath === 'page') return WEB_APP;
	const caller = teamOf(request, lemlist.keys);
	if ('refused' in caller) return refusal(caller.refused, rules);
	const route = onPath.find(({ method }) => method === request.method);
	if (!route) return refusal(onPath.length > 0 ? 'wrongMethod' : 'notFound', rules);
	if (rules.notInPlan.includes(route.name)) return refusal('notInPlan', rules);
	const id = route.path.exec(request.path)?.slice(1).at(-1) ?? '';
	return ANSWERS[route.name]({ request, teamId: caller.teamId, id, lemlist });
}

function getTeam({ teamId, lemlist }: Call): Answer {
	return json({
		_id: teamId,
		name: 'Sandbox team',
		userIds: [SENDER.id],
		hooks: lemlist.hooks.ofTeam(teamId).map((hook) => told(hook, lemlist.rules)),
	});
}

function getHooks({ request, teamId, lemlist }: Call): Answer {
	return json(listed(lemlist.hooks.ofTeam(teamId), request.query, lemlist.rules));
}

function postHook({ request, teamId, lemlist }: Call): Answer {
	return createHook(request, teamId, lemlist);
}

function deleteHook({ teamId, id, lemlist }: Call): Answer {
	const hook = lemlist.hooks.ofTeam(teamId).find(({ _id }) => _id === id);
	if (!hook) return refusal('notFound', lemlist.rules);
	lemlist.hooks.remove(id);
	return json(told(hook, lemlist.rules));
}

function getCampaigns({ request, teamId, lemlist }: Call): Answer {
	const page = campaignPage(lemlist.campaignsOf(teamId), request.query, lemlist.rules);
	return page === undefined ? refusal('badParams', lemlist.rules) : json(page);
}

function getActivities({ request, teamId, lemlist }: Call): Answer {
	return activityPage(lemlist.happenings.ofTeam(teamId), request.query, lemlist.rules);
}

function findLead({ request, lemlist }: Call): Answer {
	const { email, id = '' } = request.query;
	return answerWithLead(email ?? id, request, lemlist);
}

function getLead({ id, request, lemlist }: Call): Answer {
	return answerWithLead(decodeURIComponent(id), request, lemlist);
}

/** Nothing comes of it but the answer: whoever wants to know looks at the request. */
function markAsInterested({ id, lemlist: { rules } }: Call): Answer {
	const lead = leadCalled(decodeURIComponent(id));
	return lead === undefined ? refusal('notFound', rules) : json(toldLead(lead, undefined));
}

function answerWithLead(idOrEmail: string, { query }: RequestRecord, { rules }: Lemlist): Answer {
	const lead = leadCalled(idOrEmail);
	return lead === undefined ? refusal('notFound', rules) : json(toldLead(lead, query.version));
}
