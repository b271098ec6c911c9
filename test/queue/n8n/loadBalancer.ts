/**
 * A small load balancer as docs/hosting.md wants one in front of n8n in queue mode. Test runs go to the main
 * process. All else goes to the webhook processors: each in turn, only those that say they are ready,
 * and the next one where a connection is refused; 503 where there is none.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { closeServer } from '../../sandbox/closeServer';
import { exchange } from '../../sandbox/outgoing';

const HOST = '127.0.0.1';
const LOOK_EVERY_MS = 200;
const LOOK_PATIENCE_MS = 5_000;
const PATIENCE_MS = 60_000;
const TEST_RUNS = '/webhook-test/';
/** Nobody has the call: it may be sent again. */
const UNAVAILABLE = 503;
/** Somebody may have acted on it. */
const BAD_GATEWAY = 502;

export class LoadBalancer {
	/** Every answer that it passed on: whose, and with which status. */
	readonly answers: Array<{ target: string; status: number }> = [];
	private readonly server = createServer((request, response) => void this.pass(request, response));
	private main = '';
	private processors: readonly string[] = [];
	private readonly ready = new Set<string>();
	private isOpen = true;
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
		await Promise.all(
			processors.map(async (processor) => {
				await this.look(processor);
			}),
		);
		for (const processor of processors) void this.watch(processor);
	}

	async close(): Promise<void> {
		this.isOpen = false;
		await closeServer(this.server);
	}

	/** Also when another one takes its time to answer. */
	private async watch(processor: string): Promise<void> {
		while (this.isOpen) {
			await this.look(processor);
			await sleep(LOOK_EVERY_MS);
		}
	}

	/** A processor that starts answers 404 before it knows any address: only its readiness tells. */
	private async look(processor: string): Promise<void> {
		const looking = fetch(`${processor}/healthz/readiness`, {
			signal: AbortSignal.timeout(LOOK_PATIENCE_MS),
		});
		if (
			await looking.then(
				({ status }) => status === 200,
				() => false,
			)
		)
			this.ready.add(processor);
		else this.ready.delete(processor);
	}

	private async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const body = await buffer(request);
		const path = request.url ?? '/';
		for (const target of path.startsWith(TEST_RUNS) ? [this.main] : this.inTurn()) {
			try {
				const outgoing = {
					method: request.method ?? 'POST',
					headers: request.headers as Record<string, string>,
					body,
					signal: AbortSignal.timeout(PATIENCE_MS),
				};
				const { status, headers, body: text } = await exchange(target + path, outgoing);
				this.answers.push({ target, status });
				response.writeHead(status, headers).end(text);
				return;
			} catch (error) {
				// Whoever broke off may have acted: the call must not reach another one too.
				if (!isRefused(error)) return void response.writeHead(BAD_GATEWAY).end();
			}
		}
		response.writeHead(UNAVAILABLE).end();
	}

	private inTurn(): string[] {
		const ready = this.processors.filter((processor) => this.ready.has(processor));
		this.turn += 1;
		const first = this.turn % Math.max(1, ready.length);
		return [...ready.slice(first), ...ready.slice(0, first)];
	}
}

function isRefused(error: unknown): boolean {
	return error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
}
