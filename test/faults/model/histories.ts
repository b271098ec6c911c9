/** Runs histories: random sequences of steps, each in a world of its own, shrunk when a promise breaks. */
import fc from 'fast-check';
import { Expectations, type Credential } from './expectations';
import { picks, STEPS } from './steps';
import type { Picks } from './tables';
import { Ground, World, type Ways } from './world';

/** How histories are run, where it is not as usual. */
export interface Run {
	histories: number;
	/** Of a run that is to be repeated. */
	seed?: number;
	path?: string;
	replayPath?: string;
	/** Whether the first violation is enough, as it was found. */
	isFirstEnough?: boolean;
}

/** What came of a run. */
export interface Outcome {
	histories: number;
	steps: number;
	seed: number;
	/** Undefined when every promise held. */
	error: unknown;
	/** The history that broke a promise, seed and path, to be read. */
	report: string | undefined;
}

const LONGEST_HISTORY = 36;
/** Shrinking has to leave time to tell what was found. */
const LONGEST_RUN_MS = 540_000;

const ways: fc.Arbitrary<Ways> = fc.record({
	takenTargetUrl: fc.constantFrom('refuse', 'allow'),
	hookOrder: fc.constantFrom('oldest', 'newest'),
	listDisabled: fc.constantFrom('when true', 'always'),
});

/** @param folder of the built package, or of a changed copy */
export async function runHistories(
	folder: string,
	{ histories, replayPath, isFirstEnough = false, ...repeated }: Run,
): Promise<Outcome> {
	const ground = await Ground.prepare(folder);
	let steps = 0;
	const commands = fc.commands(STEPS, {
		maxCommands: LONGEST_HISTORY,
		size: 'max',
		...(replayPath !== undefined && { replayPath }),
	});
	const property = fc.asyncProperty(ways, picks, commands, async (...history) => {
		steps += await runHistory(ground, ...history);
	});
	try {
		const details = await fc.check(property, {
			numRuns: histories,
			endOnFailure: isFirstEnough,
			interruptAfterTimeLimit: LONGEST_RUN_MS,
			markInterruptAsFailure: true,
			...repeated,
		});
		const report = details.failed
			? `${String(fc.defaultReportMessage(details))}\n${causeOf(details.errorInstance)}`
			: undefined;
		return {
			histories: details.numRuns,
			steps,
			seed: details.seed,
			error: details.errorInstance ?? report,
			report,
		};
	} finally {
		await ground.close();
	}
}

function causeOf(error: unknown): string {
	return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

type Commands = Parameters<typeof fc.asyncModelRun<Expectations, World, false, Expectations>>[1];

/** @returns how many steps the history has */
async function runHistory(
	ground: Ground,
	lemlistsWays: Ways,
	firstPicks: Picks,
	commands: Commands,
): Promise<number> {
	const credential: Credential = { apiKey: ground.lemlist.apiKey, webhookSecret: '' };
	const world = new World(ground, lemlistsWays, firstPicks, credential);
	try {
		await fc.asyncModelRun(
			() => ({ model: new Expectations(world.identity, firstPicks, credential), real: world }),
			commands,
		);
	} finally {
		await world.close();
	}
	return [...commands].length;
}
