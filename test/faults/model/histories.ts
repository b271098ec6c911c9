/** Runs histories: random sequences of steps, each in a world of its own, shrunk when a promise breaks. */
import fc from 'fast-check';
import { Expectations, type Credential } from './expectations';
import { assertAlways } from './invariants';
import { activate, settle, type Activation } from './operations';
import { picks, STEPS } from './steps';
import { agreementOf, type Picks, type Ways } from './tables';
import { Ground, World } from './world';

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

/** Without a Date header, nobody can know lemlist's clock. */
const clocks = fc.constantFrom(
	...([
		{ dateHeader: 'sent', aheadMs: 0 },
		{ dateHeader: 'sent', aheadMs: 45_000 },
		{ dateHeader: 'sent', aheadMs: -45_000 },
		{ dateHeader: 'absent', aheadMs: 0 },
	] as const),
);

const ways: fc.Arbitrary<Ways> = fc
	.record({
		takenTargetUrl: fc.constantFrom('refuse', 'allow'),
		hookOrder: fc.constantFrom('oldest', 'newest'),
		listDisabled: fc.constantFrom('when true', 'always'),
		createdAtIn: fc.constantFrom('seconds', 'milliseconds'),
		deliveryTypeOfStateEvents: fc.constantFrom('state', 'activity'),
		deliveryIdOfStateEvents: fc.constantFrom('same', 'own'),
		stateEvents: fc.constantFrom('listed', 'unlisted'),
		listedTypeOfStateEvents: fc.constantFrom('state', 'activity'),
		listedIdOfStateEvents: fc.constantFrom('same', 'own'),
		unlistedType: fc.constantFrom('refuse', 'empty object'),
		activityTypeFilter: mostly('honour', 'ignore'),
		activityPages: fc.constantFrom('full', 'short', 'sparse', 'capped'),
		activityOrder: fc.constantFrom('newest', 'newest, ties shuffled', 'oldest'),
		activityIds: mostly('same', 'other', 'absent'),
		activityTypes: mostly('same', 'other'),
		listedLead: fc.constantFrom('variables', 'null'),
	})
	.chain((rules) => clocks.map((clock) => ({ ...rules, ...clock })));

/** Eight times in nine, or in ten, as lemlist documents it. */
function mostly<const Way>(documented: Way, ...others: Way[]): fc.Arbitrary<Way> {
	const often = Array.from({ length: 8 }, () => documented);
	return fc.constantFrom(...often, ...others);
}

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
	const property = fc.asyncProperty(ways, picks, fc.boolean(), commands, async (...history) => {
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

/** How half of the histories begin. */
const WITHOUT_TROUBLE: Activation = {
	fault: undefined,
	isDeleteLost: false,
	isFurtherTry: false,
	afterSeconds: 20,
};

type Commands = Parameters<typeof fc.asyncModelRun<Expectations, World, false, Expectations>>[1];

/** @returns how many steps the history has */
async function runHistory(
	ground: Ground,
	lemlistsWays: Ways,
	firstPicks: Picks,
	isPublished: boolean,
	commands: Commands,
): Promise<number> {
	const credential: Credential = { apiKey: ground.lemlist.apiKey, webhookSecret: '' };
	const world = new World(ground, lemlistsWays, firstPicks, credential);
	const expected = new Expectations(
		world.identity,
		firstPicks,
		credential,
		agreementOf(lemlistsWays),
		world.executions,
	);
	try {
		if (isPublished) await activate(world, expected, WITHOUT_TROUBLE);
		await fc.asyncModelRun(() => ({ model: expected, real: world }), commands);
		await settle(world, expected);
		assertAlways(world, expected);
	} finally {
		await world.close();
	}
	return [...commands].length;
}
