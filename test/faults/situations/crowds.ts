/** Many events at a time, and an n8n that ends in the middle of them. */
import { until } from '../../e2e/n8n/until';
import type { Activity, EventType } from '../../sandbox';
import { untilDesired } from '../n8n/desired';
import { countedOf, type Ledger } from '../n8n/ledger';
import type { Situation } from '../n8n/situations';

const EVENTS: readonly EventType[] = ['emailsReplied', 'linkedinReplied'];
const CONNECTIONS = 10;
const STARTED_WITHIN_MS = 600_000;

function several(ledger: Ledger, count: number): Activity[] {
	return Array.from({ length: count }, (_, index) => ledger.an(EVENTS[index % EVENTS.length]));
}

/** Waits until so many events have been counted behind the trigger. */
export async function untilCounted(ledger: Ledger, count: number): Promise<void> {
	await until(
		`${String(count)} events have started the workflow`,
		() => countedOf(ledger.trigger).length >= count,
		{ limitMs: STARTED_WITHIN_MS },
	);
}

/** Sends so many, ten at a time. */
async function burst(ledger: Ledger, count: number): Promise<void> {
	const activities = several(ledger, count);
	ledger.wants(...activities);
	const rest = activities.values();
	const connections = Array.from({ length: CONNECTIONS }, async () => {
		for (const activity of rest) await ledger.trigger.send(activity);
	});
	await Promise.all(connections);
}

function missed(count: number): Situation {
	return {
		name: `${String(count)} missed while n8n is down`,
		options: { events: EVENTS },
		published: (ledger) => ledger.isSent(),
		down: (ledger) => {
			ledger.happens(...several(ledger, count));
		},
	};
}

/** Of these, some have started their workflow when n8n is killed. */
export const HALF_CAUGHT_UP: Situation = { ...missed(40), isCountedOutside: true };

export const MANY_MISSED: readonly Situation[] = [
	missed(250),
	{
		name: '250 missed while the hooks were gone',
		options: { events: EVENTS },
		isCountedOutside: true,
		published: async (ledger) => {
			await ledger.isSent();
			ledger.trigger.loseHooks();
			ledger.happens(...several(ledger, 250));
			await untilDesired(ledger.trigger);
			await untilCounted(ledger, ledger.wanted.length);
		},
	},
	{
		name: '1,100 missed while the hooks were gone, and more while n8n was down',
		options: { events: EVENTS },
		isCountedOutside: true,
		published: async (ledger) => {
			// So that each takes one entry of n8n's store: it has room for 2,000.
			for (const event of EVENTS) await ledger.isSent(ledger.an(event));
			ledger.trigger.loseHooks();
			ledger.happens(...several(ledger, 1_100));
			await untilDesired(ledger.trigger);
			await untilCounted(ledger, ledger.wanted.length);
		},
		down: (ledger) => {
			ledger.happens(...several(ledger, 5));
		},
	},
];

export const BURST: Situation = {
	name: 'a burst of 300, and n8n ends in the middle',
	options: { events: EVENTS },
	isCountedOutside: true,
	published: async (ledger) => {
		bursts.set(ledger, burst(ledger, 300));
		await untilCounted(ledger, 60);
	},
	up: async (ledger) => {
		await bursts.get(ledger);
	},
};

const bursts = new Map<Ledger, Promise<void>>();
