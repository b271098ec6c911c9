/**
 * The faults that may hit the node's next calls: which effect on which method, and whether one
 * operation has to get through two of them. Effects that hang are left out, because the node's
 * time-outs are real time.
 */
import type { ActiveFault, Effect } from '../../sandbox';
import { status } from '../../integration/stage';

export const METHODS = ['GET', 'POST', 'DELETE'] as const;
export type Method = (typeof METHODS)[number];

interface FaultRow {
	effect: Effect;
	/** Where the node's promise is to carry on: by asking again, looking, or waiting. */
	toleratedOn: readonly Method[];
	/** What is said where an operation fails because of nothing else. */
	says?: RegExp;
}

const ALL = METHODS;
const NONE: readonly Method[] = [];

export const FAULTS = {
	'reset before': { effect: { name: 'resetBefore' }, toleratedOn: ALL },
	'reset after': { effect: { name: 'resetAfter' }, toleratedOn: ALL },
	'cut short': { effect: { name: 'cutShort' }, toleratedOn: ALL },
	'500': { effect: status(500), toleratedOn: ALL },
	'500 after acting': { effect: status(500, { acts: true }), toleratedOn: ALL },
	'503': { effect: status(503), toleratedOn: ALL },
	'429': { effect: status(429), toleratedOn: ALL },
	'429 with Retry-After': {
		effect: status(429, { headers: { 'retry-after': '1' } }),
		toleratedOn: ALL,
	},
	'409': { effect: status(409), toleratedOn: ['POST'] },
	'409 after acting': { effect: status(409, { acts: true }), toleratedOn: ['POST'] },
	'404 after acting': { effect: status(404, { acts: true }), toleratedOn: ['DELETE'] },
	'401': { effect: status(401), toleratedOn: NONE, says: /rejected the API key/ },
	'402': {
		effect: status(402, { body: 'route is available starting emailPro plan' }),
		toleratedOn: NONE,
		says: /plan of this team does not include this.*emailPro/,
	},
	'403': { effect: status(403), toleratedOn: NONE, says: /denied access/ },
	'400': { effect: status(400), toleratedOn: NONE },
	'400 for too many hooks': {
		effect: status(400, { body: 'Too many hooks' }),
		toleratedOn: NONE,
		says: /allows about 200 webhooks a team|"Too many hooks"/,
	},
	'empty body': { effect: { name: 'emptyBody' }, toleratedOn: ALL },
	'broken JSON': { effect: { name: 'brokenJson' }, toleratedOn: ALL },
	'other shape': { effect: { name: 'otherShape' }, toleratedOn: ALL },
	redirect: {
		effect: { name: 'redirect', location: 'http://127.0.0.1:9/api/hooks' },
		toleratedOn: NONE,
		says: /sent the request on/,
	},
} satisfies Record<string, FaultRow>;
export type FaultName = keyof typeof FAULTS;
export const FAULT_NAMES = Object.keys(FAULTS) as FaultName[];
const ROWS: Readonly<Record<FaultName, FaultRow>> = FAULTS;

/** A fault to be set up. */
export interface PlannedFault {
	method: Method;
	fault: FaultName;
	/** The first call of this method that it hits, counted from 1. */
	nth: number;
	times: number;
}

/** A fault that was set up. */
export interface SetFault {
	planned: PlannedFault;
	active: ActiveFault;
}

/** What hit the node's calls while an operation ran. */
export interface Strain {
	hits: number;
	/** Whether the operation has to succeed all the same. */
	isTolerable: boolean;
	methods: ReadonlySet<Method>;
	/** What somebody has to read if it failed; undefined where several things went wrong, or nothing that has words of its own. */
	says: RegExp | undefined;
}

/** So many tolerated faults an operation survives: lists and deletions are asked for four times, posts three. */
export const MOST_TOLERATED = 2;

/**
 * Counts what hits from now on.
 *
 * @param mostTolerated how many tolerated faults an operation survives
 * @returns what has hit since
 */
export function watchFaults(faults: readonly SetFault[], mostTolerated: number): () => Strain {
	const before = new Map(faults.map((fault) => [fault, fault.active.hits]));
	return () => {
		const hit = faults.filter((fault) => fault.active.hits > (before.get(fault) ?? 0));
		const hits = hit.reduce((sum, fault) => sum + fault.active.hits - (before.get(fault) ?? 0), 0);
		const areTolerated = hit.every(({ planned }) => isTolerated(planned));
		const [name, ...others] = new Set(hit.map(({ planned }) => planned.fault));
		return {
			hits,
			isTolerable: areTolerated && hits <= mostTolerated,
			methods: new Set(hit.map(({ planned }) => planned.method)),
			says: name === undefined || others.length > 0 ? undefined : ROWS[name].says,
		};
	};
}

function isTolerated({ method, fault }: PlannedFault): boolean {
	return ROWS[fault].toleratedOn.includes(method);
}

/** What may become of a request about activities, and whether the node takes it for final until n8n starts or the workflow is published. */
export const LIST_FAULTS = {
	'500': { effect: status(500), isFinal: false },
	'503': { effect: status(503), isFinal: false },
	'429': { effect: status(429), isFinal: false },
	'reset before': { effect: { name: 'resetBefore' }, isFinal: false },
	'cut short': { effect: { name: 'cutShort' }, isFinal: false },
	page: {
		effect: status(502, { body: '<html>Bad gateway</html>', contentType: 'text/html' }),
		isFinal: false,
	},
	'401': { effect: status(401), isFinal: false },
	'402': {
		effect: status(402, { body: 'route is available starting emailPro plan' }),
		isFinal: true,
	},
	'403': { effect: status(403), isFinal: true },
	'400': { effect: status(400), isFinal: true },
	'other shape': { effect: { name: 'otherShape' }, isFinal: true },
	'empty body': { effect: { name: 'emptyBody' }, isFinal: true },
} satisfies Record<string, { effect: Effect; isFinal: boolean }>;
export type ListFaultName = keyof typeof LIST_FAULTS;
export const LIST_FAULT_NAMES = Object.keys(LIST_FAULTS) as ListFaultName[];

/** A fault of the list to be set up. */
export interface PlannedListFault {
	path: '/activities' | '/team';
	fault: ListFaultName;
	/** Only when this type is asked for. */
	query?: { type: string };
	times: number;
}
