/**
 * The account of everything that happened in lemlist: what has to become of it, and what did. Works the
 * promise out without the node's code: what lemlist delivers or lists starts a published workflow once.
 */
import type { INodeExecutionData } from 'n8n-workflow';
import type { Activity, EventType } from '../../sandbox';
import { CAUSE_OF_STATE, STATE, type Agreement } from './tables';
import { promise } from './violation';

/** The activity's field that tells which event it is, whatever lemlist's list makes of its `_id`. */
const NAME = 'happening';

/**
 * Whether an event that no hook has brought yet has to start the workflow late, may do so, or must not.
 * Delivered, it starts the workflow in any case.
 */
export type Outlook = 'must' | 'may' | 'never';

/** An event, and what has become of it. */
export interface Entry {
	name: string;
	/** What hooks ask for. */
	event: EventType;
	activity: Activity;
	/** When it happened, and when the list has it, in milliseconds since the epoch by lemlist's clock. */
	at: number;
	listedAt: number;
	outlook: Outlook;
	/** Whether the workflow took it from a hook. */
	isTaken: boolean;
	/** Whether n8n's store may not know that it started the workflow. */
	isUnrecorded: boolean;
	starts: number;
	lateStarts: number;
}

export class Ledger {
	readonly entries: Entry[] = [];

	private read = 0;

	/** @param executions what has started the workflow, the latest last */
	constructor(
		private readonly agreement: Agreement,
		private readonly executions: readonly INodeExecutionData[][],
	) {}

	/** Something happens. @returns the account of it, and the activity with its name */
	add(event: EventType, activity: Activity, about: Pick<Entry, 'listedAt' | 'outlook'>): Entry {
		const name = `happening ${String(this.entries.length + 1)}`;
		const entry: Entry = {
			name,
			event,
			activity: { ...activity, [NAME]: name },
			at: Date.parse(String(activity.createdAt)),
			...about,
			isTaken: false,
			isUnrecorded: false,
			starts: 0,
			lateStarts: 0,
		};
		this.entries.push(entry);
		return entry;
	}

	/** @returns whether the gate knows an event of this kind that lemlist's list has by now: what the node asks for before it starts anything late. Undefined: it depends */
	isProven(event: EventType, now: number): boolean | undefined {
		const taken = this.entries.filter((entry) => entry.event === event && entry.isTaken);
		if (taken.some(({ isUnrecorded }) => isUnrecorded)) return undefined;
		return taken.some(({ listedAt }) => listedAt <= now) || (taken.length > 0 ? undefined : false);
	}

	/** @returns the events that have not started the workflow */
	open(): Entry[] {
		return this.entries.filter(({ starts }) => starts === 0);
	}

	/** Another outlook for what has not started the workflow yet. @throws Violation for what must not have started it until now */
	revise(revised: (entry: Entry) => Outlook): void {
		this.catchUp();
		for (const entry of this.open()) entry.outlook = revised(entry);
	}

	/** Reads what has started the workflow since the last time. @throws Violation for what must not have */
	catchUp(): void {
		for (const items of this.executions.slice(this.read)) this.readExecution(items);
		this.read = this.executions.length;
	}

	private readExecution(items: readonly INodeExecutionData[]): void {
		const told = () => JSON.stringify(items);
		const [{ json, ...rest } = NO_ITEM] = items;
		promise(items.length === 1, () => `Several items in one execution: ${told()}`);
		promise(Object.keys(rest).length === 0, () => `More than an activity in an item: ${told()}`);
		const entry = this.entries.find(({ name }) => name === json[NAME]);
		promise(entry !== undefined, () => `The workflow got what did not happen: ${told()}`);
		if (entry === undefined) return;
		this.assertAsSent(entry, json);
		entry.starts += 1;
		const isLate = json.isLate === true;
		if (isLate) entry.lateStarts += 1;
		promise(!isLate || entry.outlook !== 'never', () => `Started late: ${toldOf(entry)}`);
		promise(
			entry.starts <= this.mostStarts(entry, isLate),
			() => `Started twice: ${toldOf(entry)}`,
		);
	}

	/** An event under two keys cannot be told to be one. */
	private mostStarts(entry: Entry, isLate: boolean): number {
		const { event, isUnrecorded, lateStarts } = entry;
		if (isUnrecorded) return Infinity;
		const { ofIds, ofTypes, ofStates, isStateNamed } = this.agreement;
		// A state that is listed as one more activity starts late as that, too, where all is listed whatever is asked for.
		if (event === STATE && !ofStates) return ofTypes ? 2 : 3;
		// And so does what brought it about, which stands for the state.
		if (event === CAUSE_OF_STATE && !ofTypes && !isStateNamed) return 2;
		if (ofIds || lateStarts === 0) return 1;
		// Where the list disagrees, what nothing of was ever delivered has started late, and is delivered after that.
		return !isLate || this.isForgotten(event) ? 2 : 1;
	}

	/** Whether n8n's store may not know that anything of an event was delivered. */
	private isForgotten(event: EventType): boolean {
		return this.entries.some((entry) => entry.event === event && entry.isUnrecorded);
	}

	/** The workflow gets exactly what lemlist sends, without the secret. */
	private assertAsSent({ activity, event }: Entry, json: Record<string, unknown>): void {
		const isLate = json.isLate === true;
		const exempt = new Set([
			...(event === 'interested' ? ['type', '_id'] : []),
			...(isLate && !this.agreement.ofIds ? ['_id'] : []),
			...(isLate && !this.agreement.ofLeads ? VARIABLES : []),
		]);
		const kept = (fields: Record<string, unknown>) =>
			JSON.stringify(
				Object.entries(fields)
					.filter(([field]) => !exempt.has(field))
					.sort(([one], [other]) => (one < other ? -1 : 1)),
			);
		const wanted = kept({ ...activity, ...(isLate && { isLate }) });
		promise(kept(json) === wanted, () => `The workflow got ${kept(json)} instead of ${wanted}`);
	}
}

const NO_ITEM: INodeExecutionData = { json: {} };
/** The lead's variables in the stand-in's activities. */
const VARIABLES = ['icebreaker', 'Team size'];

/** @returns what is known of an event, for a violation */
export function toldOf({ name, event, activity, at, ...entry }: Entry): string {
	const { listedAt, outlook, isTaken, starts, lateStarts } = entry;
	const times = [at, listedAt].map((time) => new Date(time).toISOString());
	return `${name}, ${event} in ${String(activity.campaignId)}, at ${times.join(', listed at ')}: ${JSON.stringify({ outlook, isTaken, starts, lateStarts })}`;
}
