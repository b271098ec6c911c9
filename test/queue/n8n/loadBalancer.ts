/**
 * A small load balancer as stands in front of n8n in queue mode. Test runs go to the main process. All
 * else goes to the webhook processors: each in turn, only those that say they are ready, and the next
 * one where a connection is refused.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { closeServer } from '../../sandbox/closeServer';
import { exchange } from '../../sandbox/outgoing';

const HOST = '127.0.0.1';
const LOOK_EVERY_MS = 200;
const PATIENCE_MS = 60_000;
const TEST_RUNS = '/webhook-test/';
const BAD_GATEWAY = 502;

export class LoadBalancer {
	/** Every answer that it passed on: whose, and with which status. */
	readonly answers: Array<{ target: string; status: number }> = [];
	private readonly server = createServer((request, response) => void this.pass(request, response));
	private readonly looking = setInterval(() => void this.look(), LOOK_EVERY_MS);
	private main = '';
	private processors: readonly string[] = [];
	private ready: readonly string[] = [];
	private turn = 0;

	static async start(): Promise<LoadBalancer> {
		const balancer = new LoadBalancer();
		await once(balancer.server.listen(0, HOST), 'listening');
		return balancer;
	}

	get url(): string {
		return `http://${HOST}:${String((this.server.address() as AddressInfo).port)}`;
	}

	/** From now on calls go to these URLs. Resolves once it knows which processors are ready. */
	async balance(main: string, processors: readonly string[]): Promise<void> {
		this.main = main;
		this.processors = processors;
		await this.look();
	}

	async close(): Promise<void> {
		clearInterval(this.looking);
		await closeServer(this.server);
	}

	/** A processor that starts answers 404 before it knows any address: only its readiness tells. */
	private async look(): Promise<void> {
		const looks = this.processors.map(async (target) => await fetch(`${target}/healthz/readiness`).then(({ ok }) => ok, () => false));
		const isReady = await Promise.all(looks);
		const ready = this.processors.filter((_, index) => isReady[index]);
		// A processor whose database is slow for a moment still takes calls; one that is gone refuses them.
		if (ready.length > 0) this.ready = ready;
	}

	private async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const body = await buffer(request);
		const path = request.url ?? '/';
		for (const target of path.startsWith(TEST_RUNS) ? [this.main] : this.inTurn()) {
			try {
				const outgoing = { method: request.method ?? 'POST', headers: request.headers as Record<string, string>, body, signal: AbortSignal.timeout(PATIENCE_MS) };
				const { status, headers, body: text } = await exchange(target + path, outgoing);
				this.answers.push({ target, status });
				response.writeHead(status, headers).end(text);
				return;
			} catch (error) {
				// Whoever broke off may have acted: the call must not reach another one too.
				if (!isRefused(error)) break;
			}
		}
		response.writeHead(BAD_GATEWAY).end();
	}

	private inTurn(): string[] {
		this.turn += 1;
		const first = this.turn % Math.max(1, this.ready.length);
		return [...this.ready.slice(first), ...this.ready.slice(0, first)];
	}
}

function isRefused(error: unknown): boolean {
	return error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
}
