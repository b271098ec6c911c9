/**
 * The secrets that this process knows its trigger nodes to use now, as fingerprints: what a delivery
 * is held against besides the fingerprint in static data.
 */
import { clock } from '../process/clock';
import { ForgetfulMap } from '../process/forgetfulMap';

/**
 * Neither a flood of forged deliveries nor the time after a rotation may load the credential on every
 * call. So long after a change of the credential, every process that takes deliveries will look it up.
 */
export const LOAD_AT_MOST_EVERY_MS = 5_000;

interface Known {
	/** The fingerprint in static data that all this belongs to; absent until a delivery brings one. */
	registered?: string;
	derived: Set<string>;
	/** What counted before another activation: n8n may save old static data after it. */
	superseded: Set<string>;
	load?: { result: Promise<void>; until: number };
}

export class KnownSecrets {
	private readonly nodes = new ForgetfulMap<Known>(() => ({
		derived: new Set(),
		superseded: new Set(),
	}));

	/**
	 * @param node a key of the node, unique in n8n
	 * @param registered the fingerprint in static data
	 * @returns the fingerprints that count. What was learned before another activation does not: a
	 * leaked secret is shut out by rotating it and activating again
	 */
	accepted(node: string, registered: string | undefined): string[] {
		if (registered !== undefined) this.follow(node, registered);
		const { registered: last, derived } = this.of(node);
		return [...(last === undefined ? [] : [last]), ...derived];
	}

	/** Static data that is lost says nothing: what was registered last stays known. */
	private follow(node: string, registered: string): void {
		const { registered: last, superseded } = this.of(node);
		if (superseded.has(registered)) return;
		if (last !== undefined && last !== registered) this.supersede(node, registered);
		this.of(node).registered = registered;
	}

	/** Takes note of a secret that hooks are, or are about to be, registered with. */
	note(node: string, fingerprint: string): void {
		this.of(node).derived.add(fingerprint);
	}

	/** Takes note that an activation has registered this secret: the ones before count no more. */
	activated(node: string, fingerprint: string): void {
		this.supersede(node, fingerprint);
		this.note(node, fingerprint);
	}

	/** Nothing counts any more, and nothing that counted will count again when static data names it, but for one. */
	private supersede(node: string, current: string): void {
		const superseded = new Set([...this.of(node).superseded, ...this.accepted(node, undefined)]);
		superseded.delete(current);
		this.nodes.set(node, { derived: new Set(), superseded });
	}

	/**
	 * Works the secret out anew, at most every {@link LOAD_AT_MOST_EVERY_MS} for each node.
	 *
	 * @param derive reads the credential and gives the fingerprint of the derived secret
	 * @throws what `derive` throws
	 */
	async refresh(node: string, derive: () => Promise<string>): Promise<void> {
		// What is read for a superseded activation stays with it: see activated.
		const known = this.of(node);
		if (known.load === undefined || known.load.until <= clock.now()) {
			known.load = {
				until: clock.now() + LOAD_AT_MOST_EVERY_MS,
				result: derive().then((fingerprint) => {
					known.derived.add(fingerprint);
				}),
			};
		}
		await known.load.result;
	}

	/**
	 * Follows an activation in another process that went back to an earlier secret: then static data and
	 * credential agree on one that counted before. Static data alone may just have been saved late.
	 *
	 * @param registered the fingerprint in static data
	 */
	followBack(node: string, registered: string | undefined): void {
		const { superseded, derived } = this.of(node);
		if (registered !== undefined && superseded.has(registered) && derived.has(registered))
			this.activated(node, registered);
	}

	private of(node: string): Known {
		return this.nodes.of(node);
	}
}
