/** Sends a row of the hostile table over raw HTTP: any method, header and pace, nothing tidied up on the way. */
import { request as requestHttp, type ClientRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HostileRow, Loot } from './hostile';

export interface Answer {
	status: number | 'none';
	body: string;
}

const PIECES = 20;
const PAUSE_MS = 100;
const LIMIT_MS = 60_000;

/** @returns what came back; status `none` when the connection ended without an answer */
export async function call(row: HostileRow, loot: Loot, url: URL): Promise<Answer> {
	const body = Buffer.from(row.body?.(loot) ?? '');
	const headers = {
		'content-length': String(body.length),
		...(row.headers?.(loot) ?? { 'content-type': 'application/json' }),
	};
	const request = requestHttp({
		host: url.hostname,
		port: url.port,
		method: row.method ?? 'POST',
		path: row.path?.({ ...loot, url }) ?? url.pathname + url.search,
		headers,
		agent: false,
		signal: AbortSignal.timeout(row.patienceMs ?? LIMIT_MS),
	});
	const answer = answerTo(request);
	await PACES[row.pace ?? 'at once'](request, body);
	return await answer;
}

const PACES: Readonly<
	Record<
		NonNullable<HostileRow['pace']> | 'at once',
		(request: ClientRequest, body: Buffer) => Promise<void>
	>
> = {
	'at once': async (request, body) => {
		request.end(body);
		await Promise.resolve();
	},
	slow: async (request, body) => {
		const size = Math.ceil(body.length / PIECES);
		for (let sent = 0; sent < body.length; sent += size) {
			request.write(body.subarray(sent, sent + size));
			await sleep(PAUSE_MS);
		}
		request.end();
	},
	'broken off': async (request, body) => {
		request.write(body.subarray(0, body.length / 2));
		await sleep(PAUSE_MS);
		request.destroy();
	},
};

/** A server that has seen enough may answer and close while the body is still on its way. */
async function answerTo(request: ClientRequest): Promise<Answer> {
	return await new Promise((resolve) => {
		request.on('response', (response) => {
			let body = '';
			const end = () => {
				resolve({ status: response.statusCode ?? 'none', body });
			};
			response
				.setEncoding('utf8')
				.on('data', (text: string) => {
					body += text;
				})
				.on('end', end)
				.on('error', end);
		});
		request.on('error', () => {
			resolve({ status: 'none', body: '' });
		});
	});
}
