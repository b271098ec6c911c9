// One HTTP request to a receiver, with node's own client: any method, any body, nothing followed.
import { request as requestHttp, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';

interface Outgoing {
	method: string;
	headers: Record<string, string>;
	body: string | Buffer;
	signal: AbortSignal;
}

export interface Received {
	status: number;
	headers: IncomingHttpHeaders;
	body: string;
}

/** Sends a request and reads the whole answer. Rejects when there is none. */
export function exchange(targetUrl: string, outgoing: Outgoing): Promise<Received> {
	const { method, headers, body, signal } = outgoing;
	return new Promise((resolve, reject) => {
		const url = new URL(targetUrl);
		const begin = url.protocol === 'https:' ? requestHttps : requestHttp;
		const length = String(Buffer.byteLength(body));
		const request = begin(url, {
			method,
			headers: { 'content-length': length, ...headers },
			agent: false,
			signal,
		});
		request.on('error', reject);
		request.on('response', (response) => {
			read(response).then(resolve, reject);
		});
		request.end(body);
	});
}

async function read(response: IncomingMessage): Promise<Received> {
	const pieces: Buffer[] = [];
	for await (const piece of response) pieces.push(piece as Buffer);
	return {
		status: response.statusCode ?? 0,
		headers: response.headers,
		body: Buffer.concat(pieces).toString('utf8'),
	};
}
