/** Time that passes without anybody waiting for it, for the node and for lemlist alike: for tests about hours and days. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import path from 'node:path';
import { clock } from '../../nodes/LemlistTrigger/process/clock';
import type { Trigger } from './host';
import { pause, type Stage } from './stage';

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

type Clock = typeof clock;

interface Timer {
	at: number;
	/** Of work that is under way: it may be slow, but nobody waits for this. */
	isLimit: boolean;
	wake: () => void;
}

const TICK_MS = 2;
/** So long nothing happens before time goes on to the next timer, and before all is over; in ticks. */
const QUIET_BEFORE_TIMER = 3;
const QUIET_BEFORE_LIMIT = 60;
const QUIET_AT_THE_END = 15;
/** What lemlist has not answered by then, it will not: the connection was lost. */
const LOST_AFTER_MS = 200;
const REQUEST_BEGINS = 'http.client.request.start';

/**
 * Pauses and rests of the node pass as soon as nothing else goes on, in their order. Where nothing rests, time goes
 * on as it does, and further where a test says so.
 */
export class Time {
	/** How far lemlist's clock is ahead of n8n's, in milliseconds. */
	aheadMs = 0;

	private passed = 0;

	private readonly timers = new Set<Timer>();

	private readonly real: Clock = { ...clock };

	private quiet = 0;

	private isOver = false;

	/** Requests under way, from the moment at which they are sent. */
	private readonly requests = new Map<ClientRequest, number>();

	/** Registers set-up and clean-up with jest. */
	constructor(private readonly stage: Stage) {
		beforeAll(() => {
			this.govern(clock);
			subscribe(REQUEST_BEGINS, this.requestBegins);
			void this.run();
		});
		beforeEach(() => {
			this.aheadMs = 0;
			// lemlist counts requests in real time.
			this.stage.lemlist.rules.rateLimit.requests = 1_000_000;
			this.pass(0);
		});
		afterAll(() => {
			this.isOver = true;
			unsubscribe(REQUEST_BEGINS, this.requestBegins);
			Object.assign(clock, this.real);
		});
	}

	now(): number {
		return this.real.now() + this.passed;
	}

	/** So much time passes at once. */
	pass(ms: number): void {
		this.passed += ms;
		this.stage.lemlist.rules.clockOffsetMs = this.passed + this.aheadMs;
	}

	/** Everything has happened that happens by itself: nothing rests, no request and no execution is under way. */
	async settled(): Promise<void> {
		this.quiet = 0;
		while (this.timers.size > 0 || this.quiet < QUIET_AT_THE_END) await pause(TICK_MS);
	}

	/** So much time passes, and n8n's schedule goes off. */
	async later(ms: number, trigger: Trigger): Promise<void> {
		this.pass(ms);
		trigger.check();
		await this.settled();
	}

	/** The process of n8n ends, and after some time another one starts. */
	async startAnew(trigger: Trigger, meanwhile: () => void = () => undefined): Promise<void> {
		await this.stop(trigger);
		meanwhile();
		await this.start(trigger);
	}

	/** The process of n8n ends. */
	async stop(trigger: Trigger): Promise<void> {
		await this.settled();
		await trigger.stop();
	}

	/** Another process of n8n starts. @param mode in which it activates the trigger: it may go on with an edit */
	async start(trigger: Trigger, mode: 'init' | 'update' = 'init'): Promise<void> {
		await this.governIn(await this.stage.host.newProcess());
		await trigger.activate(mode);
		await this.settled();
	}

	/** Queue mode: from now on, and with each call anew, another process runs the executions. */
	async startWorker(): Promise<void> {
		await this.settled();
		await this.governIn(await this.stage.host.newWorker());
	}

	private async governIn(folder: string): Promise<void> {
		const file = path.join(folder, 'dist/nodes/LemlistTrigger/process/clock.js');
		this.govern(((await import(file)) as { clock: Clock }).clock);
	}

	private govern(one: Clock): void {
		one.now = () => this.now();
		one.sleep = one.rest = async (ms) => {
			await this.wait(ms).over;
		};
		one.within = async (ms, work) => {
			const { over, forget } = this.wait(ms, true);
			const late = over.then(() => {
				throw new Error(`It took longer than ${String(ms)} ms.`);
			});
			return await Promise.race([work, late]).finally(forget);
		};
	}

	private wait(ms: number, isLimit = false): { over: Promise<void>; forget: () => void } {
		const timer = { at: this.now() + ms, isLimit, wake: (): void => undefined };
		const over = new Promise<void>((resolve) => {
			timer.wake = resolve;
		});
		this.timers.add(timer);
		return { over, forget: () => this.timers.delete(timer) };
	}

	private async run(): Promise<void> {
		while (!this.isOver) {
			await pause(TICK_MS);
			this.quiet = this.isBusy() ? 0 : this.quiet + 1;
			this.goOn();
		}
	}

	private readonly requestBegins = (message: unknown): void => {
		const { request } = message as { request: ClientRequest };
		this.requests.set(request, Date.now());
		request.once('close', () => this.requests.delete(request));
	};

	private isBusy(): boolean {
		const latest = Date.now() - LOST_AFTER_MS;
		const isAsked = [...this.requests.values()].some((begun) => begun > latest);
		return isAsked || (this.stage.host.running > 0 && this.timers.size === 0);
	}

	/** On to the next timer, when it has been quiet for long enough. */
	private goOn(): void {
		const [next] = [...this.timers].sort((one, other) => one.at - other.at);
		const quietBefore = next?.isLimit === true ? QUIET_BEFORE_LIMIT : QUIET_BEFORE_TIMER;
		if (next === undefined || this.quiet < quietBefore) return;
		this.quiet = 0;
		this.pass(Math.max(0, next.at - this.now()));
		this.timers.delete(next);
		next.wake();
	}
}
