/**
 * The list of events in the editor of each supported n8n, in Chromium. n8n 2 does not let anybody pick
 * a heading; n8n 1 does, and a heading then stands for all events below it.
 */
import type { Page } from 'playwright-core';

import { EVENT_GROUPS, GROUP_PREFIX } from '../../nodes/LemlistTrigger/settings/events';
import { openWorkflow } from './browser/editorPage';
import { ENTRIES, NodePanel } from './browser/nodePanel';
import { takePicture } from './browser/pictures';
import { TriggerDetails } from './browser/triggerDetails';
import { ExamplesStage } from './examples/stage';
import { filledIn, readWorkflowFile, triggerOf } from './examples/workflowFile';
import type { Workflow } from './n8n/editor';
import { until } from './n8n/until';
import { NEWEST_N8N } from './n8n/versions';

const PICKED = ['warmed'];
const HEADING = {
	title: 'SMS',
	value: 'group:sms',
	hooks: ['smsDelivered', 'smsFailed', 'smsReplied', 'smsSent'],
};
/** Picked after the heading, so that there is something to save. */
const ANOTHER = { name: 'Email Bounced', type: 'emailsBounced' };

const VERSIONS = [
	{
		version: NEWEST_N8N[2],
		shown: ['Lead Replied (Any Channel)', ANOTHER.name],
		saved: [...PICKED, ANOTHER.type],
		hooks: [...PICKED, ANOTHER.type],
	},
	{
		version: NEWEST_N8N[1],
		shown: ['Lead Replied (Any Channel)', HEADING.value, ANOTHER.name],
		saved: [...PICKED, HEADING.value, ANOTHER.type],
		hooks: [...PICKED, ...HEADING.hooks, ANOTHER.type],
	},
];

describe.each(VERSIONS)('n8n $version', ({ version, shown, saved, hooks }) => {
	let stage: ExamplesStage;
	let page: Page;
	let trigger: TriggerDetails;
	beforeAll(async () => {
		stage = await ExamplesStage.start({ version });
		page = await stage.signIn();
		trigger = new TriggerDetails(page);
	});
	afterAll(async () => {
		await stage.close();
	});

	/** Opens the trigger of a new workflow and unfolds its list of events. */
	async function unfolded(): Promise<Workflow> {
		const draft = filledIn(readWorkflowFile('reply-to-chat'), stage.credential, {
			'Post to Slack': { url: stage.host.lemlist.url },
		});
		const workflow = await stage.host.editor.createWorkflow(draft);
		await openWorkflow(page, workflow.id, draft.nodes.length);
		await trigger.open(triggerOf(draft).name);
		await trigger.events.open();
		return workflow;
	}

	test('shows every heading by its title, a picked one by a name, and means all its events by it', async () => {
		const { id } = await unfolded();
		const { events } = trigger;
		for (const { title } of EVENT_GROUPS) expect(await events.row(title).count()).toBe(1);
		await takePicture(page, `event-list-${version}`);
		await events.clickOn(events.row(HEADING.title));
		await events.pick(ANOTHER.name);
		await events.untilPicked(...shown);
		await events.close();
		await takePicture(page, `event-list-heading-${version}`);
		await page.keyboard.press('Control+s');
		const { editor, lemlist } = stage.host;
		const workflow = await until('the workflow is saved', async () => {
			const now = await editor.savedWorkflow({ id });
			return JSON.stringify(triggerOf(now).parameters.events) === JSON.stringify(saved) && now;
		});
		await editor.activate(workflow);
		expect(lemlist.hooks.map(({ type }) => type).sort()).toEqual([...hooks].sort());
		await editor.deactivate(workflow);
	});

	test('the node panel lists all events, and no heading', async () => {
		await openWorkflow(page, 'new');
		const panel = new NodePanel(page);
		await panel.openForFirstStep();
		await panel.search('lemlist');
		await panel.openNode();
		expect(await panel.actions.count()).toBe(ENTRIES);
		expect(await panel.panel.getByText(GROUP_PREFIX).count()).toBe(0);
	});
});
