// The sandbox's socket: opened and closed at will on one port, on this machine only.
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { closeServer } from './closeServer';

const HOST = '127.0.0.1';
/** A client in this process must see its pooled connections end before it uses one of them again. */
const CLIENTS_NOTICE_MS = 10;

export class Listener {
	constructor(
		private readonly server: Server,
		private port: number,
	) {}

	get url(): string {
		return `http://${HOST}:${String(this.port)}`;
	}

	/** Opens the port; a free one the first time if none was asked for. */
	async start(): Promise<void> {
		if (this.server.listening) return;
		const opened = once(this.server, 'listening');
		this.server.listen(this.port, HOST);
		await opened;
		this.port = (this.server.address() as AddressInfo).port;
	}

	/** Closes the port and every connection, at once. */
	async stop(): Promise<void> {
		if (!this.server.listening) return;
		await closeServer(this.server);
		await sleep(CLIENTS_NOTICE_MS);
	}
}
