/** The catalogue against the facts of lemlist's specification, and what may be picked from it. */
import {
	ALL_EVENTS,
	eventOf,
	EVENT_GROUPS,
	EVENTS,
	REMOVED_EVENTS,
} from '../../../nodes/LemlistTrigger/settings/events';
import { readSelection } from '../../../nodes/LemlistTrigger/settings/selection';
import specification from '../../fixtures/specification.json';

const TYPES_OF_SPECIFICATION = specification.categories.flatMap((category) => category.types);

describe('the catalogue', () => {
	test('has the types of the specification in the order of its tables: 75 under 14 headings, so that none can get lost in both lists', () => {
		expect(EVENT_GROUPS.map((group) => group.events.map((event) => event.type))).toEqual(
			specification.categories.map((category) => category.types),
		);
		expect(EVENTS).toHaveLength(75);
		expect(EVENT_GROUPS).toHaveLength(14);
	});

	test("has the types of the specification's enumeration", () => {
		expect(EVENTS.map((event) => event.type).sort()).toEqual(specification.enumeration);
	});

	test.each(specification.removed)('does not have the removed type %s', (type) => {
		expect(eventOf(type)).toBeUndefined();
		expect(Object.keys(REMOVED_EVENTS)).toContain(type);
	});

	test.each(['name', 'description'] as const)('has a %s of its own for each event', (field) => {
		const texts = EVENTS.map((event) => event[field].trim());
		expect(new Set(texts).size).toBe(EVENTS.length);
		expect(texts.filter((text) => text === '')).toEqual([]);
	});

	test("names none of lemlist's types in what people read", () => {
		const read = EVENTS.map((event) => `${event.name} ${event.description}`).join('\n');
		expect(
			TYPES_OF_SPECIFICATION.filter((type) => /[a-z][A-Z]/.test(type) && read.includes(type)),
		).toEqual([]);
	});

	test('marks exactly the events that belong to no campaign', () => {
		expect(EVENTS.filter((event) => event.teamWide).map((event) => event.type)).toEqual([
			'customDomainErrors',
			'connectionIssue',
			'sendLimitReached',
			'lemwarmPaused',
			'enrichmentDone',
			'enrichmentError',
			'inboxLabelUpdated',
			'signalRegistered',
			'deliverabilityAlertTriggered',
		]);
	});

	test('marks exactly the reply events', () => {
		expect(EVENTS.filter((event) => event.reply).map((event) => event.type)).toEqual([
			'warmed',
			'emailsReplied',
			'linkedinReplied',
			'whatsappReplied',
			'smsReplied',
		]);
	});

	test('marks exactly the opens and clicks', () => {
		expect(EVENTS.filter((event) => event.openOrClick).map((event) => event.type)).toEqual([
			'hooked',
			'attracted',
			'emailsOpened',
			'emailsClicked',
			'linkedinOpened',
			'whatsappMessageOpened',
		]);
	});

	test('lets events include only events that exist', () => {
		const included = EVENTS.flatMap((event) => event.includes ?? []);
		expect(included.filter((type) => eventOf(type) === undefined)).toEqual([]);
		expect(included.length).toBeGreaterThan(0);
	});
});

describe('what is picked', () => {
	const email = specification.categories[1]?.types ?? [];
	test.each<[string, unknown, readonly string[]]>([
		['a single event', ['emailsReplied'], ['emailsReplied']],
		['one string from an expression', 'emailsReplied', ['emailsReplied']],
		['several, in the order of the catalogue', ['smsSent', 'contacted'], ['contacted', 'smsSent']],
		['the same twice', ['smsSent', 'smsSent'], ['smsSent']],
		['a heading, for its group', ['group:email'], email],
		['a heading and one of its events', ['group:email', 'emailsSent'], email],
		['empty entries beside an event', ['', null, 'emailsSent'], ['emailsSent']],
	])('%s', (_, picked, types) => {
		expect(readSelection(picked)).toEqual({ kind: 'types', types });
	});

	test.each<[string, unknown]>([
		['alone', [ALL_EVENTS]],
		['as a string', ALL_EVENTS],
		['beside others', ['emailsSent', 'group:sms', ALL_EVENTS]],
	])('All Events, %s, absorbs everything', (_, picked) => {
		expect(readSelection(picked)).toEqual({ kind: 'all' });
	});

	test.each<[string, unknown, RegExp]>([
		['nothing', [], /^No event is picked\. Pick/],
		['an empty string', '', /^No event is picked\. Pick/],
		['undefined', undefined, /^No event is picked\. Pick/],
		['an unknown name', ['emailReplied'], /no event called "emailReplied".*Pick/],
		['an unknown name beside All Events', ['*', 'nope'], /no event called "nope"/],
		['an unknown heading', ['group:nope'], /no event called "group:nope"/],
		['a number', [7], /no event called "7"/],
		['an object', [{ a: 1 }], /no event called "\{"a":1\}"/],
		['a name every object has', ['constructor'], /no event called "constructor"/],
		[
			'a removed event without replacement',
			['skipped'],
			/no longer has the event "skipped", and nothing replaces it/,
		],
		[
			'a removed event with one',
			['emailsSendFailed'],
			/no longer has the event "emailsSendFailed"\. Use "emailsFailed"/,
		],
		[
			'a removed event with another kind of replacement',
			['opportunitiesDone'],
			/no longer has the event "opportunitiesDone"\. Use "annotated"/,
		],
	])('%s is refused in words', (_, picked, words) => {
		const selection = readSelection(picked);
		expect(selection.kind).toBe('problem');
		expect(selection).toHaveProperty('problem', expect.stringMatching(words));
	});
});
