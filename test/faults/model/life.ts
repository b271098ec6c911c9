/**
 * One life of an n8n process: the built node loaded anew, so with an empty memory, its time injected,
 * its requests counted. A life can be ended at any request; what was on its way still reaches lemlist.
 */
import path from 'node:path';
import type {
	IExecuteFunctions,
	IHookFunctions,
	INodeExecutionData,
	INodeType,
	ITriggerFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';
import type { ActiveTrigger } from '../../../nodes/LemlistTrigger/door/door';
import type { Check, Companion } from '../../../nodes/LemlistTrigger/hooks/check';
import type { Host } from '../../integration/host';
import { nextTurn, type Clock, type Time } from './time';

/** Modules that n8n brings: they stay the same ones in every life, as n8n-core itself uses them. */
const HOST_MODULES = new Map(
	['n8n-workflow', 'zod'].map((name) => [name, jest.requireActual<object>(name)]),
);

/** Ticks come when a history says so, not when this machine's clock does. */
const ONCE_A_YEAR = '0 0 3 1 1 *';

type Sends = IHookFunctions | ITriggerFunctions;
type Send = (this: unknown, ...request: unknown[]) => Promise<unknown>;
type Tick = Parameters<ITriggerFunctions['helpers']['registerCron']>[1];
type Lifecycle = NonNullable<NonNullable<INodeType['webhookMethods']>['default']>;

/** The part of the node's module of this name that has to do with checks. */
interface Activation {
	checkOf: (trigger: ActiveTrigger, companion: Companion) => Check;
}

interface Loaded {
	node: INodeType;
	clock: Clock;
	activation: Activation;
}

export class Life {
	/** What threw though it never may. */
	readonly thrown: string[] = [];

	/** n8n 1.x deletes the hooks before it calls the close function, n8n 2.x after. */
	isDeleteFirst = false;

	/** n8n ends, or its database fails, after an activation that failed and before it calls delete. */
	isDeleteLost = false;

	/** The node's part of the scheduler's job; absent while there is no job. */
	tick: (() => void) | undefined;

	private isOver = false;

	private sent = 0;

	private readonly underWay = new Set<Promise<unknown>>();

	private readonly attendedTo = new WeakSet<object>();

	private close: (() => Promise<void>) | undefined;

	/**
	 * Begins a life.
	 *
	 * @param host whose node type is the one of this life from now on
	 * @param folder of the built package
	 * @param beforeStoreCall is called before each call of n8n's store of processed values
	 */
	constructor(
		host: Host,
		folder: string,
		private readonly time: Time,
		private readonly beforeStoreCall: () => void,
	) {
		const { node, clock, activation } = loadAnew(folder);
		this.watchChecks(activation);
		Object.assign(
			clock,
			time.clock(async (pause) => {
				await this.attended(pause);
			}),
		);
		Object.assign(host.nodeType, methodsOf(node, this));
	}

	/** From now on nothing is sent and no answer arrives. @returns when what was on its way has arrived */
	async kill(): Promise<void> {
		this.isOver = true;
		await this.quiet();
		this.time.endRests();
	}

	/** Time passes, and what goes on in the background goes on in it. */
	async letPass(ms: number): Promise<void> {
		const until = this.time.now + ms;
		await this.quiet();
		while (!this.isOver && this.time.passToNextRest(until)) await this.quiet();
		this.time.pass(Math.max(0, until - this.time.now));
		await this.quiet();
	}

	/** Waits until nothing is under way: no request, no pause, and so no check; what rests may go on later. */
	async quiet(): Promise<void> {
		do {
			await Promise.allSettled(this.underWay);
			await nextTurn();
		} while (this.underWay.size > 0);
	}

	/** Waits until so many more requests were sent, or the work that sends them has ended. */
	async sends(requests: number, work: Promise<unknown> = this.quiet()): Promise<void> {
		const target = this.sent + requests;
		const end = { hasCome: false };
		void work
			.catch(() => undefined)
			.then(() => {
				end.hasCome = true;
			});
		while (this.sent < target && !end.hasCome) await nextTurn();
	}

	/** Passes the requests of a context through this life. */
	attend({ helpers }: Sends): void {
		// n8n calls checkExists and create with one context.
		if (this.attendedTo.has(helpers)) return;
		this.attendedTo.add(helpers);
		const send = Reflect.get(helpers, 'httpRequestWithAuthentication') as Send;
		const pass = async (work: () => Promise<unknown>) => await this.pass(work);
		helpers.httpRequestWithAuthentication = async function (...request) {
			return await pass(async () => await send.apply(this, request));
		};
	}

	/** Keeps the account of what a context asks n8n's store of processed values, also after its execution has ended. */
	attendStore({ helpers }: IExecuteFunctions): void {
		const { checkProcessedAndRecord, removeProcessed, getProcessedDataCount } = helpers;
		const attended =
			<Asked extends unknown[], Result>(call: (...asked: Asked) => Promise<Result>) =>
			async (...asked: Asked) => {
				this.beforeStoreCall();
				return await this.attended(call(...asked));
			};
		Object.assign(helpers, {
			checkProcessedAndRecord: attended(checkProcessedAndRecord),
			removeProcessed: attended(removeProcessed),
			getProcessedDataCount: attended(getProcessedDataCount),
		});
	}

	/** Keeps the job and the way to end it. */
	keep(context: ITriggerFunctions): void {
		const registerCron = context.helpers.registerCron.bind(context.helpers);
		context.helpers.registerCron = (cron, onTick: Tick) => {
			this.tick = onTick as () => void;
			registerCron({ ...cron, expression: ONCE_A_YEAR as typeof cron.expression }, onTick);
		};
	}

	/** n8n's close function, in its turn. */
	closes(close: (() => Promise<void>) | undefined): () => Promise<void> {
		this.close = close;
		return async () => {
			if (!this.isDeleteFirst) await this.end();
		};
	}

	/** Ends the trigger. */
	async end(): Promise<void> {
		const { close } = this;
		this.close = undefined;
		this.tick = undefined;
		await close?.();
	}

	/** A check that throws ends as a rejection that nobody handles, which no history would notice. */
	private watchChecks(activation: Activation): void {
		const { checkOf } = activation;
		activation.checkOf = (trigger, companion) => {
			const check = checkOf(trigger, companion);
			const caught = (error: unknown) => {
				this.thrown.push(`A check threw: ${String(error)}`);
			};
			return {
				...check,
				run: async () => {
					await check.run().catch(caught);
				},
			};
		};
	}

	private async pass(work: () => Promise<unknown>): Promise<unknown> {
		await this.goOn();
		this.sent += 1;
		const answered = this.time.untilAnswered();
		try {
			return await this.attended(work());
		} finally {
			await this.goOn();
			answered();
		}
	}

	/** Never returns when this life is over. */
	private async goOn(): Promise<void> {
		if (this.isOver) await new Promise(() => undefined);
	}

	private async attended<Result>(work: Promise<Result>): Promise<Result> {
		this.underWay.add(work);
		try {
			return await work;
		} finally {
			this.underWay.delete(work);
		}
	}
}

function loadAnew(folder: string): Loaded {
	const at = path.join(folder, 'dist/nodes/LemlistTrigger');
	const loaded: Loaded[] = [];
	jest.isolateModules(() => {
		for (const [name, actual] of HOST_MODULES) jest.doMock(name, () => actual);
		const { LemlistTrigger } = jest.requireActual<{ LemlistTrigger: new () => INodeType }>(
			path.join(at, 'LemlistTrigger.node.js'),
		);
		const { clock } = jest.requireActual<{ clock: Clock }>(path.join(at, 'process/clock.js'));
		const activation = jest.requireActual<Activation>(path.join(at, 'hooks/check.js'));
		loaded.push({ node: new LemlistTrigger(), clock, activation });
	});
	const [only] = loaded;
	if (only === undefined) throw new Error('The node was not loaded');
	return only;
}

function methodsOf(
	node: INodeType,
	life: Life,
): Pick<INodeType, 'trigger' | 'webhook' | 'execute' | 'webhookMethods'> {
	const lifecycle = node.webhookMethods?.default;
	if (lifecycle === undefined) throw new Error('The node has no webhook methods');
	return {
		async trigger(this: ITriggerFunctions) {
			life.attend(this);
			life.keep(this);
			const response = await node.trigger?.call(this);
			return { ...response, closeFunction: life.closes(response?.closeFunction) };
		},
		async webhook(this: IWebhookFunctions) {
			try {
				return (await node.webhook?.call(this)) ?? {};
			} catch (error) {
				life.thrown.push(`webhook() threw: ${String(error)}`);
				throw error;
			}
		},
		async execute(this: IExecuteFunctions) {
			try {
				life.attendStore(this);
				return ((await node.execute?.call(this)) ?? [[]]) as INodeExecutionData[][];
			} catch (error) {
				life.thrown.push(`execute() threw: ${String(error)}`);
				throw error;
			}
		},
		webhookMethods: { default: lifecycleOf(lifecycle, life) },
	};
}

function lifecycleOf(methods: Lifecycle, life: Life): Lifecycle {
	return {
		async checkExists(this: IHookFunctions) {
			life.attend(this);
			return await methods.checkExists.call(this);
		},
		async create(this: IHookFunctions) {
			life.attend(this);
			return await methods.create.call(this);
		},
		async delete(this: IHookFunctions) {
			if (life.isDeleteLost) throw new Error('n8n ended before it called delete');
			life.attend(this);
			try {
				return await methods.delete.call(this);
			} finally {
				// n8n 1.x writes to its database in between, long enough for a check.
				if (life.isDeleteFirst) await life.quiet();
				await life.end();
			}
		},
	};
}
