/** A lemlist that takes its time, and all 75 events in a real n8n: published in one go, or not at all and in words. */
import { setTimeout as sleep } from 'node:timers/promises';
import { EVENT_TYPES } from '../sandbox';
import { isDesired } from './n8n/desired';
import { Host } from './n8n/host';
import { Trigger } from './n8n/trigger';

/** Nothing but publications asks lemlist for anything. */
const NO_CHECKS_SECONDS = 1_800;
/** A request that n8n has given up is over at lemlist by then, whatever comes of it. */
const A_LITTLE_LATER_MS = 12_000;

let host: Host;

beforeAll(async () => {
	host = await Host.start({ checkSeconds: NO_CHECKS_SECONDS });
});
afterEach(() => {
	host.lemlist.rules.latencyMs = 0;
});
afterAll(async () => {
	await host.close();
});

test('at 1.3 s an answer, everything is published in one go, and unpublished', async () => {
	host.lemlist.rules.latencyMs = 1_300;
	const trigger = await Trigger.make(host, { events: EVENT_TYPES });
	await trigger.activate();
	expect(isDesired(trigger)).toBe(true);
	expect(trigger.hooks).toHaveLength(75);
	expect(trigger.requests('POST').filter(({ acted }) => acted)).toHaveLength(75);
	await trigger.deactivate();
	expect(trigger.hooks).toEqual([]);
});

test('at 5.5 s an answer, publishing fails in our words and leaves nothing; once lemlist is quick again, it succeeds', async () => {
	host.lemlist.rules.latencyMs = 5_500;
	const trigger = await Trigger.make(host, { events: EVENT_TYPES });
	await expect(trigger.activate()).rejects.toThrow(
		/^lemlist (answers too slowly right now to register 75 webhooks|took too long)/,
	);
	await sleep(A_LITTLE_LATER_MS);
	expect(trigger.hooks).toEqual([]);
	host.lemlist.rules.latencyMs = 0;
	await trigger.activate();
	expect(isDesired(trigger)).toBe(true);
	await trigger.deactivate();
	expect(trigger.hooks).toEqual([]);
});
