/** What a broken promise of the trigger is reported as, so that it is never mistaken for a broken test. */

export class Violation extends Error {}

/** @throws Violation when a promise does not hold */
export function promise(holds: boolean, told: string | (() => string)): void {
	if (!holds) throw new Violation(typeof told === 'string' ? told : told());
}
