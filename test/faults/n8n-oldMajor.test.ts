/**
 * A trigger in the newest n8n 1: killed (SIGKILL) while it makes hooks, hooks that vanish while n8n
 * starts or runs, and a rotated secret. n8n 1 carries an order out within the call that gives it.
 */
import { NEWEST_N8N } from '../e2e/n8n/versions';
import type { EventType } from '../sandbox';
import { activeTrigger, HOOK_DELETED, liveThrough, SECRET_ROTATED } from './n8n/changes';
import { expectExecutions } from './n8n/desired';
import { Host, MENDED_WITHIN_MS } from './n8n/host';
import {
	activate,
	bringToAStop,
	THIRD_POST,
	untilAtAStop,
	type Interruption,
} from './n8n/interruption';
import { counting } from './n8n/ledger';
import { recovering, type Recovery } from './n8n/recovery';
import { Traffic } from './n8n/traffic';
import { Trigger } from './n8n/trigger';

const EVENTS: readonly EventType[] = [
	'emailsReplied',
	'emailsOpened',
	'emailsClicked',
	'linkedinReplied',
	'interested',
	'notInterested',
];
const CHANGES = [HOOK_DELETED, SECRET_ROTATED];
const INTERRUPTION: Interruption = { order: activate, silence: THIRD_POST };
const HOOKS_MADE = 3;
const STARTS = 2;
const AT_A_TIME = 10;

/** A workflow that lives through the crash. */
interface Survivor {
	trigger: Trigger;
	/** Events that come before n8n has an address for them again. */
	early?: Traffic;
	recovery?: Recovery;
}

let host: Host;
let interrupted: Survivor;
let unheard: Survivor;
let staticDataAtCrash: object;

beforeAll(async () => {
	host = await Host.start({ version: NEWEST_N8N[1] });
});
afterAll(async () => {
	await host.close();
});

async function killInTheMiddle(trigger: Trigger): Promise<void> {
	const order = Promise.allSettled([bringToAStop(trigger, INTERRUPTION)]);
	await untilAtAStop(trigger, HOOKS_MADE, INTERRUPTION);
	await host.n8n.kill();
	await order;
	host.lemlist.clearFaults();
}

async function goOn(survivor: Survivor): Promise<void> {
	const { trigger, early } = survivor;
	survivor.recovery = await recovering(host, trigger, { early });
}

// One after the other: two orders at a time break each other's transactions on n8n 1's one connection to SQLite.
test.each(CHANGES)(
	'$name: mended within a check, no event is refused, and deactivation leaves nothing',
	async (change) => {
		await liveThrough(change, await activeTrigger(host, EVENTS));
	},
);

// n8n 1 opens its webhooks, and then takes up the executions that wait: among them those that events have just begun.
test('starts under a stream of events: each starts the workflow once', async () => {
	const trigger = await activeTrigger(host, EVENTS);
	host.lemlist.rules.deadHook = 'keep';
	for (let starts = 0; starts < STARTS; starts += 1) {
		await host.n8n.stop();
		const stream = Array.from({ length: AT_A_TIME }, () => new Traffic(trigger));
		await host.n8n.start();
		await host.untilItServes(trigger.webhookUrl);
		await Promise.all(stream.map(async (events) => await events.stop()));
		await expectExecutions(trigger);
	}
	host.lemlist.rules.deadHook = 'remove';
	await trigger.deactivate();
	expect(trigger.hooks).toEqual([]);
});

describe('killed', () => {
	beforeAll(async () => {
		unheard = { trigger: await activeTrigger(host, EVENTS) };
		interrupted = {
			trigger: await Trigger.make(host, { events: EVENTS, next: counting(host.lemlist) }),
		};
		await killInTheMiddle(interrupted.trigger);
		staticDataAtCrash = await interrupted.trigger.staticData();
		unheard.early = new Traffic(unheard.trigger);
		await host.n8n.start();
		await Promise.all([interrupted, unheard].map(goOn));
	});

	describe.each([
		{ name: 'in the middle of several POSTs', survivor: () => interrupted },
		{ name: 'and heard too early by lemlist', survivor: () => unheard },
	])('$name', ({ survivor }) => {
		test('has the desired hooks again within a check, and leaves them alone', async () => {
			const { trigger, recovery } = survivor();
			expect(trigger.hookedEvents).toEqual([...EVENTS].sort());
			expect(recovery?.healedAfterMs).toBeLessThan(MENDED_WITHIN_MS);
			await recovery?.settled;
		});

		test('refuses no event that lemlist sends, and loses none', async () => {
			const { trigger, recovery } = survivor();
			expect(Object.keys(recovery?.answers ?? {})).toEqual(['200']);
			await expectExecutions(trigger);
		});

		test('leaves nothing when it is deactivated', async () => {
			const { trigger } = survivor();
			await trigger.deactivate();
			expect(trigger.hooks).toEqual([]);
		});
	});

	test('the crash came when it should: nothing of the interrupted activation was saved in n8n', () => {
		expect(staticDataAtCrash).toEqual({});
	});

	test('lemlist did remove hooks because of a 404', () => {
		const removed = (unheard.early?.results ?? []).filter(({ hookRemoved }) => hookRemoved);
		expect(removed.map(({ status }) => status)).toContain(404);
	});
});
