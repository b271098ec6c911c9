/** The fault matrix as docs/reliability.md shows it, from what the tests know. */
import { MATRIX, TEAM_MATRIX, type TeamRow } from '../faults/matrix';
import { WANTED, type FaultRow, type Occasion, type Outcome } from '../faults/matrixVocabulary';
import { row, table } from './markdown';

const SLOW_TITLE = 'lemlist takes its time (every call)';
const TITLES: Readonly<Record<FaultRow['call'], Partial<Record<Occasion, string>>>> = {
	'POST /hooks': { activation: 'Publishing: making webhooks (POST /hooks)' },
	'GET /hooks': {
		activation: 'Publishing: looking at what is there (GET /hooks)',
		start: 'n8n starts: looking at what is there (GET /hooks)',
		check:
			'Every five minutes: looking at what is there, when one webhook has vanished (GET /hooks)',
		deactivation: 'Unpublishing: looking at what is there (GET /hooks)',
	},
	'DELETE /hooks/{id}': { deactivation: 'Unpublishing: removing webhooks (DELETE /hooks/{id})' },
	'GET /campaigns': { campaigns: 'Listing campaigns (GET /campaigns)' },
	'every call': {
		activation: SLOW_TITLE,
		start: SLOW_TITLE,
		check: SLOW_TITLE,
		deactivation: SLOW_TITLE,
		campaigns: SLOW_TITLE,
	},
};
const SWITCHED_OFF_TITLE = 'Webhooks that lemlist has switched off';
const TEAM_TITLE = 'Testing the credential (GET /team)';

const OUTCOMES: Readonly<Record<Outcome, string>> = {
	retried: 'sends it again',
	tolerated: 'looks and goes on, sends nothing twice',
	undone: 'removes what it had made, and says so',
	reported: 'says so',
	postponed: 'starts all the same; the next check goes on',
	left: "writes it to n8n's log; the next check goes on",
	replaced: "removes and makes anew what is switched off, and writes so to n8n's log",
	removed: 'removes it like the others',
};

/** The trigger's hooks at lemlist, in words; nothing where none are at stake. */
function hooksLeft({ occasion, hooks, off }: FaultRow): string {
	if (occasion === 'campaigns') return '–';
	const left =
		hooks === 0 ? 'none' : hooks === WANTED ? 'all' : `${String(hooks)} of ${String(WANTED)}`;
	return off === undefined ? left : `${left}, ${String(off)} switched off`;
}

function titled(title: string, columns: readonly string[], lines: readonly string[]): string {
	return `### ${title}\n\n${table(columns, lines)}`;
}

function faultLine(fault: FaultRow): string {
	return row(
		fault.what,
		OUTCOMES[fault.outcome],
		hooksLeft(fault),
		fault.reads ?? 'nothing',
		`${String(fault.withinSeconds)} s`,
	);
}

function teamLine({ what, reads, withinSeconds }: TeamRow): string {
	return row(what, reads ?? 'that the connection works', `${String(withinSeconds)} s`);
}

/** @returns the tables, one for each call and occasion */
export function faultTables(): string {
	const columns = [
		'What goes wrong',
		'What the trigger does',
		'Its webhooks afterwards',
		'What you read',
		'Takes at most',
	];
	const groups = new Map<string, FaultRow[]>();
	for (const fault of MATRIX) {
		const title =
			fault.switchedOff === undefined
				? (TITLES[fault.call][fault.occasion] ?? `${fault.occasion}: ${fault.call}`)
				: SWITCHED_OFF_TITLE;
		groups.set(title, [...(groups.get(title) ?? []), fault]);
	}
	const tables = [...groups].map(([title, faults]) =>
		titled(title, columns, faults.map(faultLine)),
	);
	return [
		...tables,
		titled(
			TEAM_TITLE,
			['What goes wrong', 'What you read', 'Takes at most'],
			TEAM_MATRIX.map(teamLine),
		),
	].join('\n\n');
}
