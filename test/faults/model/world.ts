/**
 * What a history happens to: the real node in n8n-core's contexts, the stand-in for lemlist, and one
 * workflow of its own. Says what is there, and performs operations; judges nothing.
 */
import { setTimeout } from 'node:timers/promises';
import {
	startSandbox,
	type ActiveFault,
	type RequestRecord,
	type Sandbox,
	type StoredHook,
} from '../../sandbox';
import { Host, type Trigger } from '../../integration/host';
import { processedValues } from '../../integration/processedValues';
import {
	FAULTS,
	LIST_FAULTS,
	MOST_TOLERATED,
	watchFaults,
	type PlannedFault,
	type PlannedListFault,
	type SetFault,
	type Strain,
} from './faultTable';
import type { Entry } from './ledger';
import { Life } from './life';
import type { Credential, Identity } from './expectations';
import type { Picks, Ways } from './tables';
import { Time } from './time';

/** An operation that has ended. */
export interface Ended {
	failure: Error | undefined;
	strain: Strain;
	/** Whether lemlist switched a hook of the trigger off meanwhile: nobody can tell then whether the trigger has seen it. */
	isDisturbed: boolean;
	/** Whether lemlist was asked for anything. */
	hasAsked: boolean;
}

/** Which of the trigger's hooks lemlist switches off: so many, from that one on. */
export interface SwitchedOff {
	from: number;
	count: number;
}

/** n8n and lemlist, which histories use one after the other. */
export class Ground {
	private constructor(
		readonly folder: string,
		readonly host: Host,
		readonly lemlist: Sandbox,
	) {}

	/** @param folder of the built package, or of a changed copy */
	static async prepare(folder: string): Promise<Ground> {
		// No history is about the rate limit, and each says itself when an event comes.
		const rateLimit = { requests: 1_000_000, headers: false };
		return new Ground(
			folder,
			await Host.start(folder),
			await startSandbox({ rules: { rateLimit, deliveryRetries: 0 } }),
		);
	}

	async close(): Promise<void> {
		await this.host.close();
		await this.lemlist.close();
	}
}

/** By then, in this machine's time, whatever needs no time of the history has ended. */
const STUCK_AFTER_MS = 500;

/** Much longer than from one execution to the next. */
const SLOW_STORE_MS = 15;

let worlds = 0;

export class World {
	readonly identity: Identity;

	readonly foreign: StoredHook[] = [];

	/** Hooks on the trigger's URL that the node did not make. */
	readonly strays = new Set<string>();

	/** Every hook on the trigger's URL that ever was, as far as it was seen. */
	readonly past = new Map<string, StoredHook>();

	/** Hooks on the trigger's URL that lemlist has switched off, the latest last. */
	readonly switchedOff: StoredHook[] = [];

	readonly trigger: Trigger;

	life: Life;

	private readonly time = new Time();

	private readonly faults: SetFault[] = [];

	private imminent: Array<{ requests: number; which: SwitchedOff }> = [];

	/** After so many more calls, n8n's store of processed values fails. */
	private storeCallsLeft = Infinity;

	/** Whether it has failed in this life of n8n. */
	private hasStoreFailed = false;

	/** Faults of the list that the node takes for final until n8n starts or the workflow is published. */
	private readonly finalFaults: ActiveFault[] = [];

	private readonly unwatch: () => void;

	constructor(
		private readonly ground: Ground,
		ways: Ways,
		picks: Picks,
		credential: Credential,
	) {
		worlds += 1;
		this.identity = {
			workflowId: `history${String(worlds)}`,
			webhookId: `00000000-0000-4000-8000-${String(worlds).padStart(12, '0')}`,
		};
		const { aheadMs, ...rules } = ways;
		Object.assign(this.lemlist.rules, rules);
		Object.defineProperty(this.lemlist.rules, 'clockOffsetMs', {
			configurable: true,
			get: () => this.time.now + aheadMs - Date.now(),
		});
		this.life = this.newLife();
		const data = { ...credential, baseUrl: this.lemlist.apiUrl };
		this.trigger = ground.host.trigger({
			...this.identity,
			parameters: { ...parametersOf(picks), options: {} },
			credential: { data },
		});
		this.admitKey(credential.apiKey);
		this.unwatch = this.lemlist.onChange(({ kind }) => {
			for (const hook of this.own()) this.past.set(hook._id, hook);
			if (kind === 'request') this.countDown();
		});
	}

	get lemlist(): Sandbox {
		return this.ground.lemlist;
	}

	get executions() {
		return this.ground.host.executions;
	}

	/** What static data says is registered, as a fingerprint. */
	get savedFingerprint(): unknown {
		return Object.values(this.trigger.saved as Record<string, Record<string, unknown>>)[0]
			?.fingerprint;
	}

	/** Leaves nothing behind for the next history. */
	async close(): Promise<void> {
		this.unwatch();
		await this.life.kill();
		await this.trigger.stop();
		delete (this.lemlist.rules as Partial<Sandbox['rules']>).clockOffsetMs;
		this.lemlist.reset();
		this.executions.length = 0;
		this.mendStore();
		processedValues.rows.clear();
	}

	private newLife(): Life {
		this.hasStoreFailed = this.isStoreAway();
		return new Life(this.ground.host, this.ground.folder, this.time, () => {
			this.storeCallsLeft -= 1;
			if (this.storeCallsLeft < 0) this.failStore();
		});
	}

	private failStore(): void {
		this.hasStoreFailed = true;
		processedValues.failure = new Error('The database is away');
	}

	isStoreAway(): boolean {
		return processedValues.failure !== undefined;
	}

	/** n8n's store of processed values fails after so many more calls. */
	breakStore(calls: number): void {
		this.storeCallsLeft = calls;
		if (calls === 0) this.failStore();
	}

	/** While work goes on, n8n's store takes so long that others come in between. */
	async withSlowStore(work: () => Promise<unknown>): Promise<void> {
		const { momentMs } = processedValues;
		processedValues.momentMs = SLOW_STORE_MS;
		await work().finally(() => {
			processedValues.momentMs = momentMs;
		});
	}

	mendStore(): void {
		this.storeCallsLeft = Infinity;
		processedValues.failure = undefined;
	}

	/** @returns whether the store, which has failed in this life of n8n, holds an event all the same: it was asked about just then */
	isLeftInStore({ event, activity: { _id } }: Pick<Entry, 'event' | 'activity'>): boolean {
		const { webhookId } = this.identity;
		const key = JSON.stringify([webhookId, event, _id]);
		return this.hasStoreFailed && [...processedValues.rows.values()].flat().includes(key);
	}

	/** @returns the hooks on the trigger's origin and path */
	own(): StoredHook[] {
		const { webhookUrl } = this.trigger;
		return this.lemlist.hooks.filter(
			({ targetUrl }) => targetUrl === webhookUrl || targetUrl.startsWith(`${webhookUrl}?`),
		);
	}

	/** @returns those of them that lemlist delivers to */
	live(): StoredHook[] {
		return this.own().filter(({ disabled }) => disabled !== true);
	}

	switchOff({ from, count }: SwitchedOff): void {
		const live = this.live();
		const start = from % Math.max(1, live.length);
		for (const hook of [...live.slice(start), ...live.slice(0, start)].slice(0, count)) {
			this.switchedOff.push(hook);
			this.lemlist.switchOffHook(hook._id);
		}
	}

	/** The same, as soon as lemlist has answered so many more requests. */
	switchOffAfter(requests: number, which: SwitchedOff): void {
		this.imminent.push({ requests, which });
	}

	private countDown(): void {
		for (const one of this.imminent) one.requests -= 1;
		const due = this.imminent.filter(({ requests }) => requests <= 0);
		this.imminent = this.imminent.filter((one) => !due.includes(one));
		for (const { which } of due) this.switchOff(which);
	}

	/** From now on lemlist takes so long for each answer. */
	slowDown(seconds: number): void {
		this.time.answerMs = seconds * 1_000;
	}

	pick(picks: Picks): void {
		Object.assign(this.trigger.options.parameters, parametersOf(picks));
	}

	/** The credential is changed, and the key that it had before is revoked. */
	rotate(credential: Credential): void {
		this.lemlist.keys.clear();
		this.admitKey(credential.apiKey);
		Object.assign(this.trigger.options.credential.data ?? {}, credential);
	}

	setFault(planned: PlannedFault): void {
		const { method, nth, times, fault } = planned;
		const active = this.lemlist.fault({
			on: { method, nth, match: isAboutHooks },
			times,
			effect: FAULTS[fault].effect,
		});
		this.faults.push({ planned, active });
	}

	/** lemlist's list fails from now on. */
	setListFault({ fault, times, ...on }: PlannedListFault): void {
		const { effect, isFinal } = LIST_FAULTS[fault];
		const active = this.lemlist.fault({ on: { method: 'GET', ...on }, times, effect });
		if (isFinal) this.finalFaults.push(active);
	}

	/** @returns whether lemlist may have said something about its list that the node asks for once only */
	get isListGivenUp(): boolean {
		return this.finalFaults.some(({ hits }) => hits > 0);
	}

	/** Time passes, and with it what goes on in the background. */
	async passSeconds(seconds: number): Promise<void> {
		await this.life.letPass(seconds * 1_000);
	}

	/** Waits for work that may need time to pass: where n8n's store fails, the gate lets nobody in for a while. */
	async awaited<Result>(work: Promise<Result>): Promise<Result> {
		const isStuck = async () => await setTimeout(STUCK_AFTER_MS, true, { ref: false });
		while (await Promise.race([work.then(() => false), isStuck()])) await this.passSeconds(1);
		return await work;
	}

	/** Time passes, and the schedule ticks at the end of each part of it. */
	async passWithChecks(parts: number, seconds: number): Promise<void> {
		for (let part = 0; part < parts; part += 1) {
			await this.passSeconds(seconds);
			this.trigger.check();
			await this.life.quiet();
		}
	}

	/** Everybody recovers from all faults, and answers at once. */
	recover(): void {
		this.lemlist.clearFaults();
		this.slowDown(0);
		this.mendStore();
		this.imminent = [];
	}

	/** Performs an operation and tells how it ended, and what hit it. */
	async perform(operation: () => Promise<unknown>): Promise<Ended> {
		// A slow lemlist leaves less time for repetitions.
		const strainOf = watchFaults(this.faults, this.time.answerMs > 0 ? 1 : MOST_TOLERATED);
		const before = this.switchedOff.length;
		const asked = this.lemlist.requests.length;
		const failure = await operation().then(
			() => undefined,
			(error: unknown) => error as Error,
		);
		await this.life.quiet();
		return {
			failure,
			strain: strainOf(),
			isDisturbed: this.switchedOff.length > before,
			hasAsked: this.lemlist.requests.length > asked,
		};
	}

	/** Lets the scheduled check begin. @returns when it has sent so many requests, or has ended */
	async beginCheck(requests: number): Promise<void> {
		this.trigger.check();
		await this.life.sends(requests);
	}

	/** n8n ends at once, wherever it is, and a new process begins; the workflow has not started yet. */
	async endOfN8n(): Promise<void> {
		await this.life.kill();
		await this.trigger.stop();
		this.life = this.newLife();
	}

	private admitKey(apiKey: string): void {
		this.lemlist.keys.set(apiKey, { state: 'valid', teamId: this.lemlist.teamId });
	}
}

function parametersOf({ events, campaigns }: Picks) {
	return { events: [...events], campaigns: [...campaigns] };
}

function isAboutHooks({ path }: RequestRecord): boolean {
	return path.startsWith('/hooks');
}
