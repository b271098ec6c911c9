/**
 * The room door is where n8n's contexts end: what is needed of them is read into values here. Behind it,
 * modules act on those; only the client gets a context through here, to send requests with the credential.
 */
import type {
	IDataObject,
	IHookFunctions,
	ILoadOptionsFunctions,
	INode,
	ITriggerFunctions,
	IWebhookFunctions,
	WorkflowActivateMode,
} from 'n8n-workflow';
import { CREDENTIAL_TYPE, LemlistClient } from '../lemlist/client';
import { reasonOf, setupError } from '../lemlist/failures';
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

const WORDS = {
	noAddress: 'n8n gave this trigger no webhook address. Save the workflow and switch it on again.',
};

type Context = IHookFunctions | ITriggerFunctions | IWebhookFunctions | ILoadOptionsFunctions;

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

/** A trigger node whose hooks are to be made, checked or removed, as it is now. */
export interface Trigger {
	node: INode;
	owner: SecretOwner;
	/** n8n's URL of the trigger's webhook; in a test run that of the test. */
	webhookUrl: string;
	activation: WorkflowActivateMode;
	/** What n8n keeps of the node between two activations: the webhook's URL and the fingerprint of the registered secret. */
	stored: IDataObject;
	/** Reads the parameters. @throws NodeOperationError with what is wrong with them */
	subscription: () => Subscription;
	/** Loads the credential, as it is then. @throws NodeOperationError with what is wrong with it */
	credential: () => Promise<LemlistCredential>;
	client: (wish: ClientWish) => LemlistClient;
	warn: Warn;
}

/** A trigger node while its workflow is active. */
export interface ActiveTrigger {
	/** Unique among the nodes of this n8n. */
	key: string;
	nodeId: string;
	/** Reads the parameters: n8n evaluates expressions only while it activates. @throws NodeOperationError with what is wrong with them */
	subscription: () => Subscription;
	/** @returns the trigger as it is then, undefined where nothing was registered */
	now: () => Trigger | undefined;
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
	/** The fingerprint of the registered secret, as n8n has saved it last. */
	fingerprint: string | undefined;
	filter: () => DeliveryFilter;
	/** Loads the credential, as it is then. @throws NodeOperationError with what is wrong with it */
	credential: () => Promise<LemlistCredential>;
	/** Answers the sender. */
	answer: (status: number, body: object) => void;
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
	const { id } = context.getNode();
	return {
		key: JSON.stringify([context.getWorkflow().id, id]),
		nodeId: id,
		subscription: () => subscriptionOf(context),
		now: () => {
			const { webhookUrl } = context.getWorkflowStaticData('node');
			return typeof webhookUrl === 'string' ? triggerAt(webhookUrl, context) : undefined;
		},
		schedule: (expression, onTick) => {
			context.helpers.registerCron({ expression }, onTick);
		},
		warn: warnOf(context),
	};
}

/** @returns a call of the webhook */
export function callOf(context: IWebhookFunctions): Call {
	const { fingerprint } = context.getWorkflowStaticData('node');
	return {
		owner: ownerOf(context),
		body: context.getBodyData(),
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
		warn: warnOf(context),
	};
}

function ownerOf(context: IHookFunctions | ITriggerFunctions | IWebhookFunctions): SecretOwner {
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

function warnOf(context: IHookFunctions | ITriggerFunctions | IWebhookFunctions): Warn {
	return (what, error) => {
		const why = error === undefined ? '' : ` ${reasonOf(error)}`;
		context.logger.warn(`Lemlist Events Trigger: ${what}${why}`, {
			workflowId: context.getWorkflow().id,
			node: context.getNode().name,
		});
	};
}
