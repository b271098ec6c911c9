/**
 * The examples as people meet them: imported through the editor, with events that lack this or that,
 * and on pictures. The pictures in docs/pictures are made anew with
 * UPDATE_PICTURES=1 npm run test:e2e -- examples.test.
 */
import { join } from 'node:path';
import type { Page } from 'playwright-core';

import { activityOf, thirdPartyReply, type Activity, type Effect } from '../sandbox';
import { LEAD } from '../sandbox/people';
import { fitCanvas, importFile, openWorkflow, untilDrawn } from './browser/editorPage';
import { takePicture, takeReadmePicture } from './browser/pictures';
import { WorkflowPage } from './browser/workflowPage';
import { EXAMPLES, type Example } from './examples/examples';
import { ExamplesStage } from './examples/stage';
import { EXAMPLES_FOLDER, readWorkflowFile } from './examples/workflowFile';
import type { WorkflowDraft } from './n8n/editor';

/** What a user of Slack would have filled in. */
const SLACK_URL = 'https://hooks.slack.com/services/T0123/B0123/abc';
const LEAST_WIDTH = 400;

let stage: ExamplesStage;
let page: Page;
beforeAll(async () => {
	stage = await ExamplesStage.start();
	page = await stage.signIn();
});
afterAll(async () => {
	await stage.close();
});

function exampleCalled(file: string): Example {
	const example = EXAMPLES.find((other) => other.file === file);
	if (example === undefined) throw new Error(`There is no example ${file}`);
	return example;
}

/** All but the notes. */
function stepsOf(nodes: WorkflowDraft['nodes']): WorkflowDraft['nodes'] {
	return nodes.filter(({ type }) => !type.endsWith('stickyNote'));
}

test.each(EXAMPLES)(
	'$file.json can be imported in the editor, which shows its nodes, its note and its sample',
	async ({ file }) => {
		const { nodes } = readWorkflowFile(file);
		await importFile(page, join(EXAMPLES_FOLDER, `${file}.json`), nodes.length);
		await untilDrawn(page, [
			...stepsOf(nodes).map(({ name }) => name),
			'Pick your lemlist credential',
			'1 item',
		]);
	},
);

test.each(EXAMPLES)(
	'$file.json is filled in, opened and executed in the editor, with its sample: each step that it comes to has its tick',
	async (example) => {
		const {
			workflow: { id },
			outcome,
			nodes,
		} = await stage.imported(example);
		await openWorkflow(page, id, nodes.length);
		const workflow = new WorkflowPage(page);
		await workflow.executeButton.click();
		await workflow.alerts.getByText('Workflow executed successfully').waitFor();
		// The trigger, with its sample, has a pin instead.
		const { notWithSample = [] } = example;
		await workflow.untilTicked(stepsOf(nodes).length - 1 - notWithSample.length);
		expect(await outcome()).toEqual([example.ofSample]);
		await takePicture(page, `example-executed-${example.file}`);
	},
);

interface Odd {
	what: string;
	file: string;
	activity: Activity;
	text: string;
}

const ODD_EVENTS: readonly Odd[] = [
	{
		what: 'a reply from somebody else',
		file: 'reply-to-chat',
		activity: thirdPartyReply('warmed', {
			leadFirstName: undefined,
			leadLastName: undefined,
			leadCompanyName: undefined,
			leadEmail: 'pa@example.com',
			campaignName: undefined,
		}),
		text: 'pa@example.com replied:\nSounds good, call me on Tuesday.',
	},
	{
		what: 'a reply without its text',
		file: 'reply-to-chat',
		activity: activityOf('warmed', { text: undefined }),
		text: 'Ada Martin of Example SAS replied in "Founders in Paris":\nRead it in lemlist.',
	},
	{
		what: 'a reply that would call everybody in Slack',
		file: 'reply-to-chat',
		activity: activityOf('warmed', { text: 'R&D <!channel>' }),
		text: 'Ada Martin of Example SAS replied in "Founders in Paris":\nR&amp;D &lt;!channel&gt;',
	},
	{
		what: 'a reply whose words are in its message alone, as from Outlook,',
		file: 'reply-to-chat',
		activity: activityOf('warmed', {
			text: '',
			message: '<body><style>p {}</style><p>Tuesday&nbsp;works,</p><p>R&amp;D</p></body>',
		}),
		text: 'Ada Martin of Example SAS replied in "Founders in Paris":\nTuesday works, R&amp;D',
	},
	{
		what: 'a reply of which there is but a preview',
		file: 'reply-to-chat',
		activity: activityOf('warmed', { text: null, message: '<p> </p>', messagePreview: ' Hello ' }),
		text: 'Ada Martin of Example SAS replied in "Founders in Paris":\nHello',
	},
	{
		what: 'a reply whose words and names are blank or no text',
		file: 'reply-to-chat',
		activity: activityOf('warmed', {
			text: ' \n',
			message: { a: 1 },
			messagePreview: true,
			leadFirstName: ['a'],
			leadLastName: ' ',
		}),
		text: 'ada.martin@example.com of Example SAS replied in "Founders in Paris":\nRead it in lemlist.',
	},
	{
		what: 'a reply that would call everybody in Mattermost or Discord',
		file: 'reply-to-chat',
		activity: activityOf('warmed', { leadLastName: '@all', text: 'Hm,\n@Channel @everyone' }),
		text: 'Ada @\u200ball of Example SAS replied in "Founders in Paris":\nHm,\n@\u200bChannel @\u200beveryone',
	},
	{
		what: 'an alert without details',
		file: 'alerts-to-operations',
		activity: { type: 'lemwarmPaused' },
		text: 'Warming up a mailbox was put on hold',
	},
];

test.each(ODD_EVENTS)('$file.json words $what well', async ({ file, activity, text }) => {
	const imported = await stage.imported(exampleCalled(file));
	await stage.host.editor.activate(imported.workflow);
	await imported.deliver(activity);
	expect(await imported.outcome()).toEqual([{ text }]);
	await stage.host.editor.deactivate(imported.workflow);
});

test.each(['constructor', '__proto__', undefined, 7])(
	'an alert of the type %s is posted, too',
	async (type) => {
		const alert = { type, errorMessage: 'Gone' };
		const imported = await stage.imported(exampleCalled('alerts-to-operations'), alert);
		await imported.runWithSample();
		expect(await imported.outcome()).toEqual([{ text: 'Something needs a look in lemlist: Gone' }]);
	},
);

test('the same alert is posted once, and alerts without an _id are all posted', async () => {
	const imported = await stage.imported(exampleCalled('alerts-to-operations'));
	await stage.host.editor.activate(imported.workflow);
	const { _id, ...unidentified } = activityOf('connectionIssue');
	const alert = activityOf('connectionIssue');
	for (const activity of [
		alert,
		alert,
		{ ...unidentified, type: alert.type },
		{ ...unidentified, type: alert.type },
	])
		await imported.deliver(activity);
	expect(_id).toBeDefined();
	expect(await imported.outcome()).toHaveLength(3);
	await stage.host.editor.deactivate(imported.workflow);
});

test('a lead that changes its mind has one row, with the latest', async () => {
	const imported = await stage.imported(exampleCalled('interest-to-table'));
	await stage.host.editor.activate(imported.workflow);
	await imported.deliver(activityOf('interested'));
	await imported.deliver(activityOf('notInterested'));
	expect(await imported.outcome()).toMatchObject([
		{ lead_id: LEAD.id, interest: 'not interested' },
	]);
	await stage.host.editor.deactivate(imported.workflow);
});

/** An answer of lemlist's, whether or not it knows the lead. */
function answering(body: unknown): Effect {
	return {
		name: 'status',
		status: 200,
		body: JSON.stringify(body),
		contentType: 'application/json',
	};
}

const STRANGER = { _id: 'lea_stranger', variables: { email: 'eve@example.com', jobTitle: 'Spy' } };

test.each<[string, Effect]>([
	['does not know', { name: 'status', status: 404, body: 'Lead not found' }],
	['lists nothing for', answering([])],
	['takes for another', answering([STRANGER])],
	['has no id for', answering([{ variables: STRANGER.variables }])],
])('a lead that lemlist %s has a row with what the event tells', async (_, effect) => {
	const imported = await stage.imported(exampleCalled('interest-to-table'));
	stage.host.lemlist.fault({ on: { method: 'GET', path: '/leads' }, effect, times: Infinity });
	await imported.runWithSample();
	stage.host.lemlist.clearFaults();
	expect(await imported.outcome()).toEqual([exampleCalled('interest-to-table').ofSample]);
});

test.each<[string, unknown]>([
	['strangers', [STRANGER, { ...STRANGER, _id: 'lea_other' }]],
	['somebody without an id', [{ variables: STRANGER.variables }]],
])(
	'events that name no lead have a row each, without anything of %s that lemlist answers with',
	async (_, body) => {
		const imported = await stage.imported(exampleCalled('interest-to-table'));
		await stage.host.editor.activate(imported.workflow);
		const effect = answering(body);
		stage.host.lemlist.fault({ on: { method: 'GET', path: '/leads' }, effect, times: Infinity });
		for (const _id of ['act_one', 'act_two'])
			await imported.deliver(activityOf('interested', { _id, leadId: undefined }));
		stage.host.lemlist.clearFaults();
		await stage.host.editor.deactivate(imported.workflow);
		const row = { email: LEAD.email, name: 'Ada Martin', job_title: '' };
		expect(await imported.outcome()).toMatchObject([
			{ ...row, lead_id: 'act_one' },
			{ ...row, lead_id: 'act_two' },
		]);
	},
);

test.each(EXAMPLES)('$file.json has a picture', async (example) => {
	const surroundings = await stage.surroundings();
	const draft = stage.filledIn(example, {
		...surroundings,
		chat: { ...surroundings.chat, url: SLACK_URL },
	});
	const { id } = await stage.host.editor.createWorkflow(draft);
	await openWorkflow(page, id, draft.nodes.length);
	const cut = await fitCanvas(page);
	expect(cut.width).toBeGreaterThan(LEAST_WIDTH);
	await takeReadmePicture(page, `example-${example.file}`, cut);
});
