/**
 * Holds the figures that do not depend on the machine against limits with room in them: our work on a
 * delivery beside parsing it, requests to lemlist, the package's size. Ends with 1 and a sentence when
 * one is past its limit. Needs a build. Usage: tsx test/bench/guard.ts
 */
import '../integration/setup.js';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EVENTS } from '../../nodes/LemlistTrigger/settings/events';
import { packCheckout } from '../e2e/n8n/package';
import { silent } from '../e2e/n8n/progress';
import { until } from '../e2e/n8n/until';
import { MOST_BYTES } from '../package/contents';
import { missesOf, ratiosOf, spread, type Figure } from './figures';
import { HostInProcess } from './hostInProcess';
import { measureBusyLooks } from './missed';
import { measureOwnWork } from './ownWork';

/** What the work may be of what it stands beside, by size: several times of what was ever measured. */
const MOST_OF_PARSING: Readonly<Record<string, number>> = {
	'Receive a delivery of 1 kB': 8,
	'Receive a delivery of 10 kB': 2,
	'Receive a delivery of 100 kB': 0.4,
	'Verify a delivery of 10 kB': 3,
	'Verify a delivery of 100 kB': 3,
};
const PUBLISHED = [1, 10, EVENTS.length];

async function ownWork(): Promise<Figure[]> {
	const figures = await measureOwnWork({ isQuick: true, report: silent });
	const limits = Object.entries(MOST_OF_PARSING);
	return limits.map(([name, limit]) => {
		const figure = figures.find(({ what }) => what === name);
		if (figure === undefined) throw new Error(`"${name}" is not measured any more`);
		return { ...figure, targets: [{ of: 'ratio', at: 'most', limit }] };
	});
}

async function requests(): Promise<Figure[]> {
	return await HostInProcess.during({ rules: { rateLimit: { requests: 1_000 } } }, async (host) => {
		const figures: Figure[] = [];
		for (const events of PUBLISHED) figures.push(...(await requestsOf(host, events)));
		return figures;
	});
}

/** checkExists and create look once each, the check and delete as well; create asks for the team; there is one request a hook. */
async function requestsOf(host: HostInProcess, events: number): Promise<Figure[]> {
	const { lemlist } = host;
	lemlist.reset();
	const trigger = host.trigger(events);
	await trigger.activate();
	const activation = taken(host);
	trigger.check();
	await until('the check has looked', () => lemlist.requests.some(({ status }) => status === 200), {
		everyMs: 5,
	});
	// Waits for its turn behind the check.
	await trigger.deactivate();
	const checkAndDeactivation = taken(host);
	return [
		atMost(`Requests of an activation of ${String(events)}`, 'requests', activation, events + 3),
		atMost(
			`Requests of a check and a deactivation of ${String(events)}`,
			'requests',
			checkAndDeactivation,
			events + 2,
		),
	];
}

function taken({ lemlist }: HostInProcess): number {
	const { length } = lemlist.requests;
	lemlist.clearRequests();
	return length;
}

async function packageSize(): Promise<Figure[]> {
	const folder = await mkdtemp(path.join(tmpdir(), 'n8n-nodes-lemlist-size-'));
	try {
		const { size } = await stat(await packCheckout(folder, { build: false }));
		return [atMost('The packed package', 'bytes', size, MOST_BYTES)];
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

function atMost(what: string, unit: Figure['unit'], value: number, limit: number): Figure {
	return { what, unit, values: [value], targets: [{ of: 'value', at: 'most', limit }] };
}

function shown(figure: Figure): string {
	const value = `${spread(figure.values)} ${figure.unit}`;
	return figure.beside === undefined
		? value
		: `${value}, ${spread(ratiosOf(figure))} × ${figure.beside.what}`;
}

async function main(): Promise<number> {
	const figures = [
		...(await ownWork()),
		...(await requests()),
		...(await measureBusyLooks()),
		...(await packageSize()),
	];
	const misses = figures.flatMap(missesOf);
	for (const figure of figures) process.stdout.write(`${figure.what}: ${shown(figure)}\n`);
	process.stdout.write(
		misses.length === 0 ? 'Every figure is within its limit.\n' : `${misses.join('\n')}\n`,
	);
	return misses.length === 0 ? 0 : 1;
}

void main().then(
	(code) => {
		process.exit(code);
	},
	(error: unknown) => {
		process.stdout.write(
			`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
		);
		process.exit(2);
	},
);
