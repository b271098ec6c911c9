/**
 * The fault matrix: what can go wrong between the trigger and lemlist, what the trigger makes of it,
 * and what somebody reads then. The tests are generated from it, and docs/reliability.md shows it.
 */
import type { Effect, Fault, RulesOptions } from '../sandbox';

/** What n8n is doing when the fault happens. */
export type Occasion = 'activation' | 'deactivation' | 'start' | 'check' | 'campaigns';

/**
 * `retried`: the request was sent again, and all is well. `tolerated`: the trigger looked and went on,
 * nothing was sent twice. `undone`: what had been made was removed before the error was reported.
 * `reported`: the error was reported, there was nothing to remove or it could not be. `postponed`:
 * n8n starts, the next check goes on. `left`: a check leaves everything as it is to the next one.
 */
export type Outcome = 'retried' | 'tolerated' | 'undone' | 'reported' | 'postponed' | 'left';

/** No connection comes about, after so many requests that did get through, for so long. */
export interface Refusal {
	name: 'refused';
	afterRequests: number;
	forMs: number;
}

export interface FaultRow {
	/** The call to lemlist that the fault is about. */
	call: 'POST /hooks' | 'GET /hooks' | 'DELETE /hooks/{id}' | 'GET /campaigns';
	occasion: Occasion;
	/** What goes wrong, as the documentation says it. */
	what: string;
	effect: Fault['effect'] | Refusal;
	/** The first request of the call that is hit; 1 by default. */
	nth?: number;
	/** How many are hit from then on; 1 by default. */
	times?: number;
	/** How lemlist behaves apart from the fault, where that matters. */
	rules?: RulesOptions;
	outcome: Outcome;
	/** How many of the trigger's hooks are at lemlist when n8n hears how it went. */
	hooks: number;
	/** One more than these comes later, which the next check removes. */
	doubleUntilCheck?: true;
	/** What somebody reads; "…" stands for anything. Absent: nothing. */
	reads?: string;
	/** The longest it takes until n8n hears how it went, without the call of delete that n8n adds after an error. */
	withinSeconds: number;
	/** Time is the point: nothing is skipped in the test. */
	inRealTime?: true;
}

/** How many hooks the trigger of each row wants. */
export const WANTED = 6;
/** Stands for a host other than lemlist's, in a redirect. */
export const ELSEWHERE = 'https://elsewhere.example.com/';
/** n8n gives the whole publication 84 seconds. */
const ACTIVATION_SECONDS = 30;
const DEACTIVATION_SECONDS = 20;
const CAMPAIGNS_SECONDS = 30;
const CHECK_SECONDS = 60;
/** For what is settled with a repetition or a look. */
const SOON = 10;
/** For what one time-out of a request precedes. */
const ONE_TIMEOUT = 15;
const FOR_EVER = Infinity;
const MEGABYTES_64 = 64 * 1024 * 1024;

const SENTENCES = {
	unreachable: 'lemlist could not be reached. Try again in a few minutes. If that does not help, ask whoever runs this n8n to let it connect to api.lemlist.com (firewall, proxy, DNS).',
	tooLong: 'lemlist took too long to answer. Try again in a few minutes.',
	trouble: 'lemlist has a problem on its side. Try again in a few minutes.',
	unreadable: 'The answer did not come from lemlist. A proxy or a maintenance page may be in the way: try again in a few minutes.',
	tooManyRequests: 'lemlist is turning requests away because the team sends too many. Try again in a minute; slow down other automations that use the same lemlist team.',
	wrongKey: 'lemlist rejected the API key. Create a new one in lemlist under Settings > Integrations and update the credential.',
	denied: 'lemlist denied access: the user of this API key is blocked or not allowed to do this. Ask the owner of the lemlist team, or use the API key of another user.',
	redirected: 'lemlist sent the request on to another address, and the API key was not passed on. …',
	taken: 'lemlist already has a webhook on this trigger\'s address, but does not show it to this API key. …',
	tooManyHooks: 'lemlist allows about 200 webhooks a team, and this team has …. Delete webhooks that nobody needs any more …, or pick fewer events, then try again.',
	refusedEvent: 'lemlist refused to send the event "…". Remove it from Events, or update this node if there is a newer version.',
} as const;

function remaining(webhooks: string, because: string): string {
	return `${webhooks} of this trigger … still at lemlist. ${because} …`;
}

function status(code: number, more: Omit<Extract<Effect, { name: 'status' }>, 'name' | 'status'> = {}): Effect {
	return { name: 'status', status: code, ...more };
}

const PAGE = { body: '<!doctype html><html><body>Back soon</body></html>', contentType: 'text/html' };
const TRICKLE: Effect = { name: 'slowAnswer', bytesPerSecond: 1 };

/** What every row about one call shares. */
type Shared = Pick<FaultRow, 'call' | 'occasion'>;

function rows(shared: Shared, own: ReadonlyArray<Omit<FaultRow, keyof Shared>>): FaultRow[] {
	return own.map((row) => ({ ...shared, ...row }));
}

/** POST, where a lost answer may stand for a hook that was made. The third of six is hit. */
const MAKING = rows({ call: 'POST /hooks', occasion: 'activation' }, [
	{ what: 'Connection refused for a second', effect: { name: 'refused', afterRequests: 2, forMs: 1_000 }, outcome: 'retried', hooks: WANTED, withinSeconds: ONE_TIMEOUT, inRealTime: true },
	{ what: 'Connection refused from the first POST on', effect: { name: 'refused', afterRequests: 2, forMs: FOR_EVER }, outcome: 'reported', hooks: 0, reads: SENTENCES.unreachable, withinSeconds: ACTIVATION_SECONDS, inRealTime: true },
	{ what: 'Connection refused after three webhooks were made; they stay until lemlist can be reached and the workflow is published or unpublished', effect: { name: 'refused', afterRequests: 5, forMs: FOR_EVER }, outcome: 'reported', hooks: 3, reads: SENTENCES.unreachable, withinSeconds: ACTIVATION_SECONDS, inRealTime: true },
	{ what: 'Reset before lemlist acted', effect: 'resetBefore', nth: 3, outcome: 'retried', hooks: WANTED, withinSeconds: SOON },
	{ what: 'Reset after lemlist acted', effect: 'resetAfter', nth: 3, outcome: 'tolerated', hooks: WANTED, withinSeconds: SOON },
	{ what: 'Reset after lemlist acted, for every POST, at a lemlist that allows two webhooks on one URL', effect: 'resetAfter', times: FOR_EVER, rules: { takenTargetUrl: 'allow' }, outcome: 'tolerated', hooks: WANTED, withinSeconds: SOON },
	{ what: 'Reset before lemlist acted, without end', effect: 'resetBefore', nth: 3, times: FOR_EVER, outcome: 'undone', hooks: 0, reads: SENTENCES.unreachable, withinSeconds: ACTIVATION_SECONDS },
	{ what: 'No answer, lemlist did not act', effect: 'hangBefore', nth: 3, outcome: 'retried', hooks: WANTED, withinSeconds: ONE_TIMEOUT, inRealTime: true },
	{ what: 'No answer, lemlist acted', effect: 'hangAfter', nth: 3, outcome: 'tolerated', hooks: WANTED, withinSeconds: ONE_TIMEOUT, inRealTime: true },
	{ what: 'No answer without end, lemlist did not act', effect: 'hangBefore', nth: 3, times: FOR_EVER, outcome: 'undone', hooks: 0, reads: SENTENCES.tooLong, withinSeconds: ACTIVATION_SECONDS, inRealTime: true },
	{ what: 'lemlist answers after three seconds', effect: { name: 'delay', ms: 3_000 }, nth: 3, outcome: 'tolerated', hooks: WANTED, withinSeconds: SOON, inRealTime: true },
	{ what: 'lemlist acts after the trigger has given up waiting', effect: { name: 'actLate', ms: 8_000 }, nth: 3, outcome: 'retried', hooks: WANTED, withinSeconds: ONE_TIMEOUT, inRealTime: true },
	{ what: 'The same at a lemlist that allows two webhooks on one URL: a double appears, and the next check removes it', effect: { name: 'actLate', ms: 7_000 }, nth: 3, rules: { takenTargetUrl: 'allow' }, outcome: 'retried', hooks: WANTED, doubleUntilCheck: true, withinSeconds: ONE_TIMEOUT, inRealTime: true },
	{ what: 'Cut short in the middle of the answer', effect: 'cutShort', nth: 3, outcome: 'tolerated', hooks: WANTED, withinSeconds: SOON },
	{ what: '409 for a webhook of ours', effect: status(409, { acts: true, body: 'Already exists' }), nth: 3, outcome: 'tolerated', hooks: WANTED, withinSeconds: SOON },
	{ what: '409 for a webhook that the key cannot see', effect: status(409, { body: 'Already exists' }), nth: 3, times: FOR_EVER, outcome: 'undone', hooks: 0, reads: SENTENCES.taken, withinSeconds: ACTIVATION_SECONDS },
	{ what: '429 twice, with Retry-After', effect: status(429, { headers: { 'retry-after': '1' } }), nth: 3, times: 2, outcome: 'retried', hooks: WANTED, withinSeconds: SOON },
	{ what: '429 twice, without Retry-After', effect: status(429, { headers: { 'retry-after': null } }), nth: 3, times: 2, outcome: 'retried', hooks: WANTED, withinSeconds: SOON },
	{ what: '429 without end, Retry-After of a second', effect: status(429, { headers: { 'retry-after': '1' } }), nth: 3, times: FOR_EVER, outcome: 'undone', hooks: 0, reads: SENTENCES.tooManyRequests, withinSeconds: ACTIVATION_SECONDS, inRealTime: true },
	{ what: '429 without end, without Retry-After', effect: status(429, { headers: { 'retry-after': null } }), nth: 3, times: FOR_EVER, outcome: 'undone', hooks: 0, reads: SENTENCES.tooManyRequests, withinSeconds: ACTIVATION_SECONDS, inRealTime: true },
	{ what: '429 with a Retry-After of an hour: said at once', effect: status(429, { headers: { 'retry-after': '3600' } }), nth: 3, outcome: 'undone', hooks: 0, reads: SENTENCES.tooManyRequests, withinSeconds: SOON, inRealTime: true },
	{ what: '500 before lemlist acted', effect: status(500, { body: 'Internal error' }), nth: 3, outcome: 'retried', hooks: WANTED, withinSeconds: SOON },
	{ what: '500 after lemlist acted', effect: status(500, { acts: true }), nth: 3, outcome: 'tolerated', hooks: WANTED, withinSeconds: SOON },
	{ what: '500 without end', effect: status(500), nth: 3, times: FOR_EVER, outcome: 'undone', hooks: 0, reads: SENTENCES.trouble, withinSeconds: ACTIVATION_SECONDS },
	{ what: '502 with a page of markup', effect: status(502, PAGE), nth: 3, outcome: 'retried', hooks: WANTED, withinSeconds: SOON },
	{ what: '502 with a page of markup, without end', effect: status(502, PAGE), nth: 3, times: FOR_EVER, outcome: 'undone', hooks: 0, reads: SENTENCES.trouble, withinSeconds: ACTIVATION_SECONDS },
	{ what: '503', effect: status(503, { headers: { 'retry-after': '1' } }), nth: 3, outcome: 'retried', hooks: WANTED, withinSeconds: SOON },
	{ what: '408', effect: status(408), nth: 3, outcome: 'retried', hooks: WANTED, withinSeconds: SOON },
	{ what: '200 with a webhook of somebody else, lemlist did not act', effect: status(200, { body: '{"_id":"hoo_1","targetUrl":"https://zapier.example.org/"}', contentType: 'application/json' }), nth: 3, outcome: 'retried', hooks: WANTED, withinSeconds: SOON },
	{ what: '401 in the middle of several', effect: status(401, { body: 'The authentication you supplied is incorrect' }), nth: 3, outcome: 'undone', hooks: 0, reads: SENTENCES.wrongKey, withinSeconds: SOON },
	{ what: '403 in the middle of several', effect: status(403, { body: 'Forbidden' }), nth: 3, outcome: 'undone', hooks: 0, reads: SENTENCES.denied, withinSeconds: SOON },
	{ what: '400 for too many webhooks', effect: status(400, { body: 'Too many hooks' }), nth: 3, outcome: 'undone', hooks: 0, reads: SENTENCES.tooManyHooks, withinSeconds: SOON },
	{ what: '400 for anything else', effect: status(400, { body: 'Bad params' }), nth: 3, outcome: 'undone', hooks: 0, reads: SENTENCES.refusedEvent, withinSeconds: SOON },
	{ what: '200 with an empty body, lemlist acted', effect: 'emptyBody', nth: 3, outcome: 'tolerated', hooks: WANTED, withinSeconds: SOON },
	{ what: '200 with an empty body, lemlist did not act', effect: status(200), nth: 3, outcome: 'retried', hooks: WANTED, withinSeconds: SOON },
	{ what: '200 with broken JSON', effect: 'brokenJson', nth: 3, outcome: 'tolerated', hooks: WANTED, withinSeconds: SOON },
	{ what: '200 with JSON of another shape', effect: 'otherShape', nth: 3, outcome: 'tolerated', hooks: WANTED, withinSeconds: SOON },
	{ what: '200 with a page of markup, without end', effect: status(200, PAGE), nth: 3, times: FOR_EVER, outcome: 'undone', hooks: 0, reads: SENTENCES.unreadable, withinSeconds: ACTIVATION_SECONDS },
	...[301, 302, 307, 308].map((code) => ({ what: `A redirect (${String(code)}) to another host, which never sees the API key`, effect: { name: 'redirect', location: ELSEWHERE, status: code } as const, nth: 3, outcome: 'undone' as const, hooks: 0, reads: SENTENCES.redirected, withinSeconds: SOON })),
	{ what: 'An answer of 64 MB', effect: { name: 'hugeAnswer', bytes: MEGABYTES_64 }, nth: 3, outcome: 'tolerated', hooks: WANTED, withinSeconds: ONE_TIMEOUT },
	{ what: 'An answer that trickles in a byte at a time', effect: TRICKLE, nth: 3, outcome: 'tolerated', hooks: WANTED, withinSeconds: ONE_TIMEOUT, inRealTime: true },
	{ what: 'The same for every POST', effect: TRICKLE, times: FOR_EVER, outcome: 'tolerated', hooks: WANTED, withinSeconds: ACTIVATION_SECONDS, inRealTime: true },
]);

/** GET, the look before anything is made. */
const LOOKING = rows({ call: 'GET /hooks', occasion: 'activation' }, [
	{ what: 'Connection refused', effect: { name: 'refused', afterRequests: 0, forMs: FOR_EVER }, outcome: 'reported', hooks: 0, reads: SENTENCES.unreachable, withinSeconds: ACTIVATION_SECONDS },
	{ what: 'Reset', effect: 'resetBefore', outcome: 'retried', hooks: WANTED, withinSeconds: SOON },
	{ what: 'Cut short in the middle of the answer', effect: 'cutShort', outcome: 'retried', hooks: WANTED, withinSeconds: SOON },
	{ what: 'No answer, once', effect: 'hangBefore', outcome: 'retried', hooks: WANTED, withinSeconds: ONE_TIMEOUT, inRealTime: true },
	{ what: 'No answer, without end', effect: 'hangBefore', times: FOR_EVER, outcome: 'reported', hooks: 0, reads: SENTENCES.tooLong, withinSeconds: ACTIVATION_SECONDS, inRealTime: true },
	{ what: 'An answer that trickles in a byte at a time, without end', effect: TRICKLE, times: FOR_EVER, outcome: 'reported', hooks: 0, reads: SENTENCES.tooLong, withinSeconds: ACTIVATION_SECONDS, inRealTime: true },
	{ what: '429 twice', effect: status(429, { headers: { 'retry-after': '1' } }), times: 2, outcome: 'retried', hooks: WANTED, withinSeconds: SOON },
	{ what: '429 without end', effect: status(429, { headers: { 'retry-after': '1' } }), times: FOR_EVER, outcome: 'reported', hooks: 0, reads: SENTENCES.tooManyRequests, withinSeconds: ACTIVATION_SECONDS, inRealTime: true },
	{ what: '500 three times', effect: status(500), times: 3, outcome: 'retried', hooks: WANTED, withinSeconds: SOON },
	{ what: '500 without end', effect: status(500), times: FOR_EVER, outcome: 'reported', hooks: 0, reads: SENTENCES.trouble, withinSeconds: ACTIVATION_SECONDS },
	{ what: '408', effect: status(408), outcome: 'retried', hooks: WANTED, withinSeconds: SOON },
	{ what: '401', effect: status(401), outcome: 'reported', hooks: 0, reads: SENTENCES.wrongKey, withinSeconds: SOON },
	{ what: '403', effect: status(403), outcome: 'reported', hooks: 0, reads: SENTENCES.denied, withinSeconds: SOON },
	{ what: '200 with broken JSON', effect: 'brokenJson', outcome: 'retried', hooks: WANTED, withinSeconds: SOON },
	{ what: '200 with an empty body', effect: 'emptyBody', outcome: 'retried', hooks: WANTED, withinSeconds: SOON },
	{ what: '200 with a page of markup, without end', effect: status(200, PAGE), times: FOR_EVER, outcome: 'reported', hooks: 0, reads: SENTENCES.unreadable, withinSeconds: ACTIVATION_SECONDS },
	{ what: 'A redirect to another host, which never sees the API key', effect: { name: 'redirect', location: ELSEWHERE }, outcome: 'reported', hooks: 0, reads: SENTENCES.redirected, withinSeconds: SOON },
	{ what: 'An answer of 64 MB that is no list', effect: { name: 'hugeAnswer', bytes: MEGABYTES_64 }, outcome: 'retried', hooks: WANTED, withinSeconds: ONE_TIMEOUT },
]);

/** GET while n8n starts: a throw there would end the subscription for good. */
const STARTING = rows({ call: 'GET /hooks', occasion: 'start' }, [
	{ what: 'Connection refused', effect: { name: 'refused', afterRequests: 0, forMs: FOR_EVER }, outcome: 'postponed', hooks: WANTED, withinSeconds: SOON },
	{ what: '500 without end', effect: status(500), times: FOR_EVER, outcome: 'postponed', hooks: WANTED, withinSeconds: SOON },
	{ what: '401', effect: status(401), outcome: 'postponed', hooks: WANTED, withinSeconds: SOON },
	{ what: 'No answer, without end', effect: 'hangBefore', times: FOR_EVER, outcome: 'postponed', hooks: WANTED, withinSeconds: SOON, inRealTime: true },
]);

/** GET before anything is removed. */
const LOOKING_TO_REMOVE = rows({ call: 'GET /hooks', occasion: 'deactivation' }, [
	{ what: 'Connection refused', effect: { name: 'refused', afterRequests: 0, forMs: FOR_EVER }, outcome: 'reported', hooks: WANTED, reads: SENTENCES.unreachable, withinSeconds: DEACTIVATION_SECONDS },
	{ what: 'Reset', effect: 'resetBefore', outcome: 'retried', hooks: 0, withinSeconds: SOON },
	{ what: 'Cut short in the middle of the answer', effect: 'cutShort', outcome: 'retried', hooks: 0, withinSeconds: SOON },
	{ what: 'No answer, once', effect: 'hangBefore', outcome: 'retried', hooks: 0, withinSeconds: ONE_TIMEOUT, inRealTime: true },
	{ what: 'No answer, without end', effect: 'hangBefore', times: FOR_EVER, outcome: 'reported', hooks: WANTED, reads: SENTENCES.tooLong, withinSeconds: DEACTIVATION_SECONDS, inRealTime: true },
	{ what: 'An answer that trickles in a byte at a time, without end', effect: TRICKLE, times: FOR_EVER, outcome: 'reported', hooks: WANTED, reads: SENTENCES.tooLong, withinSeconds: DEACTIVATION_SECONDS, inRealTime: true },
	{ what: '429 twice', effect: status(429, { headers: { 'retry-after': '1' } }), times: 2, outcome: 'retried', hooks: 0, withinSeconds: SOON },
	{ what: '429 without end', effect: status(429, { headers: { 'retry-after': '1' } }), times: FOR_EVER, outcome: 'reported', hooks: WANTED, reads: SENTENCES.tooManyRequests, withinSeconds: DEACTIVATION_SECONDS, inRealTime: true },
	{ what: '500 three times', effect: status(500), times: 3, outcome: 'retried', hooks: 0, withinSeconds: SOON },
	{ what: '500 without end', effect: status(500), times: FOR_EVER, outcome: 'reported', hooks: WANTED, reads: SENTENCES.trouble, withinSeconds: DEACTIVATION_SECONDS },
	{ what: '401', effect: status(401), outcome: 'reported', hooks: WANTED, reads: SENTENCES.wrongKey, withinSeconds: SOON },
	{ what: '403', effect: status(403), outcome: 'reported', hooks: WANTED, reads: SENTENCES.denied, withinSeconds: SOON },
	{ what: '200 with broken JSON', effect: 'brokenJson', outcome: 'retried', hooks: 0, withinSeconds: SOON },
	{ what: '200 with a page of markup, without end', effect: status(200, PAGE), times: FOR_EVER, outcome: 'reported', hooks: WANTED, reads: SENTENCES.unreadable, withinSeconds: DEACTIVATION_SECONDS },
	{ what: 'A redirect to another host, which never sees the API key', effect: { name: 'redirect', location: ELSEWHERE }, outcome: 'reported', hooks: WANTED, reads: SENTENCES.redirected, withinSeconds: SOON },
]);

/** GET in the check, when one webhook has vanished. Nobody is told but the log: the next check is near. */
const CHECKING = rows({ call: 'GET /hooks', occasion: 'check' }, [
	{ what: 'Connection refused', effect: { name: 'refused', afterRequests: 0, forMs: FOR_EVER }, outcome: 'left', hooks: WANTED - 1, withinSeconds: SOON },
	{ what: 'Reset', effect: 'resetBefore', outcome: 'retried', hooks: WANTED, withinSeconds: SOON },
	{ what: 'Cut short in the middle of the answer', effect: 'cutShort', outcome: 'retried', hooks: WANTED, withinSeconds: SOON },
	{ what: 'No answer, once', effect: 'hangBefore', outcome: 'retried', hooks: WANTED, withinSeconds: ONE_TIMEOUT, inRealTime: true },
	{ what: 'No answer, without end', effect: 'hangBefore', times: FOR_EVER, outcome: 'left', hooks: WANTED - 1, withinSeconds: CHECK_SECONDS, inRealTime: true },
	{ what: 'An answer that trickles in a byte at a time, without end', effect: TRICKLE, times: FOR_EVER, outcome: 'left', hooks: WANTED - 1, withinSeconds: CHECK_SECONDS, inRealTime: true },
	{ what: '429 twice', effect: status(429, { headers: { 'retry-after': '1' } }), times: 2, outcome: 'retried', hooks: WANTED, withinSeconds: SOON },
	{ what: '429 without end', effect: status(429, { headers: { 'retry-after': '1' } }), times: FOR_EVER, outcome: 'left', hooks: WANTED - 1, withinSeconds: CHECK_SECONDS },
	{ what: '500 three times', effect: status(500), times: 3, outcome: 'retried', hooks: WANTED, withinSeconds: SOON },
	{ what: '500 without end', effect: status(500), times: FOR_EVER, outcome: 'left', hooks: WANTED - 1, withinSeconds: SOON },
	{ what: '401', effect: status(401), outcome: 'left', hooks: WANTED - 1, withinSeconds: SOON },
	{ what: '403', effect: status(403), outcome: 'left', hooks: WANTED - 1, withinSeconds: SOON },
	{ what: '200 with broken JSON', effect: 'brokenJson', outcome: 'retried', hooks: WANTED, withinSeconds: SOON },
	{ what: '200 with a page of markup, without end', effect: status(200, PAGE), times: FOR_EVER, outcome: 'left', hooks: WANTED - 1, withinSeconds: SOON },
	{ what: 'A redirect to another host, which never sees the API key', effect: { name: 'redirect', location: ELSEWHERE }, outcome: 'left', hooks: WANTED - 1, withinSeconds: SOON },
]);

/** DELETE, which may be sent as often as needed. The third of six is hit. */
const REMOVING = rows({ call: 'DELETE /hooks/{id}', occasion: 'deactivation' }, [
	{ what: 'Connection refused', effect: { name: 'refused', afterRequests: 1, forMs: FOR_EVER }, outcome: 'reported', hooks: WANTED, reads: remaining('6 webhooks', SENTENCES.unreachable), withinSeconds: DEACTIVATION_SECONDS, inRealTime: true },
	{ what: 'Reset before lemlist acted', effect: 'resetBefore', nth: 3, outcome: 'retried', hooks: 0, withinSeconds: SOON },
	{ what: 'Reset after lemlist acted', effect: 'resetAfter', nth: 3, outcome: 'retried', hooks: 0, withinSeconds: SOON },
	{ what: 'No answer, once', effect: 'hangAfter', nth: 3, outcome: 'retried', hooks: 0, withinSeconds: ONE_TIMEOUT, inRealTime: true },
	{ what: 'No answer, without end', effect: 'hangBefore', nth: 3, times: FOR_EVER, outcome: 'reported', hooks: 4, reads: remaining('4 webhooks', SENTENCES.tooLong), withinSeconds: DEACTIVATION_SECONDS, inRealTime: true },
	{ what: 'An answer that trickles in a byte at a time, without end', effect: TRICKLE, times: FOR_EVER, outcome: 'retried', hooks: 0, withinSeconds: DEACTIVATION_SECONDS, inRealTime: true },
	{ what: '404: the webhook is gone already', effect: status(404, { acts: true, body: 'Not found' }), nth: 3, outcome: 'tolerated', hooks: 0, withinSeconds: SOON },
	{ what: '429 twice', effect: status(429, { headers: { 'retry-after': '1' } }), nth: 3, times: 2, outcome: 'retried', hooks: 0, withinSeconds: SOON },
	{ what: '429 without end', effect: status(429, { headers: { 'retry-after': '1' } }), nth: 3, times: FOR_EVER, outcome: 'reported', hooks: 4, reads: remaining('4 webhooks', SENTENCES.tooManyRequests), withinSeconds: DEACTIVATION_SECONDS, inRealTime: true },
	{ what: '500 three times', effect: status(500), nth: 6, times: 3, outcome: 'retried', hooks: 0, withinSeconds: SOON },
	{ what: '500 without end', effect: status(500), nth: 6, times: FOR_EVER, outcome: 'reported', hooks: 1, reads: remaining('1 webhook', SENTENCES.trouble), withinSeconds: DEACTIVATION_SECONDS },
	{ what: '401', effect: status(401), nth: 3, times: FOR_EVER, outcome: 'reported', hooks: 4, reads: remaining('4 webhooks', SENTENCES.wrongKey), withinSeconds: SOON },
	{ what: '403', effect: status(403), nth: 3, times: FOR_EVER, outcome: 'reported', hooks: 4, reads: remaining('4 webhooks', SENTENCES.denied), withinSeconds: SOON },
	{ what: '200 with an empty body', effect: 'emptyBody', nth: 3, outcome: 'tolerated', hooks: 0, withinSeconds: SOON },
	{ what: '200 with broken JSON', effect: 'brokenJson', nth: 3, outcome: 'retried', hooks: 0, withinSeconds: SOON },
	{ what: '200 with JSON of another shape', effect: 'otherShape', nth: 3, outcome: 'tolerated', hooks: 0, withinSeconds: SOON },
	{ what: '200 with a page of markup, lemlist did not act', effect: status(200, PAGE), nth: 3, outcome: 'retried', hooks: 0, withinSeconds: SOON },
	{ what: '404 with a page of markup, lemlist did not act', effect: status(404, PAGE), nth: 3, outcome: 'retried', hooks: 0, withinSeconds: SOON },
	{ what: '408', effect: status(408), nth: 3, outcome: 'retried', hooks: 0, withinSeconds: SOON },
	{ what: 'A redirect to another host, which never sees the API key', effect: { name: 'redirect', location: ELSEWHERE }, nth: 3, outcome: 'reported', hooks: 1, reads: remaining('1 webhook', SENTENCES.redirected), withinSeconds: SOON },
]);

/** GET for the dropdown: nothing is at stake but what somebody reads there. */
const LISTING = rows({ call: 'GET /campaigns', occasion: 'campaigns' }, [
	{ what: 'Connection refused', effect: { name: 'refused', afterRequests: 0, forMs: FOR_EVER }, outcome: 'reported', hooks: 0, reads: SENTENCES.unreachable, withinSeconds: SOON },
	{ what: 'Reset', effect: 'resetBefore', outcome: 'retried', hooks: 0, withinSeconds: SOON },
	{ what: 'No answer, without end', effect: 'hangBefore', times: FOR_EVER, outcome: 'reported', hooks: 0, reads: SENTENCES.tooLong, withinSeconds: CAMPAIGNS_SECONDS, inRealTime: true },
	{ what: 'An answer that trickles in a byte at a time, without end', effect: TRICKLE, times: FOR_EVER, outcome: 'reported', hooks: 0, reads: SENTENCES.tooLong, withinSeconds: CAMPAIGNS_SECONDS, inRealTime: true },
	{ what: '429 twice', effect: status(429, { headers: { 'retry-after': '1' } }), times: 2, outcome: 'retried', hooks: 0, withinSeconds: SOON },
	{ what: '500 twice', effect: status(500), times: 2, outcome: 'retried', hooks: 0, withinSeconds: SOON },
	{ what: '500 without end', effect: status(500), times: FOR_EVER, outcome: 'reported', hooks: 0, reads: SENTENCES.trouble, withinSeconds: CAMPAIGNS_SECONDS },
	{ what: '401', effect: status(401), outcome: 'reported', hooks: 0, reads: SENTENCES.wrongKey, withinSeconds: SOON },
	{ what: '403', effect: status(403), outcome: 'reported', hooks: 0, reads: SENTENCES.denied, withinSeconds: SOON },
	{ what: '200 with JSON of another shape', effect: 'otherShape', outcome: 'retried', hooks: 0, withinSeconds: SOON },
	{ what: '200 with a page of markup, without end', effect: status(200, PAGE), times: FOR_EVER, outcome: 'reported', hooks: 0, reads: SENTENCES.unreadable, withinSeconds: CAMPAIGNS_SECONDS },
	{ what: 'A redirect to another host, which never sees the API key', effect: { name: 'redirect', location: ELSEWHERE }, outcome: 'reported', hooks: 0, reads: SENTENCES.redirected, withinSeconds: SOON },
]);

export const MATRIX: readonly FaultRow[] = [...MAKING, ...LOOKING, ...STARTING, ...CHECKING, ...LOOKING_TO_REMOVE, ...REMOVING, ...LISTING];

/** What n8n's own test of the credential makes of an answer to GET /team. n8n sends it once and speaks for itself. */
export interface TeamRow {
	what: string;
	effect: Fault['effect'] | Refusal;
	/** What somebody reads under the credential; "…" stands for n8n's own words. */
	reads: string;
	/** The longest it takes until somebody reads it. */
	withinSeconds: number;
}

export const TEAM_MATRIX: readonly TeamRow[] = [
	{ what: 'Connection refused', effect: { name: 'refused', afterRequests: 0, forMs: FOR_EVER }, reads: 'ECONNREFUSED', withinSeconds: SOON },
	{ what: 'Reset', effect: 'resetBefore', reads: 'ECONNRESET', withinSeconds: SOON },
	{ what: 'No answer', effect: 'hangBefore', reads: 'ERR_CANCELED', withinSeconds: ONE_TIMEOUT },
	{ what: 'An answer that trickles in a byte at a time', effect: TRICKLE, reads: 'ERR_CANCELED', withinSeconds: ONE_TIMEOUT },
	{ what: '401', effect: status(401), reads: 'lemlist rejected the API key. Create a new one in lemlist under Settings > Integrations and paste it here.', withinSeconds: SOON },
	{ what: '403', effect: status(403), reads: 'lemlist denied access: the user of this API key is blocked or not allowed to do this. Ask the owner of the lemlist team, or use the API key of another user.', withinSeconds: SOON },
	{ what: '404', effect: status(404), reads: 'This credential holds a wrong address for lemlist. …', withinSeconds: SOON },
	{ what: '429', effect: status(429), reads: 'lemlist is turning requests away because your team sends too many. The key may be fine: try again in a minute.', withinSeconds: SOON },
	{ what: '500', effect: status(500), reads: 'lemlist has a problem on its side. The key may be fine: try again in a few minutes.', withinSeconds: SOON },
	{ what: '502 with a page of markup', effect: status(502, PAGE), reads: 'lemlist has a problem on its side. The key may be fine: try again in a few minutes.', withinSeconds: SOON },
	{ what: '200 with a page of markup', effect: status(200, PAGE), reads: 'The answer did not come from lemlist. A proxy or a maintenance page may be in the way: try again in a few minutes.', withinSeconds: SOON },
	{ what: 'A redirect to another host, which never sees the API key', effect: { name: 'redirect', location: ELSEWHERE }, reads: 'lemlist sent the request on to another address. …', withinSeconds: SOON },
];

/** A pattern for a text in which "…" stands for anything. */
export function patternOf(text: string): RegExp {
	return new RegExp(`^${text.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('[^]*')}$`);
}
