/**
 * The life of a trigger's hooks: checkExists, create and delete as n8n calls them, and the check that
 * runs while the workflow is active. All of it by desired state; nothing is stored but the webhook
 * URL and the fingerprint of the registered secret.
 */
import { NodeOperationError, type IHookFunctions, type ITriggerFunctions } from 'n8n-workflow';
import { clock } from './clock';
import { errorOf, reasonOf, setupError } from './failures';
import { KnownSecrets } from './knownSecrets';
import { LemlistApi } from './lemlistApi';
import { inspect, makeEqual, removeOwn, undo, type Plan } from './registration';
import { assertReachable, isReachable, readCredential, readSubscription, type LemlistCredential } from './settings';
import { wantedHooks, type Subscription, type WantedHook } from './subscription';
import { Turns, type Rank } from './turns';
import { deriveSecret, fingerprintOf } from './webhookSecret';

/** n8n gives a publication 84 seconds for everything, its own repetitions included. */
const ACTIVATION_MS = 30_000;
const CHECK_EXISTS_MS = 8_000;
const UNDO_MS = 8_000;
const DELETE_MS = 20_000;
const CHECK_MS = 60_000;

type Context = IHookFunctions | ITriggerFunctions;
type Outcome = 'registered' | 'off';

const turns = new Turns();
/** How the last lifecycle call of this process for a webhook URL ended, and when it began. */
const lastCalls = new Map<string, { outcome: Outcome; startedAt: number }>();
/** Shared with the deliveries of this process. */
export const knownSecrets = new KnownSecrets();

/**
 * @returns the key under which a node's secrets are known: one for production, another for test runs,
 * whose static data is not the same
 */
export function secretKey(context: Pick<Context, 'getWorkflow' | 'getNode' | 'getMode'>): string {
	return JSON.stringify([context.getWorkflow().id, webhookIdOf(context), context.getMode() === 'manual']);
}

function webhookIdOf(context: Pick<Context, 'getNode'>): string {
	const node = context.getNode();
	return node.webhookId ?? node.id;
}

/** @returns the secret of this node under a credential */
export function secretOf(context: Pick<Context, 'getWorkflow' | 'getNode'>, { apiKey, webhookSecret }: LemlistCredential): string {
	return deriveSecret({ apiKey, webhookSecret, workflowId: String(context.getWorkflow().id ?? ''), webhookId: webhookIdOf(context) });
}

/** n8n's checkExists. @returns whether lemlist has exactly the hooks that should exist */
export async function checkExists(context: IHookFunctions): Promise<boolean> {
	return isStart(context) ? await adoptAtStart(context) : await areRegistered(context);
}

/** While n8n or a new leader starts. Then a throw would end the subscription for good: see adoptAtStart. */
function isStart(context: IHookFunctions): boolean {
	return ['init', 'leadershipChange'].includes(context.getActivationMode());
}

async function areRegistered(context: IHookFunctions): Promise<boolean> {
	const webhookUrl = webhookUrlOf(context);
	return await lifecycleCall(webhookUrl, 'activate', async (shouldGiveWay) => {
		const { plan, credential } = await planOf(context, webhookUrl, readSubscription(context));
		const api = apiOf(context, credential, plan, clock.now() + CHECK_EXISTS_MS, shouldGiveWay);
		const { missing, surplus } = await inspect(api, plan);
		const isEqual = missing.length === 0 && surplus.length === 0;
		if (isEqual) remember(context, plan);
		return { result: isEqual, outcome: isEqual ? 'registered' : 'off' };
	});
}

/**
 * n8n gives a workflow up for good when a trigger throws while it starts. So what can be mended is
 * mended here, the next check goes on with the rest, and the answer is yes either way.
 */
async function adoptAtStart(context: IHookFunctions): Promise<boolean> {
	const webhookUrl = webhookUrlOf(context);
	return await lifecycleCall(webhookUrl, 'activate', async (shouldGiveWay) => {
		const stored = context.getWorkflowStaticData('node');
		stored.webhookUrl = webhookUrl;
		try {
			const { plan, credential } = await planOf(context, webhookUrl, readSubscription(context));
			// Hooks with the registered secret may be all there is if lemlist does not answer now.
			stored.fingerprint ??= fingerprintOf(plan.secret);
			await makeEqual(apiOf(context, credential, plan, clock.now() + ACTIVATION_MS, shouldGiveWay), plan);
			remember(context, plan);
		} catch (error) {
			warn(context, 'the webhooks at lemlist could not be checked while n8n starts; the next check tries again.', error);
		}
		return { result: true, outcome: 'registered' };
	});
}

/** n8n's create: makes lemlist's hooks equal the desired ones, all or nothing. @throws NodeApiError, NodeOperationError */
export async function create(context: IHookFunctions): Promise<void> {
	const webhookUrl = webhookUrlOf(context);
	// checkExists, create and undo share one span of time.
	const before = lastCalls.get(webhookUrl)?.startedAt ?? 0;
	const startedAt = clock.now() - before < CHECK_EXISTS_MS ? before : clock.now();
	await lifecycleCall(webhookUrl, 'activate', async (shouldGiveWay) => {
		const { plan, credential } = await planOf(context, webhookUrl, readSubscription(context));
		const api = apiOf(context, credential, plan, startedAt + ACTIVATION_MS - UNDO_MS, shouldGiveWay);
		let made: readonly WantedHook[] = [];
		const failure = await errorOf(makeEqual(api, plan, (missing) => { made = missing; }));
		if (failure !== undefined) {
			await undoQuietly(context, apiOf(context, credential, plan, startedAt + ACTIVATION_MS, shouldGiveWay), made);
			throw failure;
		}
		remember(context, plan);
		return { result: undefined, outcome: 'registered' };
	});
}

/** n8n calls delete after a failed create, which removes what is left: so the first error is the one to show. */
async function undoQuietly(context: IHookFunctions, api: LemlistApi, made: readonly WantedHook[]): Promise<void> {
	const failure = await errorOf(undo(api, made));
	if (failure !== undefined) warn(context, 'webhooks of a failed activation could not all be removed.', failure);
}

/** n8n's delete: removes every hook on the trigger's URL. @throws NodeApiError, NodeOperationError in production when some may be left */
export async function remove(context: IHookFunctions): Promise<void> {
	const webhookUrl = webhookUrlOf(context);
	const deadline = clock.now() + DELETE_MS;
	await lifecycleCall(webhookUrl, 'deactivate', async (shouldGiveWay) => {
		const failure = await errorOf(removeHooksOf(context, webhookUrl, deadline, shouldGiveWay));
		// n8n does not handle a throw here in a test run.
		if (failure !== undefined && context.getMode() !== 'manual') throw failure;
		if (failure !== undefined) warn(context, 'webhooks of a test run could not be removed.', failure);
		return { result: undefined, outcome: 'off' };
	});
}

async function removeHooksOf(context: IHookFunctions, webhookUrl: string, deadline: number, shouldGiveWay: () => boolean): Promise<void> {
	const credential = await readCredential(context);
	// On an address that lemlist cannot call, nothing was ever registered.
	if (isReachable(webhookUrl, credential)) await removeOwn(apiOf(context, credential, undefined, deadline, shouldGiveWay), webhookUrl);
	const stored = context.getWorkflowStaticData('node');
	delete stored.webhookUrl;
	delete stored.fingerprint;
}

/**
 * Prepares the check that runs while the workflow is active. Parameters are read now: n8n evaluates
 * expressions during activation only.
 *
 * @returns the check, which never throws, and a way to end it
 */
export function checkOf(context: ITriggerFunctions): { run: () => Promise<void>; end: () => Promise<void> } {
	const subscription = readForCheck(context);
	let isEnded = false;
	let isUnderWay = false;
	const run = async () => {
		const { webhookUrl } = context.getWorkflowStaticData('node');
		if (isUnderWay || isEnded || subscription === undefined || typeof webhookUrl !== 'string') return;
		isUnderWay = true;
		try {
			await turns.take(webhookUrl, 'check', async (shouldGiveWay) => {
				await mend(context, webhookUrl, subscription, () => isEnded || shouldGiveWay());
			});
		} catch (error) {
			if (!(error instanceof GaveWay)) warn(context, 'the webhooks at lemlist could not be checked; the next check tries again.', error);
		} finally {
			isUnderWay = false;
		}
	};
	const end = async () => {
		isEnded = true;
		await Promise.resolve();
	};
	return { run, end };
}

/** A wrong parameter is for checkExists and create to report: a throw beside them would only hide their words. */
function readForCheck(context: ITriggerFunctions): Subscription | undefined {
	try {
		return readSubscription(context);
	} catch (error) {
		warn(context, 'the webhooks at lemlist will not be checked.', error);
		return undefined;
	}
}

async function mend(context: ITriggerFunctions, webhookUrl: string, subscription: Subscription, shouldGiveWay: () => boolean): Promise<void> {
	// No call yet: this process has become the leader, and static data says what is registered.
	const isOff = (lastCalls.get(webhookUrl)?.outcome ?? 'registered') === 'off';
	if (isOff || shouldGiveWay()) return;
	const { plan, credential } = await planOf(context, webhookUrl, subscription);
	await makeEqual(apiOf(context, credential, plan, clock.now() + CHECK_MS, shouldGiveWay), plan);
}

/** A lifecycle call in its turn; the outcome is what decides whether checks act afterwards. */
async function lifecycleCall<Result>(
	webhookUrl: string,
	rank: Rank,
	work: (shouldGiveWay: () => boolean) => Promise<{ result: Result; outcome: Outcome }>,
): Promise<Result> {
	const startedAt = clock.now();
	return await turns.take(webhookUrl, rank, async (shouldGiveWay) => {
		lastCalls.set(webhookUrl, { outcome: 'off', startedAt });
		const { result, outcome } = await work(shouldGiveWay);
		lastCalls.set(webhookUrl, { outcome, startedAt });
		return result;
	});
}

async function planOf(context: Context, webhookUrl: string, subscription: Subscription): Promise<{ plan: Plan; credential: LemlistCredential }> {
	const credential = await readCredential(context);
	assertReachable(context, webhookUrl, credential);
	const secret = secretOf(context, credential);
	// Noted before lemlist knows it: an event may be here before static data is saved.
	knownSecrets.note(secretKey(context), fingerprintOf(secret));
	return { plan: { webhookUrl, wanted: wantedHooks(subscription, webhookUrl, secret), secret }, credential };
}

/** Ends an operation because a more important one is waiting. */
class GaveWay extends NodeOperationError {}

function apiOf(context: Context, credential: LemlistCredential, plan: Plan | undefined, deadline: number, shouldGiveWay: () => boolean): LemlistApi {
	const secrets = [credential.apiKey, credential.webhookSecret, plan?.secret ?? ''];
	const beforeRequest = () => {
		if (shouldGiveWay()) throw new GaveWay(context.getNode(), 'The workflow was switched off while its webhooks were being registered. Switch it on again.');
	};
	return new LemlistApi(context, { baseUrl: credential.baseUrl, deadline, secrets, beforeRequest });
}

function webhookUrlOf(context: IHookFunctions): string {
	const webhookUrl = context.getNodeWebhookUrl('default');
	if (webhookUrl === undefined) throw setupError(context.getNode(), 'n8n gave this trigger no webhook address. Save the workflow and switch it on again.');
	return webhookUrl;
}

function remember(context: IHookFunctions, plan: Plan): void {
	const fingerprint = fingerprintOf(plan.secret);
	Object.assign(context.getWorkflowStaticData('node'), { webhookUrl: plan.webhookUrl, fingerprint });
	knownSecrets.activated(secretKey(context), fingerprint);
}

/** One line for the log: what happened and why, never with the request, which carries the API key. */
function warn(context: Context, what: string, error: unknown): void {
	context.logger.warn(`Lemlist Events Trigger: ${what} ${reasonOf(error)}`, { workflowId: context.getWorkflow().id, node: context.getNode().name });
}
