/** What people see of the events in the dropdown and in the node panel, by n8n's own rules of display. */
import { runInNewContext } from 'node:vm';
import {
	NodeHelpers,
	type IDataObject,
	type INode,
	type INodeParameters,
	type INodeProperties,
	type INodePropertyOptions,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { ALL_EVENTS, EVENT_GROUPS, EVENTS } from '../../../nodes/LemlistTrigger/settings/events';
import { actionOf, PARAMETERS, SUBTITLE } from '../../../nodes/LemlistTrigger/settings/parameters';

const OPTIONS = (PARAMETERS.find((parameter) => parameter.name === 'events')?.options ??
	[]) as INodePropertyOptions[];

describe('the dropdown', () => {
	test('begins with All Events and lists every event under headings that cannot be picked', () => {
		expect(OPTIONS[0]?.value).toBe(ALL_EVENTS);
		expect(OPTIONS.slice(1).map((option) => option.value)).toEqual(
			EVENT_GROUPS.flatMap((group) => [
				`group:${group.key}`,
				...group.events.map((event) => event.type),
			]),
		);
		const headings = OPTIONS.filter((option) => option.disabled === true);
		expect(headings.map((heading) => heading.description)).toEqual(
			EVENT_GROUPS.map((group) => `<b>${group.title}</b>`),
		);
		// A picked heading in n8n 1.x then goes by its value; a blank name would leave a blank there.
		expect(headings.every((heading) => heading.name === '')).toBe(true);
	});

	test('has heading values that saved workflows can rely on', () => {
		expect(EVENT_GROUPS.map((group) => group.key)).toEqual([
			'lead',
			'email',
			'linkedin',
			'whatsapp',
			'sms',
			'call',
			'api',
			'manual',
			'task',
			'workspace',
			'enrichment',
			'inbox',
			'signal',
			'deliverability',
		]);
	});
});

describe('the node panel', () => {
	test('finds the events by the name of their parameter', () => {
		expect(PARAMETERS.find((parameter) => parameter.name === 'events')?.displayName).toBe('Events');
	});

	test.each([
		['Email Replied', 'On email replied'],
		['LinkedIn Invite Accepted', 'On LinkedIn invite accepted'],
		['SMS Sent', 'On SMS sent'],
		['WhatsApp Message Replied', 'On WhatsApp message replied'],
		['Lemwarm Paused', 'On Lemwarm paused'],
		['Lead Interested (API)', 'On lead interested (API)'],
		['Lead Replied (Any Channel)', 'On lead replied (any channel)'],
	])('names %s "%s"', (name, action) => {
		expect(actionOf({ name })).toBe(action);
	});

	test('has an entry of its own for each event', () => {
		expect(new Set(OPTIONS.map((option) => option.action).filter(Boolean)).size).toBe(
			EVENTS.length + 1,
		);
	});
});

const notices = PARAMETERS.filter((parameter) => parameter.type === 'notice');

function shownNotices(parameters: INodeParameters): string[] {
	const node = { parameters, typeVersion: 2 } as unknown as INode;
	const isShown = (notice: INodeProperties) =>
		NodeHelpers.displayParameter(parameters, notice, node, {} as INodeTypeDescription);
	return notices.filter(isShown).map((notice) => notice.name);
}

describe('the line under the node', () => {
	test.each<[unknown, string]>([
		[['emailsReplied'], 'Email Replied'],
		['emailsReplied', 'Email Replied'],
		[['warmed'], 'Lead Replied (Any Channel)'],
		[['warmed', 'emailsOpened'], '2 events'],
		[['*'], 'All events'],
		[['emailsOpened', '*'], 'All events'],
		[['group:sms'], 'SMS'],
		[['unheard'], 'unheard'],
	])('for %j is "%s"', (events, expected) => {
		const [, expression = ''] = /^=\{\{(.*)\}\}$/.exec(SUBTITLE) ?? [];
		expect(runInNewContext(expression, { $parameter: { events } })).toBe(expected);
	});
});

describe('the notice of replies that may be missing with one campaign', () => {
	const reply = { events: ['emailsReplied'], campaigns: ['cam_1'] };

	test.each<[IDataObject, boolean]>([
		[reply, true],
		[{ ...reply, events: ['group:sms'] }, true],
		[{ ...reply, campaigns: [] }, false],
		[{ ...reply, campaigns: ['cam_1', 'cam_2'] }, false],
		[{ ...reply, events: ['emailsOpened'] }, false],
		[{ ...reply, events: ['*', 'emailsReplied'] }, false],
		[{ ...reply, options: { thirdPartyReplies: 'exclude' } }, false],
		[{ ...reply, options: { thirdPartyReplies: 'only' } }, false],
		[{ ...reply, options: { thirdPartyReplies: 'include' } }, true],
	])('with %j is shown: %j', (parameters, expected) => {
		expect(shownNotices(parameters as INodeParameters).includes('oneCampaign')).toBe(expected);
	});
});

describe('the notice of overlapping events', () => {
	test.each<[string[], string[]]>([
		[['warmed', 'emailsReplied'], ['overlap_warmed']],
		[['warmed'], []],
		[['emailsReplied', 'linkedinReplied'], []],
		[['warmed', 'emailsSent'], []],
		[
			['contacted', 'smsSent', 'hooked', 'linkedinOpened'],
			['overlap_contacted', 'overlap_hooked'],
		],
		[['notInterested', 'manualNotInterested'], ['overlap_notInterested']],
		[['group:lead', 'emailsReplied'], ['overlap_warmed']],
		[['warmed', 'group:sms'], ['overlap_warmed']],
		[['*', 'warmed', 'emailsReplied'], ['overlap_all']],
		[['*'], ['overlap_all']],
	])('with %j: %j', (events, expected) => {
		expect(shownNotices({ events })).toEqual(expected);
	});

	const overlaps = EVENTS.filter(({ includes = [] }) => includes.length > 0);

	test.each(overlaps)('of $type names all that it covers', ({ type, includes = [] }) => {
		const [notice] = notices.filter(({ name }) => name === `overlap_${type}`);
		for (const each of [type, ...includes])
			expect(notice?.displayName).toContain(
				`"${String(EVENTS.find((event) => event.type === each)?.name)}"`,
			);
	});

	test.each(overlaps.flatMap(({ type, includes = [] }) => includes.map((other) => [type, other])))(
		'is shown for %s with %s',
		(type, other) => {
			expect(shownNotices({ events: [other, type] })).toEqual([`overlap_${type}`]);
		},
	);
});
