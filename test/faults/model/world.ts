/**
 * What a history happens to: the real node in n8n-core's contexts, the stand-in for lemlist, and one
 * workflow of its own. Says what is there, and performs operations; judges nothing.
 */
import { startSandbox, type RequestRecord, type Sandbox, type StoredHook } from '../../sandbox';
import { Host, type Trigger } from '../../integration/host';
import {
	FAULTS,
	MOST_TOLERATED,
	watchFaults,
	type PlannedFault,
	type SetFault,
	type Strain,
} from './faultTable';
import { Life } from './life';
import type { Credential, Identity } from './expectations';
import type { Picks } from './tables';
import { Time } from './time';

/** How this lemlist behaves where its documentation is silent. */
export interface Ways {
	takenTargetUrl: 'refuse' | 'allow';
	hookOrder: 'oldest' | 'newest';
	listDisabled: 'when true' | 'always';
}

/** An operation that has ended. */
export interface Ended {
	failure: Error | undefined;
	strain: Strain;
	/** Whether lemlist switched a hook of the trigger off meanwhile: nobody can tell then whether the trigger has seen it. */
	isDisturbed: boolean;
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
		Object.assign(this.lemlist.rules, ways);
		this.life = new Life(ground.host, ground.folder, this.time);
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
		this.lemlist.reset();
		this.executions.length = 0;
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

	passSeconds(seconds: number): void {
		this.time.pass(seconds * 1_000);
	}

	/** Performs an operation and tells how it ended, and what hit it. */
	async perform(operation: () => Promise<unknown>): Promise<Ended> {
		// A slow lemlist leaves less time for repetitions.
		const strainOf = watchFaults(this.faults, this.time.answerMs > 0 ? 1 : MOST_TOLERATED);
		const before = this.switchedOff.length;
		const failure = await operation().then(
			() => undefined,
			(error: unknown) => error as Error,
		);
		await this.life.quiet();
		return { failure, strain: strainOf(), isDisturbed: this.switchedOff.length > before };
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
		this.life = new Life(this.ground.host, this.ground.folder, this.time);
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
