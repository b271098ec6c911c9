/** What has to hold for a row of the fault matrix, whatever its fault. */
import { patternOf, WANTED, type FaultRow, type Outcome } from './matrix';
import { ALL_BYSTANDERS, bystandersAt, deliverTo, hooksOf, isDiscreet, onAndOff, type Finding } from './matrixStage';

/** How often a call is made when nothing goes wrong, apart from looks at the hooks. */
const ORDINARY: Readonly<Record<FaultRow['call'], number>> = {
	'POST /hooks': WANTED,
	'GET /hooks': 1,
	'DELETE /hooks/{id}': WANTED,
	'GET /campaigns': 1,
};

/** An activation looks twice, in checkExists and in create. */
function ordinaryCalls({ call, occasion }: FaultRow): number {
	return call === 'GET /hooks' && occasion === 'activation' ? 2 : ORDINARY[call];
}

/** What the number of calls says, where connections were made at all. */
const CALLS: Readonly<Record<Outcome, (calls: number, ordinary: number) => void>> = {
	retried: (calls, ordinary) => { expect(calls).toBeGreaterThan(ordinary); },
	tolerated: (calls, ordinary) => { expect(calls).toBe(ordinary); },
	undone: () => undefined,
	reported: () => undefined,
	postponed: () => undefined,
	left: () => undefined,
};

/** Holds what came of a row against the row. */
export async function expectAsStated(row: FaultRow, finding: Finding): Promise<void> {
	const { error, hooks, seconds, calls, lemlist, log } = finding;
	expect(error?.message ?? '').toMatch(patternOf(row.reads ?? ''));
	expect(seconds).toBeLessThan(row.withinSeconds + 0.5);
	expect(hooks.map(({ type }) => type)).toHaveLength(row.hooks);
	expect(new Set(hooks.map(({ targetUrl }) => targetUrl)).size).toBe(hooks.length);
	if (typeof row.effect === 'string' || row.effect.name !== 'refused') CALLS[row.outcome](calls, ordinaryCalls(row));
	expect(log.some((line) => line.includes('the next check tries again'))).toBe(['postponed', 'left'].includes(row.outcome));
	expect(isDiscreet(error, lemlist)).toBe(true);
	expect(bystandersAt(lemlist)).toEqual(ALL_BYSTANDERS);
	await expectToGoOn(row, finding);
}

/** What exists works, and once the fault is over everything does. */
async function expectToGoOn({ outcome, hooks, doubleUntilCheck }: FaultRow, finding: Finding): Promise<void> {
	const { trigger, lemlist } = finding;
	if (doubleUntilCheck === true) await expectDoubleToGo(finding);
	if (hooks === WANTED && outcome !== 'reported') expect(await deliverTo(lemlist)).toEqual([200]);
	expect(await onAndOff(finding)).toEqual({ on: WANTED, off: 0 });
	expect(bystandersAt(lemlist)).toEqual(ALL_BYSTANDERS);
	expect(hooksOf(trigger, lemlist)).toEqual([]);
}

async function expectDoubleToGo({ trigger, lemlist }: Finding): Promise<void> {
	// Counted by what was made: a check that n8n's scheduler runs meanwhile may have removed it.
	await expectSoon(() => lemlist.requests.filter(({ method, acted }) => method === 'POST' && acted).length === WANTED + 1);
	trigger.check();
	await expectSoon(() => hooksOf(trigger, lemlist).length === WANTED);
}

async function expectSoon(holds: () => boolean): Promise<void> {
	for (let look = 0; look < 100 && !holds(); look += 1) await new Promise((resolve) => { setTimeout(resolve, 50); });
	expect(holds()).toBe(true);
}
