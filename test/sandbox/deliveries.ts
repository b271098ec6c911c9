// Events on their way: which hooks get one, and how often lemlist tries.
import { setMaxListeners } from 'node:events';

import { stateAfter } from './eventTypes';
import { happeningOf, type Happening } from './happenings';
import { wants } from './hooks';
import type { Lemlist } from './lemlist';
import { isFinal, post, type Parcel } from './parcel';
import { pause } from './pause';
import { delivered } from './telling';
import type { Activity, DeliverOptions, DeliveryResult, SendOptions, StoredHook } from './types';

/** Something that happens, and the event of hooks that it is. */
interface Happened {
	event: string;
	happening: Happening;
}

type HookParcel = Parcel & { hook: StoredHook };

export class Deliveries {
	private closing = closingFor();

	constructor(private readonly lemlist: Lemlist) {}

	/** Posts an activity to every hook that wants it, to all of them at the same time. */
	async deliver(activity: Activity, options: DeliverOptions = {}): Promise<DeliveryResult[]> {
		const results: DeliveryResult[] = [];
		for (const { event, happening } of this.happen(activity, options)) {
			results.push(...(await this.deliverEvent(event, happening, options)));
		}
		return results;
	}

	/** Keeps what happens, unless it is a forgery: the activity, and the lead state if that is wanted. */
	happen(activity: Activity, options: DeliverOptions, lateMs = 0): Happened[] {
		const { happenings, rules } = this.lemlist;
		const { teamId, secret, alsoState = false, event = activity.type } = options;
		const keep = (each: Activity, cause?: string) => {
			const happening = happeningOf(each, { teamId, cause, lateMs }, rules);
			return secret === undefined ? happenings.add(happening) : happening;
		};
		const state = alsoState ? stateAfter(event) : undefined;
		const own = { event, happening: keep(activity) };
		if (state === undefined) return [own];
		return [own, { event: state, happening: keep({ ...activity, type: state }, activity.type) }];
	}

	/** Posts any body to any URL, once. */
	send(targetUrl: string, body: unknown, options: SendOptions = {}): Promise<DeliveryResult> {
		const parcel: Parcel = { targetUrl, body, options, retries: 0, closing: this.closing.signal };
		return post(parcel, 1, this.lemlist);
	}

	/** Gives up on everything that is under way, or would be posted again. */
	abort(): void {
		this.closing.abort();
		this.closing = closingFor();
	}

	private async deliverEvent(
		event: string,
		happening: Happening,
		options: DeliverOptions,
	): Promise<DeliveryResult[]> {
		const { rules, hooks } = this.lemlist;
		const posted = delivered(happening, rules);
		const wanting = hooks
			.ofTeam(happening.teamId)
			.filter((hook) => wants(hook, event, posted, rules));
		const tell = async (hook: StoredHook) => {
			const parcel = this.parcelFor(hook, posted, options, () => (happening.isTaken = true));
			return await this.deliverTo(parcel, options);
		};
		return (await Promise.all(wanting.map(tell))).flat();
	}

	private parcelFor(
		hook: StoredHook,
		activity: Activity,
		{ secret: forged }: DeliverOptions,
		taken: () => void,
	): HookParcel {
		const { targetUrl } = hook;
		const secret = forged === undefined ? (hook.secret ?? null) : forged;
		const body = secret === null ? activity : { ...activity, secret };
		const retries = forged === undefined ? this.lemlist.rules.deliveryRetries : 0;
		return { targetUrl, body, options: {}, hook, retries, closing: this.closing.signal, taken };
	}

	private async deliverTo(
		parcel: HookParcel,
		{ times = 1, toTheEnd = false }: DeliverOptions,
	): Promise<DeliveryResult[]> {
		const results: DeliveryResult[] = [];
		for (let time = 0; time < times; time += 1) {
			const first = await post(parcel, 1, this.lemlist);
			const last = this.postUntilTaken(parcel, first);
			results.push(toTheEnd ? await last : first);
		}
		return results;
	}

	/** Goes on from the first attempt. @returns the last one */
	private async postUntilTaken(parcel: HookParcel, first: DeliveryResult): Promise<DeliveryResult> {
		const { hook, closing } = parcel;
		let result = first;
		while (result.againInMs !== undefined) {
			await pause(result.againInMs, closing);
			if (closing.aborted || !this.lemlist.hooks.isOn(hook)) return result;
			result = await post(parcel, result.attempts + 1, this.lemlist);
		}
		if (!closing.aborted && !isFinal(result) && parcel.retries > 0) this.giveUpOn(hook);
		return result;
	}

	private giveUpOn({ _id }: StoredHook): void {
		const { rules, hooks, journal } = this.lemlist;
		if (rules.failingHook === 'keep' || !hooks.switchOff(_id)) return;
		journal.log(
			'hook',
			`${_id} switched off: an event could not be delivered, however often it was sent`,
		);
	}
}

/** As many deliveries listen to it as are under way. */
function closingFor(): AbortController {
	const closing = new AbortController();
	setMaxListeners(0, closing.signal);
	return closing;
}
