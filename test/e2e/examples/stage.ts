// A real n8n with everything that the examples reach out to, and one of them imported into it.
import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { activityOf, type Activity } from '../../sandbox';
import { deliverUntilLookedAt } from '../../faults/n8n/busy';
import { Host, OWNER, type HostOptions } from '../../faults/n8n/host';
import { CREDENTIAL_TYPE } from '../../faults/n8n/trigger';
import { launchChromium } from '../browser/chromium';
import { signedIn } from '../browser/editorPage';
import { closeAll, startAll, type Closing } from '../n8n/closings';
import type { Credential, Editor, Execution, Workflow, WorkflowDraft } from '../n8n/editor';
import { until } from '../n8n/until';
import { startChat, type Chat } from './chat';
import { startModel, type Model } from './model';
import { TABLE_COLUMNS, type Example, type Surroundings } from './examples';
import { filledIn, readWorkflowFile, triggerOf, withLemlistAt } from './workflowFile';

/** An event as it may be pinned: odder than lemlist sends any. */
export type Sample = Readonly<Record<string, unknown>>;

const ENDED = new Set(['success', 'error', 'crashed', 'canceled']);

export class ExamplesStage {
	private constructor(
		readonly host: Host,
		readonly credential: Credential,
		private readonly chat: Chat,
		private readonly model: Model,
		/** The one for the model. */
		readonly modelCredential: Credential,
		/** How to end everything that was started, last first. */
		private readonly closings: Closing[],
	) {}

	/** Starts everything. Close it in the end. */
	static async start(options: HostOptions = {}): Promise<ExamplesStage> {
		return await startAll(async (closings) => {
			const host = await Host.start(options);
			closings.push(async () => {
				await host.close();
			});
			const chat = await startChat();
			closings.push(chat.close);
			const model = await startModel();
			closings.push(model.close);
			const { apiKey, apiUrl } = host.lemlist;
			const data = { apiKey, webhookSecret: '', baseUrl: apiUrl };
			const credential = await host.editor.createCredential({
				name: 'lemlist',
				type: CREDENTIAL_TYPE,
				data,
			});
			const modelCredential = await host.editor.createCredential({
				name: 'OpenAI',
				type: 'openAiApi',
				data: { apiKey: 'none', url: model.url },
			});
			return new ExamplesStage(host, credential, chat, model, modelCredential, closings);
		});
	}

	/** The tab of a new browser in which somebody is signed in to n8n. */
	async signIn(): Promise<Page> {
		const browser = await launchChromium();
		this.closings.push(async () => {
			await browser.close();
		});
		return await signedIn(browser, this.host.n8n.url, OWNER);
	}

	async close(): Promise<void> {
		await closeAll(this.closings);
	}

	/** What an example reaches out to, as if nothing had happened yet: an empty table, a chat without messages. */
	async surroundings(): Promise<Surroundings> {
		const { editor, lemlist } = this.host;
		this.chat.messages.length = 0;
		this.model.reset();
		lemlist.clearRequests();
		return {
			chat: this.chat,
			model: this.model,
			editor,
			lemlist,
			table: await editor.createTable(`Leads ${randomUUID()}`, TABLE_COLUMNS),
		};
	}

	/** An example with what a user would fill in. */
	filledIn(example: Example, surroundings: Surroundings): WorkflowDraft {
		return filledIn(readWorkflowFile(example.file), this.credential, example.fillIn(surroundings), [
			this.modelCredential,
		]);
	}

	/** Imports an example and fills in what a user would. @param sample what is pinned to its trigger, in place of its own */
	async imported(example: Example, sample?: Sample): Promise<ImportedExample> {
		const surroundings = await this.surroundings();
		const filled = this.filledIn(example, surroundings);
		const pinData = sample && { [triggerOf(filled).name]: [{ json: sample }] };
		const draft = withLemlistAt(
			{ ...filled, ...(pinData && { pinData }) },
			this.host.lemlist.apiUrl,
		);
		const workflow = await this.host.editor.createWorkflow(draft);
		return new ImportedExample(
			this.host,
			workflow,
			draft.nodes,
			triggerOf(draft).name,
			example,
			surroundings,
		);
	}
}

export class ImportedExample {
	constructor(
		private readonly host: Host,
		readonly workflow: Workflow,
		readonly nodes: WorkflowDraft['nodes'],
		private readonly trigger: string,
		private readonly example: Example,
		private readonly surroundings: Surroundings,
	) {}

	/** Runs it once with the sample that is pinned to its trigger, and waits for the end. */
	async runWithSample(): Promise<Execution> {
		return await runByHand(this.host.editor, this.workflow, this.trigger);
	}

	/** Lets lemlist send an event, and waits for the ends of the executions that it starts. */
	async deliver(activity: Activity = activityOf(this.example.event)): Promise<Execution[]> {
		const before = new Set((await this.host.editor.executions(this.workflow)).map(({ id }) => id));
		const results = await deliverUntilLookedAt(this.host, activity);
		expect(results.map(({ status }) => status)).toEqual([200]);
		const started = await until('the event has started an execution', async () => {
			const news = (await this.host.editor.executions(this.workflow)).filter(
				({ id }) => !before.has(id),
			);
			return news.length > 0 && news;
		});
		return await Promise.all(
			started.map(async ({ id }) => endedWell(await ended(this.host.editor, this.workflow, id))),
		);
	}

	readonly outcome = async (): Promise<readonly unknown[]> => {
		return await this.example.outcome(this.surroundings);
	};
}

/** Executes a workflow from a trigger that has a sample, or needs none. @returns the execution, once it has ended well */
export async function runByHand(
	editor: Editor,
	workflow: Workflow,
	trigger: string,
): Promise<Execution> {
	return endedWell(await runToTheEnd(editor, workflow, trigger));
}

/** Executes a workflow likewise. @returns the execution, however it has ended */
export async function runToTheEnd(
	editor: Editor,
	workflow: Workflow,
	trigger: string,
): Promise<Execution> {
	return await ended(editor, workflow, await editor.executeWorkflow(workflow, trigger));
}

function endedWell(execution: Execution): Execution {
	expect(execution).toMatchObject({ status: 'success', error: undefined });
	return execution;
}

async function ended(editor: Editor, workflow: Workflow, executionId: string): Promise<Execution> {
	await until(
		'the execution is over',
		async () =>
			(await editor.executions(workflow)).some(
				({ id, status }) => id === executionId && ENDED.has(status),
			),
		{ limitMs: 60_000 },
	);
	return await editor.execution(executionId);
}
