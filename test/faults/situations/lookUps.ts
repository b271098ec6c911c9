/** What can happen to a published workflow where no hook delivers, and where that changes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../e2e/n8n/until';
import type { EventType, Fault } from '../../sandbox';
import { untilDesired } from '../n8n/desired';
import type { Ledger } from '../n8n/ledger';
import { untilAllStarted, WANTED_AFTER_MS, type Situation } from '../n8n/situations';
import type { Parameters } from '../n8n/trigger';
import { edit, under } from './edits';

/** How often lemlist is asked for events here. */
export const LOOK_UP_SECONDS = 5;
const LOOK_UP: Parameters = { options: { arrival: 'lookUp' } };
const BY_WEBHOOK: Parameters = { options: { arrival: 'webhook' } };
const EVENTS: readonly EventType[] = ['emailsReplied', 'linkedinReplied'];
const ADDED: EventType = 'annotated';
const LOOKED_UP = { options: { events: EVENTS, parameters: LOOK_UP }, hooks: [] };

const EVERY_MS = 300;
const AGO_MS = 600_000;
const STARTED = { limitMs: 60_000, everyMs: 1_000 };
/** A request that may be repeated is sent four times: then the next look has begun, too. */
const HITS_OF_TWO_LOOKS = 5;
const WORDS = /lemlist could not be reached\. Try again in a few minutes\./;

function cutOff(ledger: Ledger, effect: Fault['effect']) {
	const { lemlist } = ledger.trigger.host;
	return lemlist.fault({ on: { match: ledger.trigger.sent }, effect, times: Infinity });
}

function neverHooked({ trigger }: Ledger): void {
	const made = trigger.requests('POST');
	if (made.length > 0) throw new Error(`Hooks were made: ${JSON.stringify(made)}`);
}

/** While n8n runs, several looks find lemlist out of order. */
function outOfOrder(name: string, effect: Fault['effect']): Situation {
	return {
		name: `looked up while lemlist ${name}: what happened starts it when that is over`,
		...LOOKED_UP,
		up: async (ledger, host) => {
			ledger.happens(ledger.an());
			await untilAllStarted(host, [ledger], STARTED);
			const fault = cutOff(ledger, effect);
			ledger.happens(ledger.an(), ledger.an('linkedinReplied'));
			await until('two looks have failed', () => fault.hits >= HITS_OF_TWO_LOOKS, STARTED);
			ledger.happens(ledger.an());
			fault.remove();
		},
		ended: neverHooked,
	};
}

export const LOOK_UPS: readonly Situation[] = [
	{
		name: 'looked up: nothing from before publishing starts it, what happens while n8n is down does, and no hook is ever made',
		...LOOKED_UP,
		unpublished: (ledger) => {
			const createdAt = new Date(Date.now() - AGO_MS).toISOString();
			ledger.happensInVain(ledger.an(), ledger.an('linkedinReplied', { createdAt }));
		},
		published: async (ledger, host) => {
			ledger.happens(ledger.an(), ledger.an('linkedinReplied'));
			ledger.happensInVain(ledger.an('emailsSent'));
			await untilAllStarted(host, [ledger], STARTED);
			// The kill finds it on its way, or not looked up.
			ledger.happens(ledger.an());
		},
		down: (ledger) => {
			ledger.happens(ledger.an(), ledger.an('linkedinReplied'));
		},
		up: (ledger) => {
			ledger.happens(ledger.an());
		},
		ended: neverHooked,
	},
	{
		name: 'changed over to looking up and back, with events all the while',
		options: { events: EVENTS, parameters: BY_WEBHOOK },
		published: async (ledger) => {
			const changeOver = async () => {
				await edit(ledger, EVENTS, { parameters: LOOK_UP });
				await untilDesired(ledger.trigger, { events: [] });
				await sleep(1.5 * LOOK_UP_SECONDS * 1_000);
				await edit(ledger, EVENTS, { parameters: BY_WEBHOOK });
				await untilDesired(ledger.trigger);
			};
			await under(ledger, changeOver, EVERY_MS);
		},
		up: async (ledger) => {
			await untilDesired(ledger.trigger);
		},
	},
	{
		name: 'changed over from looking up: what no look has found yet starts it',
		...LOOKED_UP,
		published: async (ledger) => {
			ledger.happens(ledger.an(), ledger.an('linkedinReplied'));
			await edit(ledger, EVENTS, { parameters: BY_WEBHOOK });
			await untilDesired(ledger.trigger);
			await ledger.isSent();
		},
	},
	{
		name: 'an edit of what is looked up fails because lemlist does not answer, and is tried again',
		...LOOKED_UP,
		published: async (ledger) => {
			const fault = cutOff(ledger, 'resetBefore');
			ledger.happens(ledger.an());
			const words = await edit(ledger, [...EVENTS, ADDED]).then(
				() => 'nothing',
				(error: unknown) => (error as Error).message,
			);
			ledger.happens(ledger.an('linkedinReplied'));
			ledger.happensInVain(ledger.an(ADDED));
			fault.remove();
			if (!WORDS.test(words)) throw new Error(`n8n said ${words}`);
			await edit(ledger, [...EVENTS, ADDED]);
			await sleep(WANTED_AFTER_MS);
			ledger.happens(ledger.an(ADDED));
		},
		ended: neverHooked,
	},
	outOfOrder('refuses connections', 'resetBefore'),
	outOfOrder('answers 500', { name: 'status', status: 500 }),
	outOfOrder('leaves it without an answer', 'hangBefore'),
];
