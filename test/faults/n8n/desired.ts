/** What has to hold at lemlist and in n8n once a trigger has recovered. */
import { isDeepStrictEqual } from 'node:util';
import { until } from '../../e2e/n8n/until';
import type { Activity, DeliveryRecord } from '../../sandbox';
import { MENDED_WITHIN_MS } from './host';
import { countedOf } from './ledger';
import { answerOf, answersOf } from './traffic';
import type { Trigger } from './trigger';

/** Whether lemlist has exactly the hooks that the trigger wants, each on a URL of its own, all with one secret, none switched off. */
export function isDesired(trigger: Trigger, events: readonly string[] = trigger.events): boolean {
	const { hooks, hookedEvents, account } = trigger;
	const ofTeam = hooks.filter(({ teamId }) => teamId === account.teamId);
	const urls = new Set(ofTeam.map(({ targetUrl }) => targetUrl));
	const secrets = new Set(ofTeam.map(({ secret }) => secret));
	const isExact =
		isDeepStrictEqual(hookedEvents, [...events].sort()) &&
		ofTeam.length === hooks.length &&
		!hooks.some(({ disabled }) => disabled === true);
	return isExact && urls.size === events.length && secrets.size === Math.min(1, events.length);
}

/** Waits until the hooks are as desired. @returns the milliseconds it took */
export async function untilDesired(
	trigger: Trigger,
	{
		events = trigger.events,
		limitMs = MENDED_WITHIN_MS,
	}: { events?: readonly string[]; limitMs?: number } = {},
): Promise<number> {
	const began = Date.now();
	await until('lemlist has exactly the desired hooks', () => isDesired(trigger, events), {
		limitMs,
		everyMs: 50,
	}).catch((error: unknown) => {
		throw new Error(
			`${String(error)} Wanted: ${[...events].sort().join()}. There are: ${trigger.hookedEvents.join()}.`,
		);
	});
	return Date.now() - began;
}

/**
 * Waits for one more whole check, which must find nothing to do; then an event of each type, sent by
 * lemlist with its hook's secret, starts the workflow, and a forged one is refused.
 */
export async function expectSettled(trigger: Trigger): Promise<void> {
	await untilOneCheckIsDone(trigger);
	expect(isDesired(trigger)).toBe(true);
	const results = await Promise.all(trigger.events.map((type) => trigger.deliver(type)));
	expect(answersOf(results.flat())).toEqual({ 200: trigger.events.length });
	expect(answersOf(await trigger.deliver(trigger.events[0], { secret: 'forged' }))).toEqual({
		401: 1,
	});
}

/** Begins {@link expectSettled} for a test that waits for it later, so that several can go on at once. @param after what has to be over before */
export function settling(
	trigger: Trigger,
	after: Promise<void> = Promise.resolve(),
): Promise<void> {
	const settled = after.then(async () => {
		await expectSettled(trigger);
	});
	// The test that waits for it hears of the failure.
	settled.catch(() => undefined);
	return settled;
}

/** A check that only looks: what it asked for last is the list of hooks, and nothing follows. */
async function untilOneCheckIsDone(trigger: Trigger): Promise<void> {
	const before = trigger.host.lemlist.requests.length;
	// The first one may have been under way; a second one begins when it is over.
	await until(
		'two more checks have begun',
		() => trigger.requests('GET', before).filter(({ status }) => status === 200).length >= 2,
		{ limitMs: MENDED_WITHIN_MS },
	);
	expect([...trigger.requests('POST', before), ...trigger.requests('DELETE', before)]).toEqual([]);
}

/**
 * Every event that n8n took has started the workflow exactly once, and no other delivery has.
 * What counts is that the workflow ran, not what n8n keeps of it: n8n 1 may run an execution twice while it
 * starts, and lose count. What lemlist could not deliver may have started late.
 *
 * @param trigger a {@link counting} node has to come after it
 */
export async function expectExecutions(trigger: Trigger): Promise<void> {
	const taken = trigger.host.lemlist.deliveries.filter(
		(delivery) => answerOf(delivery) === '200' && delivery.targetUrl.startsWith(trigger.webhookUrl),
	);
	const missing = () => {
		const counted = new Set(countedOf(trigger));
		return taken.filter((delivery) => !counted.has(idOf(delivery)));
	};
	await until('every event has started the workflow', () => missing().length === 0, {
		limitMs: MENDED_WITHIN_MS,
		everyMs: 500,
	}).catch(async (error: unknown) => {
		throw new Error(`${String(error)}\n${await account(trigger, missing())}`);
	});
	const counted = countedOf(trigger);
	expect(counted).toEqual([...new Set(counted)]);
	const delivered = (await trigger.started()).flatMap(({ activityIds }) => activityIds);
	expect(taken.map(idOf)).toEqual(expect.arrayContaining(delivered));
}

function idOf({ sent }: DeliveryRecord): string {
	return String((sent as Activity)._id);
}

/** For messages: what n8n answered to the events that are missing, and what it keeps of each execution. */
async function account(trigger: Trigger, missing: readonly DeliveryRecord[]): Promise<string> {
	const executions = await trigger.executions();
	return [...missing, ...executions.map((execution) => ({ ...execution, activities: undefined }))]
		.map((line) => JSON.stringify(line))
		.join('\n');
}
