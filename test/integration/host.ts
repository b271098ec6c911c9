/**
 * A host for the built package, made of n8n-core's real loader and contexts: it activates, restarts,
 * checks and deactivates workflows the way n8n does, and serves their webhooks over real HTTP. Only
 * the credentials helper is a stand-in, because it lives in the n8n package itself.
 */
import { once } from 'node:events';
import { cpSync, mkdtempSync, symlinkSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Container } from '@n8n/di';
import express, { type Request, type Response } from 'express';
import {
	ExecuteContext,
	HookContext,
	InstanceSettings,
	LoadOptionsContext,
	PackageDirectoryLoader,
	ScheduledTaskManager,
	TriggerContext,
	WebhookContext,
} from 'n8n-core';
import {
	createRunExecutionData,
	Workflow,
	type ICredentialDataDecryptedObject,
	type ICredentialType,
	type IDataObject,
	type IExecuteFunctions,
	type IHookFunctions,
	type IHttpRequestOptions,
	type ILoadOptionsFunctions,
	type INode,
	type INodeExecutionData,
	type INodePropertyOptions,
	type INodeType,
	type INodeTypes,
	type IRun,
	type ITriggerFunctions,
	type ITriggerResponse,
	type IWebhookData,
	type IWebhookFunctions,
	type IWebhookResponseData,
	type IWorkflowExecuteAdditionalData,
	type WorkflowActivateMode,
	type WorkflowExecuteMode,
} from 'n8n-workflow';
import { closeServer } from '../sandbox/closeServer';
import { initProcessedValues } from './processedValues';

const PACKAGE_FOLDER = path.resolve(__dirname, '../..');
export const NODE_TYPE = 'n8n-nodes-lemlist.lemlistTrigger';
export const CREDENTIAL_TYPE = 'lemlistWebhookApi';

/** What a test sets of a workflow with one lemlist trigger. */
export interface TriggerOptions {
	parameters: IDataObject;
	/** Read anew at each use, as n8n does, so a test may change it. Undefined: deleted. */
	credential: { data: ICredentialDataDecryptedObject | undefined };
	workflowId?: string;
	webhookId?: string;
	/** The node was made by a program that gave it no webhook ID. */
	hasNoWebhookId?: true;
	/** In place of this host's own address. */
	webhookBaseUrl?: string;
	/** Of the workflow; n8n's own otherwise. */
	timezone?: string;
	/** Of the workflow, beside the time zone. */
	engineType?: 'v1' | 'v2';
	/** Another node of the same name, as after cut and paste. */
	nodeId?: string;
	/** Always Output Data, in the settings of the node. */
	alwaysOutputData?: true;
}

export class Host {
	/** What came out of the trigger, for each execution in which something did. */
	readonly executions: INodeExecutionData[][] = [];

	/** How many executions there were, with those that ended behind the trigger. */
	started = 0;

	/** How many of them are under way. */
	running = 0;

	/** In queue mode: what runs the executions. */
	worker: INodeType | undefined;

	private readonly triggers = new Map<string, Trigger>();

	private constructor(
		public nodeType: INodeType,
		readonly credentialType: ICredentialType,
		readonly nodeTypes: INodeTypes,
		private readonly server: Server,
	) {}

	/**
	 * Loads the built package as n8n does and listens for webhook calls.
	 *
	 * @param folder holds the package: this checkout, or a changed copy of it
	 */
	static async start(folder = PACKAGE_FOLDER): Promise<Host> {
		Container.get(InstanceSettings).markAsLeader();
		await initProcessedValues();
		const { loader, nodeType } = await loadedFrom(folder);
		const nodeTypes: INodeTypes = {
			getByName: () => host.nodeType,
			getByNameAndVersion: () => host.nodeType,
			getKnownTypes: () => ({}),
		};
		const app = express();
		const server = app.listen(0, '127.0.0.1');
		await once(server, 'listening');
		const host: Host = new Host(
			nodeType,
			loader.getCredential(CREDENTIAL_TYPE).type,
			nodeTypes,
			server,
		);
		app.use(express.json({ limit: '16mb', strict: false }), express.urlencoded({ extended: true }));
		app.post(/.*/, (request, response) => {
			void host.receive(request, response);
		});
		return host;
	}

	get url(): string {
		return `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}`;
	}

	/**
	 * A new process of n8n takes over from now on: nothing is left of what the node remembered.
	 *
	 * @returns the folder of its copy of the package, which nothing else has loaded
	 */
	async newProcess(): Promise<string> {
		const { folder, nodeType } = await loadedAnew();
		this.nodeType = nodeType;
		return folder;
	}

	/**
	 * Queue mode: from now on, a process of its own runs the executions.
	 *
	 * @returns the folder of its copy of the package
	 */
	async newWorker(): Promise<string> {
		const { folder, nodeType } = await loadedAnew();
		this.worker = nodeType;
		return folder;
	}

	/** A workflow of its own with one lemlist trigger, not active yet. */
	trigger(options: TriggerOptions): Trigger {
		const trigger = new Trigger(this, options);
		this.triggers.set(trigger.path, trigger);
		return trigger;
	}

	async close(): Promise<void> {
		await closeServer(this.server);
	}

	/** Matches by path and ignores the query, like n8n; 404 when the workflow is not active. */
	private async receive(request: Request, response: Response): Promise<void> {
		const isTest = request.path.startsWith('/webhook-test/');
		const trigger = this.triggers.get(request.path.replace('/webhook-test/', '/webhook/'));
		if (trigger?.[isTest ? 'isListening' : 'isServed'] !== true) {
			response.status(404).json({ message: 'The requested webhook is not registered.' });
			return;
		}
		const mode = isTest ? 'manual' : 'webhook';
		const result = await trigger.webhook(request, response, mode);
		for (const items of result.workflowData ?? []) await trigger.execute(items, mode);
		if (result.noWebhookResponse !== true)
			response.json((result.webhookResponse as unknown) ?? { message: 'Workflow was started' });
	}
}

async function loadedFrom(folder: string) {
	const loader = new PackageDirectoryLoader(folder);
	await loader.loadAll();
	return { loader, nodeType: loader.getNode('lemlistTrigger').type as INodeType };
}

/** A copy of the package that nothing else has loaded. */
async function loadedAnew() {
	const parent = process.env.N8N_USER_FOLDER ?? tmpdir();
	const folder = mkdtempSync(path.join(parent, 'process-'));
	for (const name of ['dist', 'package.json', 'index.js'])
		cpSync(path.join(PACKAGE_FOLDER, name), path.join(folder, name), { recursive: true });
	symlinkSync(path.join(PACKAGE_FOLDER, 'node_modules'), path.join(folder, 'node_modules'));
	return { folder, ...(await loadedFrom(folder)) };
}

let made = 0;

/** One workflow with a lemlist trigger, with what n8n keeps of it in its database. */
export class Trigger {
	/** Whether n8n's webhook route exists. A test may take it away: that is what a starting n8n looks like. */
	isServed = false;

	/** Whether n8n waits for a test event. */
	isListening = false;

	/** Static data as saved: what `webhook()` and a restarted n8n see. */
	saved: IDataObject = {};

	/** Log lines of warnings and errors. */
	readonly log: string[] = [];

	private readonly workflowId: string;

	readonly webhookId: string;

	/** What delete threw when n8n called it after a failed activation: n8n would take the next one for done. */
	cleanUpError: unknown;

	private running: { workflow: Workflow; response: ITriggerResponse | undefined } | undefined;

	constructor(
		private readonly host: Host,
		readonly options: TriggerOptions,
	) {
		made += 1;
		this.workflowId = options.workflowId ?? `workflow${String(made)}`;
		this.webhookId =
			options.webhookId ?? `00000000-0000-4000-8000-${String(made).padStart(12, '0')}`;
	}

	get path(): string {
		return `/webhook/${this.webhookId}/webhook`;
	}

	get webhookUrl(): string {
		return `${this.options.webhookBaseUrl ?? `${this.host.url}/webhook`}/${this.webhookId}/webhook`;
	}

	/** How n8n ends the trigger that runs now. */
	get closeFunction(): (() => Promise<void>) | undefined {
		return this.running?.response?.closeFunction;
	}

	/**
	 * Activates: trigger, checkExists, create; delete after a failure, as n8n does.
	 *
	 * @param beforeTheEnd happens after that delete, while the trigger still runs: n8n 2.x waits there to try again
	 * @param keepsSchedule whether nobody ends the trigger of an activation that failed, as n8n 2.x does not
	 */
	async activate(
		mode: WorkflowActivateMode = 'activate',
		beforeTheEnd?: () => Promise<void>,
		{ keepsSchedule = false } = {},
	): Promise<void> {
		const workflow = await this.startTrigger(mode);
		try {
			const context = this.hookContext(workflow, mode);
			const { checkExists, create } = this.lifecycle;
			if (!(await checkExists.call(context))) await create.call(context);
		} catch (error) {
			await this.lifecycle.delete
				.call(this.hookContext(workflow, mode))
				.catch((thrown: unknown) => {
					this.cleanUpError = thrown;
				});
			await beforeTheEnd?.();
			if (!keepsSchedule) await this.stop();
			throw error;
		}
		this.save(workflow);
	}

	/** Calls trigger alone: n8n 2.x does not wait for checkExists before it, so a check may come in between. */
	async startTrigger(mode: WorkflowActivateMode): Promise<Workflow> {
		const workflow = this.workflow();
		this.isServed = true;
		this.running = {
			workflow,
			response: await this.host.nodeType.trigger?.call(this.triggerContext(workflow, mode)),
		};
		return workflow;
	}

	/** n8n starts again, after a stop or a crash: nothing is left but what was saved. */
	async restart(): Promise<void> {
		await this.stop();
		await this.activate('init');
	}

	/** Deactivates in the order of n8n 2.x, the close function first, or of n8n 1.x, delete first. */
	async deactivate(order: 'close first' | 'delete first' = 'close first'): Promise<void> {
		const workflow = this.running?.workflow ?? this.workflow();
		if (order === 'close first') await this.stop();
		await this.lifecycle.delete.call(this.hookContext(workflow, 'activate'));
		await this.stop();
		this.save(workflow);
	}

	/** The process is gone: no close function, no delete. */
	async stop(): Promise<void> {
		this.isServed = false;
		Container.get(ScheduledTaskManager).deregisterGroup({ type: 'workflow', id: this.workflowId });
		await this.running?.response?.closeFunction?.();
		this.running = undefined;
	}

	/** What n8n's scheduler has of it. */
	get jobs(): CronJob[] {
		const manager = Container.get(ScheduledTaskManager) as unknown as CronRegistry;
		const crons = manager.cronsByGroupType.get('workflow')?.get(this.workflowId);
		return [...(crons?.values() ?? [])].map(({ job }) => job);
	}

	/** Lets the scheduled check happen now. It ends by itself: wait for what it should bring about. */
	check(): void {
		for (const job of this.jobs) void job.fireOnTick();
	}

	/** "Listen for test event": the three methods on the test URL, with static data of its own. */
	testRun(): { listen: () => Promise<void>; stop: () => Promise<void> } {
		const workflow = this.workflow({});
		const context = (executeMode: WorkflowExecuteMode, mode: WorkflowActivateMode) =>
			this.hookContext(workflow, mode, executeMode);
		return {
			listen: async () => {
				this.isListening = true;
				if (!(await this.lifecycle.checkExists.call(context('manual', 'manual'))))
					await this.lifecycle.create.call(context('manual', 'manual'));
			},
			// In n8n, the end of a test run does not call itself manual.
			stop: async () => {
				this.isListening = false;
				await this.lifecycle.delete.call(context('internal', 'update'));
			},
		};
	}

	/** One call of the webhook, with static data as saved. */
	async webhook(
		httpRequest: Request,
		httpResponse: Response,
		mode: WorkflowExecuteMode = 'webhook',
	): Promise<IWebhookResponseData> {
		const workflow = this.workflow();
		const data = {
			...this.additionalData(),
			httpRequest,
			httpResponse,
		} as unknown as IWorkflowExecuteAdditionalData;
		const context = new WebhookContext(
			workflow,
			this.node(),
			data,
			mode,
			this.webhookData(false),
			[],
			createRunExecutionData(),
		);
		if (this.host.nodeType.webhook === undefined) throw new Error('The node has no webhook method');
		return await this.host.nodeType.webhook.call(
			this.logged(context) as unknown as IWebhookFunctions,
		);
	}

	/**
	 * Runs the trigger's execute, with what n8n would hand it. What comes out starts the workflow.
	 *
	 * @param executionId a new one by default; n8n 1 may run one once more
	 * @returns the run as n8n hands it back
	 */
	async execute(
		items: INodeExecutionData[],
		mode: WorkflowExecuteMode,
		executionId?: string,
	): Promise<IRun> {
		this.host.started += 1;
		const workflow = this.workflow();
		const node = this.node();
		const data = createRunExecutionData();
		// The way through the database.
		const sent = JSON.parse(JSON.stringify(items)) as INodeExecutionData[];
		const context = new ExecuteContext(
			workflow,
			node,
			{
				...this.additionalData(),
				executionId: executionId ?? `execution ${String(this.host.started)}`,
			},
			mode,
			data,
			0,
			sent,
			{ main: [sent] },
			{ node, data: { main: [sent] }, source: null },
			[],
		);
		const nodeType = this.host.worker ?? this.host.nodeType;
		if (nodeType.execute === undefined) throw new Error('The node has no execute');
		this.host.running += 1;
		const output = await nodeType.execute
			.call(this.logged(context) as unknown as IExecuteFunctions)
			.finally(() => {
				this.host.running -= 1;
			});
		const [passed = []] = output as INodeExecutionData[][];
		if (passed.length > 0) this.host.executions.push(passed);
		return { data, mode, status: 'success', startedAt: new Date() } as unknown as IRun;
	}

	/** The rows of the Campaigns dropdown. */
	async campaigns(): Promise<INodePropertyOptions[]> {
		const context = new LoadOptionsContext(
			this.workflow(),
			this.node(),
			this.additionalData(),
			'parameters.campaigns',
		);
		const load = this.host.nodeType.methods?.loadOptions?.getCampaigns;
		if (load === undefined) throw new Error('The node lists no campaigns');
		return await load.call(this.logged(context) as unknown as ILoadOptionsFunctions);
	}

	private get lifecycle() {
		const methods = this.host.nodeType.webhookMethods?.default;
		if (methods === undefined) throw new Error('The node has no webhook methods');
		return methods;
	}

	private node(): INode {
		const { parameters, credential, nodeId, alwaysOutputData } = this.options;
		return {
			id: nodeId ?? `node-${this.webhookId}`,
			name: 'Lemlist Events Trigger',
			type: NODE_TYPE,
			typeVersion: 2,
			position: [0, 0],
			...(this.options.hasNoWebhookId !== true && { webhookId: this.webhookId }),
			...(alwaysOutputData === true && { alwaysOutputData }),
			parameters: structuredClone(parameters) as INode['parameters'],
			...(credential.data !== undefined && {
				credentials: { [CREDENTIAL_TYPE]: { id: '1', name: 'lemlist' } },
			}),
		};
	}

	private workflow(saved: IDataObject = this.saved): Workflow {
		const staticData = JSON.parse(JSON.stringify(saved)) as IDataObject;
		const { timezone, engineType } = this.options;
		const settings = {
			...(timezone !== undefined && { timezone }),
			...(engineType && { engineType }),
		};
		return new Workflow({
			id: this.workflowId,
			nodes: [this.node()],
			connections: {},
			active: true,
			nodeTypes: this.host.nodeTypes,
			staticData,
			settings,
		});
	}

	private save(workflow: Workflow): void {
		// The way through the database.
		this.saved = JSON.parse(JSON.stringify(workflow.staticData)) as IDataObject;
	}

	private hookContext(
		workflow: Workflow,
		mode: WorkflowActivateMode,
		testMode?: WorkflowExecuteMode,
	): IHookFunctions {
		const [executeMode, isTest] = [testMode ?? 'trigger', testMode !== undefined];
		return this.logged(
			new HookContext(
				workflow,
				this.node(),
				this.additionalData(),
				executeMode,
				mode,
				this.webhookData(isTest),
			),
		) as unknown as IHookFunctions;
	}

	private triggerContext(workflow: Workflow, mode: WorkflowActivateMode): ITriggerFunctions {
		const emit = (
			[items = []]: INodeExecutionData[][],
			_response?: unknown,
			done?: Parameters<ITriggerFunctions['emit']>[2],
		) => {
			void this.execute(items, 'trigger').then((run) => done?.resolve(run));
		};
		const data = this.additionalData();
		return this.logged(
			new TriggerContext(workflow, this.node(), data, 'trigger', mode, emit),
		) as unknown as ITriggerFunctions;
	}

	/** Keeps what the node logs, with what it hands to the log beside the text. */
	private logged<Context extends object>(context: Context): Context {
		const keep = (line: string, meta?: object) => {
			this.log.push(`${line} ${JSON.stringify(meta)}`);
		};
		Object.defineProperty(context, 'logger', {
			value: { debug: keep, info: keep, warn: keep, error: keep },
		});
		return context;
	}

	private webhookData(isTest: boolean): IWebhookData {
		const [webhookDescription] = this.host.nodeType.description.webhooks ?? [];
		if (webhookDescription === undefined) throw new Error('The node has no webhook');
		return {
			httpMethod: 'POST',
			node: 'Lemlist Events Trigger',
			path: this.path,
			webhookDescription,
			workflowId: this.workflowId,
			workflowExecuteAdditionalData: this.additionalData(),
			isTest,
		};
	}

	private additionalData(): IWorkflowExecuteAdditionalData {
		const webhookBaseUrl = this.options.webhookBaseUrl ?? `${this.host.url}/webhook`;
		return {
			credentialsHelper: this.credentialsHelper(),
			webhookBaseUrl,
			webhookTestBaseUrl: webhookBaseUrl.replace(/\/webhook$/, '/webhook-test'),
			webhookWaitingBaseUrl: webhookBaseUrl.replace(/\/webhook$/, '/webhook-waiting'),
			formWaitingBaseUrl: webhookBaseUrl.replace(/\/webhook$/, '/form-waiting'),
			instanceBaseUrl: this.host.url,
			variables: {},
		} as unknown as IWorkflowExecuteAdditionalData;
	}

	/** What n8n's own credentials helper does for a credential with an authenticate function. */
	private credentialsHelper() {
		const { credentialType } = this.host;
		return {
			getParentTypes: () => [],
			isCredentialUsableByNode: () => true,
			preAuthentication: async () => {
				await Promise.resolve();
			},
			getDecrypted: async () => {
				const { data } = this.options.credential;
				if (data === undefined) throw new Error('The credential was deleted');
				return await Promise.resolve(structuredClone(data));
			},
			authenticate: async (
				data: ICredentialDataDecryptedObject,
				_type: string,
				request: IHttpRequestOptions,
			) => {
				if (typeof credentialType.authenticate !== 'function')
					throw new Error('authenticate is no function');
				return await credentialType.authenticate(data, request);
			},
		};
	}
}

/** The part of n8n's scheduler that holds its jobs. */
interface CronRegistry {
	cronsByGroupType: Map<string, Map<string, Map<string, { job: CronJob }>>>;
}

/** As much of a job as is needed. */
export interface CronJob {
	fireOnTick(): unknown;
	stop(): unknown;
	cronTime: { getNextDateFrom(start: Date): { toMillis(): number } };
}
