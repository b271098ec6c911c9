/** Sends deliveries to a real n8n as fast as it takes them, and reads what they cost it. */
import autocannon from 'autocannon';
import type { Instance } from '../e2e/n8n/instance';
import { until } from '../e2e/n8n/until';
import type { Host } from '../faults/n8n/host';
import type { TriggerHost } from '../faults/n8n/trigger';
import type { Contender } from './contenders';

/** Open connections; the next delivery goes out when an answer is there. */
export const AT_A_TIME = 10;
const PATIENCE_SECONDS = 60;
export const DRAINED_WITHIN_MS = 120_000;

/** What one burst took. */
export interface Burst {
	/** Deliveries answered a second. */
	rate: number;
	/** Processor time of n8n for each delivery, its execution included, in milliseconds. */
	cpuMs: number;
	/** Rows that n8n's database gained, its statistics aside. */
	rows: number;
	/** Bytes by which the database's files grew. */
	bytes: number;
}

/**
 * Sends a number of deliveries and waits until n8n has worked off what they started.
 *
 * @throws Error when n8n answers otherwise than the contender should be answered
 */
export async function burst(host: Host, contender: Contender, amount: number): Promise<Burst> {
	const before = await costsOf(host);
	const rate = await send(contender, amount);
	if (contender.isAccepted)
		await until(
			'n8n has worked off the deliveries',
			async () => (await finished(host)) >= before.finished + amount,
			{ limitMs: DRAINED_WITHIN_MS },
		);
	const after = await costsOf(host);
	return {
		rate,
		cpuMs: ((after.cpuSeconds - before.cpuSeconds) * 1_000) / amount,
		rows: after.rows - before.rows,
		bytes: after.bytes - before.bytes,
	};
}

/** Sends them. @returns how many were answered a second. @throws Error when one is answered otherwise */
export async function send(
	{ name, url, headers, body, status }: Contender,
	amount: number,
): Promise<number> {
	const began = performance.now();
	let ended = began;
	const answers = new Map<number, number>();
	const options: autocannon.Options = {
		url,
		method: 'POST',
		headers: { ...headers },
		requests: [{ setupRequest: (request) => ({ ...request, body: body() }) }],
		connections: AT_A_TIME,
		amount,
		timeout: PATIENCE_SECONDS,
	};
	await new Promise<void>((resolve, reject) => {
		const sending = autocannon(options, (error: unknown) => {
			if (error instanceof Error) reject(error);
			else resolve();
		});
		sending.on('response', (_client, answer) => {
			ended = performance.now();
			answers.set(answer, (answers.get(answer) ?? 0) + 1);
		});
	});
	if (answers.get(status) !== amount)
		throw new Error(
			`${name} was answered ${JSON.stringify([...answers])} instead of ${String(amount)} times ${String(status)}`,
		);
	return (amount * 1_000) / (ended - began);
}

interface Costs {
	cpuSeconds: number;
	finished: number;
	rows: number;
	bytes: number;
}

async function costsOf(host: Host): Promise<Costs> {
	// The processor time first and last: reading the database is somebody else's.
	const cpuSeconds = await cpuSecondsOf(host.n8n);
	return {
		cpuSeconds,
		finished: await finished(host),
		rows: await rowsIn(host),
		bytes: await host.database.bytes(),
	};
}

/** @returns how much processor time a process of n8n has used so far. @throws Error when it does not tell */
export async function cpuSecondsOf({ url }: Pick<Instance, 'url'>): Promise<number> {
	const metrics = await (await fetch(`${url}/metrics`)).text();
	const [, seconds] = /^n8n_process_cpu_seconds_total (\S+)/m.exec(metrics) ?? [];
	if (seconds === undefined)
		throw new Error(
			'n8n does not tell how much processor time it has used: N8N_METRICS is not set',
		);
	return Number(seconds);
}

/** @returns how many executions have ended well */
export async function finished(host: Pick<TriggerHost, 'database'>): Promise<number> {
	return await countIn(host, "execution_entity WHERE status = 'success'");
}

async function rowsIn(host: Host): Promise<number> {
	// n8n writes its statistics of past executions now and then, whatever is going on at that moment.
	const tables = await host.database.run(
		"SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'insights%'",
	);
	const counts = tables.map(({ name }) => `(SELECT COUNT(*) FROM "${String(name)}")`);
	const [row] = await host.database.run(`SELECT ${counts.join(' + ')} AS found`);
	return Number(row?.found);
}

async function countIn(host: Pick<TriggerHost, 'database'>, from: string): Promise<number> {
	const [row] = await host.database.run(`SELECT COUNT(*) AS found FROM ${from}`);
	return Number(row?.found);
}
