/** One workflow with a Lemlist Events Trigger in a real n8n, and its hooks at lemlist. */
import { randomUUID } from 'node:crypto';
import type { Credential, Editor, Workflow, WorkflowDraft } from '../../e2e/n8n/editor';
import { unflatten } from '../../e2e/n8n/executionRecord';
import { PACKAGE_NAME } from '../../e2e/n8n/package';
import {
	activityOf,
	type Activity,
	type DeliverOptions,
	type EventType,
	type RequestRecord,
	type Sandbox,
	type StoredHook,
} from '../../sandbox';
import { presentedKey } from '../../sandbox/authentication';
import { deliverUntilLookedAt, type LookedAt } from './busy';
import type { Database } from './database';
import type { Account } from './host';

export const CREDENTIAL_TYPE = 'lemlistWebhookApi';
export const TRIGGER_TYPE = { type: `${PACKAGE_NAME}.lemlistTrigger`, typeVersion: 2 };
export const TRIGGER_NAME = 'Lemlist Events Trigger';
const NEXT_NAME = 'Next';
const NOTHING: NextNode = { type: 'n8n-nodes-base.noOp', typeVersion: 1, parameters: {} };

/** An n8n, one process or several, and the lemlist beside it. */
export interface TriggerHost {
	readonly editor: Editor;
	readonly lemlist: Sandbox;
	readonly database: Pick<Database, 'run'>;
	/** Where lemlist reaches n8n. */
	readonly webhookBase: string;
	/** How often an event is sent again that n8n turned away for its own database. lemlist itself waits for ten seconds. */
	readonly mostResends: number;
	account(teamId?: string): Account;
}

export interface TriggerOptions {
	events: readonly EventType[];
	/** A new one with a team of its own by default. */
	account?: Account;
	webhookSecret?: string;
	/** Of another trigger, to share it; a new one for the account by default. */
	credential?: Credential;
	/** What comes after the trigger; a node that does nothing by default. */
	next?: NextNode;
	/** The workflow's time zone; n8n's own by default. */
	timezone?: string;
	/** What is set beside the events: campaigns, options. */
	parameters?: Parameters;
	/** The workflow's settings. */
	settings?: Readonly<Record<string, unknown>>;
	/** The trigger's node type, where it is of a changed copy of the package. */
	type?: string;
}

export type Parameters = Readonly<Record<string, unknown>>;

/** What an edit may change beside the events; what is left out stays. */
export interface Edit {
	parameters?: Parameters;
	/** The trigger node's name. */
	name?: string;
	/** The trigger node's id; another one is another node, to n8n. */
	nodeId?: string;
	/** Part of the trigger's URL. */
	webhookId?: string;
}

export interface NextNode {
	type: string;
	typeVersion: number;
	parameters: Readonly<Record<string, unknown>>;
}

/** What n8n keeps of an execution, as far as it matters here. */
export interface Started {
	id: string;
	status: string;
	/** What came out of its last node. */
	activities: readonly Activity[];
	/** The `_id`s of what it was started with, until n8n gives it up: then they are gone. */
	activityIds: readonly string[];
	/** Why it failed, in n8n's words. */
	error?: string | undefined;
	/** Whether a look for missed events has started it. */
	isOfLook: boolean;
}

/** As much as is read here of what n8n keeps of an execution. */
interface ResultData {
	error?: { message: string };
	runData?: Record<string, Array<{ data?: { main: Array<Array<{ json: Activity }> | null> } }>>;
}

export class Trigger {
	webhookId: string = randomUUID();

	private constructor(
		readonly host: TriggerHost,
		public account: Account,
		public credential: Credential,
		private readonly options: TriggerOptions,
	) {
		this.events = options.events;
		this.parameters = options.parameters ?? {};
	}

	public events: readonly EventType[];
	private parameters: Parameters;
	nodeId: string = randomUUID();
	private name = TRIGGER_NAME;
	private current: Workflow | undefined;

	/** Saves a credential and a workflow; not active yet. */
	static async make(host: TriggerHost, options: TriggerOptions): Promise<Trigger> {
		const account = options.account ?? host.account();
		const credential =
			options.credential ??
			(await host.editor.createCredential(credentialOf(host, account, options.webhookSecret)));
		const trigger = new Trigger(host, account, credential, options);
		trigger.current = await host.editor.createWorkflow(trigger.draft());
		return trigger;
	}

	/** The workflow as it was saved last. */
	get workflow(): Workflow {
		if (this.current === undefined) throw new Error('The workflow is not saved yet');
		return this.current;
	}

	get webhookUrl(): string {
		return `${this.host.webhookBase}/webhook/${this.webhookId}/webhook`;
	}

	/** Its hooks, in every team. */
	get hooks(): StoredHook[] {
		return this.host.lemlist.hooks.filter(
			({ targetUrl }) => targetUrl.split('?')[0] === this.webhookUrl,
		);
	}

	/** The events of its hooks, sorted. */
	get hookedEvents(): string[] {
		return this.hooks.map(({ type = '*' }) => type).sort();
	}

	/**
	 * What was asked of lemlist with its API key, but for what a look for missed events asks.
	 *
	 * @param after how many requests lemlist had had before, from anybody: times tell too little, since
	 * two requests can come within a millisecond
	 */
	requests(method: string, after = 0): RequestRecord[] {
		return this.host.lemlist.requests
			.slice(after)
			.filter((request) => request.method === method && !isOfLook(request) && this.sent(request));
	}

	/** Whether a request came from this trigger, as far as its API key tells. */
	readonly sent = (request: RequestRecord): boolean =>
		presentedKey(request.headers) === this.account.apiKey;

	async activate(): Promise<void> {
		await this.host.editor.activate(this.workflow);
	}

	async deactivate(): Promise<void> {
		await this.host.editor.deactivate(this.workflow);
	}

	/** Saves other events; n8n takes them up at the next activation, which may follow at once. */
	async edit(events: readonly EventType[], edit: Edit = {}): Promise<void> {
		this.events = events;
		this.parameters = edit.parameters ?? this.parameters;
		this.name = edit.name ?? this.name;
		this.nodeId = edit.nodeId ?? this.nodeId;
		this.webhookId = edit.webhookId ?? this.webhookId;
		this.current = await this.host.editor.updateWorkflow(this.workflow, this.draft());
	}

	/** Goes on with a copy of the workflow, static data included; the original stays as it is. */
	async becomeCopy(): Promise<void> {
		const staticData = { [`node:${this.name}`]: await this.staticData() };
		this.current = await this.host.editor.createWorkflow({ ...this.draft(), staticData });
	}

	/** Puts another API key or Webhook Secret into the credential. */
	async rotate({
		account = this.account,
		webhookSecret = '',
	}: {
		account?: Account;
		webhookSecret?: string;
	}): Promise<void> {
		this.account = account;
		this.credential = {
			...credentialOf(this.host, account, webhookSecret),
			id: this.credential.id,
		};
		await this.host.editor.updateCredential(this.credential);
	}

	/** Somebody deletes hooks of it by hand at lemlist; all of them by default. */
	loseHooks(count = Infinity): void {
		for (const { _id } of this.hooks.slice(0, count)) this.host.lemlist.removeHook(_id);
	}

	/** Lets lemlist send an event of its team. */
	async deliver(
		type: EventType | undefined = this.events[0],
		options: DeliverOptions = {},
	): Promise<LookedAt[]> {
		if (type === undefined) throw new Error('The trigger has no events');
		return await this.send(activityOf(type, { teamId: this.account.teamId }), options);
	}

	/** Lets lemlist send this activity. */
	async send(activity: Activity, options: DeliverOptions = {}): Promise<LookedAt[]> {
		return await deliverUntilLookedAt(this.host, activity, options);
	}

	/** Executions that deliveries have started: without what a look has, its questions to the gate and late starts. */
	async started(): Promise<Started[]> {
		return (await this.executions()).filter(({ isOfLook }) => !isOfLook);
	}

	/** Every execution of the workflow, from the database. */
	async executions(): Promise<Started[]> {
		const rows = await this.host.database.run(
			'SELECT e.id, e.status, d.data FROM execution_entity e LEFT JOIN execution_data d ON d."executionId" = e.id WHERE e."workflowId" = ?',
			this.workflow.id,
		);
		return rows.map(({ id, status, data }) => ({
			id: String(id),
			status: String(status),
			...contentOf(data),
		}));
	}

	/** What n8n has stored for the node. */
	async staticData(): Promise<Readonly<Record<string, unknown>>> {
		const [row] = await this.host.database.run(
			'SELECT CAST("staticData" AS TEXT) AS "staticData" FROM workflow_entity WHERE id = ?',
			this.workflow.id,
		);
		const stored = JSON.parse(
			typeof row?.staticData === 'string' ? row.staticData : '{}',
		) as Record<string, Record<string, unknown> | undefined>;
		return stored[`node:${this.name}`] ?? {};
	}

	/** Puts other static data in place of the node's; n8n must not run meanwhile. */
	async setStaticData(stored: Readonly<Record<string, unknown>>): Promise<void> {
		await this.host.database.run(
			'UPDATE workflow_entity SET "staticData" = ? WHERE id = ?',
			JSON.stringify({ [`node:${this.name}`]: stored }),
			this.workflow.id,
		);
	}

	/** The workflow as it is saved, with the node's parameters as they are now. */
	draft(): WorkflowDraft {
		const { id, name } = this.credential;
		const shared = { position: [0, 0] as const, credentials: { [CREDENTIAL_TYPE]: { id, name } } };
		const { next = NOTHING, timezone, settings = {}, type = TRIGGER_TYPE.type } = this.options;
		const trigger = {
			id: this.nodeId,
			name: this.name,
			...TRIGGER_TYPE,
			type,
			parameters: { events: this.events, ...this.parameters },
			webhookId: this.webhookId,
		};
		return {
			name: `Trigger ${this.webhookId}`,
			nodes: [
				{ ...trigger, ...shared },
				{ id: randomUUID(), name: NEXT_NAME, ...next, ...shared },
			],
			connections: { [this.name]: { main: [[{ node: NEXT_NAME, type: 'main', index: 0 }]] } },
			settings: { ...settings, ...(timezone !== undefined && { timezone }) },
		};
	}
}

function isOfLook({ path }: RequestRecord): boolean {
	return path === '/activities' || path === '/team';
}

function credentialOf({ lemlist }: TriggerHost, { apiKey }: Account, webhookSecret = '') {
	return {
		name: `lemlist ${randomUUID()}`,
		type: CREDENTIAL_TYPE,
		data: { apiKey, webhookSecret, baseUrl: lemlist.apiUrl },
	};
}

/** @param record what n8n keeps of an execution; n8n 1 writes it a moment after the row that counts */
export function contentOf(record: unknown): Omit<Started, 'id' | 'status'> {
	if (typeof record !== 'string') return { activities: [], activityIds: [], isOfLook: false };
	const { resultData } = unflatten(record) as { resultData: ResultData };
	return {
		activities: activitiesIn(resultData),
		activityIds: [...new Set(record.match(/(?<=")act_\w+(?=")/g))],
		error: resultData.error?.message,
		isOfLook: /"question"|"lemlistSeen"|"isLate"/.test(record),
	};
}

/** The items that came out of the workflow's last node. */
function activitiesIn({ runData }: ResultData): Activity[] {
	const runs = runData?.[NEXT_NAME] ?? [];
	return runs.flatMap(({ data }) => data?.main[0]?.map(({ json }) => json) ?? []);
}
