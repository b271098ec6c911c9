/** Activation and deactivation against lemlist's limit: how many requests, and how long they take. */
import { setTimeout as sleep } from 'node:timers/promises';
import { EVENTS } from '../../nodes/LemlistTrigger/settings/events';
import { sendBarely, WINDOW_MS } from './bareClient';
import type { Figure, Target } from './figures';
import { HostInProcess } from './hostInProcess';
import { inRounds, millisecondsOf, type Effort, type Part } from './part';

/** How long lemlist takes for an answer. */
export const LATENCY_MS = 150;
export const REQUESTS_A_WINDOW = 20;
/** What lemlist allows one API key. */
export const LIMIT_AN_HOUR = (3_600_000 / WINDOW_MS) * REQUESTS_A_WINDOW;
/** checkExists looks at the hooks, and so does create; delete looks once. */
const LOOKS = { activation: 2, deactivation: 1 };
/** While create makes the hooks, it asks whose API key it has. */
const ASIDE = { activation: 1, deactivation: 0 };
const TITLES = { activation: 'Activation', deactivation: 'Deactivation' };
/** How much longer than the limit alone makes it. */
const SHARE_OF_WINDOWS = 1.1;

interface Run {
	seconds: number;
	requests: number;
	refused: number;
}

interface Runs {
	activation: Run;
	deactivation?: Run;
}

interface Occasion {
	events: number;
	rounds: number;
	/** How many of each window's requests somebody else makes. */
	others: number;
	isDeactivated: boolean;
	/** How long lemlist takes for an answer, where it is not {@link LATENCY_MS}. */
	latencyMs?: number;
}

const OCCASIONS: readonly Occasion[] = [
	{ events: 1, rounds: 5, others: 0, isDeactivated: true },
	{ events: 10, rounds: 5, others: 0, isDeactivated: true },
	{ events: EVENTS.length, rounds: 3, others: 0, isDeactivated: true },
	{ events: EVENTS.length, rounds: 3, others: 10, isDeactivated: false },
	{ events: EVENTS.length, rounds: 3, others: 0, isDeactivated: true, latencyMs: 1_300 },
];

/** @returns how long the limit alone makes so many requests take, at most, in seconds */
export function windowsOf(requests: number, perWindow: number): number {
	return SHARE_OF_WINDOWS * (WINDOW_MS / 1_000) * Math.ceil(requests / perWindow);
}

async function measureOccasion(
	host: HostInProcess,
	occasion: Occasion,
	effort: Effort,
): Promise<Figure[]> {
	const { events, rounds, others, latencyMs } = occasion;
	const perWindow = REQUESTS_A_WINDOW - others;
	const runs = await inRounds(
		effort.isQuick ? 1 : rounds,
		{
			trigger: async () => await runTrigger(host, occasion),
			bare: async () => await runBarely(host, occasion, perWindow),
		},
		effort,
	);
	const shared = others === 0 ? '' : ', half of the limit used by others';
	const slow = latencyMs === undefined ? '' : `, ${String(latencyMs / 1_000)} s an answer`;
	return (['activation', 'deactivation'] as const).flatMap((call) => {
		const [ours, bare] = [runs.trigger, runs.bare].map((of) =>
			of.flatMap((run) => run[call] ?? []),
		);
		if (ours === undefined || bare === undefined || ours.length === 0) return [];
		return figuresOf(
			`${TITLES[call]} of ${counted(events)}${shared}${slow}`,
			ours,
			bare,
			LOOKS[call] + ASIDE[call] + events,
			latencyMs === undefined ? perWindow : Infinity,
		);
	});
}

function figuresOf(
	what: string,
	runs: readonly Run[],
	bare: readonly Run[],
	least: number,
	perWindow: number,
): Figure[] {
	const isBound = least > perWindow;
	const inTime: Target = isBound
		? { of: 'value', at: 'most', limit: windowsOf(least, perWindow) }
		: { of: 'ratio', at: 'most', limit: SHARE_OF_WINDOWS };
	const noMore: Target = { of: 'value', at: 'most', limit: least };
	return [
		{
			what,
			unit: 's',
			values: runs.map(({ seconds }) => seconds),
			beside: { what: 'the requests alone', values: bare.map(({ seconds }) => seconds) },
			targets: [inTime],
		},
		{
			what: `${what}: requests`,
			unit: 'requests',
			values: runs.map(({ requests, refused }) => requests - refused),
			targets: [noMore],
		},
	];
}

function counted(events: number): string {
	return events === 1 ? '1 event' : `${String(events)} events`;
}

async function runTrigger(
	host: HostInProcess,
	{ events, others, isDeactivated, latencyMs }: Occasion,
): Promise<Runs> {
	const trigger = host.trigger(events);
	try {
		const activation = await alone(host, { others, latencyMs }, async () => {
			await trigger.activate();
		});
		if (host.lemlist.hooks.length !== events)
			throw new Error(`${String(host.lemlist.hooks.length)} hooks instead of ${String(events)}`);
		if (!isDeactivated) return { activation };
		await sleep(WINDOW_MS);
		host.lemlist.clearRequests();
		return {
			activation,
			deactivation: await run(host, async () => {
				await trigger.deactivate();
			}),
		};
	} finally {
		await trigger.stop();
	}
}

/** The same requests, without the trigger. */
async function runBarely(
	host: HostInProcess,
	{ events, others, isDeactivated, latencyMs }: Occasion,
	perWindow: number,
): Promise<Runs> {
	const limits = { lemlist: host.lemlist, perWindow };
	const activation = await alone(host, { others, latencyMs }, async () => {
		await sendBarely(limits, LOOKS.activation, ASIDE.activation + events);
	});
	if (!isDeactivated) return { activation };
	return {
		activation,
		deactivation: await alone(host, { others: 0, latencyMs }, async () => {
			await sendBarely(limits, LOOKS.deactivation, ASIDE.deactivation + events);
		}),
	};
}

/** With a whole budget at the beginning, and others who take their part of it. */
async function alone(
	host: HostInProcess,
	{ others, latencyMs = LATENCY_MS }: { others: number; latencyMs: number | undefined },
	work: () => Promise<void>,
): Promise<Run> {
	host.lemlist.reset();
	host.lemlist.rules.latencyMs = latencyMs;
	host.lemlist.spend(others);
	const spending = setInterval(() => {
		host.lemlist.spend(others);
	}, WINDOW_MS);
	return await run(host, work).finally(() => {
		clearInterval(spending);
	});
}

async function run({ lemlist }: HostInProcess, work: () => Promise<void>): Promise<Run> {
	const ms = await millisecondsOf(work);
	const refused = lemlist.requests.filter(({ status }) => status === 429).length;
	return { seconds: ms / 1_000, requests: lemlist.requests.length, refused };
}

async function measureActivation(effort: Effort): Promise<Figure[]> {
	return await HostInProcess.during({ latencyMs: LATENCY_MS }, async (host) => {
		const figures: Figure[] = [];
		for (const occasion of OCCASIONS)
			figures.push(...(await measureOccasion(host, occasion, effort)));
		return figures;
	});
}

export const activation: Part = {
	key: 'activation',
	title: 'Activation and deactivation',
	stage: 'core',
	measure: measureActivation,
};
