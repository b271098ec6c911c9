/**
 * What an item on its way to execute() carries beside its activity: how it came. It travels outside of the
 * item's json, through n8n's database and to workers, and the workflow never sees it. Pure.
 */
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { z } from 'zod';
import type { Activity } from '../lemlist/schemas';

/** The item's field. */
export const MARK = 'lemlist';

const mark = z.discriminatedUnion('is', [
	/** An activity; `event` is the type that was asked for. */
	z.object({ is: z.literal('delivered'), event: z.string() }),
	/** One that a look has found; `isProven` where lemlist is known to list the event as it delivers it. */
	z.object({ is: z.literal('late'), event: z.string(), isProven: z.boolean() }),
	/** No activity but a question to the gate: which of these keys has it seen? */
	z.object({ is: z.literal('question'), keys: z.array(z.string()), kinds: z.array(z.string()) }),
]);

export type Mark = z.infer<typeof mark>;
export type Question = Extract<Mark, { is: 'question' }>;

/** @returns an activity as an item on its way */
export function marked(activity: Activity, mark: Mark): INodeExecutionData {
	return { json: activity as IDataObject, [MARK]: mark };
}

/** @returns an item's mark; undefined for one that another version of this package sent on its way */
export function markOf(item: Readonly<Record<string, unknown>>): Mark | undefined {
	return mark.safeParse(item[MARK]).data;
}

/** @returns what stands for an activity of a trigger node under the event that was asked for; undefined where it cannot be told from others */
export function keyOf(event: string, { _id }: Activity): string | undefined {
	return typeof _id === 'string' && _id !== '' ? JSON.stringify([event, _id]) : undefined;
}

/** @returns what the gate notes beside the key of an activity of which nobody knows whether lemlist delivers it under the id that it lists */
export function unprovenKeyOf(key: string): string {
	return `unproven ${key}`;
}

/** @returns what is proven, or not, by what was delivered: an event of a team, for another team's tell nothing of this one's */
export function kindOf(event: string, { teamId }: Activity): string {
	return typeof teamId === 'string' ? `${event} ${teamId}` : event;
}

/** @returns the event of an activity that came under all of them: the type that it names itself */
export function ownEventOf({ type }: Activity): string {
	return typeof type === 'string' ? type : '';
}
