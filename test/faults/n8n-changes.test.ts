/**
 * A trigger in a real n8n while its surroundings change: hooks vanish, the workflow is edited, keys
 * and secrets are replaced, and events keep coming all the time.
 */
import {
	activeTrigger,
	HOOK_DELETED,
	liveThrough,
	SECRET_ROTATED,
	secretOf,
	untilMended,
	type Change,
} from './n8n/changes';
import { answersOf, Traffic } from './n8n/traffic';
import { expectExecutions, expectSettled, isDesired } from './n8n/desired';
import { Host } from './n8n/host';
import { counting } from './n8n/ledger';
import { Trigger } from './n8n/trigger';
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
	lives = CHANGES.map(async (change, index) => {
		await liveThrough(change, triggers[index] as Trigger);
	});
	await Promise.allSettled(lives);
});
afterAll(async () => {
	await host.close();
});

async function active(): Promise<Trigger> {
	return await activeTrigger(host, EVENTS);
}

async function editWhileActive(trigger: Trigger, events: readonly EventType[]): Promise<void> {
	await trigger.edit(events);
	await trigger.activate();
}

const CHANGES: readonly Change[] = [
	HOOK_DELETED,
	{
		name: 'every hook is deleted by hand',
		make: (trigger) => {
			trigger.loseHooks();
		},
	},
	// n8n itself takes the old version's address away before the new version's is there: 404.
	{
		name: 'the workflow gets other events',
		make: (trigger) => editWhileActive(trigger, ['emailsReplied', 'emailsOpened']),
		tolerated: ['404'],
	},
	SECRET_ROTATED,
	{
		name: 'the API key is replaced by another of the team',
		make: (trigger) => trigger.rotate({ account: host.account(trigger.account.teamId) }),
		rotates: true,
	},
];

test.each(CHANGES.map(({ name }, index) => ({ name, index })))(
	'$name: mended within a check, and nothing that lemlist sends is refused',
	async ({ index }) => {
		await lives[index];
	},
);

test('a leaked secret is shut out by rotating it and activating again', async () => {
	const trigger = await active();
	const leaked = secretOf(trigger);
	await trigger.rotate({ webhookSecret: 'another secret' });
	await untilMended(() => isDesired(trigger) && secretOf(trigger) !== leaked);
	expect(answersOf(await trigger.deliver('interested', { secret: leaked }))).toEqual({ 200: 1 });
	await trigger.deactivate();
	await trigger.activate();
	expect(answersOf(await trigger.deliver('interested', { secret: leaked }))).toEqual({ 401: 1 });
	expect(answersOf(await trigger.deliver('interested'))).toEqual({ 200: 1 });
});

/** Hooks that the key does not show cannot be deleted with it: they are for the user to delete in the other team. */
test("the API key is replaced by that of another team: hooks there, and the old team's still deliver until the next activation", async () => {
	const trigger = await active();
	const old = trigger.account;
	const oldHooks = trigger.hooks;
	await trigger.rotate({ account: host.account() });
	await untilMended(() => trigger.hooks.length === 2 * EVENTS.length);
	const deliverFromOldTeam = () =>
		host.lemlist.deliver(activityOf('interested', { teamId: old.teamId }));
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
	const shared = { events: MANY_EVENTS, next: counting(host.lemlist) };
	const one = await Trigger.make(host, shared);
	const other = await Trigger.make(host, {
		...shared,
		account: one.account,
		credential: one.credential,
	});
	const traffic = new Traffic(one);
	await Promise.all([one.activate(), other.activate()]);
	expect([one, other].map((trigger) => isDesired(trigger))).toEqual([true, true]);
	expect(one.requests('POST').filter(({ acted }) => acted)).toHaveLength(2 * MANY_EVENTS.length);
	expect(Object.keys(await traffic.stop())).toEqual(['200']);
	await Promise.all([one, other].map(expectExecutions));
	expect(secretOf(one)).not.toBe(secretOf(other));
	await Promise.all([one.deactivate(), other.deactivate()]);
	expect([...one.hooks, ...other.hooks]).toEqual([]);
});
