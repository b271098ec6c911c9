/** Since when what is asked for has been asked for: what an activation keeps, and what begins anew. */
import type { Activity } from '../../../nodes/LemlistTrigger/lemlist/schemas';
import type { Subscription } from '../../../nodes/LemlistTrigger/settings/reading';
import {
	carryOver,
	earliestOf,
	isFromAnother,
	removedNow,
	wantedSince,
	wasLookedUp,
	type Moment,
	type Since,
} from '../../../nodes/LemlistTrigger/settings/since';
import { wish } from '../wish';

const MINUTE_MS = 60_000;
const OWNER = '["w1","n1"]';
/** lemlist's clock is an hour ahead of this machine's. */
const AHEAD_MS = 3_600_000;
/** When the trigger was first published, and when it was edited, by lemlist's clock. */
const FIRST = 1_000_000_000_000;
const EDITED = FIRST + 10 * MINUTE_MS;

/** @param at by lemlist's clock */
function moment(at: number, more: Partial<Moment> = {}): Moment {
	return {
		...{ owner: OWNER, team: 'tea_1', isFirst: false },
		...{ now: at - AHEAD_MS, lemlistNow: at },
		...more,
	};
}

/** The way through n8n's database. */
function stored<Value>(value: Value): Value {
	return JSON.parse(JSON.stringify(value)) as Value;
}

function published(subscription: Subscription): Since {
	return stored(carryOver(undefined, subscription, moment(FIRST, { isFirst: true })));
}

function edited(before: unknown, subscription: Subscription, at = EDITED): Since {
	return stored(carryOver(before, subscription, moment(at)));
}

/** An email of the lead's in a campaign, seen for the first time, by nobody's machine. */
const PLAIN = { campaignId: 'cam_a', leadId: 'lea_1', isFirst: true };

describe('a first publication', () => {
	test.each<[string, string, Subscription, string, Activity]>([
		['an event', 'picked', wish(['emailsSent']), 'emailsSent', PLAIN],
		['an event', 'under All Events', wish('all'), 'emailsSent', PLAIN],
		['what does not exist yet', 'under All Events', wish('all'), 'tomorrowsEvent', PLAIN],
		[
			'an alert',
			'without a campaign',
			wish(['connectionIssue'], { campaignIds: ['cam_a'], firstActivityOnly: true }),
			'connectionIssue',
			{},
		],
	])('wants %s %s from then on, and nothing from before', (_, _how, subscription, event, row) => {
		const since = published(subscription);
		expect(wantedSince(since, event, row)).toBe(FIRST);
		expect(earliestOf(since)).toBe(FIRST);
	});

	test('takes nothing over from static data, whatever that holds', () => {
		const old = stored(carryOver(undefined, wish('all'), moment(FIRST - 1, { isFirst: true })));
		const since = carryOver(old, wish('all'), moment(FIRST, { isFirst: true }));
		expect(since).toEqual(published(wish('all')));
	});
});

describe('an edit, a start, a new leader', () => {
	test('keep what stays wanted, however often, and forget what is not wanted any more', () => {
		let since = published(wish(['emailsSent', 'smsSent']));
		for (let again = 1; again <= 3; again += 1)
			since = edited(since, wish(['emailsSent']), EDITED + again);
		expect(wantedSince(since, 'emailsSent', PLAIN)).toBe(FIRST);
		since = edited(since, wish(['emailsSent', 'smsSent']));
		expect(wantedSince(since, 'smsSent', PLAIN)).toBe(EDITED);
	});

	const BOTH = wish(['emailsSent', 'smsSent']);
	const IN_A = wish(['emailsSent'], { campaignIds: ['cam_a'] });
	const IN_BOTH = wish(['emailsSent'], { campaignIds: ['cam_a', 'cam_b'] });
	const ANYWHERE = wish(['emailsSent']);
	const IN_B = { ...PLAIN, campaignId: 'cam_b' };
	const BOT = { ...PLAIN, bot: true };
	const AGAIN = { ...PLAIN, isFirst: false };
	const OTHERS = { isThirdPartyReply: true, isFirst: true };
	const UNFLAGGED = { isFirst: true };

	test.each<[string, Subscription, Subscription, string, Activity, number]>([
		['a new event begins now', ANYWHERE, BOTH, 'smsSent', PLAIN, EDITED],
		['an event beside a new one goes on', ANYWHERE, BOTH, 'emailsSent', PLAIN, FIRST],
		['of All Events one event goes on', wish('all'), ANYWHERE, 'emailsSent', PLAIN, FIRST],
		['of one event All Events goes on', ANYWHERE, wish('all'), 'emailsSent', PLAIN, FIRST],
		['what All Events adds begins now', ANYWHERE, wish('all'), 'smsSent', PLAIN, EDITED],
		['a new campaign begins now', IN_A, IN_BOTH, 'emailsSent', IN_B, EDITED],
		['a campaign beside a new one goes on', IN_A, IN_BOTH, 'emailsSent', PLAIN, FIRST],
		['of all campaigns one goes on', ANYWHERE, IN_A, 'emailsSent', PLAIN, FIRST],
		['of one campaign all go on with it', IN_A, ANYWHERE, 'emailsSent', PLAIN, FIRST],
		['what all campaigns add begins now', IN_A, ANYWHERE, 'emailsSent', IN_B, EDITED],
		['what names no campaign goes on', ANYWHERE, IN_BOTH, 'emailsSent', UNFLAGGED, FIRST],
		[
			'of one campaign it did not come, and begins now',
			IN_A,
			IN_BOTH,
			'emailsSent',
			UNFLAGGED,
			EDITED,
		],
		['so it does under all campaigns', IN_A, ANYWHERE, 'emailsSent', { campaignId: '' }, EDITED],
		[
			'so do replies from other people alone',
			wish(['emailsReplied'], { campaignIds: ['cam_a'] }),
			wish(['emailsReplied'], { campaignIds: ['cam_a'], thirdPartyReplies: 'only' }),
			'emailsReplied',
			OTHERS,
			EDITED,
		],
		[
			'of All Events in one campaign it came',
			wish('all', { campaignIds: ['cam_a'] }),
			wish('all'),
			'emailsSent',
			UNFLAGGED,
			FIRST,
		],
		[
			'an alert goes by no campaign',
			wish(['connectionIssue'], { campaignIds: ['cam_a'] }),
			wish(['connectionIssue'], { campaignIds: ['cam_b'] }),
			'connectionIssue',
			{ campaignId: 'cam_b' },
			FIRST,
		],
		[
			'bots, no longer ignored, begin now',
			wish(['emailsOpened'], { ignoreBots: true }),
			wish(['emailsOpened']),
			'emailsOpened',
			BOT,
			EDITED,
		],
		[
			'people beside bots go on',
			wish(['emailsOpened'], { ignoreBots: true }),
			wish(['emailsOpened']),
			'emailsOpened',
			PLAIN,
			FIRST,
		],
		[
			'what a bot cannot cause goes on',
			wish(['emailsSent'], { ignoreBots: true }),
			ANYWHERE,
			'emailsSent',
			BOT,
			FIRST,
		],
		[
			'repetitions, no longer left out, begin now',
			wish(['emailsSent'], { firstActivityOnly: true }),
			ANYWHERE,
			'emailsSent',
			AGAIN,
			EDITED,
		],
		[
			'first activities beside repetitions go on',
			wish(['emailsSent'], { firstActivityOnly: true }),
			ANYWHERE,
			'emailsSent',
			PLAIN,
			FIRST,
		],
		[
			'replies of others, no longer left out, begin now',
			wish(['emailsReplied'], { thirdPartyReplies: 'exclude' }),
			wish(['emailsReplied']),
			'emailsReplied',
			OTHERS,
			EDITED,
		],
		[
			'so do those that lemlist lists without the flag',
			wish(['emailsReplied'], { thirdPartyReplies: 'exclude' }),
			wish(['emailsReplied']),
			'emailsReplied',
			UNFLAGGED,
			EDITED,
		],
		[
			"the lead's own beside those of others go on",
			wish(['emailsReplied'], { thirdPartyReplies: 'exclude' }),
			wish(['emailsReplied']),
			'emailsReplied',
			PLAIN,
			FIRST,
		],
		[
			"the lead's own replies, no longer left out, begin now",
			wish(['emailsReplied'], { thirdPartyReplies: 'only' }),
			wish(['emailsReplied']),
			'emailsReplied',
			PLAIN,
			EDITED,
		],
		[
			'what is no reply has no other people',
			wish(['emailsSent'], { thirdPartyReplies: 'exclude' }),
			ANYWHERE,
			'emailsSent',
			UNFLAGGED,
			FIRST,
		],
	])('%s', (_, before, after, event, row, expected) => {
		expect(wantedSince(edited(published(before), after), event, row)).toBe(expected);
	});

	test('Leave Out, then Start Late: nothing from before starts late', () => {
		const out = edited(published(ANYWHERE), wish(['emailsSent'], { missedEvents: 'ignore' }));
		const since = edited(out, ANYWHERE, EDITED + 1);
		expect(wantedSince(since, 'emailsSent', PLAIN)).toBe(EDITED + 1);
		expect(earliestOf(since)).toBe(EDITED + 1);
	});

	test('there and back, through All Events, an event goes on', () => {
		const all = edited(published(ANYWHERE), wish('all'));
		const back = edited(all, BOTH, EDITED + 1);
		expect(wantedSince(back, 'emailsSent', PLAIN)).toBe(FIRST);
		expect(wantedSince(back, 'smsSent', PLAIN)).toBe(EDITED);
	});

	test('the earliest moment is that of the event that is wanted for longest', () => {
		expect(earliestOf(edited(published(ANYWHERE), BOTH))).toBe(FIRST);
		expect(earliestOf(edited(published(ANYWHERE), wish(['smsSent'])))).toBe(EDITED);
	});
});

describe('static data of something else', () => {
	const ANYWHERE = wish(['emailsSent']);

	test.each<[string, Partial<Moment>, number]>([
		['the same node and team: goes on', {}, FIRST],
		['a copy of the workflow', { owner: '["w2","n1"]' }, EDITED],
		['a node that was cut and pasted', { owner: '["w1","n2"]' }, EDITED],
		["another team's key", { team: 'tea_2' }, EDITED],
		['a key that does not tell the team: goes on', { team: undefined as never }, FIRST],
	])('%s', (_, difference, expected) => {
		const { team, ...rest } = moment(EDITED, difference);
		const known = team === undefined ? rest : { ...rest, team };
		const since = carryOver(published(ANYWHERE), ANYWHERE, known);
		expect(wantedSince(since, 'emailsSent', PLAIN)).toBe(expected);
	});

	test('a team that lemlist does not tell once counts all the same afterwards', () => {
		const { team: _team, ...silent } = moment(EDITED);
		const since = stored(carryOver(published(ANYWHERE), ANYWHERE, silent));
		expect(since.team).toBe('tea_1');
		const other = carryOver(since, ANYWHERE, moment(EDITED + 1, { team: 'tea_2' }));
		expect(wantedSince(other, 'emailsSent', PLAIN)).toBe(EDITED + 1);
	});

	test('a team that was not told at first does not begin anew when it is', () => {
		const { team: _team, ...silent } = moment(FIRST, { isFirst: true });
		const since = edited(carryOver(undefined, ANYWHERE, silent), ANYWHERE);
		expect(since.team).toBe('tea_1');
		expect(wantedSince(since, 'emailsSent', PLAIN)).toBe(FIRST);
	});

	test.each<[string, unknown]>([
		['nothing', undefined],
		['null', null],
		['a number', 7],
		['a text', 'since'],
		['a list', []],
		['an empty object', {}],
		['no parts', { owner: OWNER }],
		['parts that are none', { owner: OWNER, wanted: { 'event emailsSent': 'yesterday' } }],
		['parts without a value', { owner: OWNER, wanted: { 'event emailsSent': null } }],
		['an owner that is none', { owner: 7, wanted: { 'event emailsSent': 1 } }],
		['a removal that is none', { owner: OWNER, wanted: { 'event emailsSent': 1 }, removed: 7 }],
	])('%s: everything begins now', (_, garbage) => {
		const since = carryOver(garbage, ANYWHERE, moment(EDITED));
		expect(wantedSince(since, 'emailsSent', PLAIN)).toBe(EDITED);
		expect(removedNow(garbage, false, EDITED)).toBeUndefined();
	});
});

describe('a removal', () => {
	const ANYWHERE = wish(['emailsSent']);

	/** @param after how long after the removal it is published again */
	function again(isAfterFailure: boolean, isFirst: boolean, after: number): number {
		const removedAt = EDITED - AHEAD_MS;
		const removed = stored(removedNow(published(ANYWHERE), isAfterFailure, removedAt));
		const later = moment(EDITED + after, { isFirst });
		return wantedSince(carryOver(removed, ANYWHERE, later), 'emailsSent', PLAIN) - EDITED;
	}

	test.each<[string, boolean, boolean, number, number]>([
		['off and on: nothing from in between', false, true, 1, 1],
		['off and on after two minutes', false, true, 2 * MINUTE_MS + 1, 2 * MINUTE_MS + 1],
		['an edit, which is a removal and a publication: goes on', false, false, 1, FIRST - EDITED],
		['an edit that failed, repeated as an edit: goes on', true, false, 1, FIRST - EDITED],
		[
			'an edit that failed, published anew within two minutes: goes on',
			true,
			true,
			2 * MINUTE_MS,
			FIRST - EDITED,
		],
		['an edit that failed, published anew later', true, true, 2 * MINUTE_MS + 1, 2 * MINUTE_MS + 1],
	])('%s', (_, isAfterFailure, isFirst, after, expected) => {
		expect(again(isAfterFailure, isFirst, after)).toBe(expected);
	});

	test('of several tries that fail, the first counts', () => {
		const first = removedNow(published(ANYWHERE), true, 1_000);
		expect(removedNow(stored(first), true, 9_000)).toEqual(first);
	});

	test('that a person asked for counts over one after a failure', () => {
		const first = removedNow(published(ANYWHERE), true, 1_000);
		expect(removedNow(stored(first), false, 9_000)?.removed).toEqual({
			at: 9_000,
			isAfterFailure: false,
		});
	});

	test('is forgotten with the next publication', () => {
		const removed = removedNow(published(ANYWHERE), true, EDITED - AHEAD_MS);
		expect(edited(removed, ANYWHERE)).not.toHaveProperty('removed');
	});
});

test.each<[string, Activity, boolean]>([
	['flagged', { isThirdPartyReply: true, campaignId: 'cam_a' }, true],
	['without campaign and lead', {}, true],
	['with a lead', { leadId: 'lea_1' }, false],
	['with a campaign', { campaignId: 'cam_a' }, false],
])('a reply %s is from another person or not', (_, reply, expected) => {
	expect(isFromAnother(reply)).toBe(expected);
});

describe('while n8n asks every minute', () => {
	const lookingUp = wish(['emailsSent'], { arrival: 'lookUp' });

	test('nothing is delivered, from the change to it on until the change back', () => {
		const before = published(wish(['emailsSent']));
		expect(wasLookedUp(before, FIRST + 1)).toBe(false);
		const during = edited(before, lookingUp);
		const after = edited(during, wish(['emailsSent']), EDITED + MINUTE_MS);
		const again = edited(after, wish(['emailsSent']), EDITED + 2 * MINUTE_MS);
		for (const [at, was] of [
			[EDITED - 1, false],
			[EDITED, true],
			[EDITED + MINUTE_MS, true],
		] as const)
			expect([during, after, again].map((since) => wasLookedUp(since, at))).toEqual([
				was,
				was,
				was,
			]);
		expect(wasLookedUp(again, EDITED + MINUTE_MS + 1)).toBe(false);
	});

	test('what happens is wanted late, whatever stands for missed events', () => {
		const since = published(wish(['emailsSent'], { arrival: 'lookUp', missedEvents: 'ignore' }));
		expect(wantedSince(since, 'emailsSent', PLAIN)).toBe(FIRST);
		expect(earliestOf(since)).toBe(FIRST);
	});
});

test('what was left out before an edit is wanted late from then on', () => {
	const since = edited(
		published(wish(['emailsSent'], { missedEvents: 'ignore' })),
		wish(['emailsSent']),
	);
	expect(earliestOf(since)).toBe(EDITED);
});
