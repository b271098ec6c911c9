// One request from arrival to answer: recorded, held against the rate budget, hit by a fault perhaps,
// carried out, answered.
import type { ServerResponse } from 'node:http';

import { html, refusal, withHeaders, type Answer } from './answers';
import { act, WEB_APP } from './apiRoutes';
import { hasOwnUserAgent, presentedKey } from './authentication';
import { dateHeader } from './clock';
import { ORDINARY, planOf, type EffectPlan } from './faults';
import type { Lemlist } from './lemlist';
import { pause } from './pause';
import { rateLimitHeaders } from './rateLimit';
import { whole, type Transmission } from './transmissions';
import type { RequestRecord } from './types';

/** What a program without a name meets in front of lemlist. */
const TURNED_AWAY = html('<!doctype html><title>403 Forbidden</title><h1>Forbidden</h1>', 403);
/** Stands for the right answer when lemlist does not act. */
const NOTHING: Answer = { status: 200, body: '', headers: {} };

/** Answers one request, and keeps the record of it up to date. */
export async function serve(
	request: RequestRecord,
	response: ServerResponse,
	lemlist: Lemlist,
): Promise<void> {
	lemlist.journal.requests.push(request);
	const transmit = await respond(request, lemlist);
	await pause(lemlist.rules.latencyMs);
	// Node's own Date would be the machine's.
	response.sendDate = false;
	request.status = await transmit(response);
	lemlist.journal.logRequest(request);
}

async function respond(request: RequestRecord, lemlist: Lemlist): Promise<Transmission> {
	const { rules } = lemlist;
	const date = dateHeader(rules);
	if (rules.requireUserAgent && !hasOwnUserAgent(request)) {
		return whole(withHeaders(TURNED_AWAY, date));
	}
	const budget = lemlist.budget.take(presentedKey(request.headers) ?? '');
	const headers = { ...date, ...rateLimitHeaders(rules, budget) };
	if (!budget.allowed) return whole(withHeaders(refusal('tooMany', rules), headers));
	const plan = planFor(request, lemlist);
	const answer = await answerOf(plan, request, lemlist);
	return plan.transmit(withHeaders(answer, headers));
}

async function answerOf(
	{ acts, actsAfterMs }: EffectPlan,
	request: RequestRecord,
	lemlist: Lemlist,
): Promise<Answer> {
	const { epoch } = lemlist;
	await pause(actsAfterMs ?? 0);
	if (!acts || epoch !== lemlist.epoch) return NOTHING;
	const answer = act(request, lemlist);
	request.acted = answer.status < 300 && answer !== WEB_APP;
	return answer;
}

function planFor(request: RequestRecord, { faults, journal }: Lemlist): EffectPlan {
	const fault = faults.hitting(request);
	if (!fault) return ORDINARY;
	journal.log('fault', `${fault.effect.name} hits ${request.method} ${request.path}`);
	return planOf(fault.effect);
}
