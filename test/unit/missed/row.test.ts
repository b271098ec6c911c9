/** A row of lemlist's list, read as the delivery that a hook would have brought. */
import { keyOf } from '../../../nodes/LemlistTrigger/deliveries/mark';
import type { Activity } from '../../../nodes/LemlistTrigger/lemlist/schemas';
import { isAskedFor, isOfAnyChannel, rowOf } from '../../../nodes/LemlistTrigger/missed/row';
import { EVENTS, type EventType } from '../../../nodes/LemlistTrigger/settings/events';

const HAPPENED = '2026-01-01T10:00:00.000Z';
const FIELDS = { _id: 'act_1', type: 'emailsReplied', createdAt: HAPPENED, teamId: 'tea_1' };

function read(activity: Activity, type?: EventType, team: string | undefined = 'tea_1') {
	const scope = { isFirst: false, ...(type !== undefined && { type }) };
	return rowOf({ scope, activity }, team);
}

describe('a row', () => {
	test('is known at the gate by the event that was asked for and its id', () => {
		expect(read(FIELDS, 'emailsReplied')).toEqual({
			event: 'emailsReplied',
			key: keyOf('emailsReplied', FIELDS),
			at: Date.parse(HAPPENED),
			activity: FIELDS,
		});
	});

	test.each<[string, EventType | undefined, string, string | undefined]>([
		['of the type asked for', 'emailsReplied', 'emailsReplied', 'emailsReplied'],
		['of another', 'emailsReplied', 'emailsSent', undefined],
		['of a channel, where any was asked for', 'warmed', 'smsReplied', 'warmed'],
		['of any channel, where one was asked for', 'smsReplied', 'warmed', undefined],
		['of a channel that does not count there', 'warmed', 'smsSent', undefined],
		['of any type, where all were asked for', undefined, 'smsReplied', 'smsReplied'],
		['of any channel, where all were asked for', undefined, 'warmed', 'warmed'],
		['that is no event, where all were asked for', undefined, 'conditionChosen', undefined],
		['that is delivered differently', undefined, 'enrichmentDone', undefined],
	])('%s counts as that, or not', (_, asked, type, event) => {
		expect(read({ ...FIELDS, type }, asked)?.event).toBe(event);
		if (asked !== undefined) expect(isAskedFor(asked, { type })).toBe(event !== undefined);
	});

	test.each<[string, Activity, string | undefined, boolean]>([
		['of this team', { teamId: 'tea_1' }, 'tea_1', true],
		['of another', { teamId: 'tea_2' }, 'tea_1', false],
		['that names no team', { teamId: undefined }, 'tea_1', true],
		['where the team is not known', { teamId: 'tea_2' }, undefined, true],
	])('%s counts or not', (_, team, known, counts) => {
		const row = rowOf({ scope: { isFirst: false }, activity: { ...FIELDS, ...team } }, known);
		expect(row !== undefined).toBe(counts);
	});

	test.each<[string, boolean, Activity, boolean]>([
		['a first activity', true, { isFirst: true }, true],
		['a repetition', true, { isFirst: false }, false],
		['one that does not say', true, {}, true],
		['a repetition', false, { isFirst: false }, true],
	])('%s, asked for as a first one: %j, counts or not', (_, isFirst, difference, counts) => {
		const activity = { ...FIELDS, ...difference };
		expect(rowOf({ scope: { isFirst }, activity }, 'tea_1') !== undefined).toBe(counts);
	});

	test.each<[string, Activity]>([
		['without an id', { _id: undefined }],
		['with an empty id', { _id: '' }],
		['with an id that is none', { _id: 7 }],
		['without a time', { createdAt: undefined }],
		['with a time that is none', { createdAt: 'yesterday' }],
		['with a number for its time', { createdAt: 1_767_261_600 }],
		['without a type', { type: undefined }],
		['with a type that is none', { type: { name: 'emailsReplied' } }],
	])('%s is left out: nobody can tell what it is', (_, difference) => {
		expect(read({ ...FIELDS, ...difference })).toBeUndefined();
		expect(read({ ...FIELDS, ...difference }, 'emailsReplied')).toBeUndefined();
	});
});

describe('what the workflow gets', () => {
	const got = (activity: Activity) => read({ ...FIELDS, ...activity })?.activity;

	test("has the lead's variables beside the fields, and no lead", () => {
		const lead = { _id: 'lea_1', variables: { firstName: 'Ada', 'My own': { deep: [1] } } };
		expect(got({ lead, metaData: { teamId: 'tea_1' } })).toEqual({
			...FIELDS,
			metaData: { teamId: 'tea_1' },
			firstName: 'Ada',
			'My own': { deep: [1] },
		});
	});

	test('has the fields of the activity where variables are called like them', () => {
		const variables = {
			...{ _id: 'mine', type: 'B2B', createdAt: 'long ago', teamId: 'red', isLate: 'never' },
			...{ lead: 'the first', campaignId: 'Spring' },
		};
		expect(got({ lead: { variables } })).toEqual({
			...FIELDS,
			lead: 'the first',
			campaignId: 'Spring',
			isLate: 'never',
		});
	});

	test.each([null, undefined, 'Ada', 7, [], {}, { variables: null }, { variables: 'none' }])(
		'has no variables where the lead is %j',
		(lead) => {
			expect(got({ lead })).toEqual(FIELDS);
		},
	);

	test('has no secret, as a delivery has none', () => {
		expect(got({ secret: 'x' })).toEqual(FIELDS);
		expect(got({ lead: { variables: { secret: 'x' } } })).toEqual(FIELDS);
	});
});

test('events for any channel are those that the catalogue says include others', () => {
	const inAny = EVENTS.filter(({ type }) => isOfAnyChannel(type)).map(({ type }) => type);
	expect(inAny).toEqual([
		...['contacted', 'hooked', 'attracted', 'warmed', 'interested', 'notInterested'],
	]);
});
