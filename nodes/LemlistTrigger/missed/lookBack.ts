/**
 * The room missed is for events that no hook delivered: lemlist lists what happened, and what the gate has not
 * seen of it starts the workflow late. Here is when that is looked for. Never in the way of hooks, and never
 * throws. Follows "The look back" in docs/design.md.
 */
import type { ActiveTrigger, Trigger } from '../door/door';
import type { Companion, Outcome } from '../hooks/check';
import { memories, turns as hookTurns } from '../hooks/memory';
import { isKeptFromKey } from '../lemlist/failures';
import { clock } from '../process/clock';
import { ForgetfulMap } from '../process/forgetfulMap';
import { Turns } from '../process/turns';
import { fingerprintOf } from '../secrets/webhookSecret';
import type { Arrival, Subscription } from '../settings/reading';
import { forgetRefusals, lookOnce, tell, type Known } from './look';

/** How often it is looked for what nobody noticed. */
export const LOOK_BACK_INTERVAL_SECONDS = 3600;
/** What is younger may be under way. */
export const YOUNGEST_SECONDS = 60;

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** No look goes further back. */
const LONGEST_MS = 7 * DAY_MS;
/** How often it is looked again soon for what was young, or not through the gate yet. */
const SOON_AGAIN = 3;

/** How looks go on, by how events arrive. */
interface Rhythm {
	everyMs: number;
	/** What is younger is left to the next look. */
	youngestMs: number;
	/**
	 * Activities turn up late in lemlist's list, so some of what was looked at is looked at again: each look, and
	 * more in a look when the last one of its kind is so long ago.
	 */
	overlaps: ReadonlyArray<{ everyMs: number; overlapMs: number }>;
}

const RHYTHMS: Readonly<Record<Arrival, Rhythm>> = {
	webhook: {
		everyMs: LOOK_BACK_INTERVAL_SECONDS * SECOND_MS,
		youngestMs: YOUNGEST_SECONDS * SECOND_MS,
		overlaps: [
			{ everyMs: 0, overlapMs: 2 * HOUR_MS },
			{ everyMs: DAY_MS, overlapMs: 3 * DAY_MS },
		],
	},
	lookUp: {
		// Each time that n8n's schedule goes off, however soon after the look that a publication brings.
		everyMs: 0,
		youngestMs: 0,
		overlaps: [
			{ everyMs: 0, overlapMs: 5 * MINUTE_MS },
			{ everyMs: HOUR_MS, overlapMs: 2 * HOUR_MS },
			{ everyMs: DAY_MS, overlapMs: 3 * DAY_MS },
		],
	},
};

/** How long hooks may take to be there after a start; after that, the first check that succeeds begins. */
const HOOKS_WITHIN_MS = 120 * SECOND_MS;
/** A quarter of lemlist's limit of 20 requests in 2 seconds. */
const PAUSE_MS = 400;
/** So long a request waits for what is about hooks. With many triggers, or a lemlist that answers slowly, something always is. */
const GIVES_WAY_MS = 2_000;

const WORDS = {
	failed: 'it could not be looked up in lemlist which events happened; the next look tries again.',
	refused:
		'lemlist does not tell which events happened, so events that it does not deliver start the workflow only when it does.',
	notGated:
		'events that lemlist does not deliver are lost, because "Always Output Data" is on in the settings of the trigger, or because of the engine that runs this workflow. Switch it off and publish the workflow again.',
};

/** Of one trigger node: how far the looks have come. */
interface Progress extends Known {
	/** Until when everything has been dealt with, by lemlist's clock; before the first look, nothing has. */
	until: number;
	/** When the last look with this overlap began, by this machine's clock. */
	lastWith: Map<number, number>;
}

const progresses = new ForgetfulMap<Progress>(() => ({
	until: -Infinity,
	began: undefined,
	lastWith: new Map(),
	handedOn: new Map(),
	trusted: new Set(),
	doubted: new Map(),
	asked: new Set(),
	told: new Set(),
}));

/** One look at a time for each API key. */
const turns = new Turns();

/** Thrown where a look has to end, and nothing is wrong. */
class Ended extends Error {}

/** @returns what goes on beside the check of a trigger's hooks; undefined where nothing is to be looked for */
export function startLookBack(
	trigger: ActiveTrigger,
	subscription: Subscription,
): Companion | undefined {
	if (subscription.arrival === 'webhook' && subscription.missedEvents === 'ignore')
		return undefined;
	if (!trigger.isGated) {
		trigger.warn(WORDS.notGated);
		return undefined;
	}
	// What lemlist refused to list, it may list by now.
	progresses.of(trigger.key).told.clear();
	const lookBack = new LookBack(trigger, subscription);
	void lookBack.begin();
	return lookBack;
}

class LookBack implements Companion {
	private doing: 'nothing' | 'a look' | 'nothing any more' = 'nothing';

	/** Whether hooks may not have been there. */
	private isOverdue = true;

	/** Before then lemlist is not asked; in milliseconds since the epoch. */
	private notBefore = -Infinity;

	constructor(
		private readonly trigger: ActiveTrigger,
		private readonly subscription: Subscription,
	) {}

	/** The first look, as soon as the hooks are there. */
	async begin(): Promise<void> {
		for (let waitedMs = 0; waitedMs < HOOKS_WITHIN_MS; waitedMs += SECOND_MS) {
			await clock.rest(SECOND_MS);
			if (this.isEnded()) return;
			const { webhookUrl = '' } = this.trigger.now() ?? {};
			if (memories.of(webhookUrl).state.is !== 'registered') continue;
			await this.lookUntilThrough();
			return;
		}
	}

	checked = (outcome: Outcome): void => {
		if (outcome !== 'fine') this.isOverdue = true;
		const last = Math.max(...progresses.of(this.trigger.key).lastWith.values());
		const isDue = this.isOverdue || last + this.rhythm.everyMs <= clock.now();
		const isAllowed = outcome !== 'failed' && clock.now() >= this.notBefore;
		if (isDue && isAllowed) void this.lookUntilThrough();
	};

	end = (): void => {
		this.doing = 'nothing any more';
	};

	private get rhythm(): Rhythm {
		return RHYTHMS[this.subscription.arrival];
	}

	private isEnded(): boolean {
		return this.doing === 'nothing any more';
	}

	private async lookUntilThrough(): Promise<void> {
		if (this.doing !== 'nothing') return;
		this.doing = 'a look';
		try {
			for (let again = 0; again <= SOON_AGAIN; again += 1) {
				if (await this.lookInTurn()) break;
				await clock.rest(YOUNGEST_SECONDS * SECOND_MS);
			}
		} catch (error) {
			this.failed(error);
		}
		if (!this.isEnded()) this.doing = 'nothing';
	}

	private failed(error: unknown): void {
		if (error instanceof Ended) return;
		this.isOverdue = true;
		const { httpCode } = error as { httpCode?: unknown };
		if (!isKeptFromKey(Number(httpCode))) {
			this.trigger.warn(WORDS.failed, error);
			return;
		}
		// It may tell some day, and not sooner for being asked often.
		this.notBefore = clock.now() + this.rhythm.everyMs;
		const known = progresses.of(this.trigger.key);
		tell({ trigger: this.trigger, known }, WORDS.refused, { error });
	}

	/** @returns whether all there is to see has been seen */
	private async lookInTurn(): Promise<boolean> {
		const trigger = this.trigger.now();
		if (trigger === undefined || this.isEnded()) return true;
		const { apiKey } = await trigger.credential();
		return await turns.take(fingerprintOf(apiKey), 'look', async () => {
			await this.untilHooksAreQuiet();
			return await this.look(trigger);
		});
	}

	private async look(trigger: Trigger): Promise<boolean> {
		const progress = progresses.of(this.trigger.key);
		const now = clock.now();
		const { youngestMs, overlaps } = this.rhythm;
		const due = overlaps.filter(
			({ everyMs, overlapMs }) => (progress.lastWith.get(overlapMs) ?? -Infinity) + everyMs <= now,
		);
		const overlapMs = Math.max(...due.map((overlap) => overlap.overlapMs));
		if (due.length > 1) forgetRefusals(progress);
		// A check may find something while the look goes on.
		this.isOverdue = false;
		const { isThrough, until } = await lookOnce({
			trigger,
			active: this.trigger,
			subscription: this.subscription,
			known: progress,
			from: (lemlistNow) => Math.max(progress.until - overlapMs, lemlistNow - LONGEST_MS),
			youngestMs,
			resendAfterMs: LOOK_BACK_INTERVAL_SECONDS * SECOND_MS,
			pauseMs: PAUSE_MS,
			beforeRequest: async () => {
				await this.untilHooksAreQuiet();
			},
			isEnded: () => this.isEnded(),
		});
		progress.told.delete(WORDS.refused);
		progress.until = until;
		for (const overlap of due) progress.lastWith.set(overlap.overlapMs, now);
		return isThrough;
	}

	/** Whatever is about hooks goes first, for a while. @throws Ended */
	private async untilHooksAreQuiet(): Promise<void> {
		for (let waitedMs = 0; waitedMs < GIVES_WAY_MS && hookTurns.isBusy; waitedMs += PAUSE_MS) {
			if (this.isEnded()) break;
			await clock.rest(PAUSE_MS);
		}
		if (this.isEnded()) throw new Ended();
	}
}
