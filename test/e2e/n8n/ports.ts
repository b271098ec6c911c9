// Ports of this machine: a free one, or whether a certain one is.
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

const HOST = '127.0.0.1';

/** Free ports that this process has named: whoever asked for one may open it much later. */
const named = new Set<number>();

/** Any free port, another one each time. */
export async function freePort(): Promise<number> {
	const port = await opened(0);
	if (named.has(port)) return await freePort();
	named.add(port);
	return port;
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
