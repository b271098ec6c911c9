/** The workflow files as files: nothing of anybody's n8n in them, a sample, a note, and known events. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { eventOf, REMOVED_EVENTS } from '../../nodes/LemlistTrigger/settings/events';
import { PARAMETERS } from '../../nodes/LemlistTrigger/settings/parameters';
import { EXAMPLES_FOLDER, readWorkflowFile, triggerOf } from '../e2e/examples/workflowFile';
import BUILT_IN_EVENTS from '../fixtures/builtInEvents.json';
import { documents, textOf } from '../package/documents';
import { counterpartOf, movingTable } from '../package/movingTable';
import { versionTable } from '../package/versionTable';

const TYPE = 'n8n-nodes-lemlist.lemlistTrigger';
const docs = documents().map(textOf).join('\n');
const ALL_FILES = readdirSync(EXAMPLES_FOLDER, { recursive: true, encoding: 'utf8' })
	.filter((file) => file.endsWith('.json'))
	.map((file) => file.slice(0, -'.json'.length));
const TO_IMPORT = ALL_FILES.filter((file) => !file.includes(path.sep));
const OURS = ALL_FILES.filter((file) => triggerOf(readWorkflowFile(file)).type === TYPE);

/** The one that is started by hand. */
const BY_HAND = 'hooks-at-lemlist';
const STARTED_BY_EVENTS = ALL_FILES.filter((file) => file !== BY_HAND);

test('there are five to import, and two about moving', () => {
	expect([TO_IMPORT.length, ALL_FILES.length]).toEqual([5, 7]);
});

test('only a person can start the one that can delete: it cannot be published', () => {
	const { nodes } = readWorkflowFile(BY_HAND);
	const starts = nodes.filter(({ type }) => /trigger|webhook|form|chat|wait/i.test(type));
	expect(starts.map(({ type }) => type)).toEqual(['n8n-nodes-base.manualTrigger']);
});

test.each(ALL_FILES)(
	"%s holds no credential, no address and no id of anybody's n8n, and is told of in README or docs",
	(file) => {
		const draft = readWorkflowFile(file);
		expect(draft.nodes.filter((node) => 'credentials' in node || 'webhookId' in node)).toEqual([]);
		expect(Object.keys(draft)).toEqual(['name', 'nodes', 'pinData', 'connections', 'settings']);
		expect(docs).toContain(`examples/${file}.json`);
	},
);

test.each(STARTED_BY_EVENTS)(
	'%s has a sample for its trigger, of an event that the trigger listens to',
	(file) => {
		const draft = readWorkflowFile(file);
		const { name, parameters } = triggerOf(draft);
		const [sample] = draft.pinData?.[name] ?? [];
		expect([parameters.events ?? parameters.event].flat()).toContain(sample?.json.type);
	},
);

test.each(OURS)(
	'%s sets only parameters that the trigger has, and events that lemlist has',
	(file) => {
		const { parameters } = triggerOf(readWorkflowFile(file));
		const known = PARAMETERS.map(({ name }) => name);
		expect(Object.keys(parameters).filter((name) => !known.includes(name))).toEqual([]);
		expect((parameters.events as string[]).filter((type) => eventOf(type) === undefined)).toEqual(
			[],
		);
	},
);

/** Who wrote, and what: the fields of that name, by the name of the field. */
function readBy(file: string): unknown {
	const { nodes } = readWorkflowFile(file);
	const reader = nodes.find(({ name }) => name === 'Read the reply');
	const { assignments } = reader?.parameters.assignments as {
		assignments: Array<{ name: string; value: string }>;
	};
	return Object.fromEntries(assignments.map(({ name, value }) => [name, value]));
}

test('replies are read in one way, wherever they are read', () => {
	expect(readBy('sort-replies-with-ai')).toMatchObject(readBy('reply-to-chat') as object);
});

test.each(TO_IMPORT)(
	'%s has a note that says in two sentences what to fill in, and names only nodes that are there',
	(file) => {
		const { nodes } = readWorkflowFile(file);
		const [note, ...others] = nodes
			.filter(({ type }) => type === 'n8n-nodes-base.stickyNote')
			.map(({ parameters }) => String(parameters.content));
		expect(others).toEqual([]);
		const [, text = ''] = note?.split('\n') ?? [];
		expect(text.split(/\.(?= |$)/).filter(Boolean)).toHaveLength(2);
		const named = [...text.matchAll(/\*\*(.+?)\*\*/g)].map(([, name]) => name);
		expect(named.length).toBeGreaterThan(1);
		expect(named.filter((name) => !nodes.some((node) => node.name === name))).toEqual([]);
	},
);

describe('moving from the built-in trigger', () => {
	test.each(BUILT_IN_EVENTS)(
		'$value has a counterpart, or docs/moving.md says what to use instead',
		({ name, value }) => {
			const counterpart = counterpartOf({ name, value });
			expect(movingTable()).toContain(`\`${value}\` | ${counterpart} |`);
			const isKnown = value === '*' || eventOf(value) !== undefined || value in REMOVED_EVENTS;
			expect(isKnown).toBe(true);
		},
	);

	test('an event that nothing is known of is noticed', () => {
		expect(() => counterpartOf({ name: 'Unheard', value: 'unheard' })).toThrow('unheard');
	});

	test('the names that a workflow holds are the same for 44 events', () => {
		expect(BUILT_IN_EVENTS.filter(({ value }) => eventOf(value) !== undefined)).toHaveLength(44);
	});
});

test('the table of versions says for each check in which n8n it is run', () => {
	const [columns = '', , ...lines] = versionTable().split('\n');
	expect(columns).toMatch(/\| n8n 2\.[\d.]+ \| n8n 1\.[\d.]+ \|$/);
	for (const line of lines) expect(line).toMatch(/\| (yes|[\d.]+) \| (yes|not run|[\d.]+) \|$/);
});
