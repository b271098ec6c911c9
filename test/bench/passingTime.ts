/**
 * Time that passes at once: an hour of looks is over in seconds. The clock of this process, which node and
 * stand-in share, stands still while anything is under way, then goes to the moment at which the next thing is due.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import type { Trigger } from '../integration/host';
import { shipped } from './shipped';

const { clock } = shipped(
	'process/clock',
) as typeof import('../../nodes/LemlistTrigger/process/clock');

/** What goes on without a request goes on within fewer turns of the event loop. */
const QUIET_TURNS = 40;
const REQUEST_STARTS = 'http.client.request.start';

interface Due {
	at: number;
	happen: () => void;
	/** Whether it is a tick of n8n's schedule, and the next is always due. */
	isTick?: boolean;
}

export class PassingTime {
	private now: number;

	/** What is waited for, in no order. */
	private readonly due = new Set<Due>();

	private requestsUnderWay = 0;

	private constructor(now: number) {
		this.now = now;
	}

	/**
	 * For as long as the work goes on, time passes only when the work lets it. Afterwards it goes on from there: a
	 * clock that is put back would be another story.
	 */
	static async during<Result>(work: (time: PassingTime) => Promise<Result>): Promise<Result> {
		const real = { now: Date.now, sleep: clock.sleep, rest: clock.rest };
		const time = new PassingTime(real.now());
		const wait = async (ms: number) => {
			await time.wait(ms);
		};
		Date.now = () => time.now;
		Object.assign(clock, { sleep: wait, rest: wait });
		subscribe(REQUEST_STARTS, time.requestStarts);
		try {
			const result = await work(time);
			await time.settle();
			return result;
		} finally {
			unsubscribe(REQUEST_STARTS, time.requestStarts);
			const passed = time.now - real.now();
			Date.now = () => real.now() + passed;
			Object.assign(clock, { sleep: real.sleep, rest: real.rest });
		}
	}

	/** Has n8n's schedule of a trigger tick by this clock, from now on. */
	follow({ jobs }: Trigger): void {
		for (const job of jobs) {
			void job.stop();
			const tickAfter = (moment: number) => {
				const at = job.cronTime.getNextDateFrom(new Date(moment)).toMillis();
				const happen = () => {
					void job.fireOnTick();
					tickAfter(at);
				};
				this.due.add({ at, happen, isTick: true });
			};
			tickAfter(this.now);
		}
	}

	/** Lets so many milliseconds pass, and happen what is due within them. */
	async pass(ms: number): Promise<void> {
		const end = this.now + ms;
		while (await this.goOn(end));
		this.now = end;
	}

	/** Lets time pass until some work is done. @returns what it gives. @throws what it throws */
	async until<Result>(work: Promise<Result>): Promise<Result> {
		const state = { isDone: false };
		const done = () => {
			state.isDone = true;
		};
		work.then(done, done);
		while (!state.isDone) await this.goOn(Infinity);
		return await work;
	}

	private async wait(ms: number): Promise<void> {
		await new Promise<void>((resolve) => {
			this.due.add({ at: this.now + ms, happen: resolve });
		});
	}

	/** Lets go on what waits, so that nothing waits for ever and in the way of others. All triggers have ended by now. */
	private async settle(): Promise<void> {
		for (const due of this.due) if (due.isTick === true) this.due.delete(due);
		while (await this.goOn(Infinity));
	}

	/** @returns whether something happened that is due by then */
	private async goOn(end: number): Promise<boolean> {
		await this.untilQuiet();
		const [next] = [...this.due].sort((one, other) => one.at - other.at);
		if (next === undefined || next.at > end) return false;
		this.due.delete(next);
		this.now = Math.max(this.now, next.at);
		next.happen();
		return true;
	}

	private async untilQuiet(): Promise<void> {
		for (let quiet = 0; quiet < QUIET_TURNS; quiet += 1) {
			await turn();
			if (this.requestsUnderWay > 0) quiet = 0;
		}
	}

	private readonly requestStarts = (message: unknown): void => {
		const { request } = message as { request: ClientRequest };
		this.requestsUnderWay += 1;
		request.once('close', () => {
			this.requestsUnderWay -= 1;
		});
	};
}
