/**
 * Time that passes only when somebody says so: pauses of the node end at once, and its deadlines move along;
 * what rests between pieces of work goes on as soon as so much time has passed.
 */

/** The node's clock, as its module exports it. */
export interface Clock {
	now: () => number;
	sleep: (ms: number) => Promise<void>;
	rest: (ms: number) => Promise<void>;
	within: <Result>(ms: number, work: Promise<Result>) => Promise<Result>;
	random: () => number;
}

/** Not on a full second: this machine's clock goes on while lemlist reckons with this one. */
const BEGINNING = Date.UTC(2025, 0, 6, 9, 0, 0, 437);

interface Rest {
	endsAt: number;
	end: () => void;
}

export class Time {
	/** How long lemlist takes for each answer, in milliseconds. */
	answerMs = 0;

	private ms = BEGINNING;

	private rests: Rest[] = [];

	/** In milliseconds since the epoch. */
	get now(): number {
		return this.ms;
	}

	/** Who rests for less goes on, a bit late. */
	pass(ms: number): void {
		this.ms += ms;
		this.wake();
	}

	/** @returns whether somebody rests no longer than until then; the time is now when that is over, and they go on */
	passToNextRest(until: number): boolean {
		const next = Math.min(...this.rests.map(({ endsAt }) => endsAt));
		if (next > until) return false;
		this.pass(Math.max(0, next - this.ms));
		return true;
	}

	/** Who rests now never goes on. */
	endRests(): void {
		this.rests = [];
	}

	/** A request goes out. @returns lets the time come at which its answer arrives: that of requests sent together is the same */
	untilAnswered(): () => void {
		const arrival = this.ms + this.answerMs;
		return () => {
			this.pass(Math.max(0, arrival - this.ms));
		};
	}

	/** @param whileAsleep keeps the account of pauses that are under way */
	clock(whileAsleep: (pause: Promise<void>) => Promise<void>): Clock {
		return {
			now: () => this.ms,
			sleep: async (ms) => {
				this.pass(ms);
				await whileAsleep(nextTurn());
			},
			rest: async (ms) => {
				await new Promise<void>((end) => {
					this.rests.push({ endsAt: this.ms + ms, end });
				});
			},
			within: async (_ms, work) => await work,
			random: () => 0.5,
		};
	}

	private wake(): void {
		const due = this.rests.filter(({ endsAt }) => endsAt <= this.ms);
		this.rests = this.rests.filter((rest) => !due.includes(rest));
		for (const { end } of due) end();
	}
}

/** Lets everything happen that is ready to. */
export async function nextTurn(): Promise<void> {
	await new Promise<void>((resolve) => {
		setImmediate(resolve);
	});
}
