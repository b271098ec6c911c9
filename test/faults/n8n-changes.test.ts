/**
 * A trigger in a real n8n while its surroundings change: hooks vanish, the workflow is edited, keys
 * and secrets are replaced, and events keep coming all the time.
 */
import { answersOf, Traffic } from './n8n/traffic';
import { expectExecutions, expectSettled, isDesired, takenBy } from './n8n/desired';
import { Host, MENDED_WITHIN_MS } from './n8n/host';
import { Trigger, type TriggerOptions } from './n8n/trigger';
import { until } from '../e2e/n8n/until';
import { activityOf, EVENT_TYPES, type EventType } from '../sandbox';

const EVENTS: readonly EventType[] = ['emailsReplied', 'linkedinReplied', 'interested'];
/** Two such triggers need more requests than lemlist takes at once. */
const MANY_EVENTS = EVENT_TYPES.slice(0, 15);

let host: Host;
let lives: ReadonlyArray<Promise<void>>;

beforeAll(async () => {
	host = await Host.start();
	const triggers = await Promise.all(CHANGES.map(async () => await active()));
	// All at once, each in a workflow of its own; a test each waits for how it went.
	lives = CHANGES.map(async (change, index) => { await liveThrough(change, triggers[index] as Trigger); });
	await Promise.allSettled(lives);
});
afterAll(async () => {
	await host.close();
});

async function active(options: Partial<TriggerOptions> = {}): Promise<Trigger> {
	const trigger = await Trigger.make(host, { events: EVENTS, ...options });
	await trigger.activate();
	expect(isDesired(trigger)).toBe(true);
	return trigger;
}

function secretOf(trigger: Trigger): string {
	return trigger.hooks[0]?.secret ?? '';
}

async function untilTrue(holds: () => boolean): Promise<void> {
	await until('the hooks are as they should be', holds, { limitMs: MENDED_WITHIN_MS, everyMs: 50 });
}

async function removeHooks(trigger: Trigger, count: number): Promise<void> {
	for (const { _id } of trigger.hooks.slice(0, count)) host.lemlist.removeHook(_id);
	await Promise.resolve();
}

async function editWhileActive(trigger: Trigger, events: readonly EventType[]): Promise<void> {
	await trigger.edit(events);
	await trigger.activate();
}

interface Change {
	name: string;
	/** What happens while the workflow is active. */
	make: (trigger: Trigger) => Promise<unknown>;
	/** Whether all hooks get another secret. */
	rotates?: boolean;
	/** What events that lemlist sends meanwhile may be answered besides 200. */
	tolerated?: readonly string[];
}

const CHANGES: readonly Change[] = [
	{ name: 'a hook is deleted by hand', make: (trigger) => removeHooks(trigger, 1) },
	{ name: 'every hook is deleted by hand', make: (trigger) => removeHooks(trigger, EVENTS.length) },
	// n8n itself takes the old version's address away before the new version's is there: 404.
	{ name: 'the workflow gets other events', make: (trigger) => editWhileActive(trigger, ['emailsReplied', 'emailsOpened']), tolerated: ['404'] },
	{ name: 'the Webhook Secret is rotated', make: (trigger) => trigger.rotate({ webhookSecret: 'another secret' }), rotates: true },
	{ name: 'the API key is replaced by another of the team', make: (trigger) => trigger.rotate({ account: host.account(trigger.account.teamId) }), rotates: true },
];

async function liveThrough({ make, rotates = false, tolerated = [] }: Change, trigger: Trigger): Promise<void> {
	const before = secretOf(trigger);
	const traffic = new Traffic(trigger);
	await make(trigger);
	await untilTrue(() => isDesired(trigger) && (secretOf(trigger) !== before) === rotates);
	await expectSettled(trigger);
	const statuses = Object.keys(await traffic.stop());
	expect(statuses.filter((status) => !tolerated.includes(status))).toEqual(['200']);
	await expectExecutions(trigger, takenBy(trigger));
	await trigger.deactivate();
	expect(trigger.hooks).toEqual([]);
}

test.each(CHANGES.map(({ name }, index) => ({ name, index })))('$name: mended within a check, and nothing that lemlist sends is refused', async ({ index }) => {
	await lives[index];
});

test('a leaked secret is shut out by rotating it and activating again', async () => {
	const trigger = await active();
	const leaked = secretOf(trigger);
	await trigger.rotate({ webhookSecret: 'another secret' });
	await untilTrue(() => isDesired(trigger) && secretOf(trigger) !== leaked);
	expect(answersOf(await trigger.deliver('interested', { secret: leaked }))).toEqual({ 200: 1 });
	await trigger.deactivate();
	await trigger.activate();
	expect(answersOf(await trigger.deliver('interested', { secret: leaked }))).toEqual({ 401: 1 });
	expect(answersOf(await trigger.deliver('interested'))).toEqual({ 200: 1 });
});

/** Hooks that the key does not show cannot be deleted with it: they are for the user to delete in the other team. */
test('the API key is replaced by that of another team: hooks there, and the old team\'s still deliver until the next activation', async () => {
	const trigger = await active();
	const old = trigger.account;
	const oldHooks = trigger.hooks;
	await trigger.rotate({ account: host.account() });
	await untilTrue(() => trigger.hooks.length === 2 * EVENTS.length);
	const deliverFromOldTeam = () => host.lemlist.deliver(activityOf('interested', { teamId: old.teamId }));
	expect(answersOf(await deliverFromOldTeam())).toEqual({ 200: 1 });
	await trigger.deactivate();
	expect(trigger.hooks).toEqual(oldHooks);
	await trigger.activate();
	expect(answersOf(await deliverFromOldTeam())).toEqual({ 401: 1 });
	expect(answersOf(await trigger.deliver('interested'))).toEqual({ 200: 1 });
	for (const { _id } of oldHooks) host.lemlist.removeHook(_id);
	await expectSettled(trigger);
});

test('two workflows on one credential, activated at once, share the budget and get all their hooks', async () => {
	const one = await Trigger.make(host, { events: MANY_EVENTS });
	const other = await Trigger.make(host, { events: MANY_EVENTS, account: one.account, credential: one.credential });
	const traffic = new Traffic(one);
	await Promise.all([one.activate(), other.activate()]);
	expect([one, other].map((trigger) => isDesired(trigger))).toEqual([true, true]);
	expect(one.requests('POST').filter(({ acted }) => acted)).toHaveLength(2 * MANY_EVENTS.length);
	expect(Object.keys(await traffic.stop())).toEqual(['200']);
	await Promise.all([expectExecutions(one, takenBy(one)), expectExecutions(other, takenBy(other))]);
	expect(secretOf(one)).not.toBe(secretOf(other));
	await Promise.all([one.deactivate(), other.deactivate()]);
	expect([...one.hooks, ...other.hooks]).toEqual([]);
});
