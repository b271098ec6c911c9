/** What should be registered for a trigger, and the client to do it with: where settings, secret and reachability meet. */
import type { Trigger } from '../door/door';
import type { LemlistClient } from '../lemlist/client';
import { GaveWay } from '../lemlist/failures';
import { LOAD_AT_MOST_EVERY_MS } from '../secrets/knownSecrets';
import { knownSecrets, secretKey, secretOf } from '../secrets/nodeSecret';
import { fingerprintOf } from '../secrets/webhookSecret';
import {
	assertReachable,
	assertServed,
	type LemlistCredential,
	type Subscription,
} from '../settings/reading';
import type { Memory } from './memory';
import { makeEqualWherePossible, type Findings, type Plan } from './registration';
import { wantedHooks } from './wanted';

const WORDS = {
	calledOff:
		'The workflow was switched off while its webhooks were being registered. Switch it on again.',
	switchedOff: (count: number) =>
		`lemlist had switched off ${count === 1 ? '1 webhook' : `${String(count)} webhooks`} of this trigger, because it could not deliver events to n8n again and again. ${count === 1 ? 'It is' : 'They are'} made anew now; what happened in between was not delivered. Look whether lemlist can reach n8n: the docs of this node say how, under "Reaching n8n from lemlist".`,
};

/** A plan, and how to ask lemlist for it. */
export interface Preparation {
	plan: Plan;
	/** @param deadline when the operation has to be over, in milliseconds since the epoch */
	client: (deadline: number) => LemlistClient;
}

/**
 * @param shouldGiveWay whether something more important waits for this webhook URL
 * @throws NodeOperationError with what is wrong with credential or address
 */
export async function prepare(
	trigger: Trigger,
	memory: Memory,
	subscription: Subscription,
	shouldGiveWay: () => boolean,
): Promise<Preparation> {
	const { node, owner, webhookUrl } = trigger;
	const credential = await trigger.credential();
	if (subscription.arrival === 'webhook') {
		assertServed(node, webhookUrl);
		assertReachable(node, webhookUrl, credential, owner.isTestRun);
	}
	const secret = secretOf(owner, credential);
	// Noted before lemlist knows it: an event may be here before static data is saved.
	knownSecrets.note(secretKey(owner), fingerprintOf(secret));
	const plan = {
		webhookUrl,
		wanted: wantedHooks(subscription, webhookUrl, secret),
		secret,
		onUnsettled: () => {
			memory.unsettle();
		},
		// The one sign in n8n's log that lemlist could not reach it.
		onSwitchedOff: (count: number) => {
			trigger.warn(WORDS.switchedOff(count));
		},
	};
	return {
		plan,
		client: (deadline) => clientOf(trigger, credential, deadline, shouldGiveWay, secret),
	};
}

/** @returns a client that gives way before its next request when it should */
export function clientOf(
	trigger: Trigger,
	credential: LemlistCredential,
	deadline: number,
	shouldGiveWay: () => boolean,
	secret = '',
): LemlistClient {
	const beforeRequest = () => {
		if (shouldGiveWay()) throw calledOff(trigger);
	};
	return trigger.client({ credential, secret, deadline, beforeRequest });
}

/** @returns what ends an operation that something more important came before */
export function calledOff({ node }: Trigger): GaveWay {
	return new GaveWay(node, WORDS.calledOff);
}

/**
 * Makes hooks equal the plan as far as that can be done.
 *
 * Other processes, such as webhook processors, take deliveries too, and look a secret up only now and
 * then. Until all of them would look up one that is new, lemlist must not send it.
 *
 * @throws NodeApiError for what could not be made or removed
 */
export async function mend(
	{ stored }: Trigger,
	client: LemlistClient,
	plan: Plan,
	found: Findings,
): Promise<void> {
	const isNew = stored.fingerprint !== fingerprintOf(plan.secret);
	if (isNew && found.missing.length > 0) await client.wait(LOAD_AT_MOST_EVERY_MS);
	await makeEqualWherePossible(client, plan, found);
}
