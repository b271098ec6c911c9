/** What can happen to a published workflow around a time in which n8n does not run. */
import { setTimeout as sleep } from 'node:timers/promises';
import { byBot, thirdPartyReply, type Activity, type EventType, type Fault } from '../../sandbox';
import { untilDesired } from '../n8n/desired';
import type { Ledger } from '../n8n/ledger';
import type { Situation } from '../n8n/situations';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** How long something is out of order after n8n has started. */
const OUTAGE_MS = 12_000;
/** Of n8n's start, until it serves webhooks. */
const SERVES_WITHIN_MS = 60_000;

const EVENTS: readonly EventType[] = ['emailsReplied', 'linkedinReplied'];
const [CAMPAIGN, OTHER_CAMPAIGN, UNWANTED_CAMPAIGN] = [1, 2, 3].map(campaign) as [
	string,
	string,
	string,
];

function campaign(number: number): string {
	return `cam_SandboxCampaign${String(number)}`;
}

function ago(ms: number): { createdAt: string } {
	return { createdAt: new Date(Date.now() - ms).toISOString() };
}

/** As if the workflow had been published weeks before. */
async function publishWeeksAgo({ trigger }: Ledger): Promise<void> {
	const stored = await trigger.staticData();
	const since = stored.since as { wanted: Record<string, number> };
	const wanted = Object.fromEntries(
		Object.entries(since.wanted).map(([part, at]) => [part, at - 30 * DAY_MS]),
	);
	await trigger.setStaticData({ ...stored, since: { ...since, wanted } });
}

function fault({ trigger }: Ledger, effect: Fault['effect'], path = /^\/activities/): () => void {
	const { lemlist } = trigger.host;
	const { id } = lemlist.fault({ on: { path, match: trigger.sent }, effect, times: Infinity });
	return () => {
		lemlist.removeFault(id);
	};
}

/** What lemlist lists to this trigger, whatever it asks for. */
function lists(ledger: Ledger, ...activities: readonly Activity[]): void {
	fault(ledger, { name: 'otherShape', body: activities });
}

/** Out of order while n8n starts, and for some time after that. */
function outOfOrder(name: string, effect: Fault['effect'], path?: RegExp): Situation {
	const ends = new Map<Ledger, () => void>();
	return {
		name: `${name}: what happened starts it when that is over`,
		options: { events: EVENTS },
		down: (ledger) => {
			ends.set(ledger, fault(ledger, effect, path));
			ledger.happens(ledger.an(), ledger.an('linkedinReplied'));
		},
		up: async (ledger) => {
			await sleep(OUTAGE_MS);
			ledger.happens(ledger.an());
			ends.get(ledger)?.();
		},
	};
}

/** Fails whatever n8n records of this workflow's processed values. */
function storeFailure({ trigger }: Ledger): {
	begin: () => Promise<void>;
	end: () => Promise<void>;
} {
	const { database } = trigger.host;
	const { id } = trigger.workflow;
	const onEach = async (order: (what: string, name: string) => string) => {
		for (const what of ['INSERT', 'UPDATE'])
			await database.run(order(what, `"fails ${what} ${id}"`));
	};
	return {
		begin: async () => {
			await onEach(
				(what, name) =>
					`CREATE TRIGGER ${name} BEFORE ${what} ON processed_data WHEN NEW."workflowId" = '${id}' BEGIN SELECT RAISE(ABORT, 'out of order'); END`,
			);
		},
		end: async () => {
			await onEach((_, name) => `DROP TRIGGER ${name}`);
		},
	};
}

export const WHILE_DOWN: Situation = {
	name: 'what happens while n8n is down starts it late, and nothing from before does again',
	options: { events: [...EVENTS, 'annotated'] },
	published: async (ledger) => {
		await ledger.isSent();
		await ledger.isSent(ledger.an('annotated'));
	},
	down: (ledger) => {
		ledger.happens(ledger.an(), ledger.an(), ledger.an('linkedinReplied'));
		ledger.happensInVain(ledger.an('emailsSent'));
	},
	up: async (ledger, host) => {
		await host.untilItServes(ledger.trigger.webhookUrl);
		await ledger.isSent();
	},
};

export const FOR_A_DAY: Situation = {
	name: 'down for a day',
	options: { events: EVENTS },
	published: (ledger) => ledger.isSent(),
	down: async (ledger) => {
		await publishWeeksAgo(ledger);
		ledger.happens(
			...[1, 5, 12, 23].flatMap((hours) => [
				ledger.an('emailsReplied', ago(hours * HOUR_MS)),
				ledger.an('linkedinReplied', ago(hours * HOUR_MS)),
			]),
		);
	},
};

export const BEFORE_PUBLISHING: Situation = {
	name: 'what happened before it was published starts nothing',
	options: { events: EVENTS },
	unpublished: (ledger) => {
		ledger.happensInVain(ledger.an(), ledger.an('linkedinReplied', ago(DAY_MS)));
	},
	down: (ledger) => {
		ledger.happens(ledger.an());
	},
};

export const HOOK_GONE: Situation = {
	name: 'a hook vanishes while n8n is down',
	options: { events: EVENTS },
	published: (ledger) => ledger.isSent(),
	down: (ledger) => {
		ledger.trigger.loseHooks();
		ledger.happens(ledger.an(), ledger.an('linkedinReplied'));
	},
};

export const OTHER_IDS: Situation = {
	name: 'lemlist lists other _ids than it delivers: nothing starts twice, and the log says so once',
	options: { events: ['emailsReplied'] },
	published: (ledger) => ledger.isSent(),
	down: (ledger) => {
		lists(ledger, ledger.an());
	},
	log: [/lists "Email Replied" differently from what it delivers/],
};

export const ALL_EVENTS: Situation = {
	name: 'All Events: what is no event of hooks starts nothing',
	options: { events: [], parameters: { events: ['*'] } },
	hooks: ['*'],
	published: async (ledger) => {
		await ledger.isSent(ledger.an('emailsReplied'));
	},
	down: (ledger) => {
		ledger.happens(ledger.an('emailsReplied'), ledger.an('linkedinSent'), ledger.an('paused'));
		ledger.happensInVain(
			{ ...ledger.an(), type: 'conditionChosen' },
			{ ...ledger.an(), type: 'meetingBooked' },
		);
	},
};

export const LEMLIST_DOWN = outOfOrder('lemlist cannot be reached', 'resetBefore', /./);

export const STORE_DOWN: Situation = {
	name: 'n8n cannot look up what has started before: what is delivered starts it, the rest does when it can',
	options: { events: EVENTS },
	published: (ledger) => ledger.isSent(),
	down: async (ledger) => {
		ledger.happens(ledger.an(), ledger.an('linkedinReplied'));
		await storeFailure(ledger).begin();
	},
	up: async (ledger, host) => {
		const { trigger } = ledger;
		await host.untilItServes(trigger.webhookUrl);
		await ledger.isSent(ledger.an());
		await sleep(OUTAGE_MS);
		await storeFailure(ledger).end();
	},
};

export const NOT_SAVED: Situation = {
	name: 'n8n saves no executions of it',
	options: {
		events: EVENTS,
		settings: { saveDataSuccessExecution: 'none', saveDataErrorExecution: 'none' },
	},
	isCountedOutside: true,
	published: async (ledger) => {
		const activity = ledger.an();
		await ledger.isSent(activity, { times: 2 });
	},
	down: (ledger) => {
		ledger.happens(ledger.an(), ledger.an('linkedinReplied'));
	},
};

export const OUTAGES: readonly Situation[] = [
	WHILE_DOWN,
	FOR_A_DAY,
	HOOK_GONE,
	OTHER_IDS,
	LEMLIST_DOWN,
	STORE_DOWN,
	NOT_SAVED,
	{
		name: 'down for ten days: beyond seven, nothing starts',
		options: { events: EVENTS },
		published: (ledger) => ledger.isSent(),
		down: async (ledger) => {
			await publishWeeksAgo(ledger);
			for (const days of [0.1, 2, 5, 6.9])
				ledger.happens(ledger.an('emailsReplied', ago(days * DAY_MS)));
			for (const days of [7.1, 8, 9.5])
				ledger.happensInVain(ledger.an('emailsReplied', ago(days * DAY_MS)));
		},
	},
	{
		name: 'an edit right after n8n has started',
		options: { events: EVENTS },
		published: (ledger) => ledger.isSent(),
		down: (ledger) => {
			ledger.happens(ledger.an(), ledger.an('linkedinReplied'));
			ledger.happensInVain(ledger.an('annotated'));
		},
		up: async (ledger) => {
			await ledger.trigger.edit([...EVENTS, 'annotated']);
			await ledger.trigger.activate();
			await untilDesired(ledger.trigger);
			await ledger.isSent(ledger.an('annotated'));
		},
	},
	{
		name: 'lemlist lists it only after n8n has started',
		options: { events: EVENTS },
		down: (ledger) => {
			const activity = ledger.an();
			ledger.wants(activity);
			ledger.trigger.host.lemlist.happen(activity, SERVES_WITHIN_MS);
		},
	},
	{
		name: 'lemlist switches a hook off while n8n is down',
		options: { events: EVENTS },
		down: (ledger) => {
			for (const { _id } of ledger.trigger.hooks) ledger.trigger.host.lemlist.switchOffHook(_id);
			ledger.happens(ledger.an(), ledger.an('linkedinReplied'));
		},
	},
	outOfOrder('lemlist lists nothing but 500', { name: 'status', status: 500 }),
	outOfOrder('a page in front of lemlist answers', {
		name: 'status',
		status: 200,
		body: '<html>Back soon</html>',
		contentType: 'text/html',
	}),
	{
		name: '402: nothing starts late, what is delivered does, and the log says so once',
		options: { events: EVENTS },
		published: (ledger) => ledger.isSent(),
		down: (ledger) => {
			fault(ledger, { name: 'status', status: 402, body: 'route is available starting emailPro' });
			ledger.happensInVain(ledger.an());
		},
		up: async (ledger, host) => {
			await host.untilItServes(ledger.trigger.webhookUrl);
			await ledger.isSent();
		},
		log: [/does not tell which events happened/],
	},
	{
		name: '400 for one event: the others are caught up, and the log says so once',
		options: { events: EVENTS },
		down: (ledger) => {
			const { lemlist } = ledger.trigger.host;
			lemlist.fault({
				on: {
					path: '/activities',
					match: (request) =>
						ledger.trigger.sent(request) && request.query.type === 'emailsReplied',
				},
				effect: { name: 'status', status: 400, body: 'Bad params' },
				times: Infinity,
			});
			ledger.happensInVain(ledger.an('emailsReplied'));
			ledger.happens(ledger.an('linkedinReplied'));
		},
		log: [/does not list "Email Replied"/],
	},
];

/** Of what happens meanwhile, only what the trigger asks for starts its workflow. */
export const NOTHING_ELSE: readonly Situation[] = [
	BEFORE_PUBLISHING,
	ALL_EVENTS,
	{
		name: 'lemlist ignores which type is asked for, and since when',
		options: { events: EVENTS },
		down: (ledger) => {
			const missed = [ledger.an(), ledger.an('linkedinReplied')];
			ledger.wants(...missed);
			const others = [ledger.an('emailsSent'), ledger.an('emailsReplied', ago(DAY_MS))];
			lists(ledger, ...missed, ...others, { ...ledger.an(), teamId: 'tea_another' });
		},
	},
	{
		name: 'events that lemlist does not list are lost, and keep nothing else',
		options: { events: ['customDomainErrors', 'enrichmentDone', 'emailsReplied'] },
		down: (ledger) => {
			ledger.happensInVain(ledger.an('customDomainErrors'), ledger.an('enrichmentDone'));
			ledger.happens(ledger.an('emailsReplied'));
		},
	},
	{
		name: 'one campaign',
		options: { events: EVENTS, parameters: { campaigns: [CAMPAIGN] } },
		down: (ledger) => {
			ledger.happens(ledger.an('emailsReplied', { campaignId: CAMPAIGN }));
			ledger.happensInVain(ledger.an('emailsReplied', { campaignId: OTHER_CAMPAIGN }));
		},
	},
	{
		name: 'several campaigns',
		options: { events: EVENTS, parameters: { campaigns: [CAMPAIGN, OTHER_CAMPAIGN] } },
		down: (ledger) => {
			for (const campaignId of [CAMPAIGN, OTHER_CAMPAIGN])
				ledger.happens(ledger.an('emailsReplied', { campaignId }));
			ledger.happensInVain(ledger.an('emailsReplied', { campaignId: UNWANTED_CAMPAIGN }));
		},
	},
	{
		name: 'First Activity Only',
		options: { events: EVENTS, parameters: { options: { firstActivityOnly: true } } },
		down: (ledger) => {
			ledger.happens(ledger.an('emailsReplied', { isFirst: true }));
			ledger.happensInVain(ledger.an('emailsReplied', { isFirst: false }));
		},
	},
	...(['include', 'exclude', 'only'] as const).map(
		(thirdPartyReplies): Situation => ({
			name: `Replies From Other People: ${thirdPartyReplies}`,
			options: { events: ['emailsReplied'], parameters: { options: { thirdPartyReplies } } },
			down: (ledger) => {
				const { teamId } = ledger.trigger.account;
				const { isThirdPartyReply: _, ...unflagged } = thirdPartyReply('emailsReplied', { teamId });
				const others = [thirdPartyReply('emailsReplied', { teamId }), unflagged as Activity];
				if (thirdPartyReplies === 'exclude') ledger.happensInVain(...others);
				else ledger.happens(...others);
				if (thirdPartyReplies === 'only') ledger.happensInVain(ledger.an());
				else ledger.happens(ledger.an());
			},
		}),
	),
	{
		name: 'Ignore Bots',
		options: { events: ['emailsOpened'], parameters: { options: { ignoreBots: true } } },
		published: async (ledger) => {
			await ledger.trigger.send(byBot(ledger.an()));
		},
		down: (ledger) => {
			ledger.happens(ledger.an());
			ledger.happensInVain(byBot(ledger.an()));
		},
	},
	{
		name: 'Missed Events: Leave Out',
		options: { events: EVENTS, parameters: { options: { missedEvents: 'ignore' } } },
		published: (ledger) => ledger.isSent(),
		down: (ledger) => {
			ledger.happensInVain(ledger.an());
		},
	},
];
