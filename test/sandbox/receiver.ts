// A receiver for the sandbox's deliveries, in place of n8n.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Somebody whom hooks lead to: keeps what arrives, and answers as told. */
export interface Receiver {
	url: string;
	/** 'none': takes the call and never answers. */
	answer: { status: number; body: string } | 'none';
	calls: Array<Pick<IncomingMessage, 'method' | 'headers'> & { text: string }>;
	readonly bodies: Array<Record<string, unknown>>;
	reset(): void;
	close(): Promise<void>;
}

/** Starts a receiver on a free port of this machine. Close it in the end. */
export async function startReceiver(): Promise<Receiver> {
	const server: Server = createServer((request, response) => {
		let text = '';
		request.on('data', (piece: Buffer) => (text += piece.toString()));
		request.on('end', () => {
			started.calls.push({ method: request.method, headers: request.headers, text });
			if (started.answer === 'none') return;
			response.writeHead(started.answer.status).end(started.answer.body);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	const started: Receiver = {
		url: `http://127.0.0.1:${String(port)}/webhook`,
		answer: { status: 200, body: '' },
		calls: [],
		get bodies() {
			return started.calls.map(({ text }) => JSON.parse(text) as Record<string, unknown>);
		},
		reset() {
			started.answer = { status: 200, body: '' };
			started.calls = [];
		},
		async close() {
			const closed = new Promise((resolve) => server.close(resolve));
			server.closeAllConnections();
			await closed;
		},
	};
	return started;
}
