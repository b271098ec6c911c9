/**
 * What the trigger promises, worked out without its code: which hooks should exist, with which secret,
 * and what becomes of a delivery. This is the model that the real node is held against.
 */
import { createHash, hkdfSync } from 'node:crypto';
import type { Activity, StoredHook } from '../../sandbox';
import { TEAM_WIDE, type Picks } from './tables';

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

	/** How many deliveries started the workflow. */
	executions = 0;

	/** Secrets from before the last activation or start that succeeded: refused for good. */
	readonly retired: string[] = [];

	/** The secret before the current one, where this life of n8n has seen it in use. */
	private previous: string | undefined;

	private readonly bygone: string[] = [];

	constructor(
		private readonly identity: Identity,
		public picks: Picks,
		public credential: Credential,
	) {}

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

	/** n8n started: what only the memory of a process knew is gone. Ticks cannot save static data. */
	started(): void {
		this.previous = undefined;
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
