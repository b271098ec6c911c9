/**
 * The list of events in the editor of each supported n8n, in Chromium. n8n 2 does not let anybody pick
 * a heading; n8n 1 does, and a heading then stands for all events below it.
 */
import type { Browser, Locator, Page } from 'playwright-core';

import { OWNER } from '../faults/n8n/host';
import { EVENT_GROUPS, EVENTS, GROUP_PREFIX } from '../../nodes/LemlistTrigger/events';
import { launchChromium } from './browser/chromium';
import { loggedIn, openWorkflow, part } from './browser/editorPage';
import { ExamplesStage } from './examples/stage';
import { filledIn, readWorkflowFile, triggerOf } from './examples/workflowFile';
import type { Workflow } from './n8n/editor';
import { until } from './n8n/until';
import { NEWEST_N8N } from './n8n/versions';

const PICKED = ['warmed'];
const HEADING = { title: 'SMS', value: 'group:sms', hooks: ['smsDelivered', 'smsFailed', 'smsReplied', 'smsSent'] };
/** Picked after the heading, so that there is something to save. */
const ANOTHER = { name: 'Email Bounced', type: 'emailsBounced' };
/** All Events is one, too; a heading is none. */
const PANEL_ENTRIES = EVENTS.length + 1;

const VERSIONS = [
	{ version: NEWEST_N8N[2], shown: ['Lead Replied (Any Channel)', ANOTHER.name], saved: [...PICKED, ANOTHER.type], hooks: [...PICKED, ANOTHER.type] },
	{ version: NEWEST_N8N[1], shown: ['Lead Replied (Any Channel)', HEADING.value, ANOTHER.name], saved: [...PICKED, HEADING.value, ANOTHER.type], hooks: [...PICKED, ...HEADING.hooks, ANOTHER.type] },
];

describe.each(VERSIONS)('n8n $version', ({ version, shown, saved, hooks }) => {
	let stage: ExamplesStage;
	let browser: Browser;
	let page: Page;
	beforeAll(async () => {
		stage = await ExamplesStage.start({ version });
		browser = await launchChromium();
		page = await loggedIn(browser, stage.host.n8n.url, OWNER);
	});
	afterAll(async () => {
		await browser.close();
		await stage.close();
	});

	/** Opens the trigger of a new workflow and unfolds its list of events. */
	async function unfolded(): Promise<Workflow> {
		const draft = filledIn(readWorkflowFile('reply-to-chat'), stage.credential, { 'Post to Slack': { url: stage.host.lemlist.url } });
		const workflow = await stage.host.editor.createWorkflow(draft);
		await openWorkflow(page, workflow.id, draft.nodes.length);
		await page.locator(`[data-node-name="${triggerOf(draft).name}"]`).first().dblclick();
		// Beside the picked ones: a click on one might take it back.
		await part(page, 'parameter-input-events').locator('.el-select__input').click();
		await rows().first().waitFor();
		return workflow;
	}

	function rows(): Locator {
		return page.locator('.el-select-dropdown__item').filter({ visible: true });
	}

	function row(text: string): Locator {
		return rows().filter({ hasText: new RegExp(`^\\s*${text}\\s*$`) });
	}

	test('shows every heading by its title, a picked one by a name, and means all its events by it', async () => {
		const { id } = await unfolded();
		for (const { title } of EVENT_GROUPS) expect(await row(title).count()).toBe(1);
		await row(HEADING.title).click({ force: true });
		await row(`${ANOTHER.name}.*`).click();
		const picked = page.locator('.el-select__tags-text');
		await until('what is picked is shown', async () => (await picked.count()) === shown.length);
		expect(await picked.allInnerTexts()).toEqual(shown);
		await page.keyboard.press('Escape');
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
		await page.goto('/workflow/new');
		await part(page, 'canvas-plus-button').click();
		await part(page, 'node-creator-search-bar').fill('lemlist');
		// As n8n names it there: without "Trigger".
		await part(page, 'node-creator').getByText('Lemlist Events', { exact: true }).click();
		const entries = part(page, 'node-creator').getByText(/^On /);
		// Drawn a few at a time, in the order of the list.
		await until('the panel lists its events', async () => (await entries.count()) >= PANEL_ENTRIES);
		expect(await entries.count()).toBe(PANEL_ENTRIES);
		expect(await part(page, 'node-creator').getByText(GROUP_PREFIX).count()).toBe(0);
	});
});
