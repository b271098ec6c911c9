/** Deliveries to a real n8n: our trigger beside the built-in one and the Webhook node, under two settings of n8n. */
import path from 'node:path';
import { freePort } from '../e2e/n8n/ports';
import { Host } from '../faults/n8n/host';
import { contendersIn, NAMES, type ContenderName } from './contenders';
import type { Figure, Target } from './figures';
import { burst, type Burst } from './load';
import { inRounds, type Effort, type Part } from './part';

/** So long a check is not due while we measure. */
const CHECK_SECONDS = 3_600;
const WARM_UP = 10;

interface Setting {
	name: string;
	env: Readonly<Record<string, string>>;
	rounds: number;
	/** Deliveries in a burst. */
	amount: number;
	/** Whom an accepted delivery is compared with; a share of their rate that it has to reach, and of their processor time that it may take. */
	rivals: ReadonlyArray<readonly [ContenderName, share?: number, cost?: number]>;
}

const SETTINGS: readonly Setting[] = [
	// n8n makes an expression isolate for each call of any node but its own Webhook node: see the document.
	{ name: 'as n8n comes', env: {}, rounds: 5, amount: 60, rivals: [['builtIn', 0.95, 1.05], ['header', 0.95, 1.05], ['bare']] },
	{ name: 'isolates when needed', env: { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' }, rounds: 9, amount: 300, rivals: [['builtIn', 0.95, 1.05], ['header', 0.95, 1.05], ['bare', 0.95]] },
];

type Bursts = Readonly<Record<ContenderName, readonly Burst[]>>;

async function measureSetting({ name, env, rounds, amount, rivals }: Setting, effort: Effort): Promise<Figure[]> {
	effort.report(`n8n (${name})`, 'starting');
	const port = await freePort();
	const redirection = { NODE_OPTIONS: `--require=${path.join(__dirname, 'lemlistHere.ts')}`, LEMLIST_STAND_IN: `http://127.0.0.1:${String(port)}` };
	const host = await Host.start({ env: { N8N_METRICS: 'true', ...redirection, ...env }, sandbox: { port }, checkSeconds: CHECK_SECONDS });
	try {
		const contenders = await contendersIn(host);
		const names = Object.keys(NAMES) as ContenderName[];
		for (const contender of names) await burst(host, contenders[contender], WARM_UP);
		const size = effort.isQuick ? amount / 4 : amount;
		const measures = Object.fromEntries(names.map((contender) => [contender, async () => await burst(host, contenders[contender], size)]));
		const bursts = await inRounds(effort.isQuick ? 2 : rounds, measures as Record<ContenderName, () => Promise<Burst>>, effort);
		return figuresOf(name, bursts, rivals);
	} finally {
		await host.close();
	}
}

function figuresOf(setting: string, bursts: Bursts, rivals: Setting['rivals']): Figure[] {
	const of = (contender: ContenderName, what: keyof Burst) => bursts[contender].map((one) => one[what]);
	const rates = rivals.map(([rival, share]) => ({
		what: `Accepted deliveries, ${setting}`, unit: 'a second', values: of('ours', 'rate'),
		beside: { what: NAMES[rival], values: of(rival, 'rate') }, targets: atLeast(share),
	}) satisfies Figure);
	// No bound beside the bare node: before each execution, n8n looks a credential up, and that node has none.
	const costs = rivals.map(([rival, , cost]) => ({
		what: `Processor time of an accepted delivery, ${setting}`, unit: 'ms', values: of('ours', 'cpuMs'),
		beside: { what: NAMES[rival], values: of(rival, 'cpuMs') }, targets: cost === undefined ? [] : [{ of: 'ratio', at: 'most', limit: cost }],
	}) satisfies Figure);
	return [...rates, ...costs, ...refusalsOf(setting, of)];
}

function refusalsOf(setting: string, of: (contender: ContenderName, what: keyof Burst) => number[]): Figure[] {
	const accepted = 'an accepted one';
	return [
		{ what: `Refused deliveries, ${setting}`, unit: 'a second', values: of('oursRefused', 'rate'), beside: { what: accepted, values: of('ours', 'rate') }, targets: atLeast(1) },
		{ what: `Processor time of a refused delivery, ${setting}`, unit: 'ms', values: of('oursRefused', 'cpuMs'), beside: { what: accepted, values: of('ours', 'cpuMs') }, targets: [{ of: 'ratio', at: 'most', limit: 1 }] },
		{ what: `Processor time of a refused delivery, ${setting}`, unit: 'ms', values: of('oursRefused', 'cpuMs'), beside: { what: NAMES.headerRefused, values: of('headerRefused', 'cpuMs') } },
		{ what: `Rows that a burst of refused deliveries leaves in the database, ${setting}`, unit: 'rows', values: of('oursRefused', 'rows'), beside: { what: 'accepted ones', values: of('ours', 'rows') }, targets: [{ of: 'value', at: 'most', limit: 0 }] },
		{ what: `Growth of the database by a burst of refused deliveries, ${setting}`, unit: 'bytes', values: of('oursRefused', 'bytes'), beside: { what: 'accepted ones', values: of('ours', 'bytes') }, targets: [{ of: 'value', at: 'most', limit: 0 }] },
	];
}

function atLeast(share: number | undefined): Target[] {
	return share === undefined ? [] : [{ of: 'ratio', at: 'least', limit: share }];
}

async function measureDeliveries(effort: Effort): Promise<Figure[]> {
	const figures: Figure[] = [];
	for (const setting of SETTINGS) figures.push(...(await measureSetting(setting, effort)));
	return figures;
}

export const deliveries: Part = { key: 'deliveries', title: 'Deliveries to a real n8n', stage: 'n8n', measure: measureDeliveries };
