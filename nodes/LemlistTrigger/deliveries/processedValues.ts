/**
 * n8n's store of processed values of one trigger node, as an execution uses it: each read and write in its turn
 * and in limited time, those that wait together in one, and again where another process may have written over it.
 * Follows "In turns, and more than once" in docs/design.md.
 */
import type { Run } from '../door/door';
import { errorOf } from '../lemlist/failures';
import { clock, TookTooLong } from '../process/clock';
import { groupsOf } from '../process/groups';
import { Turns } from '../process/turns';
import type { Doubts, GateMemory, Waiting } from './gateMemory';

/** How many keys n8n's store keeps for each node; the oldest go first. In n8n 1 on MySQL, 2,400 would be too many. */
export const STORE_ENTRIES = 2_000;
/** How many keys a question records at a time: so many of the oldest may have to go, where a delivery is recorded beside it. */
const ASKED_AT_A_TIME = 250;
/** From so many entries on, a store may have let go of some: there may be two questions at a time. */
const PERHAPS_FULL = STORE_ENTRIES - 2 * ASKED_AT_A_TIME;
/** How many executions record together at most: a key or two each, and a few that all of them have. */
const MOST_TOGETHER = 100;
/** The turns in which they do begin no closer together, so that on a busy node more of them share one; in milliseconds. */
const TURNS_APART_MS = 25;
/** How long somebody waits for it who has something to start. */
export const STORE_MS = 5_000;
/** What a question leaves in the store could never start the workflow: so it waits for the store, and tries again. */
const QUESTION_MS = 60_000;
const FORGET_TRIES = 3;
const FORGET_AGAIN_AFTER_MS = 2_000;
/** Another process may write back what was just forgotten, and do so again: how long after each time it is forgotten once more. */
const FORGET_RESTS_MS = [300, 700, 1_000] as const;
const FORGET_TIMES = FORGET_RESTS_MS.length + 1;
/** A store that fails is left alone for a while, and for no longer than this. */
const LONGEST_REST_MS = 30_000;

/** The store reads a row and writes it back, so those of one node happen one after the other. */
const turns = new Turns();

/** What the store says of some keys: those that it held before, or why it cannot be told. */
export type Verdict = ReadonlySet<string> | Error;

/** Hears what the store held before, where it answers when nobody waits any more: then it holds what nothing has passed for. */
type OnTooLate = (before: readonly string[]) => void;

/** What an execution has recorded, and what comes of it. */
export interface Recording<Result> {
	/** Asked for in its turn. @returns what is to be recorded */
	keys: () => readonly string[];
	/** How long it waits for the store, in milliseconds. */
	ms: number;
	/** Hears what the store says, and takes note of it before anybody else does. */
	decide: (verdict: Verdict) => Result;
	onTooLate: OnTooLate;
}

export class ProcessedValues {
	constructor(
		private readonly run: Run,
		private readonly memory: GateMemory,
	) {}

	/** Does what is to be done in one turn: nothing else of this process comes in between. */
	async inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
		return await turns.take(this.run.key, 'delivery', work);
	}

	/**
	 * Records keys in one call of the store for all executions that wait for their turn. They decide one after the
	 * other, so each knows what those before it have let pass.
	 *
	 * @returns what was decided. @throws what deciding throws
	 */
	async recordTogether<Result>(recording: Recording<Result>): Promise<Result> {
		return await new Promise((resolve, reject) => {
			const waiting: Waiting = {
				keys: recording.keys,
				hear: async (before) => {
					const verdict = await verdictOf(before, recording.ms, recording.onTooLate);
					await Promise.resolve(verdict).then(recording.decide).then(resolve, reject);
				},
			};
			this.memory.waiting.add(waiting);
			void this.inTurn(async () => {
				await this.recordWaiting();
			});
		});
	}

	/** Records keys, and lets go of the oldest beyond the limit. @param ms how long to wait, in milliseconds. Never throws */
	async record(keys: readonly string[], ms: number): Promise<Verdict> {
		return await verdictOf(this.recorded(keys), ms);
	}

	/** Records keys again while they are in doubt. Goes on after the execution has ended; each round covers all of them. */
	async recordAgain(doubts: Doubts): Promise<void> {
		if (doubts.isUnderWay) return;
		doubts.isUnderWay = true;
		const { leastMs, mostMs } = doubts;
		for (let patience = 1; ; ) {
			const restMs = leastMs + clock.random() * (mostMs - leastMs);
			await clock.rest(Math.min(restMs * patience, LONGEST_REST_MS));
			const { keys } = doubts;
			if (keys.length === 0) break;
			const verdict = await this.inTurn(async () => await this.record(keys, STORE_MS));
			const hasFailed = verdict instanceof Error;
			patience = hasFailed ? patience * 2 : 1;
			// Those that failed stay: a process that ends before the store knows them would start the workflow again.
			if (!hasFailed) doubts.settle(keys, verdict);
		}
		doubts.isUnderWay = false;
	}

	/** @returns whether it may have let go of the oldest. @throws TookTooLong, what n8n's store throws */
	async isPerhapsFull(): Promise<boolean> {
		return (await clock.within(STORE_MS, this.run.store.count())) >= PERHAPS_FULL;
	}

	/**
	 * n8n's store looks up only what it records. So what was new goes again.
	 *
	 * @param keys what no other process records at the same time, but where it has just been delivered
	 * @param current what others may record in truth at any moment
	 * @returns those that the store held before. @throws TookTooLong, what n8n's store throws
	 */
	async lookUp(keys: readonly string[], current: readonly string[]): Promise<ReadonlySet<string>> {
		const held = new Set<string>();
		const mayBeRecorded = new Set(current);
		const parts = groupsOf([...keys, ...current], ASKED_AT_A_TIME);
		for (const [index, asked] of parts.entries()) {
			// Each part that follows has everything forgotten twice, and in no time.
			const times = FORGET_TIMES + 2 * (parts.length - 1 - index);
			const before = await this.lookUpPart(asked, times, mayBeRecorded);
			for (const one of before) held.add(one);
		}
		for (const ms of FORGET_RESTS_MS) {
			if (this.memory.unforgotten.size === 0) break;
			await clock.rest(ms);
			await this.inTurn(async () => {
				await this.forget();
			});
		}
		return held;
	}

	/** @param times how often what was new is to be forgotten, unless it is current: that, once. @returns those that the store held before */
	private async lookUpPart(
		asked: readonly string[],
		times: number,
		current: ReadonlySet<string>,
	): Promise<ReadonlySet<string>> {
		return await this.inTurn(async () => {
			await this.forget();
			const recording = this.run.store.record(asked);
			const before = await within(QUESTION_MS, recording, (late) => {
				this.takeBack(asked.filter((one) => !late.includes(one)));
			});
			const held = new Set(before);
			const unseen = asked.filter((one) => !held.has(one) && !this.memory.has(one));
			for (const one of unseen) this.mistrust([one], current.has(one) ? 1 : times);
			await this.forget();
			return held;
		});
	}

	/** Does not take for seen what the store may hold though nothing has passed. @param times how often it is to be forgotten */
	mistrust(keys: readonly string[], times = FORGET_TIMES): void {
		for (const one of keys) this.memory.unforgotten.set(one, times);
	}

	/** Has the store forget in time what it may hold though nothing has passed. */
	takeBack(keys: readonly string[]): void {
		this.mistrust(keys);
		if (keys.length > 0) void this.forgetInTime();
	}

	/** Where an earlier turn has recorded all of them, there is nothing to do. */
	private async recordWaiting(): Promise<void> {
		const { waiting, recordedAt } = this.memory;
		if (waiting.size === 0) return;
		const restMs = recordedAt + TURNS_APART_MS - clock.now();
		if (restMs > 0) await clock.sleep(restMs);
		this.memory.recordedAt = clock.now();
		const together = [...waiting].slice(0, MOST_TOGETHER);
		for (const one of together) waiting.delete(one);
		const before = this.recorded(together.flatMap(({ keys }) => keys()));
		await Promise.all(
			together.map(async ({ hear }) => {
				await hear(before);
			}),
		);
	}

	/** @returns those of the keys that were there before. @throws what n8n's store throws */
	private async recorded(keys: readonly string[]): Promise<readonly string[]> {
		const once = async () => await this.run.store.record([...new Set(keys)], STORE_ENTRIES);
		// The first insert by two processes at once fails for one of them, and works a moment later.
		return await once().catch(once);
	}

	/** Where it fails in all tries, it goes on in time. @throws what n8n's store throws */
	private async forget(): Promise<void> {
		for (let tries = 1; ; tries += 1) {
			const failure = await errorOf(this.forgetOnce());
			if (failure === undefined) return;
			if (tries === FORGET_TRIES) {
				void this.forgetInTime();
				throw failure;
			}
			await clock.rest(FORGET_AGAIN_AFTER_MS);
		}
	}

	/** Goes on after the execution has ended. */
	private async forgetInTime(): Promise<void> {
		const { memory } = this;
		if (memory.isForgetting) return;
		memory.isForgetting = true;
		for (let restMs = FORGET_AGAIN_AFTER_MS; memory.unforgotten.size > 0; restMs *= 2) {
			await this.inTurn(async () => await errorOf(this.forgetOnce()));
			await clock.rest(Math.min(restMs, LONGEST_REST_MS));
		}
		memory.isForgetting = false;
	}

	private async forgetOnce(): Promise<void> {
		const { unforgotten } = this.memory;
		const before = [...unforgotten];
		if (before.length === 0) return;
		const keys = before.map(([key]) => key);
		await clock.within(QUESTION_MS, this.run.store.forget(keys));
		for (const [key, times] of before) {
			// A delivery that was recorded late may have taken it out meanwhile.
			if (times > 1 && unforgotten.has(key)) unforgotten.set(key, times - 1);
			else unforgotten.delete(key);
		}
	}
}

/** Never throws. */
async function verdictOf(
	recording: Promise<readonly string[]>,
	ms: number,
	onTooLate?: OnTooLate,
): Promise<Verdict> {
	try {
		return new Set(await within(ms, recording, onTooLate));
	} catch (error) {
		return error instanceof Error ? error : new Error(String(error));
	}
}

/** @throws TookTooLong, what the store throws */
async function within(
	ms: number,
	recording: Promise<readonly string[]>,
	onTooLate?: OnTooLate,
): Promise<readonly string[]> {
	const answer = clock.within(ms, recording);
	if (onTooLate !== undefined && (await errorOf(answer)) instanceof TookTooLong)
		void recording.then(onTooLate, () => undefined);
	return await answer;
}
