/** Deliveries to a real n8n: our trigger beside the built-in one and the Webhook node, under two settings of n8n. */
import path from 'node:path';
import { freePort } from '../e2e/n8n/ports';
import { Host } from '../faults/n8n/host';
import { contendersIn, NAMES, type ContenderName } from './contenders';
import { DELIVERY_TARGETS, type Figure } from './figures';
import { CHECK_SECONDS, HOST_SETTINGS, WARM_UP, type HostSetting } from './hostSettings';
import { burst, type Burst } from './load';
import { burstSize, inRounds, type Effort, type Part } from './part';

interface Race {
	rounds: number;
	/** Deliveries in a burst. */
	amount: number;
}

interface Setting {
	name: HostSetting;
	/** All but the bare node. */
	field: Race;
	/** Ours and the bare node alone, in turn: the closest race needs the most rounds. */
	pair: Race;
}

const SETTINGS: readonly Setting[] = [
	{ name: 'as n8n comes', field: { rounds: 13, amount: 60 }, pair: { rounds: 9, amount: 60 } },
	{
		name: 'isolates when needed',
		field: { rounds: 9, amount: 300 },
		pair: { rounds: 21, amount: 400 },
	},
];

const FIELD = [
	'builtIn',
	'header',
	'ours',
	'headerRefused',
	'oursRefused',
] as const satisfies readonly ContenderName[];
const PAIR = ['ours', 'bare'] as const satisfies readonly ContenderName[];

type Bursts<Name extends ContenderName> = Readonly<Record<Name, readonly Burst[]>>;

async function measureSetting({ name, field, pair }: Setting, effort: Effort): Promise<Figure[]> {
	effort.report(`n8n (${name})`, 'starting');
	const port = await freePort();
	const redirection = {
		NODE_OPTIONS: `--require=${path.join(__dirname, 'lemlistHere.ts')}`,
		LEMLIST_STAND_IN: `http://127.0.0.1:${String(port)}`,
	};
	const host = await Host.start({
		env: { N8N_METRICS: 'true', ...redirection, ...HOST_SETTINGS[name] },
		sandbox: { port },
		checkSeconds: CHECK_SECONDS,
	});
	try {
		const contenders = await contendersIn(host);
		for (const contender of Object.values(contenders)) await burst(host, contender, WARM_UP);
		const race = async <Name extends ContenderName>(
			names: readonly Name[],
			{ rounds, amount }: Race,
		) => {
			const size = burstSize(amount, effort);
			const measures = Object.fromEntries(
				names.map((contender) => [
					contender,
					async () => await burst(host, contenders[contender], size),
				]),
			);
			return await inRounds(
				effort.isQuick ? 2 : rounds,
				measures as Record<Name, () => Promise<Burst>>,
				effort,
			);
		};
		const bursts = await race(FIELD, field);
		return figuresOf(name, bursts, await race(PAIR, pair));
	} finally {
		await host.close();
	}
}

function figuresOf(
	setting: string,
	field: Bursts<(typeof FIELD)[number]>,
	pair: Bursts<(typeof PAIR)[number]>,
): Figure[] {
	const beside = [
		{ name: NAMES.builtIn, ours: field.ours, theirs: field.builtIn, cost: DELIVERY_TARGETS.cost },
		{ name: NAMES.header, ours: field.ours, theirs: field.header, cost: DELIVERY_TARGETS.cost },
		// No bound on the cost: before each execution, n8n looks a credential up, and that node has none.
		{ name: NAMES.bare, ours: pair.ours, theirs: pair.bare, cost: undefined },
	];
	const rates = beside.map(
		({ name, ours, theirs }) =>
			({
				what: `Accepted deliveries, ${setting}`,
				unit: 'a second',
				values: valuesOf(ours, 'rate'),
				beside: { what: name, values: valuesOf(theirs, 'rate') },
				targets: [DELIVERY_TARGETS.rate],
			}) satisfies Figure,
	);
	const costs = beside.map(
		({ name, ours, theirs, cost }) =>
			({
				what: `Processor time of an accepted delivery, ${setting}`,
				unit: 'ms',
				values: valuesOf(ours, 'cpuMs'),
				beside: { what: name, values: valuesOf(theirs, 'cpuMs') },
				targets: cost === undefined ? [] : [cost],
			}) satisfies Figure,
	);
	return [...rates, ...costs, ...refusalsOf(setting, field)];
}

function valuesOf(bursts: readonly Burst[], what: keyof Burst): number[] {
	return bursts.map((one) => one[what]);
}

function refusalsOf(setting: string, field: Bursts<(typeof FIELD)[number]>): Figure[] {
	const of = (contender: (typeof FIELD)[number], what: keyof Burst) =>
		valuesOf(field[contender], what);
	const accepted = 'an accepted one';
	return [
		{
			what: `Refused deliveries, ${setting}`,
			unit: 'a second',
			values: of('oursRefused', 'rate'),
			beside: { what: accepted, values: of('ours', 'rate') },
			targets: [{ of: 'ratio', at: 'least', limit: 1 }],
		},
		{
			what: `Processor time of a refused delivery, ${setting}`,
			unit: 'ms',
			values: of('oursRefused', 'cpuMs'),
			beside: { what: accepted, values: of('ours', 'cpuMs') },
			targets: [{ of: 'ratio', at: 'most', limit: 1 }],
		},
		{
			what: `Processor time of a refused delivery, ${setting}`,
			unit: 'ms',
			values: of('oursRefused', 'cpuMs'),
			beside: { what: NAMES.headerRefused, values: of('headerRefused', 'cpuMs') },
		},
		{
			what: `Rows that a burst of refused deliveries leaves in the database, ${setting}`,
			unit: 'rows',
			values: of('oursRefused', 'rows'),
			beside: { what: 'accepted ones', values: of('ours', 'rows') },
			targets: [{ of: 'value', at: 'most', limit: 0 }],
		},
		{
			what: `Growth of the database by a burst of refused deliveries, ${setting}`,
			unit: 'bytes',
			values: of('oursRefused', 'bytes'),
			beside: { what: 'accepted ones', values: of('ours', 'bytes') },
			targets: [{ of: 'value', at: 'most', limit: 0 }],
		},
	];
}

async function measureDeliveries(effort: Effort): Promise<Figure[]> {
	const figures: Figure[] = [];
	for (const setting of SETTINGS) figures.push(...(await measureSetting(setting, effort)));
	return figures;
}

export const deliveries: Part = {
	key: 'deliveries',
	title: 'Deliveries to a real n8n',
	stage: 'n8n',
	measure: measureDeliveries,
};
