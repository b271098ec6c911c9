/** Time that passes only when somebody says so: pauses of the node end at once, and its deadlines move along. */

/** The node's clock, as its module exports it. */
export interface Clock {
	now: () => number;
	sleep: (ms: number) => Promise<void>;
	random: () => number;
}

const BEGINNING = Date.UTC(2025, 0, 6, 9);

export class Time {
	/** How long lemlist takes for each answer, in milliseconds. */
	answerMs = 0;

	private ms = BEGINNING;

	pass(ms: number): void {
		this.ms += ms;
	}

	/** A request goes out. @returns lets the time come at which its answer arrives: that of requests sent together is the same */
	untilAnswered(): () => void {
		const arrival = this.ms + this.answerMs;
		return () => {
			this.ms = Math.max(this.ms, arrival);
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
			random: () => 0.5,
		};
	}
}

/** Lets everything happen that is ready to. */
export async function nextTurn(): Promise<void> {
	await new Promise<void>((resolve) => {
		setImmediate(resolve);
	});
}
