/**
 * A way to lemlist that lets a number of requests through and then refuses connections, for a while or
 * for good: what a firewall, or a lemlist that is just being restarted, looks like.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isOfLookBack } from '../integration/stage';
import { closeServer } from '../sandbox/closeServer';
import type { Refusal } from './matrixVocabulary';

export class Gate {
	private passed = 0;

	private isShut = false;

	private reopening: NodeJS.Timeout | undefined;

	private constructor(
		private readonly target: string,
		private readonly refusal: Refusal,
		private readonly server: Server,
		private readonly port: number,
	) {}

	/** @param target where requests go that pass, without a slash at the end */
	static async open(target: string, refusal: Refusal): Promise<Gate> {
		const server = createServer((request, response) => {
			void gate.pass(request, response);
		});
		server.listen(0, '127.0.0.1');
		await once(server, 'listening');
		const gate = new Gate(target, refusal, server, (server.address() as AddressInfo).port);
		if (refusal.afterRequests === 0) gate.shut();
		return gate;
	}

	get url(): string {
		return `http://127.0.0.1:${String(this.port)}`;
	}

	async close(): Promise<void> {
		clearTimeout(this.reopening);
		await closeServer(this.server);
	}

	private async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
		// A connection that came before the gate shut, with a request that came after.
		if (this.isShut) {
			request.socket.destroy();
			return;
		}
		// Where the team is asked for beside hooks, it is chance which of them comes first.
		if (!isOfLookBack(pathOf(request))) this.count();
		const answer = await fetch(`${this.target}${String(request.url)}`, {
			method: String(request.method),
			headers: headersOf(request),
			...(await bodyOf(request)),
		});
		const body = await answer.text();
		response
			.writeHead(answer.status, {
				'content-type': answer.headers.get('content-type') ?? '',
				connection: 'close',
			})
			.end(body);
	}

	private count(): void {
		this.passed += 1;
		// Before the answer, so that the next request meets a closed gate.
		if (this.passed === this.refusal.afterRequests) this.shut();
	}

	/** No new connections; those that exist end with the answer that is under way. */
	private shut(): void {
		this.isShut = true;
		this.server.close();
		const { forMs } = this.refusal;
		if (forMs < Infinity)
			this.reopening = setTimeout(() => {
				this.reopen();
			}, forMs);
	}

	private reopen(): void {
		this.isShut = false;
		this.server.listen(this.port, '127.0.0.1');
	}
}

function pathOf({ url = '' }: IncomingMessage): string {
	return new URL(url, 'http://localhost').pathname.replace(/^\/api/, '');
}

function headersOf(request: IncomingMessage): Record<string, string> {
	const kept = ['authorization', 'content-type', 'user-agent'].map(
		(name) => [name, request.headers[name]] as const,
	);
	return Object.fromEntries(
		kept.filter((header): header is readonly [string, string] => typeof header[1] === 'string'),
	);
}

async function bodyOf(request: IncomingMessage): Promise<{ body?: Buffer }> {
	const pieces: Buffer[] = [];
	for await (const piece of request) pieces.push(piece as Buffer);
	return pieces.length === 0 ? {} : { body: Buffer.concat(pieces) };
}
