/**
 * The room door is where n8n's contexts end: what is needed of them is read into values here. Behind it,
 * modules act on those; only the client gets a context through here, to send requests with the credential.
 */
import type {
	DeduplicationHelperFunctions,
	IDataObject,
	IExecuteFunctions,
	IHookFunctions,
	ILoadOptionsFunctions,
	INode,
	INodeExecutionData,
	IRun,
	ITriggerFunctions,
	IWebhookFunctions,
	WorkflowActivateMode,
} from 'n8n-workflow';
import { EVERY, eventNamedBy, HOOK_FIELD } from '../lemlist/address';
import { CREDENTIAL_TYPE, LemlistClient } from '../lemlist/client';
import { errorOf, reasonOf, setupError } from '../lemlist/failures';
import type { Activity } from '../lemlist/schemas';
import { clock } from '../process/clock';
import type { SecretOwner } from '../secrets/nodeSecret';
import {
	readCredential,
	readFilter,
	readSubscription,
	type DeliveryFilter,
	type LemlistCredential,
	type Subscription,
} from '../settings/reading';
import { readAnswer, writeAnswer, type GateAnswer } from './answer';

const WORDS = {
	noAddress: 'n8n gave this trigger no webhook address. Save the workflow and switch it on again.',
};

const POST_MS = 5_000;
/** Where n8n listens, as it comes. */
const LOCAL_ADDRESS = 'http://localhost:5678';
/** How long a question may be under way: executions may have to wait for a free worker. */
const ANSWER_MS = 15 * 60_000;

type Context = IHookFunctions | ITriggerFunctions | IWebhookFunctions | ILoadOptionsFunctions;
/** The contexts of one trigger node. */
type OwnContext = IHookFunctions | ITriggerFunctions | IWebhookFunctions | IExecuteFunctions;

/** The part of $execution that n8n hands back to who started the execution. */
interface ExecutionRecord {
	customData: { setAll: (values: Record<string, string>) => void };
}

/** One line for n8n's log: what happened and why, never with the request, which carries the API key. */
export type Warn = (what: string, error?: unknown) => void;

/** How an operation may use lemlist's API. */
export interface ClientWish {
	credential: LemlistCredential;
	/** The secret of the hooks, which must not turn up in anything shown. */
	secret?: string;
	/** When the operation has to be over, in milliseconds since the epoch. */
	deadline: number;
	/** Called before each request; throws when another operation should go first. */
	beforeRequest: () => void;
}

/** What n8n keeps of a trigger node, by the node's name: static data. Written in lifecycle calls alone. */
export interface Stored extends IDataObject {
	/** The webhook's URL, of what is published. */
	hooksAt?: string;
	/** The same in a version of this package that lets events pass without the gate. */
	webhookUrl?: string;
	/** The fingerprint of the registered secret. */
	fingerprint?: string;
	/** Since when what is asked for is wanted: see settings/since.ts. */
	since?: IDataObject;
}

/** A trigger node whose hooks are to be made, checked or removed, as it is now. */
export interface Trigger {
	/** Unique among the nodes of this n8n. */
	key: string;
	node: INode;
	owner: SecretOwner;
	/** n8n's URL of the trigger's webhook; in a test run that of the test. */
	webhookUrl: string;
	activation: WorkflowActivateMode;
	/** What n8n keeps of the node between two activations, under the names in {@link Stored}. */
	stored: Stored;
	/** Reads the parameters. @throws NodeOperationError with what is wrong with them */
	subscription: () => Subscription;
	/** Loads the credential, as it is then. @throws NodeOperationError with what is wrong with it */
	credential: () => Promise<LemlistCredential>;
	client: (wish: ClientWish) => LemlistClient;
	/** Delivers to the trigger's own address, or else to n8n on this machine. @throws what n8n throws where it does not reach the first */
	post: (body: Activity) => Promise<void>;
	warn: Warn;
}

/** A trigger node while its workflow is active. */
export interface ActiveTrigger {
	/** Unique among the nodes of this n8n. */
	key: string;
	node: INode;
	/** Reads the parameters: n8n evaluates expressions only while it activates. @throws NodeOperationError with what is wrong with them */
	subscription: () => Subscription;
	/** @returns the trigger as it is then, undefined where nothing was registered */
	now: () => Trigger | undefined;
	/** Whether what execute() drops starts nothing: otherwise there is no asking the gate. */
	isGated: boolean;
	/** Starts the workflow with an item. */
	emit: (item: INodeExecutionData) => void;
	/** Starts the workflow with a question to the gate. @returns its answer, from whatever process. @throws for none in time */
	ask: (item: INodeExecutionData) => Promise<GateAnswer>;
	/** Has n8n call back on a schedule. @throws what n8n throws for a schedule or a time zone that it does not take */
	schedule: (
		expression: Parameters<ITriggerFunctions['helpers']['registerCron']>[0]['expression'],
		onTick: () => void,
	) => void;
	warn: Warn;
}

/** One call of the trigger's webhook. */
export interface Call {
	owner: SecretOwner;
	body: unknown;
	/** The event that the called hook is for, as its URL says; undefined where it does not say or is for all. */
	event: string | undefined;
	/** The fingerprint of the registered secret, as n8n has saved it last. */
	fingerprint: string | undefined;
	filter: () => DeliveryFilter;
	/** Loads the credential, as it is then. @throws NodeOperationError with what is wrong with it */
	credential: () => Promise<LemlistCredential>;
	/** Answers the sender. */
	answer: (status: number, body: object) => void;
	warn: Warn;
}

/** n8n's store of processed values, of one trigger node. */
export interface Store {
	/**
	 * @param most how many keys stay at most, the newest; absent: all
	 * @returns those of the keys that were there before
	 */
	record: (keys: readonly string[], most?: number) => Promise<readonly string[]>;
	forget: (keys: readonly string[]) => Promise<void>;
	/** @returns how many keys there are */
	count: () => Promise<number>;
}

/** One execution of the node in a workflow that runs. */
export interface Run {
	/** Unique among the nodes of this n8n, and the same as {@link ActiveTrigger.key}. */
	key: string;
	executionId: string;
	/** Not a test run or a retry: those pass the gate untouched. */
	isGated: boolean;
	items: readonly INodeExecutionData[];
	store: Store;
	/** Tells who asked. */
	answer: (answer: GateAnswer) => void;
	warn: Warn;
}

/** @returns the trigger of a lifecycle call. @throws NodeOperationError when n8n gives it no address */
export function triggerOf(context: IHookFunctions): Trigger {
	const webhookUrl = context.getNodeWebhookUrl('default');
	if (webhookUrl === undefined) throw setupError(context.getNode(), WORDS.noAddress);
	return triggerAt(webhookUrl, context);
}

/** @returns the trigger that n8n has just started */
export function activeTriggerOf(context: ITriggerFunctions): ActiveTrigger {
	const node = context.getNode();
	return {
		key: keyOf(context),
		node,
		subscription: () => subscriptionOf(context),
		now: () => {
			const { hooksAt } = context.getWorkflowStaticData('node');
			return typeof hooksAt === 'string' ? triggerAt(hooksAt, context) : undefined;
		},
		// With Always Output Data, n8n goes on with an empty item; its engine of version 2 runs no execute of a trigger.
		isGated: node.alwaysOutputData !== true && context.getWorkflowSettings().engineType !== 'v2',
		emit: (item) => {
			context.emit([[item]]);
		},
		ask: async (item) => {
			const run = context.helpers.createDeferredPromise<IRun>();
			context.emit([[item]], undefined, run);
			return readAnswer(await clock.within(ANSWER_MS, run.promise));
		},
		schedule: (expression, onTick) => {
			context.helpers.registerCron({ expression }, onTick);
		},
		warn: warnOf(context),
	};
}

/** @returns the execution that n8n runs the node in */
export function runOf(context: IExecuteFunctions): Run {
	return {
		key: keyOf(context),
		executionId: context.getExecutionId(),
		isGated: ['webhook', 'trigger'].includes(context.getMode()),
		items: context.getInputData(),
		store: storeOf(context.helpers),
		answer: (answer) => {
			const { customData } = context.getWorkflowDataProxy(0).$execution as ExecutionRecord;
			customData.setAll(writeAnswer(answer));
		},
		warn: warnOf(context),
	};
}

/** What is used of n8n's functions outlives the execution: they know the workflow and the node, and nothing of the run. */
function storeOf(helpers: DeduplicationHelperFunctions): Store {
	const check = helpers.checkProcessedAndRecord.bind(undefined);
	const remove = helpers.removeProcessed.bind(undefined);
	const count = helpers.getProcessedDataCount.bind(undefined);
	return {
		record: async (keys, most) => {
			const options = { mode: 'entries', ...(most !== undefined && { maxEntries: most }) } as const;
			const { processed } = await check([...keys], 'node', options);
			return processed.map(String);
		},
		forget: async (keys) => {
			if (keys.length > 0) await remove([...keys], 'node', { mode: 'entries' });
		},
		count: async () => await count('node', { mode: 'entries' }),
	};
}

/** @returns a call of the webhook */
export function callOf(context: IWebhookFunctions): Call {
	const { fingerprint } = context.getWorkflowStaticData('node');
	const { [HOOK_FIELD]: field } = context.getQueryData() as { [HOOK_FIELD]?: unknown };
	const event = eventNamedBy(typeof field === 'string' ? field : '');
	return {
		owner: ownerOf(context),
		body: context.getBodyData(),
		event: event === '' || event === EVERY ? undefined : event,
		fingerprint: typeof fingerprint === 'string' ? fingerprint : undefined,
		filter: () => readFilter((name, fallback) => context.getNodeParameter(name, fallback as never)),
		credential: () => credentialOf(context),
		answer: (status, body) => {
			context.getResponseObject().status(status).json(body);
		},
		warn: warnOf(context),
	};
}

/** @returns what gives the editor's lists a client for so many milliseconds, or throws NodeOperationError */
export function clientOf(context: ILoadOptionsFunctions): (ms: number) => Promise<LemlistClient> {
	return async (ms) => {
		const { baseUrl, apiKey, webhookSecret } = await credentialOf(context);
		return new LemlistClient(context, {
			baseUrl,
			deadline: clock.now() + ms,
			secrets: [apiKey, webhookSecret],
		});
	};
}

function triggerAt(webhookUrl: string, context: IHookFunctions | ITriggerFunctions): Trigger {
	return {
		key: keyOf(context),
		node: context.getNode(),
		owner: ownerOf(context),
		webhookUrl,
		activation: context.getActivationMode(),
		stored: context.getWorkflowStaticData('node'),
		subscription: () => subscriptionOf(context),
		credential: () => credentialOf(context),
		client: ({
			credential: { apiKey, webhookSecret, baseUrl },
			secret = '',
			deadline,
			beforeRequest,
		}) =>
			new LemlistClient(context, {
				baseUrl,
				deadline,
				secrets: [apiKey, webhookSecret, secret],
				beforeRequest,
			}),
		post: async (body) => {
			const post = async (url: string): Promise<unknown> =>
				await context.helpers.httpRequest({
					method: 'POST',
					url,
					body,
					json: true,
					timeout: POST_MS,
					disableFollowRedirect: true,
				});
			const failure = await errorOf(post(webhookUrl));
			if (failure === undefined) return;
			// Many networks do not let n8n out and in again, and an old address leads nowhere.
			const local = LOCAL_ADDRESS + new URL(webhookUrl).pathname;
			if ((await errorOf(post(local))) !== undefined) throw failure;
		},
		warn: warnOf(context),
	};
}

function keyOf(context: OwnContext): string {
	return JSON.stringify([context.getWorkflow().id, context.getNode().id]);
}

function ownerOf(context: OwnContext): SecretOwner {
	const { webhookId, id } = context.getNode();
	return {
		workflowId: String(context.getWorkflow().id),
		webhookId: webhookId ?? id,
		isTestRun: context.getMode() === 'manual',
	};
}

function subscriptionOf(context: IHookFunctions | ITriggerFunctions): Subscription {
	return readSubscription(context.getNode(), (name, fallback) =>
		context.getNodeParameter(name, fallback as never),
	);
}

async function credentialOf(context: Context): Promise<LemlistCredential> {
	return await readCredential(
		context.getNode(),
		async () => await context.getCredentials(CREDENTIAL_TYPE),
	);
}

function warnOf(context: OwnContext): Warn {
	return (what, error) => {
		const why = error === undefined ? '' : ` ${reasonOf(error)}`;
		context.logger.warn(`Lemlist Events Trigger: ${what}${why}`, {
			workflowId: context.getWorkflow().id,
			node: context.getNode().name,
		});
	};
}
