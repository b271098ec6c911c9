/** What an item carries on its way to the gate, and what stands for an activity there. */
import {
	keyOf,
	MARK,
	marked,
	markOf,
	ownEventOf,
	type Mark,
} from '../../../nodes/LemlistTrigger/deliveries/mark';

test.each<[string, Mark]>([
	['a delivery', { is: 'delivered', event: 'emailsReplied' }],
	['a delivery that names no event', { is: 'delivered', event: '' }],
	['a late start', { is: 'late', event: 'warmed', isProven: true }],
	['a question', { is: 'question', keys: ['k1', 'k2'], kinds: ['emailsReplied'] }],
	['a question about nothing', { is: 'question', keys: [], kinds: [] }],
])('%s keeps its mark on the way through n8n, beside the activity', (_, mark) => {
	const activity = { _id: 'act_1', lemlist: 'a variable of that name' };
	const arrived = JSON.parse(JSON.stringify(marked(activity, mark))) as Record<string, unknown>;
	expect(markOf(arrived)).toEqual(mark);
	expect(arrived.json).toEqual(activity);
});

test.each<[string, unknown]>([
	['none', undefined],
	['null', null],
	['a text', 'late'],
	['of another kind', { is: 'tomorrow', event: 'emailsReplied' }],
	['without its event', { is: 'late', isProven: false }],
	['with an event that is none', { is: 'delivered', event: 7 }],
	['a question without keys', { is: 'question', events: [] }],
	['a question with keys that are none', { is: 'question', keys: [7], kinds: [] }],
])('a mark of another version is none: %s', (_, mark) => {
	expect(markOf({ json: {}, [MARK]: mark })).toBeUndefined();
});

test('a mark within the activity is none: whoever names a variable so marks nothing', () => {
	expect(markOf({ json: { [MARK]: { is: 'late', event: 'emailsReplied' } } })).toBeUndefined();
});

test('activities under other events and ids have keys of their own, however they are spelled', () => {
	const parts = ['a', 'b', 'a","b', '"', '["a"', '\\', 'a\u0000b'];
	const keys = parts.flatMap((event) => parts.map((_id) => keyOf(event, { _id })));
	expect(new Set(keys).size).toBe(parts.length ** 2);
});

test('the key goes by the event that was asked for, not by what the activity says of itself', () => {
	const key = (type: string) => keyOf('warmed', { _id: 'act_1', type });
	expect(key('emailsReplied')).toBe(key('B2B'));
});

test.each([undefined, null, '', 7, ['act_1'], { id: 'act_1' }])(
	'an activity with %j for its id cannot be told from others',
	(_id) => {
		expect(keyOf('emailsReplied', { _id })).toBeUndefined();
	},
);

test.each<[unknown, string]>([
	['emailsReplied', 'emailsReplied'],
	[undefined, ''],
	[7, ''],
])('an activity of the type %j came under %j of all events', (type, event) => {
	expect(ownEventOf({ type })).toBe(event);
});
