// The HTTP side: hands requests under /api to lemlist's API, and the rest to the page and its own API.
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';

import { serve } from './api';
import { addControlRoutes } from './controlRoutes';
import type { Lemlist } from './lemlist';
import { addPageRoutes } from './pageRoutes';
import type { RequestRecord, Sandbox } from './types';

/** The server, not listening yet. */
export async function buildServer(
	lemlist: Lemlist,
	sandbox: () => Sandbox,
): Promise<FastifyInstance> {
	const server = Fastify();
	// Every body as text: what lemlist makes of broken JSON is up to its own routes.
	server.removeAllContentTypeParsers();
	server.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
		done(null, body);
	});
	server.setNotFoundHandler((_request, reply) =>
		reply.code(404).type('text/plain').send('Not found'),
	);
	server.all('/api/*', (request, reply) => {
		reply.hijack();
		serve(recordOf(request), reply.raw, lemlist).catch((error: unknown) => {
			lemlist.journal.log('request', `The sandbox itself failed: ${String(error)}`);
			reply.raw.destroy();
		});
	});
	addPageRoutes(server);
	addControlRoutes(server, sandbox);
	await server.ready();
	return server;
}

function recordOf(request: FastifyRequest): RequestRecord {
	const { pathname, searchParams } = new URL(request.url, 'http://sandbox');
	return {
		at: Date.now(),
		method: request.method,
		path: pathname.slice('/api'.length),
		query: Object.fromEntries(searchParams),
		headers: request.headers,
		body: parsed(request.body),
		status: 'none',
		acted: false,
	};
}

function parsed(body: unknown): unknown {
	if (typeof body !== 'string' || body === '') return undefined;
	try {
		return JSON.parse(body) as unknown;
	} catch {
		return body;
	}
}
