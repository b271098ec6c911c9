// n8n through the calls that its editor makes: log-in, credentials, workflows, executions.
import { z } from 'zod';

import { activationFor, type Activation } from './activation';
import { unflatten } from './executionRecord';
import { RestSession } from './restSession';

export interface Owner {
	email: string;
	password: string;
	firstName: string;
	lastName: string;
}

export interface CredentialDraft {
	name: string;
	/** The credential's type, for example lemlistWebhookApi. */
	type: string;
	data: Readonly<Record<string, unknown>>;
}

export interface Credential extends CredentialDraft {
	id: string;
}

export interface WorkflowNode {
	id: string;
	name: string;
	type: string;
	typeVersion: number;
	position: readonly [x: number, y: number];
	parameters: Readonly<Record<string, unknown>>;
	/** Part of the URL that n8n serves for a trigger. */
	webhookId?: string;
	credentials?: Readonly<Record<string, { id: string; name: string }>>;
}

/** A data table: n8n's own kind of sheet. */
export interface Table {
	id: string;
	projectId: string;
}

export interface WorkflowDraft {
	name: string;
	nodes: readonly WorkflowNode[];
	/** By the name of the node that they come from. */
	connections: Readonly<Record<string, unknown>>;
	settings?: Readonly<Record<string, unknown>>;
	/** What nodes have stored, by the node's name. */
	staticData?: Readonly<Record<string, unknown>>;
	/** Sample items that stand in for what a node would give out in a manual run, by the node's name. */
	pinData?: Readonly<Record<string, ReadonlyArray<{ json: Readonly<Record<string, unknown>> }>>>;
}

const identified = z.object({ id: z.string() });
const workflow = z.object({ id: z.string(), name: z.string(), versionId: z.string() });
const credentialTest = z.object({ status: z.string(), message: z.string().default('') });
const execution = z.object({
	id: z.coerce.string(),
	status: z.string(),
	mode: z.string(),
	finished: z.boolean().optional(),
});
const started = z.object({ executionId: z.coerce.string() });
const rows = z.object({ data: z.array(z.record(z.string(), z.unknown())) });
const executions = z.object({ results: z.array(execution) });
const executionRecord = execution.extend({ data: z.unknown() });
const record = z.object({
	resultData: z.object({
		error: z.object({ message: z.string() }).optional(),
		runData: z.record(z.string(), z.array(z.object({ data: z.unknown() }))).default({}),
	}),
});
const nodeOutput = z.object({ main: z.array(z.array(z.object({ json: z.unknown() })).nullable()) });

export type Workflow = z.infer<typeof workflow>;
type CredentialTest = z.infer<typeof credentialTest>;
export type ExecutionSummary = z.infer<typeof execution>;

export interface Execution extends ExecutionSummary {
	error: string | undefined;
	/** What each node gave out, over all its runs, by the node's name. */
	items: Readonly<Record<string, readonly unknown[]>>;
}

export class Editor {
	private readonly session: RestSession;
	private readonly activation: Activation;

	/** For a running n8n; set up the owner or log in next. */
	constructor({ url, version }: { url: string; version: string }) {
		this.session = new RestSession(url);
		this.activation = activationFor(version);
	}

	/** Makes the first user of a new n8n, and logs in as them. */
	async setUpOwner(owner: Owner): Promise<void> {
		await this.session.send('POST', '/owner/setup', owner);
	}

	async logIn({ email, password }: Pick<Owner, 'email' | 'password'>): Promise<void> {
		await this.session.send('POST', '/login', { emailOrLdapLoginId: email, password });
	}

	async createCredential(draft: CredentialDraft): Promise<Credential> {
		const { id } = identified.parse(await this.session.send('POST', '/credentials', draft));
		return { ...draft, id };
	}

	/** Changes what a credential holds. */
	async updateCredential({ id, ...draft }: Credential): Promise<void> {
		await this.session.send('PATCH', `/credentials/${id}`, draft);
	}

	/** What the editor shows after a credential was saved: status OK or Error, and why. */
	async testCredential(credentials: Credential): Promise<CredentialTest> {
		return credentialTest.parse(
			await this.session.send('POST', '/credentials/test', { credentials }),
		);
	}

	async createWorkflow(draft: WorkflowDraft): Promise<Workflow> {
		const whole = { active: false, settings: {}, ...draft };
		return workflow.parse(await this.session.send('POST', '/workflows', whole));
	}

	/** Saves another content under the same workflow; n8n 2 runs it once it is activated again. */
	async updateWorkflow({ id, versionId }: Workflow, draft: WorkflowDraft): Promise<Workflow> {
		return workflow.parse(
			await this.session.send('PATCH', `/workflows/${id}`, { versionId, ...draft }),
		);
	}

	/**
	 * Activates a workflow and waits until its triggers are set up.
	 *
	 * @throws an Error with what n8n shows the user where a trigger fails
	 */
	async activate({ id, versionId }: Workflow): Promise<void> {
		await this.activation.activate(this.session, id, versionId);
	}

	/**
	 * Deactivates a workflow and waits until its triggers are taken down.
	 *
	 * @throws an Error with what n8n shows the user where a trigger fails
	 */
	async deactivate({ id, versionId }: Workflow): Promise<void> {
		await this.activation.deactivate(this.session, id, versionId);
	}

	/** What n8n has saved under a workflow, as it tells it. */
	async savedWorkflow({ id }: Pick<Workflow, 'id'>): Promise<Workflow & WorkflowDraft> {
		return (await this.session.send('GET', `/workflows/${id}`)) as Workflow & WorkflowDraft;
	}

	/**
	 * Presses "Execute workflow": n8n starts from a trigger, which has sample items pinned to it.
	 *
	 * @param trigger the trigger's name
	 * @returns the execution's id
	 */
	async executeWorkflow({ id }: Pick<Workflow, 'id'>, trigger: string): Promise<string> {
		// n8n 1 runs the workflow that it is handed, n8n 2 the one that is saved.
		const order = {
			workflowData: await this.savedWorkflow({ id }),
			triggerToStartFrom: { name: trigger },
		};
		return started.parse(await this.session.send('POST', `/workflows/${id}/run`, order))
			.executionId;
	}

	/** Makes an empty data table with columns for text. */
	async createTable(name: string, columns: readonly string[]): Promise<Table> {
		const { id: projectId } = identified.parse(
			await this.session.send('GET', '/projects/personal'),
		);
		const draft = { name, columns: columns.map((column) => ({ name: column, type: 'string' })) };
		return {
			...identified.parse(
				await this.session.send('POST', `/projects/${projectId}/data-tables`, draft),
			),
			projectId,
		};
	}

	/** What is in a data table, n8n's own columns included. */
	async rowsOf({ id, projectId }: Table): Promise<Array<Record<string, unknown>>> {
		return rows.parse(
			await this.session.send('GET', `/projects/${projectId}/data-tables/${id}/rows`),
		).data;
	}

	/**
	 * A workflow's executions, newest first. n8n lists those that run and those that are over with a query each, so
	 * one that ends in between may be in neither: it is asked twice.
	 */
	async executions(workflow: Pick<Workflow, 'id'>): Promise<ExecutionSummary[]> {
		const before = await this.executionsOnce(workflow);
		const now = await this.executionsOnce(workflow);
		const listed = new Set(now.map(({ id }) => id));
		return [...now, ...before.filter(({ id }) => !listed.has(id))].sort(
			(one, other) => Number(other.id) - Number(one.id),
		);
	}

	private async executionsOnce({ id }: Pick<Workflow, 'id'>): Promise<ExecutionSummary[]> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId: id }));
		return executions.parse(
			await this.session.send('GET', `/executions?filter=${filter}&limit=100`),
		).results;
	}

	/** One execution with what its nodes gave out. */
	async execution(id: string): Promise<Execution> {
		const { data, ...summary } = executionRecord.parse(
			await this.session.send('GET', `/executions/${id}`),
		);
		const { resultData } = record.parse(typeof data === 'string' ? unflatten(data) : data);
		const items = Object.entries(resultData.runData).map(([node, runs]) => [
			node,
			runs.flatMap((run) => itemsOf(run.data)),
		]);
		return {
			...summary,
			error: resultData.error?.message,
			items: Object.fromEntries(items) as Execution['items'],
		};
	}
}

/** What one run of a node gave out on its first output; nothing where it failed. */
function itemsOf(output: unknown): unknown[] {
	const { data } = nodeOutput.safeParse(output);
	return data?.main[0]?.map(({ json }) => json) ?? [];
}
