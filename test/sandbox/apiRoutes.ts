// lemlist's API as far as hooks and campaigns need it: one row a call.
import { teamOf } from './authentication';
import { json, refusal, type Answer } from './answers';
import { campaignPage } from './campaigns';
import { createHook } from './hookCreation';
import { listed, told } from './hooks';
import type { Lemlist } from './lemlist';
import { LEAD, SENDER } from './people';
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

function getLead({ id, lemlist }: Call): Answer {
	const idOrEmail = decodeURIComponent(id);
	const isId = idOrEmail.startsWith('lea_');
	if (!isId && !idOrEmail.includes('@')) return refusal('notFound', lemlist.rules);
	return json({
		_id: isId ? idOrEmail : LEAD.id,
		email: isId ? LEAD.email : idOrEmail,
		firstName: LEAD.firstName,
		lastName: LEAD.lastName,
		companyName: LEAD.companyName,
	});
}
