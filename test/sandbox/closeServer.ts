// The end of a server that listens on this machine.
import { once } from 'node:events';
import type { Server } from 'node:http';

/** Closes the port and every connection of a server, at once. One that does not listen stays as it is. */
export async function closeServer(server: Server): Promise<void> {
	if (!server.listening) return;
	const closed = once(server, 'close');
	server.close();
	server.closeAllConnections();
	await closed;
}
