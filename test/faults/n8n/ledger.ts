/** What should start one workflow, and what did: every event by its `_id`, as it comes out behind the trigger. */
import { readFile } from 'node:fs/promises';
import {
	activityOf,
	type Activity,
	type DeliverOptions,
	type EventType,
	type Sandbox,
} from '../../sandbox';
import type { LookedAt } from './busy';
import { contentOf, type NextNode, type Trigger } from './trigger';
import type { Host } from './host';

/** The `_id`s of what came out behind a trigger, sorted, and of what an execution was to start with that crashed. */
export interface Starts {
	ids: readonly string[];
	crashed: readonly string[];
}

export class Ledger {
	private readonly activities: Activity[] = [];

	constructor(readonly trigger: Trigger) {}

	/** The `_id`s of what has to start the workflow, each once; sorted. */
	get wanted(): string[] {
		return idsOf(this.activities);
	}

	/** An activity of the trigger's team; of its first event by default. */
	an(type: EventType = this.trigger.events[0] ?? 'emailsReplied', fields: object = {}): Activity {
		return activityOf(type, { teamId: this.trigger.account.teamId, ...fields });
	}

	/** It happens, no hook delivers it, and it has to start the workflow. */
	happens(...activities: readonly Activity[]): void {
		this.activities.push(...activities);
		this.happensInVain(...activities);
	}

	/** It happens, and must not start the workflow. */
	happensInVain(...activities: readonly Activity[]): void {
		for (const activity of activities) this.trigger.host.lemlist.happen(activity);
	}

	/** lemlist lets the hooks have it, and it has to start the workflow, whether it gets there or not. */
	async isSent(activity: Activity = this.an(), options?: DeliverOptions): Promise<LookedAt[]> {
		this.activities.push(activity);
		return await this.trigger.send(activity, options);
	}

	/** It has to start the workflow, however it gets there. */
	wants(...activities: readonly Activity[]): void {
		this.activities.push(...activities);
	}

	/** Lines of this package in n8n's log that are about this workflow; n8n has to write its log as JSON. */
	async log(host: Host): Promise<string[]> {
		const lines = (await readFile(host.n8n.logFile, 'utf8')).split('\n');
		return lines
			.filter((line) => line.startsWith('{') && line.includes('Lemlist Events Trigger'))
			.map((line) => JSON.parse(line) as { message: string; metadata?: { workflowId?: string } })
			.filter(({ metadata }) => metadata?.workflowId === this.trigger.workflow.id)
			.map(({ message }) => message);
	}
}

/** Where workflows tell that they were started, in place of lemlist's API. */
const COUNTER = '/started';

/** What comes after a trigger whose starts are counted outside of n8n: they count even if n8n keeps or finishes nothing. */
export function counting({ apiUrl }: Pick<Sandbox, 'apiUrl'>): NextNode {
	return {
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.2,
		parameters: {
			method: 'POST',
			url: `${apiUrl}${COUNTER}`,
			sendBody: true,
			specifyBody: 'json',
			jsonBody: '={{ JSON.stringify({ _id: $json._id, workflow: $workflow.id }) }}',
			options: { response: { response: { neverError: true } } },
		},
	};
}

/** The `_id`s of what was counted outside of n8n. */
export function countedOf(trigger: Trigger): string[] {
	const counted = trigger.host.lemlist.requests
		.filter(({ path }) => path === COUNTER)
		.map(({ body }) => body as { _id: string; workflow: string });
	return counted
		.filter(({ workflow }) => workflow === trigger.workflow.id)
		.map(({ _id }) => _id)
		.sort();
}

/** The `_id`s that came out of the workflow's last node, once for each time. */
export async function startedIds(trigger: Trigger): Promise<string[]> {
	const executions = await trigger.executions();
	return executions.flatMap(({ activities }) => activities.map(({ _id }) => String(_id)));
}

/** What has started each of these workflows so far. */
export async function startsOf(host: Host, ledgers: readonly Ledger[]): Promise<Starts[]> {
	const ids = ledgers.map(({ trigger }) => trigger.workflow.id);
	const rows = await host.database.run(
		`SELECT e."workflowId", e.status, d.data FROM execution_entity e LEFT JOIN execution_data d ON d."executionId" = e.id WHERE e."workflowId" IN (${ids.map(() => '?').join()})`,
		...ids,
	);
	return ids.map((id) => {
		const executions = rows
			.filter(({ workflowId }) => workflowId === id)
			.map(({ status, data }) => ({ isCrashed: status === 'crashed', ...contentOf(data) }));
		return {
			ids: idsOf(executions.flatMap(({ activities }) => activities)),
			crashed: executions.flatMap(({ isCrashed, activityIds }) => (isCrashed ? activityIds : [])),
		};
	});
}

/** @returns the `_id`s of activities, sorted */
export function idsOf(activities: readonly Activity[]): string[] {
	return activities.map(({ _id }) => String(_id)).sort();
}
