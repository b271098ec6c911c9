/**
 * n8n's store of processed values, in memory: one row a node, read and written back without a lock, each key as
 * given. It lives in the n8n package itself, so here it stands in, behind n8n-core's real service.
 */
import { setTimeout } from 'node:timers/promises';
import { DataDeduplicationService } from 'n8n-core';
import type {
	DeduplicationItemTypes,
	DeduplicationScope,
	ICheckProcessedContextData,
	ICheckProcessedOptions,
	IDataDeduplicator,
	IDeduplicationOutput,
	IDeduplicationOutputItems,
} from 'n8n-workflow';

class ProcessedValues implements IDataDeduplicator {
	/** By workflow and node: keys, oldest first. */
	readonly rows = new Map<string, string[]>();

	/** What the next calls fail with. */
	failure: Error | undefined;

	/** How long reading and writing take, each; where it is 0, no timer is set. */
	momentMs = 1;

	/** Whether the next calls are never answered. */
	hangs = false;

	async checkProcessedAndRecord(
		items: DeduplicationItemTypes[],
		_scope: DeduplicationScope,
		contextData: ICheckProcessedContextData,
		{ maxEntries }: ICheckProcessedOptions,
	): Promise<IDeduplicationOutput> {
		const row = await this.read(contextData);
		const before = new Set(row);
		const [processed, fresh] = [true, false].map((isOld) =>
			items.filter((item) => before.has(String(item)) === isOld),
		) as [DeduplicationItemTypes[], DeduplicationItemTypes[]];
		const written = [...row, ...fresh.map(String)];
		await this.write(contextData, maxEntries === undefined ? written : written.slice(-maxEntries));
		return { new: fresh, processed };
	}

	async checkProcessedItemsAndRecord(): Promise<IDeduplicationOutputItems> {
		return await Promise.reject(new Error('The node does not use this'));
	}

	async removeProcessed(
		items: DeduplicationItemTypes[],
		_scope: DeduplicationScope,
		contextData: ICheckProcessedContextData,
	): Promise<void> {
		const row = await this.read(contextData);
		const gone = new Set(items.map(String));
		await this.write(
			contextData,
			row.filter((key) => !gone.has(key)),
		);
	}

	async clearAllProcessedItems(): Promise<void> {
		await Promise.reject(new Error('The node does not use this'));
	}

	async getProcessedDataCount(
		_scope: DeduplicationScope,
		contextData: ICheckProcessedContextData,
	): Promise<number> {
		return (await this.read(contextData)).length;
	}

	/** Every call takes a moment, so that who does not wait for its turn writes over others. */
	private async read(contextData: ICheckProcessedContextData): Promise<string[]> {
		if (this.failure === undefined) await this.aMoment();
		if (this.hangs) await new Promise(() => undefined);
		if (this.failure !== undefined) throw this.failure;
		return [...(this.rows.get(rowOf(contextData)) ?? [])];
	}

	private async aMoment(): Promise<void> {
		if (this.momentMs > 0) await setTimeout(this.momentMs);
	}

	private async write(contextData: ICheckProcessedContextData, row: string[]): Promise<void> {
		await this.aMoment();
		if (this.failure !== undefined) throw this.failure;
		this.rows.set(rowOf(contextData), row);
	}
}

function rowOf({ workflow, node }: ICheckProcessedContextData): string {
	return `${String(workflow.id)} ${node?.id ?? ''}`;
}

/** The one of this process, as in n8n. */
export const processedValues = new ProcessedValues();

export async function initProcessedValues(): Promise<void> {
	const service = DataDeduplicationService as unknown as { instance?: unknown };
	if (service.instance === undefined) await DataDeduplicationService.init(processedValues);
}
