/** The node in n8n-core's real contexts, beside a stand-in for lemlist, for measurements without an n8n. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { IDataObject } from 'n8n-workflow';
import { EVENTS } from '../../nodes/LemlistTrigger/settings/events';
import { Host, type Trigger } from '../integration/host';
import { processedValues } from '../integration/processedValues';
import { startSandbox, type Sandbox, type SandboxOptions } from '../sandbox';

/** Where hooks are measured: looks back take a part of lemlist's limit at times of their own, and have a part of their own. */
const HOOKS_ALONE: IDataObject = { missedEvents: 'ignore' };

export class HostInProcess {
	private constructor(
		readonly lemlist: Sandbox,
		private readonly host: Host,
	) {}

	/** Starts both, does the work, and closes both. */
	static async during<Result>(
		options: Partial<SandboxOptions>,
		work: (host: HostInProcess) => Promise<Result>,
	): Promise<Result> {
		const [lemlist, host] = [await startSandbox(options), await Host.start()];
		// Where time passes at once, it does not wait for a timer.
		processedValues.momentMs = 0;
		try {
			return await work(new HostInProcess(lemlist, host));
		} finally {
			await host.close();
			await lemlist.close();
		}
	}

	/**
	 * @param events which ones, or how many of all
	 * @param options of the node
	 * @returns a trigger that is not active yet
	 */
	trigger(events: number | readonly string[], options = HOOKS_ALONE): Trigger {
		const { apiKey, apiUrl: baseUrl } = this.lemlist;
		const types = EVENTS.map(({ type }) => type);
		const parameters = {
			events: typeof events === 'number' ? types.slice(0, events) : [...events],
			campaigns: [],
			options,
		};
		return this.host.trigger({
			parameters,
			credential: { data: { apiKey, webhookSecret: '', baseUrl } },
		});
	}

	/** How many executions something came out of, since the heap was read last. */
	get started(): number {
		return this.host.executions.length;
	}

	/** @returns what is in use once all is cleared away that nobody needs, records of what happened here included */
	heapInMegabytes(): number {
		this.lemlist.clearRequests();
		this.host.executions.length = 0;
		setFlagsFromString('--expose-gc');
		(runInNewContext('gc') as () => undefined)();
		return process.memoryUsage().heapUsed / 2 ** 20;
	}
}
