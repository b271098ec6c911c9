/**
 * Moving from n8n's built-in Lemlist Trigger: the workflow before and after, both imported into a real n8n
 * of each major version, and both activated. The built-in trigger calls lemlist's own address and no other,
 * so its requests are led to the stand-in.
 */
import path from 'node:path';
import type { INodeProperties, INodePropertyOptions, INodeTypeDescription } from 'n8n-workflow';
import type { Page } from 'playwright-core';
import { deliverUntilLookedAt } from '../faults/n8n/busy';
import BUILT_IN_EVENTS from '../fixtures/builtInEvents.json';
import { activityOf, campaignOf } from '../sandbox';
import { importFile } from './browser/editorPage';
import { EXAMPLES_FOLDER, filledIn, readWorkflowFile, triggerOf } from './examples/workflowFile';
import { ExamplesStage } from './examples/stage';
import { run } from './n8n/children';
import type { Credential, WorkflowDraft } from './n8n/editor';
import { ensureInstalled } from './n8n/installation';
import { freePort } from './n8n/ports';
import { silent } from './n8n/progress';
import { until } from './n8n/until';
import { N8N_VERSIONS, type N8nVersion } from './n8n/versions';

const CAMPAIGN = 'cam_a1B2c3D4e5F6g7H8i';
const ASKED_FOR = { type: 'emailsReplied', campaignId: CAMPAIGN, isFirst: true };
const LEMLIST_HERE = path.join(__dirname, '../bench/lemlistHere.ts');
const before = readWorkflowFile('moving/before');
const after = readWorkflowFile('moving/after');

test('what follows the trigger is the same before and after', () => {
	const followers = ({ nodes }: WorkflowDraft) =>
		nodes.slice(1).map(({ name, type, parameters }) => ({
			name,
			type,
			parameters: JSON.stringify(parameters).replaceAll(/"id":"[^"]*"/g, ''),
		}));
	expect(followers(after)).toEqual(followers(before));
});

describe.each(N8N_VERSIONS)('n8n %s', (version) => {
	let stage: ExamplesStage;
	let builtIn: Credential;
	let page: Page;
	beforeAll(async () => {
		const port = await freePort();
		const env = {
			NODE_OPTIONS: `--require=${LEMLIST_HERE}`,
			LEMLIST_STAND_IN: `http://127.0.0.1:${String(port)}`,
		};
		// The built-in trigger names campaign and "is first" where lemlist's documentation does not have them any more.
		stage = await ExamplesStage.start({
			version,
			env,
			sandbox: { port, rules: { legacyBodyOptions: true } },
		});
		const { editor, lemlist } = stage.host;
		lemlist.campaigns.push(campaignOf({ _id: CAMPAIGN }));
		builtIn = await editor.createCredential({
			name: 'lemlist, built in',
			type: 'lemlistApi',
			data: { apiKey: lemlist.apiKey },
		});
		page = await stage.signIn();
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
		[
			'before',
			before,
			'n8n-nodes-base.lemlistTrigger',
			{ event: 'emailsReplied', options: { campaignId: CAMPAIGN, isFirst: true } },
		],
		[
			'after',
			after,
			'n8n-nodes-lemlist.lemlistTrigger',
			{ events: ['emailsReplied'], campaigns: [CAMPAIGN], options: { firstActivityOnly: true } },
		],
	])(
		'the workflow %s keeps what was set, and runs with its sample',
		async (_name, draft, type, parameters) => {
			expect(triggerOf(await saved(draft))).toMatchObject({ type, parameters });
			const { editor } = stage.host;
			const workflow = await editor.createWorkflow(draft);
			const execution = await editor.executeWorkflow(workflow, triggerOf(draft).name);
			const { items } = await until('the execution is over', async () => {
				if (
					!(await editor.executions(workflow)).some(
						({ id, status }) => id === execution && status === 'success',
					)
				)
					return false;
				const whole = await editor.execution(execution);
				// n8n 1 saves the status first, and then what came out.
				return 'Note the reply' in whole.items && whole;
			});
			expect(items['Note the reply']).toEqual([
				{
					email: 'sam@example.com',
					campaign: 'Autumn outreach',
					text: 'Sounds good, call me on Tuesday.',
				},
			]);
		},
	);

	test.each([
		['before', before],
		['after', after],
	])(
		'the file %s can be imported in the editor, which shows its nodes and its sample',
		async (name, draft) => {
			await importFile(
				page,
				path.join(EXAMPLES_FOLDER, 'moving', `${name}.json`),
				draft.nodes.length,
			);
			const canvas = page.getByTestId('canvas-wrapper');
			for (const node of draft.nodes) await canvas.getByText(node.name, { exact: true }).waitFor();
			await canvas.getByText('1 item').waitFor();
			// What n8n shows in place of a node that it does not know.
			expect(await canvas.getByText('Install this node').count()).toBe(0);
		},
	);

	test.each([
		['before', before, () => builtIn],
		['after', after, () => stage.credential],
	])(
		'the workflow %s asks lemlist for replies in the campaign, first ones only, and gets them',
		async (_name, draft, credential) => {
			const { editor, lemlist } = stage.host;
			const workflow = await editor.createWorkflow(filledIn(draft, credential()));
			await editor.activate(workflow);
			expect(
				lemlist.hooks.map(({ type, campaignId, isFirst }) => ({ type, campaignId, isFirst })),
			).toEqual([ASKED_FOR]);
			const reply = activityOf('emailsReplied', { campaignId: CAMPAIGN, isFirst: true });
			const results = await deliverUntilLookedAt(stage.host, reply);
			expect(results.map(({ status }) => status)).toEqual([200]);
			await until('the event has run the workflow', async () =>
				(await editor.executions(workflow)).some(
					({ mode, status }) => mode === 'webhook' && status === 'success',
				),
			);
			await editor.deactivate(workflow);
			expect(lemlist.hooks).toEqual([]);
		},
	);

	test('the built-in trigger has the events that docs/moving.md tells of', async () => {
		const events = await told(
			version,
			'require("n8n-nodes-base/dist/nodes/Lemlist/GenericFunctions.js").getEvents()',
		);
		expect(events).toEqual(BUILT_IN_EVENTS);
	});

	// n8n saves whatever parameters a file has.
	test('the workflow before sets what the built-in trigger has, and nothing else', async () => {
		const {
			name,
			version: typeVersion,
			properties,
		} = (await told(
			version,
			'new (require("n8n-nodes-base/dist/nodes/Lemlist/LemlistTrigger.node.js").LemlistTrigger)().description',
		)) as INodeTypeDescription;
		const { type, typeVersion: used, parameters } = triggerOf(before);
		expect({ type, used }).toEqual({ type: `n8n-nodes-base.${name}`, used: typeVersion });
		const [event, options] = properties as [INodeProperties, INodeProperties];
		expect(Object.keys(parameters)).toEqual([event.name, options.name]);
		expect((event.options as INodePropertyOptions[]).map(({ value }) => value)).toContain(
			parameters.event,
		);
		const kinds = Object.fromEntries(
			(options.options as INodeProperties[]).map((option) => [option.name, typeof option.default]),
		);
		expect(
			Object.fromEntries(
				Object.entries(parameters.options as object).map(([option, value]) => [
					option,
					typeof value,
				]),
			),
		).toEqual(kinds);
	});
});

/** What an expression gives in n8n's own Node.js, in a process of its own: what n8n loads is not made to be loaded by a test runner. */
async function told(version: N8nVersion, expression: string): Promise<unknown> {
	const { folder, node } = await ensureInstalled(silent, version);
	const { code, output } = await run(node, ['-e', `console.log(JSON.stringify(${expression}))`], {
		cwd: folder,
	});
	expect({ code, output }).toMatchObject({ code: 0 });
	return JSON.parse(output);
}
