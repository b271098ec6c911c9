// lemlist's own clock: the machine's, shifted as the rules say, so that lemlist and its clients can disagree.
import type { Rules } from './rules';

const SECOND_MS = 1_000;

/** The time at lemlist, in milliseconds since 1970. */
export function lemlistNow({ clockOffsetMs }: Pick<Rules, 'clockOffsetMs'>): number {
	return Date.now() + clockOffsetMs;
}

/** The Date header that lemlist's answers carry. */
export function dateHeader(rules: Rules): Record<string, string> {
	return rules.dateHeader === 'absent' ? {} : { date: new Date(lemlistNow(rules)).toUTCString() };
}

/** A time as lemlist writes it, as finely as it does. @param time in milliseconds since 1970 */
export function written(time: number, { createdAtIn }: Pick<Rules, 'createdAtIn'>): string {
	const rest = createdAtIn === 'seconds' ? time % SECOND_MS : 0;
	return new Date(time - rest).toISOString();
}
