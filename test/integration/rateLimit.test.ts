/** lemlist's rate limit in real time: used up, not run into, waited out. */
import { EVENT_GROUPS } from '../../nodes/LemlistTrigger/settings/events';
import type { Fault, FaultTrigger } from '../sandbox';
import { DELETE, EVENTS, eventually, GET, millisecondsOf, POST, Stage, status } from './stage';

const EVENTS_OF_ALL = EVENT_GROUPS.flatMap((group) => [...group.events]);
const EVERY_EVENT = { events: EVENT_GROUPS.map((group) => `group:${group.key}`) };
const WINDOW_MS = 2_000;
const REQUESTS_A_WINDOW = 20;

const stage = new Stage();

function windowsMs(): number {
	return 1.1 * WINDOW_MS * Math.ceil(stage.lemlist.requests.length / REQUESTS_A_WINDOW);
}

describe('the rate limit', () => {
	test.each(['fixed', 'sliding'] as const)('with %s windows is used up, but not run into, by 75 events', async (style) => {
		stage.lemlist.rules.rateLimit.style = style;
		const trigger = stage.trigger(EVERY_EVENT);
		const activationMs = await millisecondsOf(trigger.activate());
		expect(stage.lemlist.hooks).toHaveLength(EVENTS_OF_ALL.length);
		expect(activationMs).toBeLessThan(windowsMs());
		expect(stage.lemlist.requests.filter((request) => request.status === 429).length).toBeLessThanOrEqual(REQUESTS_A_WINDOW / 2);
		stage.lemlist.clearRequests();
		const deactivationMs = await millisecondsOf(trigger.deactivate());
		expect(stage.lemlist.hooks).toEqual([]);
		// The activation has used up the window that is open now.
		expect(deactivationMs).toBeLessThan(windowsMs() + WINDOW_MS);
	});

	test('has as many requests under way at once as it has room for, while answers are slow', async () => {
		stage.lemlist.rules.latencyMs = 400;
		const trigger = stage.trigger(EVERY_EVENT);
		let most = 0;
		const forget = stage.lemlist.onChange(() => { most = Math.max(most, stage.lemlist.requests.filter((request) => request.status === 'none').length); });
		await trigger.activate().finally(forget);
		expect(stage.lemlist.hooks).toHaveLength(EVENTS_OF_ALL.length);
		// Two of a window are for looking.
		expect(most).toBeGreaterThanOrEqual(REQUESTS_A_WINDOW - 4);
		expect(most).toBeLessThanOrEqual(REQUESTS_A_WINDOW);
	});

	test('is survived by 75 events when somebody else uses half of it', async () => {
		stage.lemlist.spend(10);
		const spending = setInterval(() => { stage.lemlist.spend(10); }, WINDOW_MS);
		await stage.trigger(EVERY_EVENT).activate().finally(() => { clearInterval(spending); });
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

	test.each<[string, () => void, RegExp]>([
		['the key is refused', () => { stage.lemlist.fault({ on: POST, effect: status(401), times: Infinity }); }, /rejected the API key/],
		['the plan is too small', () => { stage.lemlist.rules.notInPlan = ['POST /hooks']; }, /plan of this team/],
		['an event is refused', () => { stage.lemlist.fault({ on: POST, effect: status(400), times: Infinity }); }, /refused to send the event/],
		['the team is full', () => { for (let index = 0; index < 200; index += 1) stage.lemlist.addHook({ targetUrl: `https://other.example.org/${String(index)}` }); }, /allows about 200 webhooks/],
	])('where %s, nothing is asked for but what is under way', async (_, brokenBy, words) => {
		brokenBy();
		await expect(stage.trigger(EVERY_EVENT).activate()).rejects.toThrow(words);
		expect(stage.requests('POST').length).toBeLessThanOrEqual(REQUESTS_A_WINDOW);
	});

	test.each<[string, () => void]>([
		['the team is full', () => { stage.lemlist.rules.hooksPerTeam = EVENTS_OF_ALL.length; for (let index = stage.lemlist.hooks.length; index < 200; index += 1) stage.lemlist.addHook({ targetUrl: `https://other.example.org/${String(index)}` }); }],
		['lemlist has blocked the user', () => { stage.lemlist.fault({ on: POST, effect: status(403), times: Infinity }); }],
	])('a check in which %s asks for nothing but what is under way', async (_, brokenBy) => {
		const one = stage.trigger(EVERY_EVENT);
		await one.activate();
		brokenBy();
		Object.assign(one.options.credential.data ?? {}, { webhookSecret: 'rotated' });
		stage.lemlist.clearRequests();
		one.check();
		await eventually(() => one.log.length > 0);
		expect(stage.requests('POST').filter((request) => request.status !== 429).length).toBeLessThanOrEqual(REQUESTS_A_WINDOW);
	});

	test('does not hold up a deactivation', async () => {
		const trigger = stage.trigger();
		stage.lemlist.fault({ on: POST, effect: status(429, { headers: { 'retry-after': '15' } }), times: Infinity });
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
});
