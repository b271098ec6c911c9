/**
 * The life of a trigger's hooks: checkExists, create and delete as n8n calls them, and the check that
 * runs while the workflow is active. All of it by desired state; nothing is stored but the webhook
 * URL and the fingerprint of the registered secret.
 */
import type { IHookFunctions, ITriggerFunctions } from 'n8n-workflow';
import { clock } from './clock';
import { errorOf, GaveWay, reasonOf, setupError } from './failures';
import { LOAD_AT_MOST_EVERY_MS } from './knownSecrets';
import { LemlistApi } from './lemlistApi';
import { knownSecrets, secretKey, secretOf } from './nodeSecret';
import { inspect, makeEqual, makeEqualWherePossible, removeOwn, timeToMake, undo, type Findings, type Plan } from './registration';
import { assertReachable, assertServed, isReachable, readCredential, readSubscription, type LemlistCredential } from './settings';
import { wantedHooks, type Subscription } from './subscription';
import { Turns } from './turns';
import { fingerprintOf } from './webhookSecret';

/** checkExists, create and undo together. */
const ACTIVATION_MS = 30_000;
const CHECK_EXISTS_MS = 8_000;
const UNDO_MS = 8_000;
/** n8n gives a publication 84 seconds. Past that it says so itself, in words that help nobody, and calls no delete. */
const PUBLICATION_MS = 80_000;
/** So long n8n still pauses in a publication after its first, second, … try. */
const PAUSES_AFTER_TRY_MS = [15_000, 14_000, 12_000, 8_000, 0];
/** Two steps of one publication are never further apart; its longest pause is 8 seconds. */
const SAME_PUBLICATION_MS = 10_000;
/** With less time than this, a try is not worth a request. */
const SHORTEST_TRY_MS = 4_000;
const DELETE_MS = 20_000;
/** For delete after an activation that made nothing: n8n's repetitions of both have to fit into its 84 seconds. */
const CLEAN_UP_MS = 5_000;
const CHECK_MS = 60_000;
/** How long after its connection was lost a POST may still arrive at lemlist. */
const ARRIVES_WITHIN_MS = 3_000;

const WORDS = {
	perhapsLeft: (reason: string) =>
		`Webhooks of this trigger may still be at lemlist: they cannot be deleted without the credential. ${reason} The docs of this node say how to delete what stays there.`,
	switchedOff: (count: number) =>
		`lemlist had switched off ${count === 1 ? '1 webhook' : `${String(count)} webhooks`} of this trigger, because it could not deliver events to n8n again and again. ${count === 1 ? 'It is' : 'They are'} made anew now; events of the time in between did not get here. Look whether lemlist can reach n8n: the docs of this node say how, under "Reaching n8n from lemlist".`,
};

type Context = IHookFunctions | ITriggerFunctions;
type Outcome = 'registered' | 'failed' | 'off';

/** What this process knows of the operations on one webhook URL. */
interface Operations {
	/** The workflow that was activated last: n8n calls delete also for a copy whose activation it refused. */
	owner?: string;
	/** Whether what is registered belongs to a published workflow, and not to a test run. */
	isPublished?: boolean;
	/** How the last lifecycle call ended; `failed` is an activation that threw or is under way. */
	outcome?: Outcome;
	/** Whether a failed activation may have left hooks behind. */
	mayHaveMade?: boolean;
	/** When the activation that checkExists began has to be over; create takes it. */
	deadline?: number;
	/** Whether delete came between checkExists and create, so that create must not go on. */
	isCalledOff?: boolean;
	/** When a POST that ended without an answer was given up last. */
	unsettledAt?: number;
	/** The publication that is under way, as far as can be seen from here. */
	publication?: Publication;
}

/** n8n tries a publication up to five times, and calls delete after each try that failed. */
interface Publication {
	began: number;
	tries: number;
	/** When the last step of it was over. */
	lastStep: number;
	failure?: Error;
}

/** The check of one trigger node, while its workflow is active. */
export interface Check {
	run: () => Promise<void>;
	end: () => Promise<void>;
}

const turns = new Turns();
const operations = new Map<string, Operations>();
/** The check of each trigger node that was prepared last. */
const checks = new Map<string, Check>();

function operationsOn(webhookUrl: string): Operations {
	const known = operations.get(webhookUrl) ?? {};
	operations.set(webhookUrl, known);
	return known;
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
	const began = clock.now();
	Object.assign(operationsOn(webhookUrl), { deadline: beginTry(context, webhookUrl), isCalledOff: false });
	return await activate(context, webhookUrl, async (shouldGiveWay) => {
		const { plan, credential } = await planOf(context, webhookUrl, readSubscription(context));
		const { missing, surplus } = await inspect(apiOf(context, credential, plan, began + CHECK_EXISTS_MS, shouldGiveWay), plan);
		const isEqual = missing.length === 0 && surplus.length === 0;
		if (isEqual) remember(context, plan);
		return isEqual;
	});
}

/**
 * @returns when this try has to be over, so that n8n gets to say why it failed
 * @throws what the last try threw where there is no time for a further one
 */
function beginTry(context: IHookFunctions, webhookUrl: string): number {
	const now = clock.now();
	const known = operationsOn(webhookUrl);
	// A test run is tried by people, each time anew.
	if (context.getMode() === 'manual') return now + ACTIVATION_MS;
	const publication = isPartOf(known.publication, context) ? known.publication : { began: now, tries: 0, lastStep: now };
	known.publication = publication;
	publication.tries += 1;
	const deadline = Math.min(now + ACTIVATION_MS, endOfTry(publication) - CLEAN_UP_MS);
	if (deadline - now < SHORTEST_TRY_MS && publication.failure !== undefined) {
		Object.assign(known, { outcome: 'failed' });
		publication.lastStep = now;
		throw publication.failure;
	}
	return deadline;
}

/** Whether an activation that begins now belongs to a publication: it tries again, or follows the removal of what was published. */
function isPartOf(publication: Publication | undefined, context: IHookFunctions): publication is Publication {
	if (publication === undefined || clock.now() - publication.lastStep > SAME_PUBLICATION_MS) return false;
	return publication.tries === 0 ? context.getActivationMode() === 'update' : publication.tries < PAUSES_AFTER_TRY_MS.length;
}

/** @returns when the present try, the delete after it included, has to be over */
function endOfTry({ began, tries }: Publication): number {
	return began + PUBLICATION_MS - (PAUSES_AFTER_TRY_MS[tries - 1] ?? 0);
}

/**
 * n8n gives a workflow up for good when a trigger throws while it starts. So what can be mended is
 * mended here, the next check goes on with the rest, and the answer is yes either way.
 */
async function adoptAtStart(context: IHookFunctions): Promise<boolean> {
	const failure = await errorOf(mendAtStart(context));
	if (failure !== undefined) warn(context, 'not all webhooks at lemlist could be checked or made while n8n starts; the next check tries again.', failure);
	return true;
}

async function mendAtStart(context: IHookFunctions): Promise<void> {
	const webhookUrl = webhookUrlOf(context);
	const stored = context.getWorkflowStaticData('node');
	stored.webhookUrl = webhookUrl;
	await activate(context, webhookUrl, async (shouldGiveWay) => {
		// Set first: whatever fails below, the checks go on.
		operationsOn(webhookUrl).outcome = 'registered';
		const { plan, credential } = await planOf(context, webhookUrl, readSubscription(context));
		// Hooks with the registered secret may be all there is if lemlist does not answer now.
		stored.fingerprint ??= fingerprintOf(plan.secret);
		// n8n 1.x starts one workflow after the other: a lemlist that is silent must not hold them all up.
		const found = await inspect(apiOf(context, credential, plan, clock.now() + CHECK_EXISTS_MS, shouldGiveWay), plan);
		tellOfSwitchedOff(context, found);
		await mend(context, apiOf(context, credential, plan, clock.now() + ACTIVATION_MS, shouldGiveWay), plan, found);
		remember(context, plan);
	});
}

/** n8n's create: makes lemlist's hooks equal the desired ones, all or nothing. @throws NodeApiError, NodeOperationError */
export async function create(context: IHookFunctions): Promise<void> {
	const webhookUrl = webhookUrlOf(context);
	if (operationsOn(webhookUrl).isCalledOff === true) throw calledOff(context);
	const deadline = takeDeadline(webhookUrl);
	await activate(context, webhookUrl, async (shouldGiveWay) => {
		const { plan, credential } = await planOf(context, webhookUrl, readSubscription(context));
		const api = apiOf(context, credential, plan, deadline, shouldGiveWay);
		const look = api.until(deadline - UNDO_MS);
		const found = await inspect(look, plan);
		tellOfSwitchedOff(context, found);
		const makeBy = timeToMake(look, found, deadline, UNDO_MS);
		operationsOn(webhookUrl).mayHaveMade = true;
		const failure = await errorOf(makeEqual(api.until(makeBy), plan, found));
		if (failure !== undefined) {
			const undone = await errorOf(undo(api.nowOrNever(), found.missing));
			if (undone === undefined) operationsOn(webhookUrl).mayHaveMade = false;
			throw failure;
		}
		remember(context, plan);
	});
}

/** @returns what checkExists has left of the activation's time; all of it where n8n did not call it */
function takeDeadline(webhookUrl: string): number {
	const { deadline = clock.now() + ACTIVATION_MS } = operationsOn(webhookUrl);
	delete operationsOn(webhookUrl).deadline;
	return deadline;
}

/**
 * n8n's delete: removes every hook on the trigger's URL.
 *
 * @throws NodeApiError, NodeOperationError when some may be left of what was registered. Then n8n 2.x
 * tries again and shows a warning. In a test run, and after an activation that failed, it is only
 * logged: n8n would keep its route and take the next activation for done, or break later test runs
 */
export async function remove(context: IHookFunctions): Promise<void> {
	const webhookUrl = webhookUrlOf(context);
	const began = clock.now();
	if (isOfAnother(context, webhookUrl)) return;
	const stored = context.getWorkflowStaticData('node');
	if (operationsOn(webhookUrl).deadline !== undefined) operationsOn(webhookUrl).isCalledOff = true;
	await turns.take(webhookUrl, 'deactivate', async (shouldGiveWay) => {
		const known = operationsOn(webhookUrl);
		// A test run stores no URL. Its mode does not tell: n8n ends it in mode "internal".
		const isRegistered = known.outcome !== 'failed' && (known.isPublished === true || stored.webhookUrl === webhookUrl);
		const hasMadeNothing = known.outcome === 'failed' && known.mayHaveMade !== true && clock.now() > settledAt(webhookUrl);
		const deadline = Math.min(began + (hasMadeNothing ? CLEAN_UP_MS : DELETE_MS), known.outcome === 'failed' && known.publication ? endOfTry(known.publication) : Infinity);
		if (known.outcome === 'registered') Object.assign(known, { outcome: 'off', publication: { began, tries: 0, lastStep: began } });
		// Where n8n's time is up and nothing is known to be there, it has to go on.
		const isIdle = hasMadeNothing && deadline <= clock.now();
		const failure = isIdle ? undefined : await errorOf(removeHooksOf(context, webhookUrl, deadline, shouldGiveWay));
		if (known.publication !== undefined) known.publication.lastStep = clock.now();
		if (failure !== undefined && isRegistered) throw failure;
		if (failure === undefined) known.mayHaveMade = false;
		else warn(context, 'webhooks of a test run or of a failed activation could not be removed.', failure);
		Object.assign(known, { outcome: 'off', isPublished: false });
		delete stored.webhookUrl;
		delete stored.fingerprint;
	});
}

/** A copied trigger has the address of its original: n8n refuses to publish it, and then calls its delete. */
function isOfAnother(context: IHookFunctions, webhookUrl: string): boolean {
	const { owner = ownerOf(context), outcome } = operationsOn(webhookUrl);
	return owner !== ownerOf(context) && outcome !== 'off';
}

function ownerOf(context: IHookFunctions): string {
	return String(context.getWorkflow().id);
}

async function removeHooksOf(context: IHookFunctions, webhookUrl: string, deadline: number, shouldGiveWay: () => boolean): Promise<void> {
	const credential = await readCredential(context).catch((error: unknown) => {
		throw setupError(context.getNode(), WORDS.perhapsLeft(reasonOf(error)));
	});
	// On an address that lemlist cannot call, nothing was ever registered.
	if (!isReachable(webhookUrl, credential)) return;
	await removeOwn(apiOf(context, credential, undefined, deadline, shouldGiveWay), webhookUrl, settledAt(webhookUrl));
}

/** @returns when no POST that was given up can arrive any more, in milliseconds since the epoch */
function settledAt(webhookUrl: string): number {
	return (operationsOn(webhookUrl).unsettledAt ?? 0) + ARRIVES_WITHIN_MS;
}

/**
 * Prepares the check that runs while the workflow is active. Parameters are read now: n8n evaluates
 * expressions during activation only.
 *
 * @returns how to run the check, which never throws, and how to end it. After a publication that failed,
 * n8n 2.x keeps its schedule and refuses a second one for the same node: so whatever schedule ticks, it
 * is the check prepared last that runs
 */
export function checkOf(context: ITriggerFunctions): Check {
	const node = JSON.stringify([context.getWorkflow().id, context.getNode().id]);
	const check = newCheck(context);
	void checks.get(node)?.end();
	checks.set(node, check);
	const run = async () => { await checks.get(node)?.run(); };
	const end = async () => {
		await check.end();
		if (checks.get(node) === check) checks.delete(node);
	};
	return { run, end };
}

function newCheck(context: ITriggerFunctions): Check {
	const subscription = readForCheck(context);
	let isEnded = false;
	let isUnderWay = false;
	const run = async () => {
		if (isUnderWay || isEnded || subscription === undefined) return;
		isUnderWay = true;
		const failure = await errorOf(checkOnce(context, subscription, () => isEnded));
		isUnderWay = false;
		if (failure !== undefined && !(failure instanceof GaveWay)) warn(context, 'not all webhooks at lemlist could be checked or made; the next check tries again.', failure);
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

async function checkOnce(context: ITriggerFunctions, subscription: Subscription, isEnded: () => boolean): Promise<void> {
	const { webhookUrl } = context.getWorkflowStaticData('node');
	if (typeof webhookUrl !== 'string') return;
	await turns.take(webhookUrl, 'check', async (isAwaited) => {
		const shouldGiveWay = () => isEnded() || isAwaited();
		// Where this process had no lifecycle call yet, static data says what is registered.
		const { outcome = 'registered' } = operationsOn(webhookUrl);
		if (outcome !== 'registered' || shouldGiveWay()) return;
		const { plan, credential } = await planOf(context, webhookUrl, subscription);
		const api = apiOf(context, credential, plan, clock.now() + CHECK_MS, shouldGiveWay);
		const found = await inspect(api, plan);
		tellOfSwitchedOff(context, found);
		await mend(context, api, plan, found);
	});
}

/** The one sign that lemlist could not reach n8n. */
function tellOfSwitchedOff(context: Context, { switchedOff }: Findings): void {
	if (switchedOff > 0) warn(context, WORDS.switchedOff(switchedOff));
}

/**
 * Other processes, such as webhook processors, take deliveries too, and look a secret up only now and
 * then. Until all of them would look up one that is new, lemlist must not send it.
 */
async function mend(context: Context, api: LemlistApi, plan: Plan, found: Findings): Promise<void> {
	const isNew = context.getWorkflowStaticData('node').fingerprint !== fingerprintOf(plan.secret);
	if (isNew && found.missing.length > 0) await api.wait(LOAD_AT_MOST_EVERY_MS);
	await makeEqualWherePossible(api, plan, found);
}

/** A part of an activation in its turn. Only when it ends well do checks act afterwards. */
async function activate<Result>(context: IHookFunctions, webhookUrl: string, work: (shouldGiveWay: () => boolean) => Promise<Result>): Promise<Result> {
	return await turns.take(webhookUrl, 'activate', async (shouldGiveWay) => {
		const known = operationsOn(webhookUrl);
		Object.assign(known, { owner: ownerOf(context), outcome: 'failed', mayHaveMade: false });
		const done = work(shouldGiveWay);
		const failure = await errorOf(done);
		if (failure !== undefined && known.publication !== undefined) Object.assign(known.publication, { failure, lastStep: clock.now() });
		return await done;
	});
}

async function planOf(context: Context, webhookUrl: string, subscription: Subscription): Promise<{ plan: Plan; credential: LemlistCredential }> {
	const credential = await readCredential(context);
	assertServed(context, webhookUrl);
	assertReachable(context, webhookUrl, credential);
	const secret = secretOf(context, credential);
	// Noted before lemlist knows it: an event may be here before static data is saved.
	knownSecrets.note(secretKey(context), fingerprintOf(secret));
	const onUnsettled = () => { operationsOn(webhookUrl).unsettledAt = clock.now(); };
	return { plan: { webhookUrl, wanted: wantedHooks(subscription, webhookUrl, secret), secret, onUnsettled }, credential };
}

function apiOf(context: Context, credential: LemlistCredential, plan: Plan | undefined, deadline: number, shouldGiveWay: () => boolean): LemlistApi {
	const secrets = [credential.apiKey, credential.webhookSecret, plan?.secret ?? ''];
	const beforeRequest = () => {
		if (shouldGiveWay()) throw calledOff(context);
	};
	return new LemlistApi(context, { baseUrl: credential.baseUrl, deadline, secrets, beforeRequest });
}

function calledOff(context: Context): GaveWay {
	return new GaveWay(context.getNode(), 'The workflow was switched off while its webhooks were being registered. Switch it on again.');
}

function webhookUrlOf(context: IHookFunctions): string {
	const webhookUrl = context.getNodeWebhookUrl('default');
	if (webhookUrl === undefined) throw setupError(context.getNode(), 'n8n gave this trigger no webhook address. Save the workflow and switch it on again.');
	return webhookUrl;
}

function remember(context: IHookFunctions, plan: Plan): void {
	const fingerprint = fingerprintOf(plan.secret);
	const isPublished = context.getMode() !== 'manual';
	// Without the URL, delete and the check know that this is a test run.
	const place = isPublished ? { webhookUrl: plan.webhookUrl } : {};
	Object.assign(context.getWorkflowStaticData('node'), { ...place, fingerprint });
	knownSecrets.activated(secretKey(context), fingerprint);
	Object.assign(operationsOn(plan.webhookUrl), { outcome: 'registered', isPublished });
}

/** One line for the log: what happened and why, never with the request, which carries the API key. */
export function warn(context: Context, what: string, error?: unknown): void {
	const why = error === undefined ? '' : ` ${reasonOf(error)}`;
	context.logger.warn(`Lemlist Events Trigger: ${what}${why}`, { workflowId: context.getWorkflow().id, node: context.getNode().name });
}
