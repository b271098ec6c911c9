/** The node in n8n-core's real contexts, beside a stand-in for lemlist, for measurements without an n8n. */
import { EVENTS } from '../../nodes/LemlistTrigger/settings/events';
import { Host, type Trigger } from '../integration/host';
import { startSandbox, type Sandbox, type SandboxOptions } from '../sandbox';

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
		try {
			return await work(new HostInProcess(lemlist, host));
		} finally {
			await host.close();
			await lemlist.close();
		}
	}

	/** A trigger on the first so many events; not active yet. */
	trigger(events: number): Trigger {
		const { apiKey, apiUrl: baseUrl } = this.lemlist;
		const parameters = {
			events: EVENTS.slice(0, events).map(({ type }) => type),
			campaigns: [],
			options: {},
		};
		return this.host.trigger({
			parameters,
			credential: { data: { apiKey, webhookSecret: '', baseUrl } },
		});
	}
}
