/** The steps that histories are made of: one row a kind, with how often it comes and when it can. */
import fc from 'fast-check';
import type { Credential, Expectations } from './expectations';
import {
	FAULT_NAMES,
	LIST_FAULT_NAMES,
	METHODS,
	type Method,
	type PlannedFault,
	type PlannedListFault,
} from './faultTable';
import { assertAlways, watchForUntold } from './invariants';
import * as operations from './operations';
import {
	CAMPAIGN_PICKS,
	DELIVERED_IN,
	DELIVERED_TYPES,
	EVENT_PICKS,
	FOREIGN_URLS,
	FORGERIES,
	STRAY_HOOKS,
	type Picks,
} from './tables';
import type { World } from './world';

type Possible = (expected: Readonly<Expectations>) => boolean;
type Act<Parameters> = (
	world: World,
	expected: Expectations,
	parameters: Parameters,
) => Promise<void> | void;

class Step<Parameters> implements fc.AsyncCommand<Expectations, World> {
	constructor(
		private readonly name: string,
		private readonly isPossible: Possible,
		private readonly act: Act<Parameters>,
		private readonly parameters: Parameters,
	) {}

	check(expected: Readonly<Expectations>): boolean {
		return this.isPossible(expected);
	}

	async run(expected: Expectations, world: World): Promise<void> {
		const assertTellable = watchForUntold(world, expected);
		await this.act(world, expected, this.parameters);
		assertAlways(world, expected);
		assertTellable();
	}

	toString(): string {
		return `${this.name}(${JSON.stringify(this.parameters).replaceAll('"', '')})`;
	}
}

type AnyStep = fc.AsyncCommand<Expectations, World>;

function kind<Parameters>(
	often: number,
	name: string,
	isPossible: Possible,
	parameters: fc.Arbitrary<Parameters>,
	act: Act<Parameters>,
): fc.Arbitrary<AnyStep>[] {
	const steps: fc.Arbitrary<AnyStep> = parameters.map(
		(chosen) => new Step(name, isPossible, act, chosen),
	);
	return Array.from({ length: often }, () => steps);
}

const always: Possible = () => true;
const whenOn: Possible = ({ isActive }) => isActive;
const whenOff: Possible = ({ isActive }) => !isActive;

/** Two times in five. */
function sometimes<Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> {
	return fc.oneof(
		{ weight: 3, arbitrary: fc.constant(undefined) },
		{ weight: 2, arbitrary: value },
	);
}

function oneOf<Value>(values: readonly Value[]): fc.Arbitrary<Value> {
	return fc.constantFrom(...values);
}

function keysOf<Key extends string>(table: Readonly<Record<Key, unknown>>): fc.Arbitrary<Key> {
	return oneOf(Object.keys(table) as Key[]);
}

const requests = fc.integer({ min: 1, max: 6 });

/** @param methods in the place of all, each as often as it should come */
function plannedFault(methods: readonly Method[] = METHODS): fc.Arbitrary<PlannedFault> {
	return fc.record({
		method: oneOf(methods),
		fault: oneOf(FAULT_NAMES),
		nth: fc.integer({ min: 1, max: 3 }),
		times: oneOf([1, 1, 2, 3, 20]),
	});
}

/** Nothing can be listed for as long as one operation tries. */
const OUTAGE: PlannedFault = { method: 'GET', fault: '503', nth: 1, times: 4 };
const UNTIL_RECOVERY = 1_000;
/** With which everything still gets done in its time. */
const SLOW_ANSWERS_SECONDS = [1.3, 2];
const fault = sometimes(fc.oneof(plannedFault(), fc.constant(OUTAGE)));
/** lemlist says that an address is taken, and it is not. */
const TAKEN: PlannedFault = { method: 'POST', fault: '409', nth: 1, times: 1 };
const faultOfActivation = sometimes(
	fc.oneof(
		{ weight: 9, arbitrary: plannedFault(['POST', 'POST', 'POST', 'GET', 'DELETE']) },
		{ weight: 1, arbitrary: fc.constant(TAKEN) },
	),
);
const faultOfDeactivation = sometimes(plannedFault(['DELETE', 'DELETE', 'GET']));
const missed = sometimes(oneOf(DELIVERED_TYPES));
const HOUR = 3_600;
const DAY = 24 * HOUR;
const downSeconds = oneOf([0, 0, 0, 150, 5 * HOUR, 30 * HOUR]);
/** Half of what happens is picked, or two thirds. */
const what = {
	type: mostlyPicked(DELIVERED_TYPES),
	campaignId: mostlyPicked(DELIVERED_IN),
};

function mostlyPicked<Value>(values: readonly Value[]): fc.Arbitrary<Value | undefined> {
	return oneOf([...values.map(() => undefined), undefined, undefined, ...values]);
}
const MANY_AT_ONCE = 4;
const afterSeconds = oneOf([0, 3, 20, 100]);
/** Half of what happens is in the list at once. */
const lateSeconds = oneOf([0, 0, 0, 90 * 60, 2 * DAY]);
const listFault: fc.Arbitrary<PlannedListFault> = fc.record(
	{
		path: oneOf(['/activities', '/activities', '/activities', '/team'] as const),
		fault: oneOf(LIST_FAULT_NAMES),
		query: fc.record({ type: oneOf(DELIVERED_TYPES) }),
		times: oneOf([1, 2, 5]),
	},
	{ requiredKeys: ['path', 'fault', 'times'] },
);
const mode = oneOf(['init', 'leadershipChange'] as const);
const checkAfter = sometimes(requests);
/** What a user picks. */
export const picks: fc.Arbitrary<Picks> = fc.record({
	events: oneOf(EVENT_PICKS),
	campaigns: oneOf(CAMPAIGN_PICKS),
});

type SecretField = 'apiKey' | 'webhookSecret';

const field = oneOf(['apiKey', 'webhookSecret'] as const);
let rotations = 0;

/** Each key and each Webhook Secret is one that never was. */
function changeOf(changed: SecretField): Partial<Credential> {
	rotations += 1;
	return { [changed]: `${changed}-${String(rotations)}` };
}

async function rotate(
	world: World,
	expected: Expectations,
	{ field: changed, isAttacked }: { field: SecretField; isAttacked: boolean },
): Promise<void> {
	await operations.rotate(world, expected, { isAttacked, change: changeOf(changed) });
}

/** Twice, with a check between: of the secret that the check registered only this life of n8n knows. */
async function rotateTwice(
	world: World,
	expected: Expectations,
	rotation: { field: SecretField },
): Promise<void> {
	await rotate(world, expected, { ...rotation, isAttacked: false });
	await operations.check(world, expected, { afterSeconds: 300, isTwice: false, fault: undefined });
	await rotate(world, expected, { ...rotation, isAttacked: false });
}

/** Every kind of step, as often as it should come. */
export const STEPS: fc.Arbitrary<AnyStep>[] = [
	...kind(
		12,
		'activate',
		whenOff,
		fc.record({
			fault: faultOfActivation,
			isDeleteLost: fc.boolean(),
			isFurtherTry: oneOf([true, false, false]),
			afterSeconds,
		}),
		operations.activate,
	),
	...kind(
		2,
		'deactivate',
		always,
		fc.record({ fault: faultOfDeactivation, checkAfter, tickAfter: sometimes(requests) }),
		operations.deactivate,
	),
	...kind(
		1,
		'activateAndDeactivate',
		whenOff,
		fc.record({ after: requests }),
		operations.activateAndDeactivate,
	),
	...kind(2, 'edit', whenOn, fc.record({ picks, fault, checkAfter }), operations.edit),
	...kind(1, 'miss elsewhere and edit', whenOn, fc.constant({}), operations.missElsewhereAndEdit),
	...kind(
		1,
		'disable for a while',
		whenOn,
		fc.record({ seconds: oneOf([30, HOUR]) }),
		operations.disableForAWhile,
	),
	...kind(3, 'rotate', always, fc.record({ field, isAttacked: fc.boolean() }), rotate),
	...kind(1, 'rotate twice', whenOn, fc.record({ field }), rotateTwice),
	...kind(
		1,
		'rotate and restart',
		whenOn,
		fc.record({ field, ...what, fault: fc.constant(OUTAGE) }),
		async (world, expected, { field: changed, ...rest }) => {
			await operations.rotateAndRestart(world, expected, { ...rest, change: changeOf(changed) });
		},
	),
	...kind(
		3,
		'restart',
		whenOn,
		fc.record({ mode, missed, downSeconds, fault }),
		operations.restart,
	),
	...kind(
		1,
		'crash while activating',
		whenOff,
		fc.record({
			during: fc.constant('activate' as const),
			after: requests,
			mode,
			missed,
			downSeconds,
			fault,
		}),
		operations.crash,
	),
	...kind(
		1,
		'crash',
		whenOn,
		fc.record({
			during: oneOf(['check', 'deactivate'] as const),
			after: requests,
			mode,
			missed,
			downSeconds,
			fault,
		}),
		operations.crash,
	),
	...kind(1, 'loseStaticData', always, fc.constant({}), operations.loseStaticData),
	...kind(
		5,
		'pass',
		always,
		oneOf([
			{ parts: 1, seconds: 90 },
			{ parts: 1, seconds: 300 },
			{ parts: 1, seconds: HOUR },
			{ parts: 5, seconds: HOUR },
			{ parts: 4, seconds: 6 * HOUR },
		]),
		operations.pass,
	),
	...kind(2, 'trouble with the list', always, listFault, (world, _, planned) => {
		world.setListFault(planned);
	}),
	...kind(2, 'lose the store', always, fc.record({ calls: fc.nat(4) }), (world, _, { calls }) => {
		world.breakStore(calls);
	}),
	...kind(
		1,
		'miss without the store',
		whenOn,
		fc.record({ type: what.type }),
		operations.missWithoutStore,
	),
	...kind(2, 'store recovers', always, fc.constant({}), (world) => {
		world.mendStore();
	}),
	...kind(
		4,
		'check',
		whenOn,
		fc.record({ afterSeconds: oneOf([0, 20, 300]), isTwice: fc.boolean(), fault }),
		operations.check,
	),
	...kind(2, 'fault', always, plannedFault(), (world, _, planned) => {
		world.setFault(planned);
	}),
	...kind(
		1,
		'run out of plan',
		always,
		fc.record({ method: oneOf(METHODS) }),
		(world, _, { method }) => {
			world.setFault({ method, fault: '402', nth: 1, times: UNTIL_RECOVERY });
		},
	),
	...kind(
		1,
		'answer slowly',
		always,
		fc.record({ seconds: oneOf(SLOW_ANSWERS_SECONDS) }),
		(world, _, { seconds }) => {
			world.slowDown(seconds);
		},
	),
	...kind(2, 'recover', always, fc.constant({}), (world) => {
		world.recover();
	}),
	...kind(
		6,
		'happen',
		whenOn,
		fc.record({
			...what,
			checkAfter: fc.constant(undefined),
			deliveries: oneOf([1, 1, 2]),
			lateSeconds,
			afterSeconds,
		}),
		operations.happen,
	),
	...kind(
		8,
		'happen undelivered',
		whenOn,
		fc.record({
			...what,
			checkAfter: fc.constant(undefined),
			deliveries: fc.constant(0),
			lateSeconds,
			afterSeconds,
		}),
		operations.happen,
	),
	...kind(
		2,
		'happen while off',
		whenOff,
		fc.record({
			...what,
			checkAfter: fc.constant(undefined),
			deliveries: oneOf([0, 1]),
			lateSeconds,
			afterSeconds,
		}),
		operations.happen,
	),
	...kind(
		4,
		'deliver again',
		always,
		fc.record({ index: fc.nat(5), times: oneOf([1, 1, 2]) }),
		operations.deliverAgain,
	),
	...kind(
		1,
		'burst',
		whenOn,
		fc.record({ ...what, count: fc.constant(MANY_AT_ONCE), mode }),
		operations.burst,
	),
	...kind(
		2,
		'happen elsewhere',
		always,
		fc.record({ type: oneOf(DELIVERED_TYPES) }),
		(world, expected, chosen) => {
			operations.happenElsewhere(world, expected, chosen);
		},
	),
	...kind(2, 'try out', always, fc.record(what), operations.tryOut),
	...kind(
		1,
		'happen during a check',
		whenOn,
		fc.record({
			...what,
			checkAfter: requests,
			deliveries: fc.constant(1),
			lateSeconds,
			afterSeconds,
		}),
		operations.happen,
	),
	...kind(3, 'forge', always, fc.record({ forgery: keysOf(FORGERIES) }), operations.forge),
	...kind(2, 'vanish', always, fc.record({ index: fc.nat(5) }), (world, _, chosen) => {
		operations.vanish(world, chosen);
	}),
	...kind(
		4,
		'switchOff',
		always,
		fc.record({ from: fc.nat(5), count: oneOf([1, 1, 2, 99]), afterRequests: sometimes(requests) }),
		(world, _, chosen) => {
			operations.switchOff(world, chosen);
		},
	),
	...kind(
		2,
		'addForeign',
		always,
		fc.record({ url: keysOf(FOREIGN_URLS), isOff: fc.boolean() }),
		(world, _, chosen) => {
			operations.addForeign(world, chosen);
		},
	),
	...kind(3, 'addStray', always, fc.record({ stray: keysOf(STRAY_HOOKS) }), (world, _, chosen) => {
		operations.addStray(world, chosen);
	}),
];
