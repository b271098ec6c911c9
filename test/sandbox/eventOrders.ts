// Events as the sandbox's own API is told to let them happen: which activity, how many of it, and who gets it.
import { activityOf, byBot, thirdPartyReply } from './activities';
import { written } from './clock';
import { EVENTS_WITHOUT_CAMPAIGN, isEventType } from './eventTypes';
import { newId } from './identifiers';
import { BadOrder, isObject, wholeNumber, type Fields } from './orders';
import type { Activity, DeliverOptions, DeliveryResult, Sandbox } from './types';

/** As many as a test has use for; more would only take long. */
const MOST = 10_000;

/** How a sample is to be, as parts of a query. */
export interface Sampling {
	thirdParty?: string;
	bot?: string;
	campaignId?: string;
}

/**
 * Lets an event happen, and has hooks deliver it unless the order says that none does (`undelivered`): so many
 * activities (`count`), each so often (`times`), listed so much later (`lateMs`), in the list of another team (`teamId`).
 *
 * @throws {BadOrder}
 */
export async function letHappen(order: Fields, sandbox: Sandbox): Promise<object> {
	const activities = activitiesOrdered(order, sandbox);
	const results = await carryOut(order, activities, sandbox);
	return { activity: activities[0], ids: activities.map(({ _id }) => _id), results };
}

async function carryOut(
	order: Fields,
	activities: Activity[],
	sandbox: Sandbox,
): Promise<DeliveryResult[]> {
	const options = optionsOf(order);
	const lateMs = wholeNumber(order, 'lateMs', 0);
	if (order.undelivered === true) {
		if (order.forged === true) throw new BadOrder('What is forged does not happen');
		for (const activity of activities) sandbox.happen(activity, lateMs, options);
		return [];
	}
	if (lateMs > 0) throw new BadOrder('`lateMs` needs `undelivered`: a hook delivers at once');
	const results = activities.map((activity) => sandbox.deliver(activity, options));
	return (await Promise.all(results)).flat();
}

function optionsOf({ type, teamId, forged, alsoState, ...order }: Fields): DeliverOptions {
	return {
		event: String(type),
		...(typeof teamId === 'string' && { teamId }),
		...(forged === true && { secret: `forged-${newId('act')}` }),
		alsoState: alsoState === true,
		times: wholeNumber(order, 'times', 1, MOST),
	};
}

/** An activity to begin with, which is not sent. @throws {BadOrder} */
export function sampleOf(type: string, query: Sampling, sandbox: Sandbox): Activity {
	const { thirdParty, bot, campaignId } = query;
	const hasCampaign =
		campaignId !== undefined && thirdParty !== 'true' && !EVENTS_WITHOUT_CAMPAIGN.has(type);
	const order = { type, thirdParty: thirdParty === 'true', bot: bot === 'true' };
	return activityOrdered({ ...order, ...(hasCampaign && { overrides: { campaignId } }) }, sandbox);
}

/** Each with an identifier of its own. */
function activitiesOrdered(order: Fields, sandbox: Sandbox): Activity[] {
	const count = wholeNumber(order, 'count', 1, MOST);
	return Array.from({ length: count }, (_, index) => {
		const activity = activityOrdered(order, sandbox);
		const isTaken = index > 0 && activity._id !== undefined;
		return isTaken ? { ...activity, _id: newId('act') } : activity;
	});
}

/** The activity that is meant: the one given, or a sample as the order wants it. */
function activityOrdered(
	{ type, activity: given, overrides, thirdParty, bot }: Fields,
	sandbox: Sandbox,
): Activity {
	if (!isEventType(type)) throw new BadOrder('lemlist has no event of this type');
	if (given !== undefined) return givenActivity(given);
	if (overrides !== undefined && !isObject(overrides)) {
		throw new BadOrder('`overrides` is not an object');
	}
	const make = thirdParty === true ? thirdPartyReply : activityOf;
	const activity = make(type, overrides, written(sandbox.now(), sandbox.rules));
	return bot === true ? byBot(activity) : activity;
}

/** As it is: a hook may get an activity without a type, too. */
function givenActivity(given: unknown): Activity {
	if (!isObject(given)) throw new BadOrder('`activity` is not an object');
	return given as Activity;
}
