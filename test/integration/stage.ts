/** What every integration test needs: a host, a stand-in for lemlist, and triggers that are cleaned up. */
import type { IDataObject, INodePropertyOptions } from 'n8n-workflow';
import { clock } from '../../nodes/LemlistTrigger/process/clock';
import { startSandbox, type Effect, type FaultTrigger, type Sandbox } from '../sandbox';
import { Host, type Trigger, type TriggerOptions } from './host';

/** Three events of different groups. */
export const EVENTS = ['emailsReplied', 'linkedinReplied', 'interested'];

export const POST: FaultTrigger = { method: 'POST', path: '/hooks' };
export const GET: FaultTrigger = { method: 'GET', path: '/hooks' };
export const DELETE: FaultTrigger = { method: 'DELETE' };

/** An answer of this status; lemlist does what was asked only if `acts`. */
export function status(
	code: number,
	more: {
		acts?: boolean;
		body?: string;
		contentType?: string;
		headers?: Record<string, string>;
	} = {},
): Effect {
	return { name: 'status', status: code, ...more };
}

export const MARKUP = status(200, { body: '<html>Back soon</html>', contentType: 'text/html' });

export class Stage {
	host!: Host;

	lemlist!: Sandbox;

	private readonly made: Trigger[] = [];

	/** Registers set-up and clean-up with jest. */
	constructor() {
		beforeAll(async () => {
			this.host = await Host.start();
			this.lemlist = await startSandbox();
		});
		afterAll(async () => {
			await this.host.close();
			await this.lemlist.close();
		});
		afterEach(async () => {
			for (const trigger of this.made.splice(0)) await trigger.stop();
			this.lemlist.reset();
			this.host.executions.length = 0;
			this.host.worker = undefined;
		});
	}

	/** A trigger on {@link EVENTS} with a valid credential, unless told otherwise; not active yet. */
	trigger(
		parameters: IDataObject = {},
		credential: IDataObject = {},
		place: Omit<TriggerOptions, 'parameters' | 'credential'> = {},
	): Trigger {
		const data = {
			apiKey: this.lemlist.apiKey,
			webhookSecret: '',
			baseUrl: this.lemlist.apiUrl,
			...credential,
		};
		const trigger = this.host.trigger({
			parameters: { events: EVENTS, campaigns: [], options: {}, ...parameters },
			credential: { data: data as never },
			...place,
		});
		this.made.push(trigger);
		return trigger;
	}

	/** The types of the hooks at lemlist, sorted; `*` for one without. */
	types(): string[] {
		return this.lemlist.hooks.map((hook) => hook.type ?? '*').sort();
	}

	/** What lemlist was asked about hooks and campaigns, by one method or any. The look back goes on beside it: see {@link looks}. */
	requests(method?: string) {
		return this.lemlist.requests.filter(
			(request) =>
				(method === undefined || request.method === method) && !isOfLookBack(request.path),
		);
	}

	/** What lemlist was asked about activities. */
	looks() {
		return this.lemlist.requests.filter(({ path }) => path === '/activities');
	}

	/** Lets something happen when n8n calls a method of the node, before the node hears of it. @returns the way back */
	before(name: 'create' | 'delete', work: () => Promise<void>): () => void {
		const methods = this.host.nodeType.webhookMethods?.default;
		if (methods === undefined) throw new Error('The node has no webhook methods');
		const method = methods[name];
		methods[name] = async function (...args) {
			await work();
			return await method.apply(this, args);
		};
		return () => {
			methods[name] = method;
		};
	}

	/** Lets a check happen, then another: that one begins only when the first is over. */
	async checkTwice(trigger: Trigger): Promise<void> {
		const before = this.requests('GET').length;
		await eventually(() => {
			const hasNextBegun = this.requests('GET').length > before + 1;
			if (!hasNextBegun) trigger.check();
			return hasNextBegun;
		});
	}

	removeHook(index: number): void {
		this.lemlist.removeHook(this.lemlist.hooks[index]?._id ?? '');
	}
}

/** @returns whether lemlist is asked for since when something is wanted, or for what happened since: that goes on in the background */
export function isOfLookBack(path: string): boolean {
	return path === '/activities' || path === '/team';
}

/** Lets pauses of the node pass at once; its deadlines move along. Not for tests about time. */
export function pausesPassAtOnce(): void {
	const real = { ...clock };
	let passed = 0;
	beforeAll(() => {
		clock.now = () => real.now() + passed;
		clock.sleep = async (ms) => {
			passed += ms;
			await new Promise((resolve) => {
				setImmediate(resolve);
			});
		};
	});
	afterAll(() => {
		Object.assign(clock, real);
	});
}

/** Waits until something holds; fails when it does not within ten seconds. */
export async function eventually(holds: () => boolean): Promise<void> {
	const end = Date.now() + 10_000;
	while (!holds()) {
		if (Date.now() > end) throw new Error(`Still not so: ${holds.toString()}`);
		await pause(20);
	}
}

/** Waits so many milliseconds of real time, also where pauses of the node pass at once. */
export async function pause(ms: number): Promise<void> {
	await new Promise((resolve) => {
		setTimeout(resolve, ms);
	});
}

/** @returns how long this work, which is under way, takes until its end, in milliseconds of real time */
export async function millisecondsOf(work: Promise<unknown>): Promise<number> {
	const began = Date.now();
	await work;
	return Date.now() - began;
}

/** @returns what rows of a list say that are there to be read, without the marks of the first */
export function wordsOf(rows: readonly INodePropertyOptions[]): string {
	return rows.map(({ description = '' }) => description.replaceAll(/<\/?b>/g, '')).join(' ');
}
