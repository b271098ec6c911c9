/** What can happen to a published workflow while n8n runs: hooks that are gone or of no use, and who else sends. */
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../e2e/n8n/until';
import { byBot, type EventType } from '../../sandbox';
import { untilDesired } from '../n8n/desired';
import { startsOf, type Ledger } from '../n8n/ledger';
import { WANTED_AFTER_MS, type Situation } from '../n8n/situations';
import type { Host } from '../n8n/host';

const EVENTS: readonly EventType[] = ['emailsReplied', 'linkedinReplied'];
const AT_ONCE = 10;
const STARTED_WITHIN_MS = 300_000;

/** Waits until whatever is wanted so far has started the workflow. */
async function untilStarted(ledger: Ledger, host: Host): Promise<void> {
	await until(
		'what is wanted has started the workflow',
		async () => {
			const [starts] = await startsOf(host, [ledger]);
			return ledger.wanted.every((id) => starts?.ids.includes(id));
		},
		{ limitMs: STARTED_WITHIN_MS, everyMs: 1_000 },
	);
}

function several(ledger: Ledger, count: number) {
	return Array.from({ length: count }, (_, index) => ledger.an(EVENTS[index % EVENTS.length]));
}

export const SENT_AGAIN: Situation = {
	name: 'what is delivered again and again, one after the other and at once, starts it once',
	options: { events: EVENTS },
	published: async (ledger) => {
		const activity = ledger.an();
		await ledger.isSent(activity, { times: 3 });
		await Promise.all([1, 2].map(() => ledger.trigger.send(activity)));
		const other = ledger.an();
		ledger.wants(other);
		await Promise.all([1, 2, 3, 4].map(() => ledger.trigger.send(other)));
	},
};

export const HOOKS_VANISH: Situation = {
	name: 'hooks vanish, and the next check makes them again',
	options: { events: EVENTS },
	published: async (ledger) => {
		await ledger.isSent();
		ledger.trigger.loseHooks();
		ledger.happens(...several(ledger, 4));
		await untilDesired(ledger.trigger);
		await ledger.isSent();
	},
};

export const NOBODY_NOTICED: Situation = {
	name: 'deliveries go nowhere while hooks look fine',
	options: { events: EVENTS },
	published: async (ledger) => {
		await ledger.isSent();
		ledger.happens(...several(ledger, 4));
		await sleep(WANTED_AFTER_MS);
		ledger.happens(...several(ledger, 2));
	},
};

export const SWITCHED_OFF_AND_ON: Situation = {
	name: 'what happens while it is not published starts nothing, though it is published again within seconds',
	options: { events: EVENTS },
	published: async (ledger) => {
		await ledger.isSent();
		await ledger.trigger.deactivate();
		ledger.happensInVain(...several(ledger, 4));
		await sleep(1_000);
		await ledger.trigger.activate();
		await untilDesired(ledger.trigger);
		await sleep(WANTED_AFTER_MS);
		ledger.happens(ledger.an());
	},
};

const OTHER_TEAM: Situation = {
	name: "the credential gets another team's key: nothing of before starts, what is missed after that does",
	options: { events: EVENTS },
	published: async (ledger, host) => {
		const { trigger } = ledger;
		await ledger.isSent();
		const account = host.account();
		ledger.happensInVain(...[1, 2].map(() => ({ ...ledger.an(), teamId: account.teamId })));
		await trigger.rotate({ account });
		// Those of the team before stay: its key is gone.
		await until(
			'there are hooks in the other team',
			() => trigger.hooks.filter(({ teamId }) => teamId === account.teamId).length === 2,
		);
		await ledger.isSent();
		// By then, a look has found out that it is another team.
		await sleep(WANTED_AFTER_MS + 15_000);
		ledger.happens(ledger.an());
	},
};

export const RUNNING: readonly Situation[] = [
	SENT_AGAIN,
	HOOKS_VANISH,
	NOBODY_NOTICED,
	SWITCHED_OFF_AND_ON,
	OTHER_TEAM,
	{
		name: 'lemlist switches the hooks off',
		options: { events: EVENTS },
		published: async (ledger, host) => {
			await ledger.isSent();
			for (const { _id } of ledger.trigger.hooks) host.lemlist.switchOffHook(_id);
			ledger.happens(...several(ledger, 4));
			await sleep(WANTED_AFTER_MS);
			await untilDesired(ledger.trigger);
			await ledger.isSent();
		},
	},
	{
		name: 'delivered and listed at the same moment, several at once',
		options: { events: EVENTS },
		published: async (ledger, host) => {
			for (let round = 0; round < 4; round += 1) {
				const activities = several(ledger, AT_ONCE);
				ledger.happens(...activities);
				// Somewhen in these rounds a look hands on what is being delivered.
				await sleep(2_000 + round * 900);
				await Promise.all(activities.map((activity) => ledger.trigger.send(activity)));
			}
			await untilStarted(ledger, host);
		},
	},
	{
		name: 'delivered long after the look back has started it',
		options: { events: EVENTS },
		published: async (ledger, host) => {
			const activities = several(ledger, 4);
			ledger.happens(...activities);
			await untilStarted(ledger, host);
			for (const activity of activities) await ledger.trigger.send(activity, { times: 2 });
		},
	},
	{
		name: 'an activity without an _id passes as often as it is delivered',
		options: { events: ['enrichmentDone'] },
		published: async (ledger) => {
			const activity = ledger.an('enrichmentDone');
			ledger.wants(activity, activity);
			await ledger.trigger.send(activity, { times: 2 });
		},
	},
	{
		name: 'what was filtered when it was delivered starts nothing after the filter is gone',
		options: { events: ['emailsOpened'], parameters: { options: { ignoreBots: true } } },
		published: async (ledger) => {
			const { trigger } = ledger;
			await trigger.send(byBot(ledger.an()));
			ledger.happensInVain(byBot(ledger.an()));
			await sleep(WANTED_AFTER_MS);
			await trigger.edit(trigger.events, { parameters: {} });
			await trigger.activate();
			await untilDesired(trigger);
			await sleep(WANTED_AFTER_MS);
			ledger.happens(byBot(ledger.an()));
		},
	},
	{
		name: 'a copy with the same node and static data, published after the original was switched off',
		options: { events: EVENTS },
		published: async (ledger) => {
			const { trigger } = ledger;
			// What starts the original does not count here.
			await trigger.send(ledger.an());
			await trigger.send(ledger.an('linkedinReplied'));
			await trigger.deactivate();
			ledger.happensInVain(ledger.an());
			await trigger.becomeCopy();
			await trigger.activate();
			await untilDesired(trigger);
			await sleep(WANTED_AFTER_MS);
			ledger.happens(ledger.an());
		},
	},
];
