/** What the gate costs: accepted deliveries to the trigger in a real n8n, beside the same trigger without it. */
import { Host } from '../faults/n8n/host';
import type { TriggerHost } from '../faults/n8n/trigger';
import { NAMES, triggerIn, type Contender } from './contenders';
import { DELIVERY_TARGETS, type Figure } from './figures';
import { CHECK_SECONDS, HOST_SETTINGS, WARM_UP, type HostSetting } from './hostSettings';
import { burst, type Burst } from './load';
import { burstSize, inRounds, type Effort, type Part } from './part';
import { addUngated, FILLINGS, fillStore, IN_WORDS, UNGATED_TYPE, WITHOUT_GATE } from './ungated';

interface Setting {
	name: HostSetting;
	rounds: number;
	/** Deliveries in a burst. */
	amount: number;
}

const SETTINGS: readonly Setting[] = [
	{ name: 'as n8n comes', rounds: 9, amount: 60 },
	{ name: 'isolates when needed', rounds: 15, amount: 300 },
];

/** A delivery to a trigger with the gate, to be prepared anew before each burst, and one without. */
export type GateContender = keyof typeof FILLINGS | 'without';

/** @returns what makes n8n's store as full as it is to be, and then the contender, by name */
export async function gateContendersIn(
	host: TriggerHost,
): Promise<Record<GateContender, () => Promise<Contender>>> {
	const gated = await triggerIn(host, NAMES.ours);
	const without = await triggerIn(host, `${NAMES.ours} ${WITHOUT_GATE}`, UNGATED_TYPE);
	const filled = (keys: number) => async () => {
		await fillStore(gated.trigger, keys);
		return gated.contender;
	};
	return {
		empty: filled(FILLINGS.empty),
		full: filled(FILLINGS.full),
		without: async () => await Promise.resolve(without.contender),
	};
}

async function measureSetting(
	{ name, rounds, amount }: Setting,
	effort: Effort,
): Promise<Figure[]> {
	effort.report(`n8n (${name})`, 'starting');
	const host = await Host.start({
		env: { N8N_METRICS: 'true', ...HOST_SETTINGS[name] },
		checkSeconds: CHECK_SECONDS,
		furnish: addUngated,
	});
	try {
		const { empty, full, without } = await gateContendersIn(host);
		const send = (prepare: () => Promise<Contender>, size: number) => async () =>
			await burst(host, await prepare(), size);
		for (const prepare of [empty, full, without]) await send(prepare, WARM_UP)();
		const size = burstSize(amount, effort);
		const measures = {
			empty: send(empty, size),
			full: send(full, size),
			without: send(without, size),
		};
		return figuresOf(name, await inRounds(effort.isQuick ? 2 : rounds, measures, effort));
	} finally {
		await host.close();
	}
}

function figuresOf(
	setting: string,
	bursts: Readonly<Record<GateContender, readonly Burst[]>>,
): Figure[] {
	const valuesOf = (of: GateContender, what: keyof Burst) => bursts[of].map((one) => one[what]);
	return (['empty', 'full'] as const).flatMap((filling): Figure[] => [
		{
			what: `Accepted deliveries, ${IN_WORDS[filling]}, ${setting}`,
			unit: 'a second',
			values: valuesOf(filling, 'rate'),
			beside: { what: WITHOUT_GATE, values: valuesOf('without', 'rate') },
			targets: [DELIVERY_TARGETS.rate],
		},
		{
			what: `Processor time of an accepted delivery, ${IN_WORDS[filling]}, ${setting}`,
			unit: 'ms',
			values: valuesOf(filling, 'cpuMs'),
			beside: { what: WITHOUT_GATE, values: valuesOf('without', 'cpuMs') },
			targets: [DELIVERY_TARGETS.cost],
		},
	]);
}

async function measureGate(effort: Effort): Promise<Figure[]> {
	const figures: Figure[] = [];
	for (const setting of SETTINGS) figures.push(...(await measureSetting(setting, effort)));
	return figures;
}

export const gate: Part = {
	key: 'gate',
	title: 'The gate',
	stage: 'n8n',
	measure: measureGate,
};
