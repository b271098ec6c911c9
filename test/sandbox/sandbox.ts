// The sandbox as its users hold it: a view on what lemlist knows, and the levers to change it.
import { activityOf } from './activities';
import { inOrder } from './activityList';
import { plausibleCampaigns, campaignOf } from './campaigns';
import { lemlistNow, written } from './clock';
import { Deliveries } from './deliveries';
import type { EventType } from './eventTypes';
import { SANDBOX_TEAM } from './identifiers';
import { labelOf } from './faultChoices';
import type { Lemlist } from './lemlist';
import type { Listener } from './listener';
import type { Rules } from './rules';
import { listed } from './telling';
import type {
	ActiveFault,
	Activity,
	Campaign,
	DeliverOptions,
	DeliveryRecord,
	DeliveryResult,
	Fault,
	HappenOptions,
	KeyHolder,
	ListedActivity,
	LogEntry,
	RequestRecord,
	Sandbox,
	SandboxOptions,
	SendOptions,
	StoredHook,
} from './types';

/** The API key that the sandbox takes unless it is given another. */
const SANDBOX_KEY = 'lemlist-sandbox-key';

export class RunningSandbox implements Sandbox {
	readonly apiKey: string;
	readonly teamId = SANDBOX_TEAM;
	private readonly firstRules: Rules;
	private readonly outbox: Deliveries;

	constructor(
		private readonly lemlist: Lemlist,
		private readonly listener: Listener,
		private readonly options: Partial<SandboxOptions>,
	) {
		this.apiKey = options.apiKey ?? SANDBOX_KEY;
		this.firstRules = structuredClone(lemlist.rules);
		this.outbox = new Deliveries(lemlist);
	}

	get url(): string {
		return this.listener.url;
	}

	get apiUrl(): string {
		return `${this.url}/api`;
	}

	get rules(): Rules {
		return this.lemlist.rules;
	}

	get hooks(): readonly StoredHook[] {
		return this.lemlist.hooks.all();
	}

	get campaigns(): Campaign[] {
		return this.lemlist.campaigns;
	}

	get keys(): Map<string, KeyHolder> {
		return this.lemlist.keys;
	}

	get requests(): readonly RequestRecord[] {
		return this.lemlist.journal.requests;
	}

	get deliveries(): readonly DeliveryRecord[] {
		return this.lemlist.journal.deliveries;
	}

	get faults(): readonly ActiveFault[] {
		return this.lemlist.faults.active();
	}

	get activities(): readonly ListedActivity[] {
		const { rules } = this;
		return inOrder(this.lemlist.happenings.ofTeam(this.teamId), rules).map((happening) => ({
			isTaken: happening.isTaken,
			// Of thousands, few are looked at.
			get row() {
				return listed(happening, rules);
			},
		}));
	}

	get log(): readonly LogEntry[] {
		return this.lemlist.journal.lines;
	}

	now(): number {
		return lemlistNow(this.rules);
	}

	activityOf(type: EventType, overrides: Record<string, unknown> = {}): Activity {
		return activityOf(type, overrides, written(this.now(), this.rules));
	}

	addHook(hook: Partial<StoredHook> = {}): StoredHook {
		const added = this.lemlist.hooks.add(hook);
		this.lemlist.journal.log('hook', `${added._id} added by somebody else`);
		return added;
	}

	removeHook(id: string): void {
		if (this.lemlist.hooks.remove(id)) this.lemlist.journal.log('hook', `${id} removed by hand`);
	}

	switchOffHook(id: string): void {
		if (this.lemlist.hooks.switchOff(id))
			this.lemlist.journal.log('hook', `${id} switched off by hand`);
	}

	clearRequests(): void {
		this.lemlist.journal.requests.length = 0;
	}

	spend(requests: number, apiKey = this.apiKey): void {
		this.lemlist.budget.spend(apiKey, requests);
	}

	fault(fault: Fault): ActiveFault {
		const active = this.lemlist.faults.add(fault);
		this.lemlist.journal.log('fault', `On: ${labelOf(active.effect, active.on)}`);
		return active;
	}

	removeFault(id: string): void {
		const fault = this.faults.find((active) => active.id === id);
		fault?.remove();
		if (fault) this.lemlist.journal.log('fault', `Off: ${labelOf(fault.effect, fault.on)}`);
	}

	clearFaults(): void {
		this.lemlist.faults.clear();
		this.lemlist.journal.log('fault', 'All faults are taken back');
	}

	deliver(activity: Activity, options: DeliverOptions = {}): Promise<DeliveryResult[]> {
		return this.outbox.deliver(activity, options);
	}

	happen(activity: Activity, lateMs = 0, options: HappenOptions = {}): void {
		this.outbox.happen(activity, options, lateMs);
		this.lemlist.journal.log('activity', `${activity.type} happened, and no hook delivered it`);
	}

	loseActivity(id: string, afterPages = 0): boolean {
		const isThere = this.lemlist.happenings.lose(id, afterPages);
		const when = afterPages > 0 ? `after so many more pages: ${String(afterPages)}` : 'by hand';
		if (isThere) this.lemlist.journal.log('activity', `${id} deleted ${when}`);
		return isThere;
	}

	send(targetUrl: string, body: unknown, options: SendOptions = {}): Promise<DeliveryResult> {
		return this.outbox.send(targetUrl, body, options);
	}

	onChange(listener: (line: LogEntry) => void): () => void {
		return this.lemlist.journal.onChange(listener);
	}

	stopListening(): Promise<void> {
		return this.listener.stop();
	}

	startListening(): Promise<void> {
		return this.listener.start();
	}

	reset(): void {
		this.outbox.abort();
		this.lemlist.forget();
		Object.assign(this.lemlist.rules, structuredClone(this.firstRules));
		this.keys.clear();
		this.keys.set(this.apiKey, { state: 'valid', teamId: SANDBOX_TEAM });
		this.campaigns.splice(0, Infinity, ...firstCampaigns(this.options.campaigns));
		this.lemlist.journal.log('reset', 'The sandbox starts afresh');
	}

	async close(): Promise<void> {
		this.outbox.abort();
		await this.listener.stop();
	}
}

function firstCampaigns(wanted: SandboxOptions['campaigns'] | undefined): Campaign[] {
	return Array.isArray(wanted) ? wanted.map(campaignOf) : plausibleCampaigns(wanted);
}
