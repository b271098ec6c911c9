/**
 * What the trigger promises, worked out without its code: which hooks should exist, with which secret,
 * and what becomes of a delivery. This is the model that the real node is held against.
 */
import { createHash, hkdfSync } from 'node:crypto';
import type { INodeExecutionData } from 'n8n-workflow';
import type { Activity, EventType, StoredHook } from '../../sandbox';
import { Ledger, type Entry, type Outlook } from './ledger';
import { CAUSE_OF_STATE, STATE, TEAM_WIDE, type Agreement, type Picks } from './tables';

/** lemlist and the node cut seconds off: what happens so soon after a publication may count or not. */
const VAGUE_MS = 2_500;
/** No clock is further from another. Where lemlist does not answer, n8n's has to do. */
const CLOCKS_APART_MS = 45_000;

/** A hook by what it asks lemlist for. */
type Asked = Pick<StoredHook, 'isFirst' | 'type' | 'campaignId' | 'secret'>;

export interface Identity {
	workflowId: string;
	webhookId: string;
}

export interface Credential {
	apiKey: string;
	webhookSecret: string;
}

export class Expectations {
	/** Whether n8n holds the workflow to be active. */
	isActive = false;

	/** What happened, and what comes of it. */
	readonly ledger: Ledger;

	/** Whether the next publication may go on with what was wanted before: after an edit that failed. */
	private isBroken = false;

	/** From when on it is certain that what happens is wanted, in milliseconds since the epoch by lemlist's clock. */
	private certainFrom = Infinity;

	/** Whether n8n's database no longer says since when anything is wanted. */
	private isSinceLost = false;

	/** Secrets from before the last activation or start that succeeded: refused for good. */
	readonly retired: string[] = [];

	/** The secret before the current one, where this life of n8n has seen it in use. */
	private previous: string | undefined;

	private readonly bygone: string[] = [];

	constructor(
		private readonly identity: Identity,
		public picks: Picks,
		public credential: Credential,
		private readonly agreement: Agreement,
		executions: readonly INodeExecutionData[][],
	) {
		this.ledger = new Ledger(agreement, executions);
	}

	get secret(): string {
		return secretOf(this.identity, this.credential);
	}

	get secretElsewhere(): string {
		return secretOf({ ...this.identity, workflowId: 'another' }, this.credential);
	}

	/** The credential was changed. After two rotations without a check between, the oldest secret is given up. */
	rotated(credential: Credential): void {
		this.previous = this.secret;
		this.bygone.push(this.secret);
		this.credential = credential;
	}

	/** n8n started: what only the memory of a process knew is gone. Ticks cannot save static data. @param now by lemlist's clock */
	started(now: number): void {
		this.previous = undefined;
		if (this.isSinceLost) this.doubt(now + CLOCKS_APART_MS);
		this.isSinceLost = false;
	}

	/** Whether what happened until now was wanted cannot be told. */
	doubt(now: number): void {
		this.ledger.revise(({ outlook }) => (outlook === 'must' ? 'may' : outlook));
		this.certainFrom = now + VAGUE_MS;
	}

	/** n8n's database lost what it knew of the trigger. */
	staticDataLost(): void {
		this.isSinceLost = true;
	}

	/** Nothing of before may start what is published now. @param now by lemlist's clock */
	published(now: number): void {
		const { isBroken } = this;
		this.ledger.revise(({ outlook }) => (isBroken && outlook !== 'never' ? 'may' : 'never'));
		this.wantedSince(now);
	}

	/** What was wanted before and is so still goes on. @param now by lemlist's clock */
	edited(now: number): void {
		this.ledger.revise((entry) =>
			this.isPicked(entry) || this.isForState(entry) ? entry.outlook : 'never',
		);
		this.wantedSince(now);
	}

	private wantedSince(now: number): void {
		this.isBroken = false;
		this.isSinceLost = false;
		this.certainFrom = now + VAGUE_MS;
	}

	/** The workflow was switched off by an edit that failed. @param now by lemlist's clock */
	broken(now: number): void {
		this.isActive = false;
		this.isBroken = true;
		this.doubt(now);
	}

	/** The user switched the workflow off. */
	unpublished(): void {
		this.isActive = false;
		if (!this.isBroken) this.ledger.revise(() => 'never');
	}

	/** The workflow took an event from a hook. Where the list lacks that, nothing of its kind can be started late yet. @param now by lemlist's clock */
	taken(entry: Entry, isRecorded: boolean, now: number): void {
		const { event } = entry;
		entry.isTaken = true;
		if (!isRecorded) entry.isUnrecorded = true;
		if (this.ledger.isProven(event, now) !== undefined) return;
		this.ledger.revise((other) =>
			other.event === event && other.outlook === 'must' ? 'may' : other.outlook,
		);
	}

	/** n8n ended while it published: what is wanted goes on from before, or begins when n8n starts. */
	halfPublished(): void {
		this.ledger.revise(() => 'may');
		this.isBroken = false;
		this.isSinceLost = true;
	}

	/** @returns what is to become of an event that no hook brings. @param now by lemlist's clock */
	outlookOf(entry: Pick<Entry, 'event' | 'activity' | 'at'>, now: number): Outlook {
		const { event } = entry;
		const isForState = this.isForState(entry);
		if (!this.isActive && !this.isBroken) return 'never';
		if (!isForState && (!this.isPicked(entry) || event === TEAM_WIDE)) return 'never';
		if (!this.isActive || isForState || entry.at < this.certainFrom) return 'may';
		if (!this.agreement.ofIds) return 'may';
		if (event === STATE) return this.outlookOfState(now);
		if (event === CAUSE_OF_STATE && !this.areStatesClear()) return 'may';
		return this.ledger.isProven(event, now) === undefined ? 'may' : 'must';
	}

	/** @returns whether the delivery of an event may look like that of another, so that the two start the workflow once */
	mayMerge({ event }: Entry): boolean {
		return [STATE, CAUSE_OF_STATE].includes(event) && !this.agreement.isStateApart;
	}

	/** Nobody knows whether lemlist lists states as it delivers them: only where that was seen, they are started late. */
	private outlookOfState(now: number): Outlook {
		if (!this.agreement.isStateListed) return 'never';
		const isProven = this.ledger.isProven(STATE, now) === true;
		return isProven && this.agreement.ofTypes && this.areStatesClear() ? 'must' : 'may';
	}

	private areStatesClear(): boolean {
		return this.agreement.ofStates && this.agreement.isStateApart;
	}

	/** Listed though it was not asked for, what brought a state about stands for the state. */
	private isForState({ event }: Pick<Entry, 'event'>): boolean {
		return event === CAUSE_OF_STATE && !this.agreement.ofTypes && this.picks.events.includes(STATE);
	}

	private isPicked({ event, activity }: Pick<Entry, 'event' | 'activity'>): boolean {
		return this.isEventPicked(event) && this.concerns(activity);
	}

	private isEventPicked(event: EventType): boolean {
		return this.picks.events.some((picked) => picked === '*' || picked === event);
	}

	/** An activation or a start succeeded. */
	activated(): void {
		this.isActive = true;
		this.previous = undefined;
		this.retired.push(...this.bygone.splice(0));
	}

	/** @returns the hooks that should exist */
	wanted(): Asked[] {
		const { events, campaigns } = this.picks;
		const [campaignId, ...others] = campaigns;
		return events.map((type) => {
			const isForOne =
				campaignId !== undefined && others.length === 0 && type !== '*' && type !== TEAM_WIDE;
			return {
				isFirst: false,
				secret: this.secret,
				...(type !== '*' && { type }),
				...(isForOne && { campaignId }),
			};
		});
	}

	/** @returns whether the workflow starts with this activity */
	concerns({ campaignId }: Activity): boolean {
		const { campaigns } = this.picks;
		return (
			campaigns.length === 0 || typeof campaignId !== 'string' || campaigns.includes(campaignId)
		);
	}

	/**
	 * @param saved the fingerprint in static data
	 * @returns the statuses that a delivery with this secret may be answered with
	 */
	answersTo(secret: string | undefined, saved: unknown): readonly number[] {
		if (!this.isActive) return [404];
		if (secret === undefined || !this.isOurs(secret) || this.retired.includes(secret)) return [401];
		const isVouchedFor =
			secret === this.secret || secret === this.previous || fingerprintOf(secret) === saved;
		// Otherwise nothing that a process may still know vouches for it: given up by two rotations
		// between two checks, or known to no one since n8n started again.
		return isVouchedFor ? [200] : [200, 401];
	}

	private isOurs(secret: string): boolean {
		return [this.secret, ...this.bygone, ...this.retired].includes(secret);
	}
}

/** @returns what hooks ask lemlist for, in an order of their own, for comparing */
export function askedBy(hooks: readonly Asked[]): string[] {
	return hooks
		.map(({ type, campaignId, isFirst, secret }) =>
			JSON.stringify([type ?? '*', campaignId ?? '', isFirst, secret ?? '']),
		)
		.sort();
}

function secretOf(
	{ workflowId, webhookId }: Identity,
	{ apiKey, webhookSecret }: Credential,
): string {
	const context = JSON.stringify(['n8n-nodes-lemlist', workflowId, webhookId]);
	return Buffer.from(hkdfSync('sha256', apiKey, webhookSecret, context, 32)).toString('base64url');
}

function fingerprintOf(secret: string): string {
	return createHash('sha256').update(secret).digest('base64url');
}
