/** lemlist's rate limit in real time, where others use it, too, or lemlist turns requests away: it is waited out. */
import { EVENT_GROUPS } from '../../../nodes/LemlistTrigger/settings/events';
import type { Fault, FaultTrigger } from '../../sandbox';
import { DELETE, EVENTS, eventually, GET, millisecondsOf, POST, Stage, status } from '../stage';

const EVENTS_OF_ALL = EVENT_GROUPS.flatMap((group) => [...group.events]);
const EVERY_EVENT = { events: EVENT_GROUPS.map((group) => `group:${group.key}`) };
const WINDOW_MS = 2_000;

const stage = new Stage();

test('is survived by all events when somebody else uses half of it', async () => {
	stage.lemlist.spend(10);
	const spending = setInterval(() => {
		stage.lemlist.spend(10);
	}, WINDOW_MS);
	await stage
		.trigger(EVERY_EVENT)
		.activate()
		.finally(() => {
			clearInterval(spending);
		});
	expect(stage.lemlist.hooks).toHaveLength(EVENTS_OF_ALL.length);
});

test.each<[string, FaultTrigger, Record<string, string | null>]>([
	['a POST, with Retry-After', POST, { 'retry-after': '1' }],
	['a POST, without', POST, { 'retry-after': null }],
	['a list, with Retry-After', GET, { 'retry-after': '1' }],
])('is waited out: %s', async (_, on, headers) => {
	stage.lemlist.fault({ on, effect: { ...status(429), headers } as Fault['effect'], times: 2 });
	await stage.trigger().activate();
	expect(stage.types()).toEqual([...EVENTS].sort());
});

test('does not hold up a deactivation', async () => {
	const trigger = stage.trigger();
	stage.lemlist.fault({
		on: POST,
		effect: status(429, { headers: { 'retry-after': '15' } }),
		times: Infinity,
	});
	const activation = trigger.activate().catch((error: unknown) => error);
	await eventually(() => stage.requests('POST').some((request) => request.status === 429));
	expect(await millisecondsOf(trigger.deactivate())).toBeLessThan(5_000);
	expect(await activation).toHaveProperty('message', expect.stringContaining('switched off'));
});

test('is waited out when hooks are deleted', async () => {
	const trigger = stage.trigger();
	await trigger.activate();
	stage.lemlist.fault({ on: DELETE, effect: status(429), times: 2 });
	await trigger.deactivate();
	expect(stage.lemlist.hooks).toEqual([]);
});
