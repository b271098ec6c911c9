// A receiver for the sandbox's deliveries, in place of n8n.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { closeServer } from './closeServer';
import { Listener } from './listener';

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

const OK = { status: 200, body: '' };

/** Starts a receiver on a free port of this machine. Close it in the end. */
export async function startReceiver(): Promise<Receiver> {
	const server = createServer((request, response) => {
		take(started, request, response);
	});
	const listener = new Listener(server, 0);
	await listener.start();
	const started: Receiver = {
		url: `${listener.url}/webhook`,
		answer: OK,
		calls: [],
		get bodies() {
			return started.calls.map(({ text }) => JSON.parse(text) as Record<string, unknown>);
		},
		reset() {
			started.answer = OK;
			started.calls = [];
		},
		async close() {
			await closeServer(server);
		},
	};
	return started;
}

function take(receiver: Receiver, request: IncomingMessage, response: ServerResponse): void {
	let text = '';
	request.on('data', (piece: Buffer) => (text += piece.toString()));
	request.on('end', () => {
		receiver.calls.push({ method: request.method, headers: request.headers, text });
		if (receiver.answer === 'none') return;
		response.writeHead(receiver.answer.status).end(receiver.answer.body);
	});
}
