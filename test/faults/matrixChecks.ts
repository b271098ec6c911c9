/** What has to hold for a row of the fault matrix, whatever its fault. */
import {
	ALL_BYSTANDERS,
	bystandersAt,
	deliverTo,
	hooksOf,
	isDiscreet,
	isOff,
	isPostponed,
	onAndOff,
	type Finding,
} from './matrixStage';
import { patternOf, WANTED, type FaultRow, type Occasion, type Outcome } from './matrixVocabulary';

/** How often lemlist is asked at each occasion when nothing goes wrong. An activation looks twice, in checkExists and in create. */
const ORDINARY: Readonly<Record<Occasion, Partial<Record<FaultRow['call'], number>>>> = {
	activation: { 'POST /hooks': WANTED, 'GET /hooks': 2 },
	reactivation: { 'GET /hooks': 2 },
	start: { 'GET /hooks': 1 },
	// One is missing.
	check: { 'POST /hooks': 1, 'GET /hooks': 1 },
	deactivation: { 'DELETE /hooks/{id}': WANTED, 'GET /hooks': 1 },
	campaigns: { 'GET /campaigns': 1 },
};

function ordinaryCalls({ call, occasion, switchedOff = 0 }: FaultRow): number {
	const ordinary = ORDINARY[occasion];
	if (call === 'every call') return Object.values(ordinary).reduce((sum, calls) => sum + calls, 0);
	return ordinary[call] ?? switchedOff;
}

/** What the number of calls says, where connections were made at all. */
const CALLS: Readonly<Record<Outcome, (calls: number, ordinary: number) => void>> = {
	retried: (calls, ordinary) => {
		expect(calls).toBeGreaterThan(ordinary);
	},
	tolerated: (calls, ordinary) => {
		expect(calls).toBe(ordinary);
	},
	undone: () => undefined,
	reported: () => undefined,
	postponed: () => undefined,
	left: () => undefined,
	replaced: (calls, ordinary) => {
		expect(calls).toBe(ordinary);
	},
	removed: (calls, ordinary) => {
		expect(calls).toBe(ordinary);
	},
};

const SWITCHED_OFF = /lemlist had switched off (\d+) webhooks? of this trigger/;

/** Holds what came of a row against the row. */
export async function expectAsStated(row: FaultRow, finding: Finding): Promise<void> {
	const { error, hooks, seconds, calls, lemlist, log } = finding;
	const { effect = '', switchedOff = 0, off = 0, occasion } = row;
	expect(error?.message ?? '').toMatch(patternOf(row.reads ?? ''));
	expect(seconds).toBeLessThan(row.withinSeconds + 0.5);
	expect(hooks.map(({ type }) => type)).toHaveLength(row.hooks);
	expect(hooks.filter(isOff)).toHaveLength(off);
	expect(new Set(hooks.map(({ targetUrl }) => targetUrl)).size).toBe(hooks.length);
	if (typeof effect === 'string' || effect.name !== 'refused')
		CALLS[row.outcome](calls, ordinaryCalls(row));
	expect(isPostponed(log)).toBe(['postponed', 'left'].includes(row.outcome));
	if (row.logs !== undefined) expect(log.join('\n')).toContain(row.logs);
	const replaced = occasion === 'deactivation' ? 0 : switchedOff - off;
	const told = log.flatMap((line) => SWITCHED_OFF.exec(line)?.[1] ?? []);
	expect(told).toEqual(replaced > 0 ? [String(replaced)] : []);
	expect(isDiscreet(error, lemlist)).toBe(true);
	expect(bystandersAt(lemlist)).toEqual(ALL_BYSTANDERS);
	await expectToGoOn(row, finding);
}

/** What exists works, and once the fault is over everything does. */
async function expectToGoOn(
	{ outcome, hooks, doubleUntilCheck }: FaultRow,
	finding: Finding,
): Promise<void> {
	const { trigger, lemlist } = finding;
	if (doubleUntilCheck === true) await expectDoubleToGo(finding);
	if (hooks === WANTED && outcome !== 'reported') expect(await deliverTo(lemlist)).toEqual([200]);
	expect(await onAndOff(finding)).toEqual({ on: WANTED, off: 0 });
	expect(bystandersAt(lemlist)).toEqual(ALL_BYSTANDERS);
	expect(hooksOf(trigger, lemlist)).toEqual([]);
}

async function expectDoubleToGo({ trigger, lemlist }: Finding): Promise<void> {
	// Counted by what was made: a check that n8n's scheduler runs meanwhile may have removed it.
	await expectSoon(
		() =>
			lemlist.requests.filter(({ method, acted }) => method === 'POST' && acted).length ===
			WANTED + 1,
	);
	trigger.check();
	await expectSoon(() => hooksOf(trigger, lemlist).length === WANTED);
}

async function expectSoon(holds: () => boolean): Promise<void> {
	for (let look = 0; look < 100 && !holds(); look += 1)
		await new Promise((resolve) => {
			setTimeout(resolve, 50);
		});
	expect(holds()).toBe(true);
}
