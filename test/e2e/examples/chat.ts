// A chat's incoming webhook on this machine: takes messages as Slack does, and keeps them.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { closeServer } from '../../sandbox/closeServer';

export interface Chat {
	/** What a user pastes into the node that posts. */
	url: string;
	/** Every message as it was posted, oldest first. */
	messages: unknown[];
	close: () => Promise<void>;
}

/** Starts a chat. Close it in the end. */
export async function startChat(): Promise<Chat> {
	const messages: unknown[] = [];
	const server = createServer((request, response) => {
		void json(request).then((message) => {
			messages.push(message);
			response.setHeader('content-type', 'text/plain').end('ok');
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	const close = async () => {
		await closeServer(server);
	};
	return { url: `http://127.0.0.1:${String(port)}/services/channel`, messages, close };
}
