// Ports of this machine: a free one, or whether a certain one is.
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

const HOST = '127.0.0.1';

/** Any free port. */
export async function freePort(): Promise<number> {
	return await opened(0);
}

/** Whether nobody listens on a port. */
export async function isFree(port: number): Promise<boolean> {
	return await opened(port).then(
		() => true,
		() => false,
	);
}

async function opened(port: number): Promise<number> {
	const server = createServer().listen(port, HOST);
	await once(server, 'listening');
	const { port: opened } = server.address() as AddressInfo;
	server.close();
	await once(server, 'close');
	return opened;
}
