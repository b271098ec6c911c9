/** The promises that every history is held against. Each says in its violation what was there instead. */
import type { StoredHook } from '../../sandbox';
import { askedBy, type Expectations } from './expectations';
import { toldOf, type Entry } from './ledger';
import { promise } from './violation';
import type { Ended, World } from './world';

/** Holds after every step, whatever went wrong. */
export function assertAlways(world: World, expected: Expectations): void {
	const { foreign, lemlist, life } = world;
	const left = foreign.filter(
		(hook) =>
			JSON.stringify(lemlist.hooks.find(({ _id }) => _id === hook._id)) !== JSON.stringify(hook),
	);
	promise(left.length === 0, () => `A hook of others was touched: ${left.map(told).join()}`);
	assertNoDoubles(world, expected);
	expected.ledger.catchUp();
	promise(life.thrown.length === 0, () => life.thrown.join());
}

/** Doubles that somebody else made may stay until the next check; the node itself never makes any. */
function assertNoDoubles(world: World, { secret }: Expectations): void {
	const made = world.own().filter((hook) => hook.secret === secret && !world.strays.has(hook._id));
	const doubles = made.filter(
		(hook, index) => made.findIndex(({ targetUrl }) => targetUrl === hook.targetUrl) !== index,
	);
	promise(doubles.length === 0, () => `The node made a second hook: ${doubles.map(told).join()}`);
}

/** After a success: the wanted hooks, with the current secret, none of them switched off, and no other one on the trigger's URL. */
export function assertExact(world: World, expected: Expectations, when: string): void {
	const actual = askedBy(world.own());
	const wanted = askedBy(expected.wanted());
	promise(
		actual.join() === wanted.join(),
		() =>
			`Not exactly the wanted hooks ${when}: ${actual.join(' ') || 'none'} instead of ${wanted.join(' ')}`,
	);
	const urls = new Set(world.own().map(({ targetUrl }) => targetUrl));
	promise(urls.size === wanted.length, `Two hooks share a URL ${when}`);
	const off = world.own().filter((hook) => !world.live().includes(hook));
	promise(off.length === 0, () => `Hooks are still switched off ${when}: ${off.map(told).join()}`);
}

/** Watches that nothing starts late while n8n cannot tell what has started the workflow before. @returns to be called at the end */
export function watchForUntold(world: World, { ledger }: Expectations): () => void {
	ledger.catchUp();
	const wasAway = world.isStoreAway();
	const lateStarts = () => ledger.entries.reduce((sum, entry) => sum + entry.lateStarts, 0);
	const before = lateStarts();
	return () => {
		ledger.catchUp();
		promise(
			!wasAway || !world.isStoreAway() || lateStarts() === before,
			'Something started late though n8n could not tell whether it had started before',
		);
	};
}

/** In the end: whatever had to start the workflow did. @param concerns which events this is about */
export function assertAllStarted(
	{ ledger }: Expectations,
	concerns: (entry: Entry) => boolean = () => true,
): void {
	ledger.catchUp();
	const lost = ledger.open().filter((entry) => entry.outlook === 'must' && concerns(entry));
	promise(lost.length === 0, () => `Never started: ${lost.map(toldOf).join('; ')}`);
}

/** After a deactivation: nothing on the trigger's URL. */
export function assertNone(world: World, when: string): void {
	promise(
		world.own().length === 0,
		() => `Hooks are left ${when}: ${world.own().map(told).join()}`,
	);
}

/** What had to get through its faults did. */
export function assertThrough({ failure, strain }: Ended, operation: string): void {
	promise(
		failure === undefined || !strain.isTolerable,
		() => `${operation} failed after ${String(strain.hits)} tolerated faults: ${String(failure)}`,
	);
}

/** What failed says why. */
export function assertTold({ failure, strain: { says } }: Ended, operation: string): void {
	promise(
		failure === undefined || says === undefined || says.test(failure.message),
		() =>
			`${operation} failed in words that do not say why (${String(says)}): ${String(failure?.message)}`,
	);
}

/** Watches whether the log says how many hooks lemlist had switched off. @returns to be called at the end */
export function watchForWords(world: World): (when: string) => void {
	const off = world.own().length - world.live().length;
	const { log } = world.trigger;
	const before = log.length;
	return (when) => {
		const isTold = log
			.slice(before)
			.some((line) => line.includes(`lemlist had switched off ${String(off)} webhook`));
		promise(
			isTold === off > 0,
			() =>
				`${String(off)} hooks were switched off ${when}, and the log says ${log.slice(before).join() || 'nothing'}`,
		);
	};
}

/** @param before the hooks on the trigger's URL before an activation that failed */
export function assertUndone(world: World, before: readonly StoredHook[], when: string): void {
	const known = new Set(before.map(({ _id }) => _id));
	const made = world.own().filter(({ _id }) => !known.has(_id));
	promise(made.length === 0, () => `Hooks were not undone ${when}: ${made.map(told).join()}`);
}

/**
 * Watches that no wanted event goes without a live hook for a moment, if it had one and lemlist did not switch that off.
 *
 * @returns ends the watch. @throws Violation, then, when there was such a moment
 */
export function watchForGaps(world: World, expected: Expectations): () => void {
	const types = () => new Set(world.live().map(({ type }) => type));
	const past = world.switchedOff.length;
	const before = types();
	const covered = expected
		.wanted()
		.map(({ type }) => type)
		.filter((type) => before.has(type));
	const gaps = new Set<string>();
	const unwatch = world.lemlist.onChange(() => {
		const now = types();
		for (const type of covered) if (!now.has(type)) gaps.add(type ?? '*');
	});
	return () => {
		unwatch();
		for (const { type } of world.switchedOff.slice(past)) gaps.delete(type ?? '*');
		promise(gaps.size === 0, () => `For a moment there was no hook for ${[...gaps].join()}`);
	};
}

function told({ targetUrl, type, secret }: StoredHook): string {
	return `${type ?? '*'} at ${targetUrl} (secret ${secret?.slice(0, 4) ?? 'none'}…)`;
}
