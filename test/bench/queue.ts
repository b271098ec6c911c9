/** Deliveries to n8n in queue mode, through two webhook processors and one worker, beside one process of n8n on the same machine. */
import type { Instance } from '../e2e/n8n/instance';
import { until } from '../e2e/n8n/until';
import { Host } from '../faults/n8n/host';
import type { TriggerHost } from '../faults/n8n/trigger';
import { Cluster } from '../queue/n8n/cluster';
import { NAMES, pairIn, type Contender } from './contenders';
import { DELIVERY_TARGETS, type Figure } from './figures';
import { gateContendersIn } from './gate';
import { CHECK_SECONDS, HOST_SETTINGS, WARM_UP, type HostSetting } from './hostSettings';
import { cpuSecondsOf, DRAINED_WITHIN_MS, finished, send } from './load';
import { burstSize, inRounds, type Effort, type Part } from './part';
import { addUngated, IN_WORDS, WITHOUT_GATE } from './ungated';

const WORKED_OFF_EVERY_MS = 50;

interface Setting {
	name: HostSetting;
	rounds: number;
	/** Deliveries in a burst. */
	amount: number;
}

const SETTINGS: readonly Setting[] = [
	{ name: 'as n8n comes', rounds: 5, amount: 200 },
	{ name: 'isolates when needed', rounds: 11, amount: 600 },
];

/** An n8n and the processes it consists of. */
interface Stage {
	host: TriggerHost;
	processes: readonly Instance[];
}

interface Burst {
	/** Deliveries answered a second. */
	answered: number;
	/** Executions ended a second, from the first delivery to the last end. */
	workedOff: number;
	/** Processor time of all processes of n8n for each delivery, in milliseconds. */
	cpuMs: number;
}

async function burst(
	{ host, processes }: Stage,
	contender: Contender,
	amount: number,
): Promise<Burst> {
	const [cpuBefore, endedBefore] = [await cpuSecondsOfAll(processes), await finished(host)];
	const began = performance.now();
	const isWorkedOff = async () => (await finished(host)) >= endedBefore + amount;
	// While they are sent: the one who sends tells only at whole seconds that it is done.
	const [answered, workedOff] = await Promise.all([
		send(contender, amount),
		until('n8n has worked off the deliveries', isWorkedOff, {
			limitMs: DRAINED_WITHIN_MS,
			everyMs: WORKED_OFF_EVERY_MS,
		}).then(() => (amount * 1_000) / (performance.now() - began)),
	]);
	return {
		answered,
		workedOff,
		cpuMs: (((await cpuSecondsOfAll(processes)) - cpuBefore) * 1_000) / amount,
	};
}

async function cpuSecondsOfAll(processes: readonly Instance[]): Promise<number> {
	const seconds = await Promise.all(processes.map(cpuSecondsOf));
	return seconds.reduce((sum, one) => sum + one);
}

const CONTENDERS = [
	'ours in queue mode',
	'bare in queue mode',
	'ours in one process',
	'full in queue mode',
	'without in queue mode',
] as const;
type Bursts = Readonly<Record<(typeof CONTENDERS)[number], readonly Burst[]>>;

async function measureSetting(setting: Setting, effort: Effort): Promise<Figure[]> {
	const { name } = setting;
	effort.report(`n8n (${name})`, 'starting twice: queue mode, and one process');
	const options = {
		env: { N8N_METRICS: 'true', ...HOST_SETTINGS[name] },
		checkSeconds: CHECK_SECONDS,
	};
	const cluster = await Cluster.start({ ...options, furnish: addUngated });
	try {
		const single = await Host.start(options);
		try {
			return figuresOf(name, await race(cluster, single, setting, effort));
		} finally {
			await single.close();
		}
	} finally {
		await cluster.close();
	}
}

async function race(
	cluster: Cluster,
	single: Host,
	{ rounds, amount }: Setting,
	effort: Effort,
): Promise<Bursts> {
	const [queue, one]: [Stage, Stage] = [
		{ host: cluster, processes: Object.values(cluster.members) },
		{ host: single, processes: [single.n8n] },
	];
	const [inQueue, inOne] = [await pairIn(cluster), await pairIn(single)];
	const gate = await gateContendersIn(cluster);
	const measures = {
		'ours in queue mode': async (size: number) => await burst(queue, inQueue.ours, size),
		'bare in queue mode': async (size: number) => await burst(queue, inQueue.bare, size),
		'ours in one process': async (size: number) => await burst(one, inOne.ours, size),
		'full in queue mode': async (size: number) => await burst(queue, await gate.full(), size),
		'without in queue mode': async (size: number) => await burst(queue, await gate.without(), size),
	};
	for (const name of CONTENDERS) await measures[name](WARM_UP);
	const size = burstSize(amount, effort);
	const sized = Object.fromEntries(
		CONTENDERS.map((name) => [name, async () => await measures[name](size)]),
	) as Record<(typeof CONTENDERS)[number], () => Promise<Burst>>;
	return await inRounds(effort.isQuick ? 1 : rounds, sized, effort);
}

const COLUMNS = [
	['answered', 'Accepted deliveries', 'a second'],
	['workedOff', 'Accepted deliveries and their executions', 'a second'],
	['cpuMs', 'Processor time of an accepted delivery', 'ms'],
] as const satisfies ReadonlyArray<readonly [keyof Burst, string, Figure['unit']]>;

function figuresOf(setting: string, bursts: Bursts): Figure[] {
	const figures = COLUMNS.map(([column, what, unit]) => {
		const values = (of: keyof Bursts) => bursts[of].map((one) => one[column]);
		const ours = {
			what: `${what} in queue mode, ${setting}`,
			unit,
			values: values('ours in queue mode'),
		};
		const gated = {
			what: `${what} in queue mode, ${IN_WORDS.full}, ${setting}`,
			unit,
			values: values('full in queue mode'),
		};
		return {
			beside: [
				{
					...ours,
					beside: { what: `${NAMES.bare} in queue mode`, values: values('bare in queue mode') },
				},
				{
					...ours,
					beside: { what: 'this trigger in one n8n', values: values('ours in one process') },
				},
			],
			gate: { ...gated, beside: { what: WITHOUT_GATE, values: values('without in queue mode') } },
		};
	});
	return [...figures.flatMap(({ beside }) => beside), ...figures.map(({ gate }) => gate)].map(
		bounded,
	);
}

/** What the gate may cost, as in one n8n. */
function bounded(figure: Figure): Figure {
	if (figure.beside?.what !== WITHOUT_GATE) return figure;
	return {
		...figure,
		targets: [figure.unit === 'ms' ? DELIVERY_TARGETS.cost : DELIVERY_TARGETS.rate],
	};
}

async function measureQueue(effort: Effort): Promise<Figure[]> {
	const figures: Figure[] = [];
	for (const setting of SETTINGS) figures.push(...(await measureSetting(setting, effort)));
	return figures;
}

export const queue: Part = {
	key: 'queue',
	title: 'Deliveries in queue mode',
	stage: 'queue',
	measure: measureQueue,
};
