// The ways an answer reaches the client, or does not: whole, slowly, in part, or never.
import type { ServerResponse } from 'node:http';

import type { Answer } from './answers';
import { pause } from './pause';

/** Puts an answer on the wire, and tells the status that was sent. */
export type Transmission = (response: ServerResponse) => Promise<number | 'none'>;

const TRICKLE_STEP_MS = 50;

/** The whole answer, after a while if asked. */
export function whole(answer: Answer, delayMs = 0): Transmission {
	return async (response) => {
		await pause(delayMs);
		if (response.destroyed) return 'none';
		response.writeHead(answer.status, headersOf(answer)).end(answer.body);
		return answer.status;
	};
}

/** The answer in small pieces. */
export function trickled(answer: Answer, bytesPerSecond: number): Transmission {
	return async (response) => {
		const body = Buffer.from(answer.body);
		const step = Math.max(1, Math.round((bytesPerSecond * TRICKLE_STEP_MS) / 1000));
		response.writeHead(answer.status, headersOf(answer));
		response.flushHeaders();
		for (let sent = 0; sent < body.length && !response.destroyed; sent += step) {
			await pause(TRICKLE_STEP_MS);
			response.write(body.subarray(sent, sent + step));
		}
		response.end();
		return answer.status;
	};
}

/** Half of the answer, then a lost connection. */
export function cutShort(answer: Answer): Transmission {
	return async (response) => {
		const body = Buffer.from(answer.body);
		response.writeHead(answer.status, headersOf(answer));
		await new Promise((written) => {
			response.write(body.subarray(0, Math.floor(body.length / 2)), written);
		});
		response.destroy();
		return answer.status;
	};
}

/** A connection that is reset without a byte. */
export function reset(): Transmission {
	return (response) => {
		response.socket?.resetAndDestroy();
		return Promise.resolve('none');
	};
}

/** Silence, until the client or the sandbox closes the connection. */
export function silence(): Transmission {
	return () => Promise.resolve('none');
}

function headersOf({ headers, body }: Answer): Record<string, string> {
	return { ...headers, 'content-length': String(Buffer.byteLength(body)) };
}
