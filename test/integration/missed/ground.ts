/** What the tests of the look back have in common: a published trigger, things that happen, what started. */
import type { IDataObject } from 'n8n-workflow';
import type { Activity, EventType, HappenOptions } from '../../sandbox';
import type { Trigger, TriggerOptions } from '../host';
import { Stage } from '../stage';
import { HOUR_MS, MINUTE_MS, Time } from '../time';

type Place = Omit<TriggerOptions, 'parameters' | 'credential'>;

export class Ground {
	readonly stage = new Stage();

	readonly time = new Time(this.stage);

	/** What started the workflow, an execution each. */
	get started(): IDataObject[][] {
		return this.stage.host.executions.map((items) => items.map(({ json }) => json));
	}

	/** Their ids. */
	get ids(): string[] {
		return this.started.map((items) => items.map(({ _id }) => _id as string).join());
	}

	/** A trigger on replies by email, unless told otherwise, since some minutes. */
	async published(parameters: IDataObject = {}, place: Place = {}): Promise<Trigger> {
		const trigger = this.stage.trigger({ events: ['emailsReplied'], ...parameters }, {}, place);
		await trigger.activate();
		await this.time.settled();
		this.time.pass(5 * MINUTE_MS);
		return trigger;
	}

	activity(type: EventType = 'emailsReplied', more: IDataObject = {}): Activity {
		return this.stage.lemlist.activityOf(type, more);
	}

	/** It happens, no hook delivers it, and some minutes pass. @returns its id */
	missed(activity: Activity = this.activity(), options: HappenOptions = {}): string {
		this.stage.lemlist.happen(activity, 0, options);
		this.time.pass(5 * MINUTE_MS);
		return activity._id as string;
	}

	/** It happens, is delivered, and some minutes pass. @returns its id */
	async delivered(activity: Activity = this.activity()): Promise<string> {
		await this.stage.lemlist.deliver(activity);
		this.time.pass(5 * MINUTE_MS);
		return activity._id as string;
	}

	/** An hour passes, and what nobody noticed is looked for. */
	async hourly(trigger: Trigger): Promise<void> {
		await this.time.later(HOUR_MS, trigger);
	}
}

/** Lets something happen as so manyth execution with an activity begins. */
export function atExecution(trigger: Trigger, number: number, happen: () => void): void {
	const execute = trigger.execute.bind(trigger);
	let count = 0;
	trigger.execute = async (items, ...rest) => {
		if (items.some(({ json }) => json._id !== undefined)) count += 1;
		if (count === number) happen();
		return await execute(items, ...rest);
	};
}
