/**
 * The fault matrix: what can go wrong between the trigger and lemlist, what the trigger makes of it,
 * and what somebody reads then. The tests are generated from it, and docs/reliability.md shows it.
 */
import type { Fault } from '../sandbox';
import {
	ACTIVATION_SECONDS,
	CAMPAIGNS_SECONDS,
	CHECK_SECONDS,
	DEACTIVATION_SECONDS,
	ELSEWHERE,
	FOR_EVER,
	NOT_IN_PLAN,
	ONE_TIMEOUT,
	PAGE,
	refused,
	remaining,
	rows,
	SENTENCES,
	SOON,
	status,
	staysOff,
	TRICKLE,
	WANTED,
	type FaultRow,
	type Occasion,
	type OwnColumns,
	type Refusal,
} from './matrixVocabulary';

const MEGABYTES_64 = 64 * 1024 * 1024;
const A_LITTLE_LATE = { name: 'delay', ms: 1_300 } as const;
const A_FRACTION = status(429, { headers: { 'retry-after': '0.651' } });

/** Answers that stay the same however often the same thing is asked. POST has rows of its own: there some are about one event. */
const REFUSALS = [
	{ what: '400 for a team that lemlist does not know', effect: status(400, { body: 'Bad team' }), reads: SENTENCES.unknownTeam },
	{ what: '401', effect: status(401), reads: SENTENCES.wrongKey },
	{ what: '402: the plan does not include it', effect: NOT_IN_PLAN, reads: SENTENCES.plan },
	{ what: '403', effect: status(403), reads: SENTENCES.denied },
	{ what: '405', effect: status(405, { body: 'Method not allowed' }), reads: refused(405, 'Method not allowed') },
	{ what: '407 with a page of markup', effect: status(407, PAGE), reads: SENTENCES.proxy },
	{ what: '422', effect: status(422, { body: 'Unprocessable' }), reads: refused(422, 'Unprocessable') },
	{ what: '511 with a page of markup', effect: status(511, PAGE), reads: SENTENCES.network },
];

/** @param told what somebody reads where the answer itself is read so; absent: it stands in the log alone */
function refusals(shared: Omit<OwnColumns, 'what' | 'withinSeconds'>, told?: (sentence: string) => string): OwnColumns[] {
	return REFUSALS.map(({ reads, ...refusal }) => ({ ...refusal, ...shared, ...(told === undefined ? { logs: reads } : { reads: told(reads) }), times: FOR_EVER, withinSeconds: SOON }));
}

const asItIs = (sentence: string) => sentence;
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
	{ what: '429 twice, with a Retry-After of a fraction of a second', effect: A_FRACTION, nth: 3, times: 2, outcome: 'retried', hooks: WANTED, withinSeconds: SOON },
	{ what: '429 without end, Retry-After of a second', effect: status(429, { headers: { 'retry-after': '1' } }), nth: 3, times: FOR_EVER, outcome: 'undone', hooks: 0, reads: SENTENCES.tooManyRequests, withinSeconds: ACTIVATION_SECONDS, inRealTime: true },
	{ what: '429 without end, without Retry-After', effect: status(429, { headers: { 'retry-after': null } }), nth: 3, times: FOR_EVER, outcome: 'undone', hooks: 0, reads: SENTENCES.tooManyRequests, withinSeconds: ACTIVATION_SECONDS, inRealTime: true },
	{ what: '429 with a Retry-After of an hour: said at once', effect: status(429, { headers: { 'retry-after': '3600' } }), nth: 3, outcome: 'undone', hooks: 0, reads: SENTENCES.tooManyRequests, withinSeconds: SOON, inRealTime: true },
	{ what: '429 with a Retry-After of 60.5 seconds: said at once', effect: status(429, { headers: { 'retry-after': '60.5' } }), nth: 3, outcome: 'undone', hooks: 0, reads: SENTENCES.tooManyRequests, withinSeconds: SOON, inRealTime: true },
	{ what: '500 before lemlist acted', effect: status(500, { body: 'Internal error' }), nth: 3, outcome: 'retried', hooks: WANTED, withinSeconds: SOON },
	{ what: '500 after lemlist acted', effect: status(500, { acts: true }), nth: 3, outcome: 'tolerated', hooks: WANTED, withinSeconds: SOON },
	{ what: '500 without end', effect: status(500), nth: 3, times: FOR_EVER, outcome: 'undone', hooks: 0, reads: SENTENCES.trouble, withinSeconds: ACTIVATION_SECONDS },
	{ what: '502 with a page of markup', effect: status(502, PAGE), nth: 3, outcome: 'retried', hooks: WANTED, withinSeconds: SOON },
	{ what: '502 with a page of markup, without end', effect: status(502, PAGE), nth: 3, times: FOR_EVER, outcome: 'undone', hooks: 0, reads: SENTENCES.trouble, withinSeconds: ACTIVATION_SECONDS },
	{ what: '503', effect: status(503, { headers: { 'retry-after': '1' } }), nth: 3, outcome: 'retried', hooks: WANTED, withinSeconds: SOON },
	{ what: '408', effect: status(408), nth: 3, outcome: 'retried', hooks: WANTED, withinSeconds: SOON },
	{ what: '200 with a webhook of somebody else, lemlist did not act', effect: status(200, { body: '{"_id":"hoo_1","targetUrl":"https://zapier.example.org/"}', contentType: 'application/json' }), nth: 3, outcome: 'retried', hooks: WANTED, withinSeconds: SOON },
	{ what: '401 in the middle of several', effect: status(401, { body: 'The authentication you supplied is incorrect' }), nth: 3, outcome: 'undone', hooks: 0, reads: SENTENCES.wrongKey, withinSeconds: SOON },
	{ what: '402 in the middle of several: the plan does not include it', effect: NOT_IN_PLAN, nth: 3, outcome: 'undone', hooks: 0, reads: SENTENCES.plan, withinSeconds: SOON },
	{ what: '403 in the middle of several', effect: status(403, { body: 'Forbidden' }), nth: 3, outcome: 'undone', hooks: 0, reads: SENTENCES.denied, withinSeconds: SOON },
	{ what: '400 for too many webhooks', effect: status(400, { body: 'Too many hooks' }), nth: 3, outcome: 'undone', hooks: 0, reads: SENTENCES.tooManyHooks, withinSeconds: SOON },
	{ what: '400 for a team that lemlist does not know', effect: status(400, { body: 'Bad team' }), nth: 3, outcome: 'undone', hooks: 0, reads: SENTENCES.unknownTeam, withinSeconds: SOON },
	{ what: '400 for anything else', effect: status(400, { body: 'Bad params' }), nth: 3, outcome: 'undone', hooks: 0, reads: SENTENCES.refusedEvent, withinSeconds: SOON },
	{ what: '404', effect: status(404, { body: 'Not found' }), nth: 3, outcome: 'undone', hooks: 0, reads: SENTENCES.refusedEvent, withinSeconds: SOON },
	{ what: '404 with a page of markup', effect: status(404, PAGE), nth: 3, outcome: 'undone', hooks: 0, reads: SENTENCES.unreadable, withinSeconds: SOON },
	{ what: '405', effect: status(405, { body: 'Method not allowed' }), nth: 3, outcome: 'undone', hooks: 0, reads: refused(405, 'Method not allowed'), withinSeconds: SOON },
	{ what: '407 with a page of markup', effect: status(407, PAGE), nth: 3, outcome: 'undone', hooks: 0, reads: SENTENCES.proxy, withinSeconds: SOON },
	{ what: '422', effect: status(422, { body: 'Unprocessable' }), nth: 3, outcome: 'undone', hooks: 0, reads: SENTENCES.refusedEvent, withinSeconds: SOON },
	{ what: '511 with a page of markup, without end', effect: status(511, PAGE), nth: 3, times: FOR_EVER, outcome: 'undone', hooks: 0, reads: SENTENCES.network, withinSeconds: ACTIVATION_SECONDS },
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
	{ what: '429 twice, with a Retry-After of a fraction of a second', effect: A_FRACTION, times: 2, outcome: 'retried', hooks: WANTED, withinSeconds: SOON },
	{ what: '429 without end', effect: status(429, { headers: { 'retry-after': '1' } }), times: FOR_EVER, outcome: 'reported', hooks: 0, reads: SENTENCES.tooManyRequests, withinSeconds: ACTIVATION_SECONDS, inRealTime: true },
	{ what: '500 three times', effect: status(500), times: 3, outcome: 'retried', hooks: WANTED, withinSeconds: SOON },
	{ what: '500 without end', effect: status(500), times: FOR_EVER, outcome: 'reported', hooks: 0, reads: SENTENCES.trouble, withinSeconds: ACTIVATION_SECONDS },
	{ what: '408', effect: status(408), outcome: 'retried', hooks: WANTED, withinSeconds: SOON },
	...refusals({ outcome: 'reported', hooks: 0 }, asItIs),
	{ what: '404', effect: status(404, { body: 'Not found' }), outcome: 'reported', hooks: 0, reads: SENTENCES.nothingThere, withinSeconds: SOON },
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
	...refusals({ outcome: 'postponed', hooks: WANTED }),
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
	{ what: '429 twice, with a Retry-After of a fraction of a second', effect: A_FRACTION, times: 2, outcome: 'retried', hooks: 0, withinSeconds: SOON },
	{ what: '429 without end', effect: status(429, { headers: { 'retry-after': '1' } }), times: FOR_EVER, outcome: 'reported', hooks: WANTED, reads: SENTENCES.tooManyRequests, withinSeconds: DEACTIVATION_SECONDS, inRealTime: true },
	{ what: '500 three times', effect: status(500), times: 3, outcome: 'retried', hooks: 0, withinSeconds: SOON },
	{ what: '500 without end', effect: status(500), times: FOR_EVER, outcome: 'reported', hooks: WANTED, reads: SENTENCES.trouble, withinSeconds: DEACTIVATION_SECONDS },
	...refusals({ outcome: 'reported', hooks: WANTED }, asItIs),
	{ what: '404', effect: status(404, { body: 'Not found' }), outcome: 'reported', hooks: WANTED, reads: SENTENCES.nothingThere, withinSeconds: SOON },
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
	{ what: '429 twice, with a Retry-After of a fraction of a second', effect: A_FRACTION, times: 2, outcome: 'retried', hooks: WANTED, withinSeconds: SOON },
	{ what: '429 without end', effect: status(429, { headers: { 'retry-after': '1' } }), times: FOR_EVER, outcome: 'left', hooks: WANTED - 1, withinSeconds: CHECK_SECONDS },
	{ what: '500 three times', effect: status(500), times: 3, outcome: 'retried', hooks: WANTED, withinSeconds: SOON },
	{ what: '500 without end', effect: status(500), times: FOR_EVER, outcome: 'left', hooks: WANTED - 1, withinSeconds: SOON },
	...refusals({ outcome: 'left', hooks: WANTED - 1 }),
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
	{ what: '429 twice, with a Retry-After of a fraction of a second', effect: A_FRACTION, nth: 3, times: 2, outcome: 'retried', hooks: 0, withinSeconds: SOON },
	{ what: '429 without end', effect: status(429, { headers: { 'retry-after': '1' } }), nth: 3, times: FOR_EVER, outcome: 'reported', hooks: 4, reads: remaining('4 webhooks', SENTENCES.tooManyRequests), withinSeconds: DEACTIVATION_SECONDS, inRealTime: true },
	{ what: '500 three times', effect: status(500), nth: 6, times: 3, outcome: 'retried', hooks: 0, withinSeconds: SOON },
	{ what: '500 without end', effect: status(500), nth: 6, times: FOR_EVER, outcome: 'reported', hooks: 1, reads: remaining('1 webhook', SENTENCES.trouble), withinSeconds: DEACTIVATION_SECONDS },
	...refusals({ nth: 3, outcome: 'reported', hooks: 4 }, (sentence) => remaining('4 webhooks', sentence)),
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
	{ what: '429 twice, with a Retry-After of a fraction of a second', effect: A_FRACTION, times: 2, outcome: 'retried', hooks: 0, withinSeconds: SOON },
	{ what: '500 twice', effect: status(500), times: 2, outcome: 'retried', hooks: 0, withinSeconds: SOON },
	{ what: '500 without end', effect: status(500), times: FOR_EVER, outcome: 'reported', hooks: 0, reads: SENTENCES.trouble, withinSeconds: CAMPAIGNS_SECONDS },
	...refusals({ outcome: 'reported', hooks: 0 }, asItIs),
	{ what: '404', effect: status(404, { body: 'Not found' }), outcome: 'reported', hooks: 0, reads: SENTENCES.nothingThere, withinSeconds: SOON },
	{ what: '200 with JSON of another shape', effect: 'otherShape', outcome: 'retried', hooks: 0, withinSeconds: SOON },
	{ what: '200 with a page of markup, without end', effect: status(200, PAGE), times: FOR_EVER, outcome: 'reported', hooks: 0, reads: SENTENCES.unreadable, withinSeconds: CAMPAIGNS_SECONDS },
	{ what: 'A redirect to another host, which never sees the API key', effect: { name: 'redirect', location: ELSEWHERE }, outcome: 'reported', hooks: 0, reads: SENTENCES.redirected, withinSeconds: SOON },
]);

const DOING = { reactivation: 'Publishing', start: 'n8n starts', check: 'Every five minutes' } as const;

/** What lemlist has switched off gets nothing any more, and its URL is taken while it stands: it goes before its successor is made. */
const SWITCHED_OFF = [
	...(['reactivation', 'start', 'check'] as const).flatMap((occasion) => rows({ call: 'GET /hooks', occasion }, [
		{ what: `${DOING[occasion]}: one is switched off`, switchedOff: 1, outcome: 'replaced', hooks: WANTED, withinSeconds: SOON },
		{ what: `${DOING[occasion]}: all are switched off`, switchedOff: WANTED, outcome: 'replaced', hooks: WANTED, withinSeconds: SOON },
	])),
	...rows({ call: 'GET /hooks', occasion: 'deactivation' }, [
		{ what: 'Unpublishing: one is switched off', switchedOff: 1, outcome: 'removed', hooks: 0, withinSeconds: SOON },
		{ what: 'Unpublishing: all are switched off', switchedOff: WANTED, outcome: 'removed', hooks: 0, withinSeconds: SOON },
	]),
	...rows({ call: 'DELETE /hooks/{id}', occasion: 'reactivation' }, [
		{ what: 'Publishing: one is switched off and cannot be removed (403)', switchedOff: 1, effect: status(403), times: FOR_EVER, outcome: 'reported', hooks: WANTED, off: 1, reads: staysOff(SENTENCES.denied), withinSeconds: SOON },
	]),
	...rows({ call: 'DELETE /hooks/{id}', occasion: 'start' }, [
		{ what: 'n8n starts: one is switched off and cannot be removed (403)', switchedOff: 1, effect: status(403), times: FOR_EVER, outcome: 'postponed', hooks: WANTED, off: 1, logs: staysOff(SENTENCES.denied), withinSeconds: SOON },
	]),
	...rows({ call: 'DELETE /hooks/{id}', occasion: 'check' }, [
		{ what: 'Every five minutes: one is switched off, and removing it works the fourth time (500)', switchedOff: 1, effect: status(500), times: 3, outcome: 'retried', hooks: WANTED, withinSeconds: SOON },
		{ what: 'Every five minutes: one is switched off and cannot be removed (403)', switchedOff: 1, effect: status(403), times: FOR_EVER, outcome: 'left', hooks: WANTED, off: 1, logs: staysOff(SENTENCES.denied), withinSeconds: SOON },
		{ what: 'Every five minutes: one of six that are switched off cannot be removed (500 without end)', switchedOff: WANTED, effect: status(500), nth: WANTED, times: FOR_EVER, outcome: 'left', hooks: WANTED, off: 1, logs: staysOff(SENTENCES.trouble), withinSeconds: SOON },
	]),
	...rows({ call: 'DELETE /hooks/{id}', occasion: 'deactivation' }, [
		{ what: 'Unpublishing: all are switched off, and one cannot be removed (403)', switchedOff: WANTED, effect: status(403), nth: WANTED, times: FOR_EVER, outcome: 'reported', hooks: 1, off: 1, reads: remaining('1 webhook', SENTENCES.denied), withinSeconds: SOON },
	]),
	...rows({ call: 'POST /hooks', occasion: 'reactivation' }, [
		{ what: 'Publishing: one is switched off, and the plan does not include another one (402)', switchedOff: 1, effect: NOT_IN_PLAN, times: FOR_EVER, outcome: 'undone', hooks: WANTED - 1, reads: SENTENCES.plan, withinSeconds: SOON },
	]),
	...rows({ call: 'POST /hooks', occasion: 'check' }, [
		{ what: 'Every five minutes: one is switched off, and the plan does not include another one (402)', switchedOff: 1, effect: NOT_IN_PLAN, times: FOR_EVER, outcome: 'left', hooks: WANTED - 1, logs: SENTENCES.plan, withinSeconds: SOON },
	]),
];

/** lemlist answers as it should, but not soon. */
const SLOW_LEMLIST: ReadonlyArray<readonly [occasion: Occasion, what: string, hooks: number]> = [
	['activation', 'Publishing', WANTED],
	['start', 'n8n starts', WANTED],
	['check', 'Every five minutes, when one webhook has vanished', WANTED],
	['deactivation', 'Unpublishing', 0],
	['campaigns', 'Listing campaigns', 0],
];
const WAITING = SLOW_LEMLIST.flatMap(([occasion, what, hooks]) => rows({ call: 'every call', occasion }, [
	{ what: `${what}: 1.3 seconds for each answer`, effect: A_LITTLE_LATE, times: FOR_EVER, outcome: 'tolerated', hooks, withinSeconds: SOON, inRealTime: true },
]));

export const MATRIX: readonly FaultRow[] = [...MAKING, ...LOOKING, ...STARTING, ...CHECKING, ...LOOKING_TO_REMOVE, ...REMOVING, ...SWITCHED_OFF, ...LISTING, ...WAITING];

/** What n8n's own test of the credential makes of an answer to GET /team. n8n sends it once and speaks for itself. */
export interface TeamRow {
	what: string;
	effect: Fault['effect'] | Refusal;
	/** What somebody reads under the credential; "…" stands for n8n's own words. Absent: that it is fine. */
	reads?: string;
	/** The longest it takes until somebody reads it. */
	withinSeconds: number;
}

function refusedTest(code: number): string {
	return `lemlist refused the request (HTTP ${String(code)}). Create a new API key in lemlist under Settings > Integrations and try that. If it changes nothing, ask the owner of the lemlist team.`;
}

export const TEAM_MATRIX: readonly TeamRow[] = [
	{ what: 'Connection refused', effect: { name: 'refused', afterRequests: 0, forMs: FOR_EVER }, reads: 'ECONNREFUSED', withinSeconds: SOON },
	{ what: 'Reset', effect: 'resetBefore', reads: 'ECONNRESET', withinSeconds: SOON },
	{ what: 'No answer', effect: 'hangBefore', reads: 'ERR_CANCELED', withinSeconds: ONE_TIMEOUT },
	{ what: 'An answer that trickles in a byte at a time', effect: TRICKLE, reads: 'ERR_CANCELED', withinSeconds: ONE_TIMEOUT },
	{ what: '1.3 seconds until the answer', effect: A_LITTLE_LATE, withinSeconds: SOON },
	{ what: '400 for a team that lemlist does not know', effect: status(400, { body: 'Bad team' }), reads: refusedTest(400), withinSeconds: SOON },
	{ what: '401', effect: status(401), reads: 'lemlist rejected the API key. Create a new one in lemlist under Settings > Integrations and paste it here.', withinSeconds: SOON },
	{ what: '402: the plan does not include it', effect: NOT_IN_PLAN, reads: 'lemlist\'s plan of this team does not include this, or has run out (lemlist\'s words: "route is available starting emailPro plan"). Change the plan in lemlist, or use the API key of a team whose plan includes it.', withinSeconds: SOON },
	{ what: '403', effect: status(403), reads: 'lemlist denied access: the user of this API key is blocked or not allowed to do this. Ask the owner of the lemlist team, or use the API key of another user.', withinSeconds: SOON },
	{ what: '404', effect: status(404), reads: 'lemlist has nothing at the address that this credential asks. Try again in a few minutes. If that does not help, make a new credential.', withinSeconds: SOON },
	{ what: '405', effect: status(405, { body: 'Method not allowed' }), reads: refusedTest(405), withinSeconds: SOON },
	{ what: '407 with a page of markup', effect: status(407, PAGE), reads: SENTENCES.proxy, withinSeconds: SOON },
	{ what: '422', effect: status(422, { body: 'Unprocessable' }), reads: refusedTest(422), withinSeconds: SOON },
	{ what: '429', effect: status(429), reads: 'lemlist is turning requests away because your team sends too many. The key may be fine: try again in a minute.', withinSeconds: SOON },
	{ what: '500', effect: status(500), reads: 'lemlist has a problem on its side. The key may be fine: try again in a few minutes.', withinSeconds: SOON },
	{ what: '502 with a page of markup', effect: status(502, PAGE), reads: 'lemlist has a problem on its side. The key may be fine: try again in a few minutes.', withinSeconds: SOON },
	{ what: '511 with a page of markup', effect: status(511, PAGE), reads: SENTENCES.network, withinSeconds: SOON },
	{ what: '200 with a page of markup', effect: status(200, PAGE), reads: 'The answer did not come from lemlist. A proxy or a maintenance page may be in the way: try again in a few minutes.', withinSeconds: SOON },
	{ what: 'A redirect to another host, which never sees the API key', effect: { name: 'redirect', location: ELSEWHERE }, reads: 'lemlist sent the request on to another address. …', withinSeconds: SOON },
];

