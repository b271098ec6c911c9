// The sandbox's own HTTP API, for its page and for tests that run in another process.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { letHappen, sampleOf, type Sampling } from './eventOrders';
import { EVENT_GROUPS } from './eventTypes';
import { CALL_CHOICES, FAULT_CHOICES, labelOf } from './faultChoices';
import { EFFECT_NAMES, type BareEffectName, type Effect } from './faults';
import { BadOrder, fieldsOf, isObject, wholeNumber, type Fields } from './orders';
import type { ActiveFault, Fault, Sandbox } from './types';

const LATEST = 100;

interface ById {
	Params: { id: string };
	Querystring: Fields;
}

interface OfType {
	Params: { type: string };
	Querystring: Sampling;
}

/** Adds everything under `/sandbox`. */
export function addControlRoutes(server: FastifyInstance, sandbox: () => Sandbox): void {
	server.get('/sandbox/state', () => stateOf(sandbox()));
	server.get('/sandbox/changes', (request, reply) => {
		streamChanges(request, reply, sandbox());
	});
	server.get<OfType>('/sandbox/samples/:type', ({ params, query }) =>
		sampleOf(params.type, query, sandbox()),
	);
	server.post('/sandbox/events', async (request) => letHappen(fieldsOf(request), sandbox()));
	server.post('/sandbox/faults', (request) => {
		return toldFault(sandbox().fault(faultOf(fieldsOf(request))));
	});
	for (const [path, change] of CHANGES) {
		server.route<ById>({
			...path,
			handler: ({ params: { id }, query }) => {
				change(sandbox(), id, query);
				return stateOf(sandbox());
			},
		});
	}
}

/** Calls that change something and are answered with how things are then. */
const CHANGES: ReadonlyArray<
	[{ method: string; url: string }, (sandbox: Sandbox, id: string, query: Fields) => void]
> = [
	[
		{ method: 'DELETE', url: '/sandbox/faults' },
		(sandbox) => {
			sandbox.clearFaults();
		},
	],
	[{ method: 'DELETE', url: '/sandbox/faults/:id' }, removeFault],
	[{ method: 'DELETE', url: '/sandbox/hooks/:id' }, removeHook],
	[{ method: 'POST', url: '/sandbox/hooks/:id/disable' }, switchOffHook],
	[{ method: 'DELETE', url: '/sandbox/activities/:id' }, loseActivity],
	[
		{ method: 'POST', url: '/sandbox/reset' },
		(sandbox) => {
			sandbox.reset();
		},
	],
];

function removeFault(sandbox: Sandbox, id: string): void {
	if (!sandbox.faults.some((fault) => fault.id === id))
		throw new BadOrder('There is no such fault');
	sandbox.removeFault(id);
}

function removeHook(sandbox: Sandbox, id: string): void {
	checkHook(sandbox, id);
	sandbox.removeHook(id);
}

function switchOffHook(sandbox: Sandbox, id: string): void {
	checkHook(sandbox, id);
	sandbox.switchOffHook(id);
}

function loseActivity(sandbox: Sandbox, id: string, query: Fields): void {
	if (!sandbox.loseActivity(id, wholeNumber(query, 'afterPages', 0)))
		throw new BadOrder('There is no such activity');
}

function checkHook({ hooks }: Sandbox, id: string): void {
	if (!hooks.some(({ _id }) => _id === id)) throw new BadOrder('There is no such hook');
}

function stateOf(sandbox: Sandbox): object {
	const { url, apiUrl, apiKey, teamId, rules, hooks, campaigns, requests, deliveries } = sandbox;
	const { activities } = sandbox;
	return {
		...{ url, apiUrl, apiKey, teamId, rules, campaigns },
		hooks: hooks.map(({ secret, ...hook }) => ({ ...hook, hasSecret: secret !== undefined })),
		faults: sandbox.faults.map(toldFault),
		requests: requests.slice(-LATEST).map(({ at, method, path, query, body, status, acted }) => {
			return { at, method, path, query, body, status, acted };
		}),
		deliveries: deliveries.slice(-LATEST),
		activities: activities.slice(0, LATEST),
		activityCount: activities.length,
		eventGroups: EVENT_GROUPS,
		effects: EFFECT_NAMES,
		faultChoices: FAULT_CHOICES.map(({ key, label }) => ({ key, label })),
		callChoices: CALL_CHOICES.map(({ key, label }) => ({ key, label })),
		log: sandbox.log,
	};
}

function toldFault({ id, effect, on, remaining, hits }: ActiveFault): object {
	const path = on.path instanceof RegExp ? on.path.source : on.path;
	return {
		id,
		label: labelOf(effect, on),
		effect,
		on: { method: on.method, path, query: on.query, nth: on.nth },
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

/** A fault by the names that the page offers, or with effect and requests of one's own. */
function faultOf(order: Fields): Fault {
	const offered = FAULT_CHOICES.find(({ key }) => key === order.fault);
	const call = CALL_CHOICES.find(({ key }) => key === order.call);
	const { on = call?.on ?? {}, times = 1, effect = offered?.effect } = order;
	if (!isObject(on)) throw new BadOrder('`on` is not an object');
	const { method, path, query, nth } = on;
	return {
		on: {
			...(typeof method === 'string' && { method }),
			...(typeof path === 'string' && { path }),
			...(isObject(query) && { query: query as Record<string, string> }),
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
