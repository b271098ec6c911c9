/**
 * Situations of one workflow each, which live through the same n8n side by side: what has to start them does so
 * exactly once, and nothing else does.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { until, type Patience } from '../../e2e/n8n/until';
import { untilDesired } from './desired';
import { Host, YOUNGEST_SECONDS, type HostOptions } from './host';
import { countedOf, counting, Ledger, startsOf, type Starts } from './ledger';
import { Trigger, type TriggerOptions } from './trigger';

/** Many triggers share the machine. */
const CHECK_SECONDS = 6;
/** How often it is looked for what nobody noticed. */
export const LOOK_BACK_SECONDS = 8;
/** Nothing more comes when a look has come to its end after that long. */
const QUIET_MS = (LOOK_BACK_SECONDS + 3 * YOUNGEST_SECONDS + 4) * 1_000;
const CAUGHT_UP_MS = 600_000;
const SAID_MS = 90_000;
/** All of it, on a machine that is busy with other things. */
const LIMIT_MS = 1_500_000;
/** What happens in the second of the publication may have happened before it: lemlist tells whole seconds. */
export const WANTED_AFTER_MS = 2_500;
const TIMES_TRIED = 4;
const PAUSE_MS = 5_000;
/** So many publications are under way at a time; n8n 1 breaks its own transactions with two. */
const AT_A_TIME = { 1: 1, 2: 3 };

export type Step = (ledger: Ledger, host: Host) => unknown;

export interface Situation {
	name: string;
	options: TriggerOptions;
	/** Whether its starts are counted outside of n8n, behind the trigger. */
	isCountedOutside?: boolean;
	/** The events of its hooks, where they are not those picked. */
	hooks?: readonly string[];
	/** Before the workflow is published for the first time. */
	unpublished?: Step;
	/** While n8n runs. */
	published?: Step;
	/** While n8n does not run. */
	down?: Step;
	/** After n8n has been started again. */
	up?: Step;
	/** When nothing more comes. */
	ended?: Step;
	/** What n8n's log has to say of it, as often as it stands here; other lines do not matter. */
	log?: readonly RegExp[];
}

interface Course {
	/** How n8n ends in between; it runs on by default. */
	ends?: 'stop' | 'kill' | undefined;
	/** What else happens once n8n runs again. */
	afterwards?: ((host: Host, ledgers: readonly Ledger[]) => Promise<void>) | undefined;
}

export type Circumstances = HostOptions & Course;

interface Outcome {
	ledger: Ledger;
	starts: Starts;
	/** What went wrong in a step. */
	failures: unknown[];
	log: readonly string[];
	counted: readonly string[];
}

/** Declares a test for each situation. */
export function liveThroughAll(
	situations: readonly Situation[],
	{ ends, afterwards, ...options }: Circumstances = {},
): void {
	let host: Host;
	let outcomes: ReadonlyMap<Situation, Outcome>;

	beforeAll(async () => {
		host = await Host.start({
			lookBackSeconds: LOOK_BACK_SECONDS,
			checkSeconds: CHECK_SECONDS,
			...options,
			env: { N8N_LOG_FORMAT: 'json', ...options.env },
		});
		outcomes = await outcomesOf(host, situations, { ends, afterwards });
	}, LIMIT_MS);
	afterAll(async () => {
		await host.close();
	});

	test.each(situations)('$name', (situation) => {
		const outcome = outcomes.get(situation);
		expect(outcome?.failures).toEqual([]);
		const { wanted = [] } = outcome?.ledger ?? {};
		const crashed = new Set(outcome?.starts.crashed);
		const ids = situation.isCountedOutside === true ? outcome?.counted : outcome?.starts.ids;
		// What crashed is in n8n's list of executions, for somebody to try again; it may have been counted or not.
		const surely = wanted.filter((id) => !crashed.has(id) || ids?.includes(id));
		expect(ids).toEqual(surely);
		for (const words of situation.log ?? [])
			expect(outcome?.log.filter((line) => words.test(line))).toHaveLength(1);
	});
}

async function outcomesOf(
	host: Host,
	situations: readonly Situation[],
	{ ends, afterwards }: Course,
): Promise<ReadonlyMap<Situation, Outcome>> {
	const all: Array<{ situation: Situation; ledger: Ledger; failures: unknown[] }> = [];
	for (const situation of situations)
		all.push({ situation, ledger: await ledgerFor(host, situation), failures: [] });
	const ordersAtATime = AT_A_TIME[host.n8n.version.startsWith('1.') ? 1 : 2];
	const stepAll = async (step: 'unpublished' | 'published' | 'down' | 'up' | 'ended') => {
		const atATime = step === 'published' ? ordersAtATime : all.length;
		await inTurns(all, atATime, async ({ situation, ledger, failures }) => {
			try {
				await situation[step]?.(ledger, host);
			} catch (error) {
				failures.push(error);
			}
		});
	};
	await stepAll('unpublished');
	await inTurns(
		all,
		AT_A_TIME[host.n8n.version.startsWith('1.') ? 1 : 2],
		async ({ ledger, situation }) => {
			await patiently(async () => {
				await ledger.trigger.activate();
			});
			await untilDesired(ledger.trigger, situation.hooks && { events: situation.hooks });
		},
	);
	await sleep(WANTED_AFTER_MS);
	await stepAll('published');
	if (ends !== undefined) {
		await host.n8n[ends]();
		await stepAll('down');
		await host.n8n.start();
		await stepAll('up');
	}
	const ledgers = all.map(({ ledger }) => ledger);
	await afterwards?.(host, ledgers);
	await untilAllStarted(host, ledgers).catch(() => undefined);
	await untilAllSaid(host, all).catch(() => undefined);
	await sleep(QUIET_MS);
	await stepAll('ended');
	const starts = await startsOf(host, ledgers);
	const entries = all.map(async ({ situation, ledger, failures }, index) => {
		const log = await ledger.log(host);
		return [
			situation,
			{
				ledger,
				failures,
				log,
				counted: countedOf(ledger.trigger),
				starts: starts[index] ?? { ids: [], crashed: [] },
			},
		] as const;
	});
	return new Map(await Promise.all(entries));
}

/** Waits until everything that has to start has done so. @throws an Error when it takes too long */
export async function untilAllStarted(
	host: Host,
	ledgers: readonly Ledger[],
	patience: Patience = { limitMs: CAUGHT_UP_MS, everyMs: 3_000 },
): Promise<void> {
	await until(
		'every event has started its workflow',
		async () => {
			const starts = await startsOf(host, ledgers);
			return ledgers.every(({ wanted }, index) => {
				const { ids = [], crashed = [] } = starts[index] ?? {};
				const ledger = ledgers[index];
				const counted = ledger === undefined ? [] : countedOf(ledger.trigger);
				const started = new Set([...ids, ...crashed, ...counted]);
				return wanted.every((id) => started.has(id));
			});
		},
		patience,
	);
}

/** Waits until the log says of each situation what it has to: some of it, only a second look can tell. @throws an Error when it takes too long */
async function untilAllSaid(
	host: Host,
	all: ReadonlyArray<{ situation: Situation; ledger: Ledger }>,
): Promise<void> {
	await until(
		'the log says what it has to',
		async () => {
			const said = all.map(async ({ situation, ledger }) => {
				const log = await ledger.log(host);
				return (situation.log ?? []).every((words) => log.some((line) => words.test(line)));
			});
			return (await Promise.all(said)).every(Boolean);
		},
		{ limitMs: SAID_MS, everyMs: 3_000 },
	);
}

/** Waits for so long that whatever is still to come has come. */
export async function untilQuiet(): Promise<void> {
	await sleep(QUIET_MS);
}

/** An n8n that is too busy to look at its database refuses orders. */
async function patiently(order: () => Promise<void>): Promise<void> {
	for (let time = 1; ; time += 1) {
		try {
			await order();
			return;
		} catch (error) {
			if (time === TIMES_TRIED) throw error;
			await sleep(PAUSE_MS);
		}
	}
}

async function ledgerFor(host: Host, { options, isCountedOutside }: Situation): Promise<Ledger> {
	const next = isCountedOutside === true ? { next: counting(host.lemlist) } : {};
	return new Ledger(await Trigger.make(host, { ...options, ...next }));
}

async function inTurns<One>(
	all: readonly One[],
	atATime: number,
	work: (one: One) => Promise<void>,
): Promise<void> {
	const rest = all.values();
	const hands = Array.from({ length: atATime }, async () => {
		for (const one of rest) await work(one);
	});
	await Promise.all(hands);
}
