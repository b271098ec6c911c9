// The sandbox's own HTTP API, for its page and for tests that run in another process.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { activityOf, byBot, thirdPartyReply } from './activities';
import { EVENT_GROUPS, isEventType, type EventType } from './eventTypes';
import { EFFECT_NAMES, type BareEffectName, type Effect } from './faults';
import { newId } from './identifiers';
import type { ActiveFault, Activity, Fault, Sandbox } from './types';

type Fields = Record<string, unknown>;

const LATEST = 100;

class BadOrder extends Error {
	readonly statusCode = 400;
}

/** Adds the page at `/` and everything under `/sandbox`. */
export function addControlRoutes(server: FastifyInstance, sandbox: () => Sandbox): void {
	server.get('/', (_request, reply) => reply.type('text/html; charset=utf-8').send(page()));
	server.get('/sandbox/state', () => stateOf(sandbox()));
	server.get('/sandbox/changes', (request, reply) => {
		streamChanges(request, reply, sandbox());
	});
	server.post('/sandbox/events', async (request) => sendEvent(fieldsOf(request), sandbox()));
	server.post('/sandbox/faults', (request) => {
		return toldFault(sandbox().fault(faultOf(fieldsOf(request))));
	});
	server.delete('/sandbox/faults', () => {
		sandbox().clearFaults();
		return stateOf(sandbox());
	});
	server.delete<{ Params: { id: string } }>('/sandbox/hooks/:id', ({ params: { id } }) => {
		if (!sandbox().hooks.some(({ _id }) => _id === id)) throw new BadOrder('There is no such hook');
		sandbox().removeHook(id);
		return stateOf(sandbox());
	});
	server.post('/sandbox/reset', () => {
		sandbox().reset();
		return stateOf(sandbox());
	});
}

// Read at each request, so that the page can be worked on while the sandbox runs.
function page(): string {
	return readFileSync(join(__dirname, 'page.html'), 'utf8');
}

function stateOf(sandbox: Sandbox): object {
	const { url, apiUrl, apiKey, teamId, rules, hooks, campaigns, requests, deliveries } = sandbox;
	return {
		...{ url, apiUrl, apiKey, teamId, rules, campaigns },
		hooks: hooks.map(({ secret, ...hook }) => ({ ...hook, hasSecret: secret !== undefined })),
		faults: sandbox.faults.map(toldFault),
		requests: requests.slice(-LATEST).map(({ at, method, path, query, body, status, acted }) => {
			return { at, method, path, query, body, status, acted };
		}),
		deliveries: deliveries.slice(-LATEST),
		eventGroups: EVENT_GROUPS,
		effects: EFFECT_NAMES,
	};
}

function toldFault({ id, effect, on, remaining, hits }: ActiveFault): object {
	const path = on.path instanceof RegExp ? on.path.source : on.path;
	return {
		id,
		effect,
		on: { method: on.method, path, nth: on.nth },
		remaining: remaining === Infinity ? 'always' : remaining,
		hits,
	};
}

function streamChanges(request: FastifyRequest, reply: FastifyReply, sandbox: Sandbox): void {
	reply.hijack();
	reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
	reply.raw.write(': watching\n\n');
	const stop = sandbox.onChange((line) => {
		reply.raw.write(`data: ${JSON.stringify(line)}\n\n`);
	});
	request.raw.once('close', stop);
}

async function sendEvent(order: Fields, sandbox: Sandbox): Promise<object> {
	const activity = activityOrdered(order);
	const results = await sandbox.deliver(activity, {
		...(order.forged === true && { secret: `forged-${newId('act')}` }),
		alsoState: order.alsoState === true,
	});
	return { activity, results };
}

function activityOrdered({ type, overrides, thirdParty, bot }: Fields): Activity {
	if (!isEventType(type)) throw new BadOrder('`type` is none of the 75 event types');
	if (overrides !== undefined && !isObject(overrides)) {
		throw new BadOrder('`overrides` is not an object');
	}
	const make: (type: EventType, overrides?: Fields) => Activity =
		thirdParty === true ? thirdPartyReply : activityOf;
	const activity = make(type, overrides);
	return bot === true ? byBot(activity) : activity;
}

function faultOf({ on = {}, times = 1, effect }: Fields): Fault {
	if (!isObject(on)) throw new BadOrder('`on` is not an object');
	const { method, path, nth } = on;
	return {
		on: {
			...(typeof method === 'string' && { method }),
			...(typeof path === 'string' && { path }),
			...(typeof nth === 'number' && { nth }),
		},
		times: times === 'always' ? Infinity : Number(times),
		effect: effectOf(effect),
	};
}

function effectOf(effect: unknown): Effect | BareEffectName {
	const named = typeof effect === 'string' ? { name: effect } : effect;
	if (!isObject(named) || !EFFECT_NAMES.some((name) => name === named.name)) {
		throw new BadOrder(`\`effect\` is none of ${EFFECT_NAMES.join(', ')}`);
	}
	const missing = (NEEDED[String(named.name)] ?? []).filter((field) => named[field] === undefined);
	if (missing.length > 0) throw new BadOrder(`\`effect\` lacks ${missing.join(', ')}`);
	return named as Effect;
}

const NEEDED: Readonly<Record<string, readonly string[]>> = {
	status: ['status'],
	redirect: ['location'],
	hugeAnswer: ['bytes'],
	slowAnswer: ['bytesPerSecond'],
	delay: ['ms'],
	actLate: ['ms'],
};

function fieldsOf({ body }: FastifyRequest): Fields {
	try {
		const order: unknown = JSON.parse(String(body));
		if (isObject(order)) return order;
	} catch {
		// Not JSON: the same answer as JSON of another kind.
	}
	throw new BadOrder('The body is not a JSON object');
}

function isObject(value: unknown): value is Fields {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
