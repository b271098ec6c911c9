// The sandbox's page and the files that it is made of, served as they are.
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

import type { FastifyInstance, FastifyReply } from 'fastify';

const FOLDER = join(__dirname, 'page');

const TYPES: Readonly<Record<string, string>> = {
	'.html': 'text/html; charset=utf-8',
	'.css': 'text/css; charset=utf-8',
	'.js': 'text/javascript; charset=utf-8',
};

/** Adds the page at `/` and its files under `/page`. */
export function addPageRoutes(server: FastifyInstance): void {
	server.get('/', (_request, reply) => sendFile('index.html', reply));
	server.get<{ Params: { file: string } }>('/page/:file', ({ params: { file } }, reply) =>
		sendFile(file, reply),
	);
}

/** One of the folder's own files, of a kind that the page needs. */
function isOwn(file: string): boolean {
	return /^\w+\.(html|css|js)$/.test(file);
}

// Read at each request, so that the page can be worked on while the sandbox runs.
async function sendFile(file: string, reply: FastifyReply): Promise<void> {
	const content = isOwn(file)
		? await readFile(join(FOLDER, file)).catch(() => undefined)
		: undefined;
	if (content === undefined) {
		reply.callNotFound();
		return;
	}
	await reply
		.type(TYPES[extname(file)] ?? 'text/plain')
		.header('cache-control', 'no-store')
		.send(content);
}
