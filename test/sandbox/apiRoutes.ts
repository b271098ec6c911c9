// lemlist's API as far as hooks and campaigns need it: one row a call.
import { teamOf } from './authentication';
import { json, refusal, type Answer } from './answers';
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
	/** The part of the path that the route leaves open. */
	id: string;
	lemlist: Lemlist;
}

interface Route {
	method: string;
	path: RegExp;
	answer: (call: Call) => Answer;
}

const ROUTES: readonly Route[] = [
	{ method: 'GET', path: /^\/team$/, answer: getTeam },
	{ method: 'GET', path: /^\/hooks$/, answer: getHooks },
	{ method: 'POST', path: /^\/hooks$/, answer: postHook },
	{ method: 'DELETE', path: /^\/hooks\/([^/]+)$/, answer: deleteHook },
	{ method: 'GET', path: /^\/campaigns$/, answer: getCampaigns },
	{ method: 'GET', path: /^\/leads$/, answer: findLead },
	{ method: 'GET', path: /^\/leads\/([^/]+)$/, answer: getLead },
];

/** Carries a request out, and tells what lemlist answers. */
export function act(request: RequestRecord, lemlist: Lemlist): Answer {
	const caller = teamOf(request, lemlist.keys);
	if ('refused' in caller) return refusal(caller.refused, lemlist.rules);
	const onPath = ROUTES.filter(({ path }) => path.test(request.path));
	const route = onPath.find(({ method }) => method === request.method);
	if (!route) return refusal(onPath.length > 0 ? 'wrongMethod' : 'notFound', lemlist.rules);
	const [, id = ''] = route.path.exec(request.path) ?? [];
	return route.answer({ request, teamId: caller.teamId, id, lemlist });
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

function findLead({ request, lemlist }: Call): Answer {
	const { email, id = '' } = request.query;
	return answerWithLead(email ?? id, request, lemlist);
}

function getLead({ id, request, lemlist }: Call): Answer {
	return answerWithLead(decodeURIComponent(id), request, lemlist);
}

function answerWithLead(idOrEmail: string, { query }: RequestRecord, { rules }: Lemlist): Answer {
	const lead = leadCalled(idOrEmail);
	return lead === undefined ? refusal('notFound', rules) : json(toldLead(lead, query.version));
}
