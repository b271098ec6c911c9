/**
 * n8n killed (SIGKILL) at the worst moments of an activation, a deactivation and an edit, all in one
 * crash, and started again, while lemlist keeps sending events.
 *
 * n8n takes an interrupted order up again when its lease on it has run out (120 seconds unless it is
 * told otherwise). Nothing in the node can hasten that, so these tests set a shorter lease.
 */
import type { EventType } from '../sandbox';
import { until } from '../e2e/n8n/until';
import { settling, untilDesired } from './n8n/desired';
import { Host, MENDED_WITHIN_MS } from './n8n/host';
import {
	activate,
	bringToAStop,
	THIRD_POST,
	untilAtAStop,
	type Interruption,
	type Silence,
} from './n8n/interruption';
import { ANSWERS_OF_A_START, Traffic, answerOf } from './n8n/traffic';
import { Trigger } from './n8n/trigger';

const LEASE_SECONDS = 30;
const N8N_SETTINGS = {
	N8N_WORKFLOW_PUBLICATION_OUTBOX_LEASE_SECONDS: String(LEASE_SECONDS),
	N8N_WORKFLOW_PUBLICATION_OUTBOX_POLL_INTERVAL_MS: '1000',
};
const TAKEN_UP_WITHIN_MS = LEASE_SECONDS * 1_000 + MENDED_WITHIN_MS;

const EVENTS: readonly EventType[] = [
	'emailsReplied',
	'emailsOpened',
	'emailsClicked',
	'linkedinReplied',
	'interested',
	'notInterested',
];
const OTHER_EVENTS: readonly EventType[] = [
	'emailsSent',
	'emailsBounced',
	'smsReplied',
	'whatsappReplied',
	'linkedinSent',
	'linkedinOpened',
];
const ALL = EVENTS.length;

interface Crash {
	name: string;
	/** Whether the workflow is active before. */
	isActive: boolean;
	/** The order that the crash interrupts, and where. */
	interrupted?: Interruption;
	/** How many hooks there are when n8n is killed. */
	hooksThen: number;
	/** What the user does as soon as n8n is there again. */
	afterwards?: (trigger: Trigger) => Promise<unknown>;
	/** What has to be there in the end; nothing where the user wanted the workflow off. */
	desired: readonly EventType[];
}

const deactivate = (trigger: Trigger) => trigger.deactivate();

async function edit(trigger: Trigger): Promise<void> {
	await trigger.edit(OTHER_EVENTS);
	await trigger.activate();
}

const LAST_POST: Silence = { method: 'POST', from: ALL, firstActs: true };
const SECOND_DELETE: Silence = { method: 'DELETE', from: 2, firstActs: false };

const CRASHES: readonly Crash[] = [
	{ name: 'while nothing is under way', isActive: true, hooksThen: ALL, desired: EVENTS },
	{
		name: 'in the middle of several POSTs',
		isActive: false,
		interrupted: { order: activate, silence: THIRD_POST },
		hooksThen: 3,
		desired: EVENTS,
	},
	{
		name: 'after the last POST and before static data is saved',
		isActive: false,
		interrupted: { order: activate, silence: LAST_POST },
		hooksThen: ALL,
		desired: EVENTS,
	},
	{
		name: 'in the middle of several POSTs, and the workflow deactivated after that',
		isActive: false,
		interrupted: { order: activate, silence: THIRD_POST },
		hooksThen: 3,
		afterwards: deactivate,
		desired: [],
	},
	// For n8n the workflow is off from the moment of the order: it goes on with the order, not back.
	{
		name: 'between two DELETEs',
		isActive: true,
		interrupted: { order: deactivate, silence: SECOND_DELETE },
		hooksThen: ALL - 1,
		desired: [],
	},
	{
		name: 'in the middle of the POSTs of an edit',
		isActive: true,
		interrupted: { order: edit, silence: THIRD_POST },
		hooksThen: 3,
		desired: OTHER_EVENTS,
	},
];

/** A workflow in the crash. */
interface Victim extends Crash {
	trigger: Trigger;
	hooksAtCrash?: number;
	staticDataAtCrash?: object;
	traffic?: Traffic;
	/** Counted from the moment when n8n answers again. */
	healedAfterMs?: number | undefined;
	settled?: Promise<void>;
}

let host: Host;
let victims: readonly Victim[];

beforeAll(async () => {
	host = await Host.start({ env: N8N_SETTINGS });
	victims = await Promise.all(CRASHES.map(async (crash) => await prepared(crash)));
	const orders = victims.map(async ({ trigger, interrupted }) => {
		await bringToAStop(trigger, interrupted);
	});
	await Promise.all(
		victims.map(async ({ trigger, interrupted, hooksThen }) => {
			await untilAtAStop(trigger, hooksThen, interrupted);
		}),
	);
	victims
		.filter(({ desired }) => desired.length > 0)
		.forEach((victim) => (victim.traffic = new Traffic(victim.trigger)));
	await host.n8n.kill();
	await Promise.all(victims.map(noteState));
	host.lemlist.clearFaults();
	await Promise.allSettled(orders);
	await host.n8n.start();
	await Promise.all(victims.map(heal));
});
afterAll(async () => {
	await host.close();
});

async function prepared(crash: Crash): Promise<Victim> {
	const trigger = await Trigger.make(host, { events: EVENTS });
	if (crash.isActive) await trigger.activate();
	return { ...crash, trigger };
}

async function noteState(victim: Victim): Promise<void> {
	victim.hooksAtCrash = victim.trigger.hooks.length;
	victim.staticDataAtCrash = await victim.trigger.staticData();
}

/** Nobody helps; the clock starts when n8n answers again. */
async function heal(victim: Victim): Promise<void> {
	const healing = untilDesired(victim.trigger, {
		events: victim.desired,
		limitMs: TAKEN_UP_WITHIN_MS,
	});
	await victim.afterwards?.(victim.trigger);
	victim.healedAfterMs = await healing.catch(() => undefined);
	if (victim.traffic !== undefined)
		victim.settled = settling(victim.trigger, untilServed(victim.traffic, victim.desired.length));
}

/** Until each event has been taken: one that n8n answered 404, before it knew the workflow, may still cost a hook. */
async function untilServed({ results }: Traffic, events: number): Promise<void> {
	const before = results.length;
	const taken = () =>
		results
			.slice(before)
			.filter((result) => answerOf(result) === '200')
			.map(({ targetUrl }) => targetUrl);
	await until('every event has been taken', () => new Set(taken()).size >= events, {
		limitMs: MENDED_WITHIN_MS,
	});
}

describe.each(CRASHES.map(({ name, desired }, index) => ({ name, index, desired })))(
	'n8n killed $name',
	({ index, desired }) => {
		const victim = () => victims[index] as Victim;

		test('has the desired hooks again, and leaves them alone', async () => {
			const { trigger, interrupted, healedAfterMs, settled } = victim();
			expect(trigger.hookedEvents).toEqual([...desired].sort());
			expect(healedAfterMs).toBeLessThan(
				interrupted === undefined ? MENDED_WITHIN_MS : TAKEN_UP_WITHIN_MS,
			);
			await settled;
		});

		test('refused no event that lemlist sent', async () => {
			const { traffic } = victim();
			if (traffic === undefined) return;
			await traffic.stop();
			const answers = traffic.results.map(answerOf);
			const served = answers.indexOf('200');
			expect(new Set(answers.slice(served))).toEqual(new Set(['200']));
			expect(
				answers.slice(0, served).filter((answer) => !ANSWERS_OF_A_START.includes(answer)),
			).toEqual([]);
		});
	},
);

test('the crash came when it should: nothing of the interrupted activations was saved in n8n', () => {
	const neverActive = victims.filter(({ isActive }) => !isActive);
	expect(neverActive.map(({ staticDataAtCrash }) => staticDataAtCrash)).toEqual(
		neverActive.map(() => ({})),
	);
	expect(victims.map(({ hooksAtCrash, hooksThen }) => hooksAtCrash === hooksThen)).toEqual(
		victims.map(() => true),
	);
});
