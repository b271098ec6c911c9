// Events on their way: which hooks get one, and how often lemlist tries.
import { setMaxListeners } from 'node:events';

import { CAUSES_OF_STATE, stateAfter } from './eventTypes';
import { wants } from './hooks';
import { SANDBOX_TEAM } from './identifiers';
import type { Lemlist } from './lemlist';
import { isFinal, post, type Parcel } from './parcel';
import { pause } from './pause';
import type { Activity, DeliverOptions, DeliveryResult, SendOptions, StoredHook } from './types';

export class Deliveries {
	private closing = closingFor();

	constructor(private readonly lemlist: Lemlist) {}

	/** Posts an activity to every hook that wants it, to all of them at the same time. */
	async deliver(activity: Activity, options: DeliverOptions = {}): Promise<DeliveryResult[]> {
		const event = options.event ?? activity.type;
		const isForged = options.secret !== undefined;
		if (!isForged) this.lemlist.happenings.add(activity, teamOf(activity, options));
		const results = await this.deliverEvent(event, activity, options);
		const state = options.alsoState === true ? stateAfter(event) : undefined;
		if (state === undefined) return results;
		const namesCause = this.lemlist.rules.deliveryTypeOfStateEvents === 'activity';
		const caused = namesCause ? activity : { ...activity, type: state };
		if (!isForged)
			this.lemlist.happenings.add({ ...activity, type: state }, teamOf(activity, options));
		return [...results, ...(await this.deliverEvent(state, caused, options))];
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
		activity: Activity,
		options: DeliverOptions,
	): Promise<DeliveryResult[]> {
		const { rules, hooks } = this.lemlist;
		const posted = this.asPosted(event, activity);
		const wanting = hooks
			.ofTeam(teamOf(activity, options))
			.filter((hook) => wants(hook, event, activity, rules));
		const results = await Promise.all(wanting.map((hook) => this.deliverTo(hook, posted, options)));
		return results.flat();
	}

	private async deliverTo(
		hook: StoredHook,
		activity: Activity,
		{ secret: forged, times = 1, toTheEnd = false }: DeliverOptions,
	): Promise<DeliveryResult[]> {
		const { targetUrl } = hook;
		const secret = forged === undefined ? (hook.secret ?? null) : forged;
		const body = secret === null ? activity : { ...activity, secret };
		const retries = forged === undefined ? this.lemlist.rules.deliveryRetries : 0;
		const parcel = { targetUrl, body, options: {}, hook, retries, closing: this.closing.signal };
		const results: DeliveryResult[] = [];
		for (let time = 0; time < times; time += 1) {
			const first = await post(parcel, 1, this.lemlist);
			const last = this.postUntilTaken(parcel, first);
			results.push(toTheEnd ? await last : first);
		}
		return results;
	}

	/** Goes on from the first attempt. @returns the last one */
	private async postUntilTaken(
		parcel: Parcel & { hook: StoredHook },
		first: DeliveryResult,
	): Promise<DeliveryResult> {
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

	private asPosted(event: string, activity: Activity): Activity {
		const [cause] = CAUSES_OF_STATE[event] ?? [];
		const namesCause = this.lemlist.rules.deliveryTypeOfStateEvents === 'activity';
		return namesCause && cause !== undefined && activity.type === event
			? { ...activity, type: cause }
			: activity;
	}
}

/** As many deliveries listen to it as are under way. */
function closingFor(): AbortController {
	const closing = new AbortController();
	setMaxListeners(0, closing.signal);
	return closing;
}

function teamOf(activity: Activity, { teamId }: DeliverOptions): string {
	if (teamId !== undefined) return teamId;
	return typeof activity.teamId === 'string' ? activity.teamId : SANDBOX_TEAM;
}
