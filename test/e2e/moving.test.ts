/**
 * Moving from n8n's built-in Lemlist Trigger: the workflow before and after, both imported into a real
 * n8n. The built-in trigger calls lemlist's own address and no other, so it is not activated here.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { INodeTypeDescription } from 'n8n-workflow';

import BUILT_IN_EVENTS from '../fixtures/builtInEvents.json';
import { activityOf, campaignOf } from '../sandbox';
import { filledIn, readWorkflowFile, triggerOf } from './examples/workflowFile';
import { ExamplesStage } from './examples/stage';
import type { WorkflowDraft } from './n8n/editor';
import { ensureInstalled } from './n8n/installation';
import { silent } from './n8n/progress';
import { until } from './n8n/until';
import { N8N_VERSIONS } from './n8n/versions';

const CAMPAIGN = 'cam_a1B2c3D4e5F6g7H8i';
const before = readWorkflowFile('moving/before');
const after = readWorkflowFile('moving/after');

let stage: ExamplesStage;
beforeAll(async () => {
	stage = await ExamplesStage.start();
	stage.host.lemlist.campaigns.push(campaignOf({ _id: CAMPAIGN }));
});
afterAll(async () => {
	await stage.close();
});

/** Imports a workflow and reads back what n8n has saved. */
async function saved(draft: WorkflowDraft): Promise<WorkflowDraft> {
	const { editor } = stage.host;
	return await editor.savedWorkflow(await editor.createWorkflow(draft));
}

test.each([
	['before', before, 'n8n-nodes-base.lemlistTrigger', { event: 'emailsReplied', options: { campaignId: CAMPAIGN, isFirst: true } }],
	['after', after, 'n8n-nodes-lemlist.lemlistTrigger', { events: ['emailsReplied'], campaigns: [CAMPAIGN], options: { firstActivityOnly: true } }],
])('the workflow %s keeps what was set, and runs with its sample', async (_name, draft, type, parameters) => {
	expect(triggerOf(await saved(draft))).toMatchObject({ type, parameters });
	const { editor } = stage.host;
	const workflow = await editor.createWorkflow(draft);
	const execution = await editor.executeWorkflow(workflow, triggerOf(draft).name);
	await until('the execution is over', async () => (await editor.executions(workflow)).some(({ id, status }) => id === execution && status === 'success'));
	const { items } = await editor.execution(execution);
	expect(items['Note the reply']).toEqual([{ email: 'sam@example.com', campaign: 'Autumn outreach', text: 'Sounds good, call me on Tuesday.' }]);
});

test('what follows the trigger is the same before and after', () => {
	const followers = ({ nodes }: WorkflowDraft) => nodes.slice(1).map(({ name, type, parameters }) => ({ name, type, parameters: JSON.stringify(parameters).replaceAll(/"id":"[^"]*"/g, '') }));
	expect(followers(after)).toEqual(followers(before));
});

test('the workflow after asks lemlist for what the one before asked for, and gets it', async () => {
	const { editor, lemlist } = stage.host;
	const workflow = await editor.createWorkflow(filledIn(after, stage.credential));
	await editor.activate(workflow);
	expect(lemlist.hooks.map(({ type, campaignId, isFirst }) => ({ type, campaignId, isFirst }))).toEqual([{ type: 'emailsReplied', campaignId: CAMPAIGN, isFirst: true }]);
	const results = await lemlist.deliver(activityOf('emailsReplied', { campaignId: CAMPAIGN, isFirst: true }));
	expect(results.map(({ status }) => status)).toEqual([200]);
	await editor.deactivate(workflow);
	expect(lemlist.hooks).toEqual([]);
});

test.each(N8N_VERSIONS)('the built-in trigger of n8n %s has the events that the README tells of', async (version) => {
	const { folder } = await ensureInstalled(silent, version);
	const nodes = JSON.parse(await readFile(join(folder, 'node_modules/n8n-nodes-base/dist/types/nodes.json'), 'utf8')) as INodeTypeDescription[];
	const builtIn = nodes.find(({ name }) => name === 'lemlistTrigger');
	expect(builtIn?.properties.find(({ name }) => name === 'event')?.options).toEqual(BUILT_IN_EVENTS);
});
