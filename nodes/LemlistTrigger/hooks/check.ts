/** The check that runs while a workflow is active: makes lemlist's hooks equal the desired ones again, and never throws. */
import type { ActiveTrigger } from '../door/door';
import { GaveWay } from '../lemlist/failures';
import { clock } from '../process/clock';
import { ForgetfulMap } from '../process/forgetfulMap';
import type { Arrival, Subscription } from '../settings/reading';
import { memories, turns } from './memory';
import { mend, prepare } from './plan';
import { inspect } from './registration';

const CHECK_MS = 60_000;

const WORDS = {
	notAll: 'not all webhooks at lemlist could be checked or made; the next check tries again.',
	notChecked: 'the webhooks at lemlist will not be checked.',
};

/** How a check came out: `mended` is fine, too, but something had been missing. */
export type Outcome = 'fine' | 'mended' | 'failed';

/** What goes on beside the check, and hears how it came out. */
export interface Companion {
	checked: (outcome: Outcome) => void;
	end: () => void;
}

/** @returns undefined where nothing is to go on */
export type StartCompanion = (
	trigger: ActiveTrigger,
	subscription: Subscription,
) => Companion | undefined;

/** The check of one trigger node, while its workflow is active. */
export interface Check {
	/** How events arrive at the trigger. */
	arrival: Arrival;
	run: () => Promise<void>;
	end: () => Promise<void>;
}

/** By trigger node: the check that was prepared last. */
const checks = new ForgetfulMap<{ latest: Check | undefined }>(() => ({ latest: undefined }));

/**
 * Prepares the check. Parameters are read now: n8n evaluates expressions during activation only.
 *
 * @returns how to run the check, which never throws, and how to end it. After a publication that failed,
 * n8n 2.x keeps its schedule and refuses a second one for the same node: so whatever schedule ticks, it
 * is the check prepared last that runs
 */
export function checkOf(trigger: ActiveTrigger, startCompanion: StartCompanion): Check {
	const { key } = trigger;
	const check = newCheck(trigger, startCompanion);
	void checks.of(key).latest?.end();
	checks.of(key).latest = check;
	const run = async () => {
		await checks.of(key).latest?.run();
	};
	const end = async () => {
		await check.end();
		if (checks.of(key).latest === check) checks.of(key).latest = undefined;
	};
	return { ...check, run, end };
}

function newCheck(trigger: ActiveTrigger, startCompanion: StartCompanion): Check {
	const subscription = readSubscription(trigger);
	const companion = subscription && startCompanion(trigger, subscription);
	let doing: 'nothing' | 'a check' | 'nothing any more' = 'nothing';
	const isEnded = () => doing === 'nothing any more';
	const run = async () => {
		if (doing !== 'nothing' || subscription === undefined) return;
		// Without hooks there is nothing to check.
		if (subscription.arrival === 'lookUp') {
			const { webhookUrl } = trigger.now() ?? {};
			if (webhookUrl !== undefined && memories.of(webhookUrl).isLookedAfter)
				companion?.checked('fine');
			return;
		}
		doing = 'a check';
		try {
			const outcome = await checkOnce(trigger, subscription, isEnded);
			if (outcome !== undefined) companion?.checked(outcome);
		} catch (failure) {
			if (!(failure instanceof GaveWay)) {
				trigger.warn(WORDS.notAll, failure);
				companion?.checked('failed');
			}
		}
		if (!isEnded()) doing = 'nothing';
	};
	const arrival = subscription?.arrival ?? 'webhook';
	const end = async () => {
		doing = 'nothing any more';
		companion?.end();
		await Promise.resolve();
	};
	return { arrival, run, end };
}

/** A wrong parameter is for checkExists and create to report: a throw beside them would only hide their words. */
function readSubscription(trigger: ActiveTrigger): Subscription | undefined {
	try {
		return trigger.subscription();
	} catch (error) {
		trigger.warn(WORDS.notChecked, error);
		return undefined;
	}
}

/** @returns how it came out; undefined where there was nothing to check now */
async function checkOnce(
	{ now }: ActiveTrigger,
	subscription: Subscription,
	isEnded: () => boolean,
): Promise<Outcome | undefined> {
	const trigger = now();
	if (trigger === undefined) return undefined;
	const memory = memories.of(trigger.webhookUrl);
	return await turns.take(trigger.webhookUrl, 'check', async (isAwaited) => {
		const shouldGiveWay = () => isEnded() || isAwaited();
		if (!memory.isLookedAfter || shouldGiveWay()) return undefined;
		const { plan, client } = await prepare(trigger, memory, subscription, shouldGiveWay);
		const bounded = client(clock.now() + CHECK_MS);
		const found = await inspect(bounded, plan);
		await mend(trigger, bounded, plan, found);
		return found.missing.length > 0 ? 'mended' : 'fine';
	});
}
