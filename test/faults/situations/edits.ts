/** What an edit of a published workflow changes, and what it must not: kept is kept, and new is new from now on. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventType } from '../../sandbox';
import { untilDesired } from '../n8n/desired';
import type { Ledger } from '../n8n/ledger';
import { WANTED_AFTER_MS, type Situation } from '../n8n/situations';
import type { Edit } from '../n8n/trigger';

const EVENTS: readonly EventType[] = ['emailsReplied', 'linkedinReplied'];
const ADDED: EventType = 'annotated';
const EVERY_MS = 60;
/** A machine that is busy with other things takes long over an edit. */
const MOST_SENT = 150;
const BEFORE_AND_AFTER_MS = 2_000;
const OUT_OF_ORDER_MS = 3_000;

const [CAMPAIGN, OTHER_CAMPAIGN, THIRD_CAMPAIGN] = ['cam_one', 'cam_two', 'cam_three'];

export async function edit(
	ledger: Ledger,
	events: readonly EventType[],
	changes?: Edit,
): Promise<void> {
	await ledger.trigger.edit(events, changes);
	await ledger.trigger.activate();
}

/** Sends events for as long as something goes on, and a little longer. */
export async function under(
	ledger: Ledger,
	work: () => Promise<unknown>,
	everyMs = EVERY_MS,
): Promise<void> {
	const ended = new AbortController();
	const sent: Promise<unknown>[] = [];
	const sending = (async () => {
		for (let number = 0; !ended.signal.aborted && number < MOST_SENT; number += 1) {
			sent.push(ledger.isSent(ledger.an(EVENTS[number % EVENTS.length])));
			await sleep(everyMs);
		}
	})();
	await sleep(BEFORE_AND_AFTER_MS);
	await work();
	await sleep(BEFORE_AND_AFTER_MS);
	ended.abort();
	await sending;
	await Promise.all(sent);
}

/** An edit of everything that stays as it is, with something missed before, while and after. */
function harmless(name: string, changes: () => Edit): Situation {
	return {
		name: `${name}: what was missed before starts it, what was delivered does not again`,
		options: { events: EVENTS },
		published: async (ledger) => {
			await ledger.isSent();
			await ledger.isSent(ledger.an('linkedinReplied'));
			ledger.happens(ledger.an());
			await edit(ledger, EVENTS, changes());
			ledger.happens(ledger.an());
			await untilDesired(ledger.trigger);
			await ledger.isSent();
		},
	};
}

/** Another node in the place of the trigger. */
function replaced(name: string, changes: () => Edit): Situation {
	return {
		name: `the trigger is replaced by another ${name}: nothing from before starts`,
		options: { events: EVENTS },
		published: async (ledger) => {
			await ledger.isSent();
			await ledger.isSent(ledger.an('linkedinReplied'));
			// Long enough for the first look; what happens next would be found by the one after it.
			await sleep(WANTED_AFTER_MS);
			await edit(ledger, EVENTS, changes());
			await untilDesired(ledger.trigger);
			await ledger.isSent();
			await sleep(WANTED_AFTER_MS);
			ledger.happens(ledger.an());
		},
	};
}

/** The first try of an edit fails, the second does not. */
function triedAgain(status: number): Situation {
	return {
		name: `an edit fails because lemlist answers ${String(status)}, and is tried again`,
		options: { events: EVENTS },
		published: async (ledger, host) => {
			const { trigger } = ledger;
			await ledger.isSent();
			const { id } = host.lemlist.fault({
				on: { method: 'POST', path: '/hooks', match: trigger.sent },
				effect: { name: 'status', status, body: 'not now' },
				times: Infinity,
			});
			ledger.happens(ledger.an());
			ledger.happensInVain(ledger.an(ADDED));
			// n8n 1 takes the edit up when it is saved, n8n 2 when it is published.
			const failed = edit(ledger, [...EVENTS, ADDED]).then(
				() => false,
				() => true,
			);
			await sleep(OUT_OF_ORDER_MS);
			ledger.happens(ledger.an(), ledger.an('linkedinReplied'));
			if (!(await failed)) throw new Error('The edit should have failed');
			ledger.happens(ledger.an());
			ledger.happensInVain(ledger.an(ADDED));
			host.lemlist.removeFault(id);
			await edit(ledger, [...EVENTS, ADDED]);
			await untilDesired(trigger);
			await ledger.isSent(ledger.an(ADDED));
		},
	};
}

export const EVENT_ADDED: Situation = {
	name: 'an event is added and one removed: only what is kept counts from before',
	options: { events: EVENTS },
	published: async (ledger) => {
		await ledger.isSent();
		ledger.happens(ledger.an('emailsReplied'));
		ledger.happensInVain(ledger.an(ADDED), ledger.an(ADDED));
		await edit(ledger, ['emailsReplied', ADDED]);
		await untilDesired(ledger.trigger);
		ledger.happensInVain(ledger.an('linkedinReplied'));
		await sleep(WANTED_AFTER_MS);
		ledger.happens(ledger.an(ADDED), ledger.an('emailsReplied'));
	},
};

export const TRIED_AGAIN = triedAgain(500);

export const UNDER_TRAFFIC: Situation = {
	name: 'an event every 60 ms during an edit that adds one',
	options: { events: EVENTS },
	published: async (ledger) => {
		await under(ledger, async () => {
			await edit(ledger, [...EVENTS, ADDED]);
		});
		await untilDesired(ledger.trigger);
	},
};

export const EDITS: readonly Situation[] = [
	EVENT_ADDED,
	TRIED_AGAIN,
	triedAgain(402),
	harmless('nothing but an option changes', () => ({
		parameters: { options: { ignoreBots: true } },
	})),
	harmless('the trigger is renamed', () => ({ name: 'Replies of our leads' })),
	replaced('of the same name and address', () => ({ nodeId: randomUUID() })),
	replaced('of the same name', () => ({ nodeId: randomUUID(), webhookId: randomUUID() })),
	{
		name: 'a removed event is added again: what happened in between starts nothing',
		options: { events: EVENTS },
		published: async (ledger) => {
			await edit(ledger, ['emailsReplied']);
			await untilDesired(ledger.trigger);
			ledger.happensInVain(ledger.an('linkedinReplied'));
			await sleep(1_000);
			await edit(ledger, EVENTS);
			await untilDesired(ledger.trigger);
			await sleep(WANTED_AFTER_MS);
			ledger.happens(ledger.an('linkedinReplied'));
		},
	},
	{
		name: 'a campaign is added, then all: only what is kept counts from before',
		options: { events: EVENTS, parameters: { campaigns: [CAMPAIGN] } },
		published: async (ledger) => {
			const of = (campaignId: string | undefined) => ledger.an('emailsReplied', { campaignId });
			ledger.happens(of(CAMPAIGN));
			ledger.happensInVain(of(OTHER_CAMPAIGN), of(THIRD_CAMPAIGN));
			await edit(ledger, EVENTS, { parameters: { campaigns: [CAMPAIGN, OTHER_CAMPAIGN] } });
			await untilDesired(ledger.trigger);
			await sleep(WANTED_AFTER_MS);
			ledger.happens(of(CAMPAIGN), of(OTHER_CAMPAIGN));
			ledger.happensInVain(of(THIRD_CAMPAIGN));
			await edit(ledger, EVENTS, { parameters: {} });
			await untilDesired(ledger.trigger);
			await sleep(WANTED_AFTER_MS);
			ledger.happens(of(THIRD_CAMPAIGN));
		},
	},
];
