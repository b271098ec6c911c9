/**
 * Carries a row of the fault matrix out: a lemlist of its own, a trigger in the real host, the fault,
 * and a record of what came of it at the moment when n8n hears how it went.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { clock } from '../../nodes/LemlistTrigger/process/clock';
import { Host, type Trigger } from '../integration/host';
import { isOfLookBack, wordsOf } from '../integration/stage';
import {
	activityOf,
	startSandbox,
	type Fault,
	type FaultTrigger,
	type Sandbox,
	type StoredHook,
} from '../sandbox';
import { until } from '../e2e/n8n/until';
import { Gate } from './matrixGate';
import { ELSEWHERE, WANTED, type FaultRow, type Occasion, type Refusal } from './matrixVocabulary';

const EVENTS = [
	'emailsReplied',
	'linkedinReplied',
	'interested',
	'emailsSent',
	'emailsBounced',
	'connectionIssue',
];
const BYSTANDERS = [
	'https://zapier.example.org/a',
	'https://zapier.example.org/b',
	'https://zapier.example.org/c',
];

const CHECK_LIMIT_MS = 60_000;

/** What came of a row. */
export interface Finding {
	/** The error that n8n was given, undefined when all went well. */
	error: Error | undefined;
	/** The trigger's hooks when n8n heard how it went, before the call of delete that n8n adds after an error. */
	hooks: readonly StoredHook[];
	/** Seconds until then, by the node's clock. */
	seconds: number;
	/** How often the row's call reached lemlist meanwhile. */
	calls: number;
	log: readonly string[];
	lemlist: Sandbox;
	trigger: Trigger;
}

const ON: Readonly<Record<FaultRow['call'], FaultTrigger>> = {
	'POST /hooks': { method: 'POST', path: '/hooks' },
	'GET /hooks': { method: 'GET', path: '/hooks' },
	'DELETE /hooks/{id}': { method: 'DELETE', path: /^\/hooks\// },
	'GET /campaigns': { method: 'GET', path: '/campaigns' },
	'every call': {},
};

interface Scene {
	prepare: (trigger: Trigger, lemlist: Sandbox, row: FaultRow) => Promise<unknown>;
	act: (trigger: Trigger, lemlist: Sandbox) => Promise<unknown>;
}

const nothing = async () => {
	await Promise.resolve();
};
const activate = async (trigger: Trigger) => {
	await trigger.activate();
};
/** n8n stops and forgets the workflow, as after its database was put back to an older state. */
async function abandon(trigger: Trigger): Promise<void> {
	await trigger.activate();
	await trigger.stop();
}

/** One hook vanishes, unless it is something else that the check shall find. */
async function loseOneHook(
	trigger: Trigger,
	lemlist: Sandbox,
	{ switchedOff }: FaultRow,
): Promise<void> {
	await trigger.activate();
	if (switchedOff === undefined) lemlist.removeHook(hooksOf(trigger, lemlist).at(-1)?._id ?? '');
}

/** A check ends by itself: with all hooks there again and on, or with a line in the log that it could not. */
async function check(trigger: Trigger, lemlist: Sandbox): Promise<void> {
	trigger.check();
	await until(
		'the check is over',
		() =>
			isPostponed(trigger.log) ||
			hooksOf(trigger, lemlist).filter((hook) => !isOff(hook)).length === WANTED,
		{ limitMs: CHECK_LIMIT_MS, everyMs: 25 },
	);
}

/**
 * n8n would keep an error to itself, so the list tells a failure in rows that cannot be picked.
 *
 * @throws an Error with their text; the last row, which says how to try again, is left out
 */
async function listCampaigns(trigger: Trigger): Promise<void> {
	const rows = await trigger.campaigns();
	if (rows.some(({ disabled }) => disabled !== true)) return;
	throw new Error(wordsOf(rows.slice(0, -1)));
}

const SCENES: Readonly<Record<Occasion, Scene>> = {
	activation: { prepare: nothing, act: activate },
	reactivation: { prepare: abandon, act: activate },
	start: {
		prepare: activate,
		act: async (trigger) => {
			await trigger.restart();
		},
	},
	check: { prepare: loseOneHook, act: check },
	deactivation: {
		prepare: activate,
		act: async (trigger) => {
			await trigger.deactivate();
		},
	},
	campaigns: { prepare: nothing, act: listCampaigns },
};

export class MatrixStage {
	/** What reached the host that a redirect leads to. */
	readonly strays: string[] = [];

	private readonly closing: Array<() => Promise<void>> = [];

	/** Called with the webhook URL when n8n calls delete. */
	private readonly whenDeleting = new Map<string, () => void>();

	private constructor(
		private readonly host: Host,
		private readonly elsewhere: Server,
	) {}

	static async start(): Promise<MatrixStage> {
		const elsewhere = createServer((request, response) => {
			stage.keepStray(request, response);
		});
		elsewhere.listen(0, '127.0.0.1');
		await once(elsewhere, 'listening');
		const stage = new MatrixStage(await Host.start(), elsewhere);
		stage.watchDelete();
		return stage;
	}

	async close(): Promise<void> {
		for (const close of this.closing) await close();
		await this.host.close();
		this.elsewhere.close();
	}

	/** Lets a row's fault happen. */
	async run(row: FaultRow): Promise<Finding> {
		const lemlist = await this.lemlistFor(row);
		const trigger = this.host.trigger({
			parameters: { events: EVENTS, campaigns: [], options: {} },
			credential: { data: { apiKey: lemlist.apiKey, webhookSecret: '', baseUrl: lemlist.apiUrl } },
		});
		this.closing.push(async () => {
			await trigger.stop();
		});
		const { prepare, act } = SCENES[row.occasion];
		await prepare(trigger, lemlist, row);
		// The latest, so that events which have their hook yet still arrive.
		for (const { _id } of hooksOf(trigger, lemlist).slice(WANTED - (row.switchedOff ?? 0)))
			lemlist.switchOffHook(_id);
		lemlist.clearRequests();
		await this.setUpFault(row, lemlist, trigger);
		const record = this.recorder(row, lemlist, trigger);
		if (['activation', 'reactivation'].includes(row.occasion))
			this.whenDeleting.set(trigger.webhookUrl, record.note);
		const error = await errorOf(act(trigger, lemlist));
		this.whenDeleting.delete(trigger.webhookUrl);
		return { error, ...record.note(), log: trigger.log, lemlist, trigger };
	}

	private async lemlistFor({ rules }: FaultRow): Promise<Sandbox> {
		// The budget of requests and what lemlist sends again have tests of their own; here only the row's fault may happen.
		const lemlist = await startSandbox({
			rules: { deliveryRetries: 0, ...rules, rateLimit: { requests: 1_000 } },
		});
		this.closing.push(async () => {
			await lemlist.close();
		});
		for (const targetUrl of BYSTANDERS) lemlist.addHook({ targetUrl });
		return lemlist;
	}

	private async setUpFault(
		{ call, effect, nth = 1, times = 1 }: FaultRow,
		lemlist: Sandbox,
		trigger: Trigger,
	): Promise<void> {
		if (effect === undefined) return;
		if (typeof effect === 'object' && effect.name === 'refused') {
			const gate = await this.gate(lemlist.url, effect);
			Object.assign(trigger.options.credential.data ?? {}, { baseUrl: `${gate.url}/api` });
		} else {
			lemlist.fault({ on: { ...ON[call], nth }, effect: this.located(effect), times });
		}
	}

	/** A way to lemlist that closes. */
	async gate(target: string, refusal: Refusal): Promise<Gate> {
		const gate = await Gate.open(target, refusal);
		this.closing.push(async () => {
			await gate.close();
		});
		return gate;
	}

	/** Puts the real address of the other host in. */
	located(effect: Fault['effect']): Fault['effect'] {
		if (typeof effect === 'string' || effect.name !== 'redirect') return effect;
		const { port } = this.elsewhere.address() as AddressInfo;
		return {
			...effect,
			location: effect.location.replace(ELSEWHERE, `http://127.0.0.1:${String(port)}/`),
		};
	}

	/** Notes how things stand, the first time that it is asked. */
	private recorder({ call }: FaultRow, lemlist: Sandbox, trigger: Trigger) {
		const began = clock.now();
		let noted: Pick<Finding, 'hooks' | 'seconds' | 'calls'> | undefined;
		const note = () =>
			(noted ??= {
				hooks: hooksOf(trigger, lemlist),
				seconds: (clock.now() - began) / 1_000,
				calls: lemlist.requests.filter(
					({ method, path }) => isCall(ON[call], method, path) && !isOfLookBack(path),
				).length,
			});
		return { note };
	}

	/** n8n calls delete after a failed activation: what the node itself removed has to be seen before that. */
	private watchDelete(): void {
		const methods = this.host.nodeType.webhookMethods?.default;
		if (methods === undefined) throw new Error('The node has no webhook methods');
		const { delete: remove } = methods;
		const { whenDeleting } = this;
		methods.delete = async function (...args) {
			whenDeleting.get(this.getNodeWebhookUrl('default') ?? '')?.();
			return await remove.apply(this, args);
		};
	}

	private keepStray(request: IncomingMessage, response: ServerResponse): void {
		this.strays.push(
			`${String(request.method)} ${String(request.url)} ${request.headers.authorization === undefined ? 'without' : 'with'} the key`,
		);
		response.end('[]');
	}
}

/** The trigger's hooks at lemlist. */
export function hooksOf(trigger: Trigger, lemlist: Sandbox): StoredHook[] {
	return lemlist.hooks.filter((hook) => hook.targetUrl.startsWith(`${trigger.webhookUrl}?`));
}

export function isOff({ disabled }: StoredHook): boolean {
	return disabled === true;
}

/** @returns whether the log says that something is left to the next check */
export function isPostponed(log: readonly string[]): boolean {
	return log.some((line) => line.includes('the next check tries again'));
}

/** The hooks of others at lemlist, which no fault may touch. */
export function bystandersAt(lemlist: Sandbox): string[] {
	return lemlist.hooks
		.filter(({ targetUrl }) => BYSTANDERS.includes(targetUrl))
		.map(({ targetUrl }) => targetUrl);
}

export const ALL_BYSTANDERS: readonly string[] = BYSTANDERS;

/** @returns whether everything that an error carries, down to its causes, is free of key and secrets */
export function isDiscreet(error: Error | undefined, lemlist: Sandbox): boolean {
	return isDiscreetText(inspect(error, { depth: 20, showHidden: true, getters: true }), lemlist);
}

/** @returns whether a text is free of key and secrets */
export function isDiscreetText(told: string, { apiKey, hooks }: Sandbox): boolean {
	const secrets = hooks.map(({ secret }) => secret).filter((secret) => secret !== undefined);
	return ![apiKey, Buffer.from(`:${apiKey}`).toString('base64'), ...secrets].some((hidden) =>
		told.includes(hidden),
	);
}

/** Lets lemlist send one event to the trigger. @returns what n8n answered */
export async function deliverTo(lemlist: Sandbox): Promise<Array<number | 'none'>> {
	return (await lemlist.deliver(activityOf('emailsReplied')))
		.filter(({ targetUrl }) => !BYSTANDERS.includes(targetUrl))
		.map(({ status }) => status);
}

/** The way back: once the fault is over, switching on and off works and leaves nothing. */
export async function onAndOff({
	trigger,
	lemlist,
}: Finding): Promise<{ on: number; off: number }> {
	lemlist.clearFaults();
	Object.assign(trigger.options.credential.data ?? {}, { baseUrl: lemlist.apiUrl });
	await trigger.stop();
	await trigger.activate();
	const on = hooksOf(trigger, lemlist).filter((hook) => !isOff(hook)).length;
	await trigger.deactivate();
	return { on, off: hooksOf(trigger, lemlist).length };
}

function isCall({ method, path }: FaultTrigger, actualMethod: string, actualPath: string): boolean {
	return (
		(method ?? actualMethod) === actualMethod &&
		(path instanceof RegExp ? path.test(actualPath) : (path ?? actualPath) === actualPath)
	);
}

async function errorOf(work: Promise<unknown>): Promise<Error | undefined> {
	return await work.then(
		() => undefined,
		(error: unknown) => (error instanceof Error ? error : new Error(String(error))),
	);
}
