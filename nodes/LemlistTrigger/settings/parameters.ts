/** The parameters of the node as n8n shows them, made from the catalogue where they list events. */
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { ALL_EVENTS, EVENT_GROUPS, EVENTS, GROUP_PREFIX, type LemlistEvent } from './events';

/** Words that keep their capitals inside a sentence. */
const PROPER_NAMES = new Set(['API', 'LinkedIn', 'Lemwarm', 'SMS', 'WhatsApp']);

/** @returns how the node panel names an event, such as "On LinkedIn invite accepted" */
export function actionOf(event: Pick<LemlistEvent, 'name'>): string {
	const words = event.name
		.split(/\b/)
		.map((word) => (PROPER_NAMES.has(word) ? word : word.toLowerCase()));
	return `On ${words.join('')}`;
}

/**
 * Keeps a row out of the node panel and of what typing finds. Empty, not blank: n8n shows the value of a
 * picked row without a name, and a blank as a blank.
 */
export const NAMELESS = '';

/**
 * A heading looks native without a name and cannot be picked (in n8n 1.x it can, and then means the
 * whole group). Without a name, it also stays out of the node panel.
 */
function headingOf(group: { key: string; title: string }): INodePropertyOptions {
	return {
		name: NAMELESS,
		value: GROUP_PREFIX + group.key,
		description: `<b>${group.title}</b>`,
		disabled: true,
	};
}

function optionOf(event: LemlistEvent): INodePropertyOptions {
	return {
		name: event.name,
		value: event.type,
		description: event.description,
		action: actionOf(event),
	};
}

const ALL_EVENTS_OPTION: INodePropertyOptions = {
	name: 'All Events',
	value: ALL_EVENTS,
	description: 'Everything that happens in lemlist, including events that lemlist adds later',
	action: 'On any event',
};

const EVENT_OPTIONS: INodePropertyOptions[] = [
	ALL_EVENTS_OPTION,
	...EVENT_GROUPS.flatMap((group) => [headingOf(group), ...group.events.map(optionOf)]),
];

/** Under the node on the canvas: the name of the event, or how many are picked. */
export const SUBTITLE = subtitleOf('[].concat($parameter["events"])');

function subtitleOf(picked: string): string {
	const names = Object.fromEntries([
		...EVENTS.map(({ type, name }) => [type, name]),
		...EVENT_GROUPS.map(({ key, title }) => [GROUP_PREFIX + key, title]),
	]) as object;
	const only = `(${JSON.stringify(names)})[${picked}[0]] || ${picked}[0]`;
	return `={{ ${picked}.includes("${ALL_EVENTS}") ? "All events" : ${picked}.length > 1 ? ${picked}.length + " events" : ${only} }}`;
}

/** Shown when an event is picked together with one that it includes: both arrive for one action. */
const OVERLAP_NOTICES: INodeProperties[] = EVENTS.flatMap((event) => {
	const { includes = [] } = event;
	if (includes.length === 0) return [];
	const names = EVENTS.filter(({ type }) => includes.includes(type)).map(({ name }) => `"${name}"`);
	return [
		{
			displayName: `"${event.name}" already covers ${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}. If you pick one of these as well, the workflow starts twice for one action: pick one or the other.`,
			name: `overlap_${event.type}`,
			type: 'notice',
			default: '',
			displayOptions: {
				// Two spellings of one parameter: n8n wants one of each list, so both have to be picked.
				show: { events: headedBy([event.type]), '/events': headedBy(includes) },
				hide: { events: [ALL_EVENTS] },
			},
		} satisfies INodeProperties,
	];
});

const ALL_EVENTS_NOTICE: INodeProperties = {
	displayName:
		'All Events includes every other event, so nothing else has to be picked. Some actions in lemlist arrive as two events, and start the workflow twice. A reply to an email, for example, arrives as "Email Replied" and as "Lead Replied (Any Channel)".',
	name: 'overlap_all',
	type: 'notice',
	default: '',
	displayOptions: { show: { events: [ALL_EVENTS] } },
};

/** How n8n finds whether more than one campaign is picked: it has no condition on how many. */
const SECOND_CAMPAIGN = '/campaigns[1]';

/** With several campaigns or with All Events it is the node that filters, and lets these replies pass. */
const ONE_CAMPAIGN_NOTICE: INodeProperties = {
	displayName:
		'Replies that somebody else wrote, such as an assistant of the lead, name no campaign. With a single campaign picked, lemlist may leave them out. To get them, leave this field empty.',
	name: 'oneCampaign',
	type: 'notice',
	default: '',
	displayOptions: {
		show: {
			events: headedBy(EVENTS.filter(({ reply }) => reply).map(({ type }) => type)),
			campaigns: [{ _cnd: { exists: true } }],
		},
		hide: {
			'/events': [ALL_EVENTS],
			'/options.thirdPartyReplies': ['exclude', 'only'],
			[SECOND_CAMPAIGN]: [{ _cnd: { exists: true } }],
		},
	},
};

/** In n8n 1.x a heading can be picked and stands for its events. */
function headedBy(types: readonly string[]): string[] {
	const groups = EVENT_GROUPS.filter((group) =>
		group.events.some((event) => types.includes(event.type)),
	);
	return [...types, ...groups.map((group) => GROUP_PREFIX + group.key)];
}

/** n8n cuts the description of a choice off after two lines, which is some 100 characters. A switch that somebody adds is on at once: who adds it, wants it on. A choice shows what holds without it. */
const OPTIONS: INodeProperties[] = [
	{
		displayName: 'First Activity Only',
		name: 'firstActivityOnly',
		type: 'boolean',
		default: true,
		description:
			'Whether to start only the first time that an event happens for a lead at a step. Alerts about your workspace always start the workflow. With All Events, lemlist decides which of them come.',
	},
	{
		displayName: 'How Events Arrive',
		name: 'arrival',
		type: 'options',
		options: [
			{
				name: 'At Once, by Webhook',
				value: 'webhook',
				description:
					'As soon as something happens, lemlist calls n8n. Your n8n needs an address on the internet.',
			},
			{
				name: 'Every Minute, Without a Public Address',
				value: 'lookUp',
				description:
					'Once a minute, n8n asks lemlist what has happened. For an n8n at home, on a laptop or behind a firewall.',
			},
		],
		default: 'webhook',
		description:
			'Whether lemlist calls n8n, or n8n asks lemlist. A few events cannot be found by asking: if you have picked one, n8n names it when you test or publish.',
	},
	{
		displayName: 'Ignore Bots',
		name: 'ignoreBots',
		type: 'boolean',
		default: true,
		description:
			'Whether to leave out opens and clicks that lemlist marks as made by a machine, such as a mail scanner',
	},
	{
		displayName: 'Missed Events',
		name: 'missedEvents',
		type: 'options',
		options: [
			{
				name: 'Start the Workflow Late',
				value: 'catchUp',
				description:
					'Start on them as soon as they are found, up to seven days after they happened. They come with "isLate" in them.',
			},
			{
				name: 'Leave Out',
				value: 'ignore',
				description:
					'Start only on events that reach n8n by themselves. What is missed stays missed.',
			},
		],
		default: 'catchUp',
		description:
			'What to do with events that did not reach n8n, such as a reply that came while n8n was down. If you do not add this option, they start the workflow late. A few never do, because lemlist does not list them: alerts about your workspace, call recordings and some others. Has no effect where events arrive every minute.',
	},
	{
		displayName: 'Replies From Other People',
		name: 'thirdPartyReplies',
		type: 'options',
		options: [
			{ name: 'Include', value: 'include', description: 'Start on every reply, whoever wrote it' },
			{
				name: 'Leave Out',
				value: 'exclude',
				description: 'Start only on replies that the lead wrote',
			},
			{
				name: 'Only These',
				value: 'only',
				description:
					'Start only on replies that somebody else wrote. Other events are not affected.',
			},
		],
		default: 'include',
		description:
			"What to do with a reply from an address other than the lead's, such as an assistant's or a colleague's. It comes without the campaign and the lead.",
	},
	{
		displayName: 'Test With',
		name: 'testWith',
		type: 'options',
		options: [
			{
				name: 'Newest Event',
				value: 'newest',
				description:
					'Show the newest one that lemlist has, at once. If it finds none, it waits for one.',
			},
			{
				name: 'Next Event',
				value: 'next',
				description: 'Wait until something happens in lemlist',
			},
		],
		default: 'newest',
		description:
			'Which event you see when you press Execute step or Execute workflow. Either is a real one: Execute workflow runs all steps on a real lead.',
	},
];

export const PARAMETERS: INodeProperties[] = [
	{
		displayName: 'Events',
		name: 'events',
		type: 'multiOptions',
		required: true,
		default: [],
		options: EVENT_OPTIONS,
		description:
			'What has to happen in lemlist for the workflow to start. Type to search: "repl" finds every reply.',
	},
	...OVERLAP_NOTICES,
	ALL_EVENTS_NOTICE,
	{
		displayName: 'Campaign Names or IDs',
		name: 'campaigns',
		type: 'multiOptions',
		typeOptions: { loadOptionsMethod: 'getCampaigns', allowArbitraryValues: true },
		default: [],
		description:
			'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
		hint: 'Leave empty for all campaigns',
	},
	ONE_CAMPAIGN_NOTICE,
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: OPTIONS,
	},
];
