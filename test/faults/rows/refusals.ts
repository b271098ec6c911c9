/** What several tables of the fault matrix have in common: faults, and answers that stay the same however often one asks. */
import {
	FOR_EVER,
	NOT_IN_PLAN,
	PAGE,
	refused,
	SENTENCES,
	SOON,
	status,
	type OwnColumns,
} from '../matrixVocabulary';

export const MEGABYTES_64 = 64 * 1024 * 1024;
export const A_LITTLE_LATE = { name: 'delay', ms: 1_300 } as const;
export const A_FRACTION = status(429, { headers: { 'retry-after': '0.651' } });

/** Answers that stay the same however often the same thing is asked. POST has rows of its own: there some are about one event. */
const REFUSALS = [
	{
		what: '400 for a team that lemlist does not know',
		effect: status(400, { body: 'Bad team' }),
		reads: SENTENCES.unknownTeam,
	},
	{ what: '401', effect: status(401), reads: SENTENCES.wrongKey },
	{ what: '402: the plan does not include it', effect: NOT_IN_PLAN, reads: SENTENCES.plan },
	{ what: '403', effect: status(403), reads: SENTENCES.denied },
	{
		what: '405',
		effect: status(405, { body: 'Method not allowed' }),
		reads: refused(405, 'Method not allowed'),
	},
	{ what: '407 with a page of markup', effect: status(407, PAGE), reads: SENTENCES.proxy },
	{
		what: '422',
		effect: status(422, { body: 'Unprocessable' }),
		reads: refused(422, 'Unprocessable'),
	},
	{ what: '511 with a page of markup', effect: status(511, PAGE), reads: SENTENCES.network },
];

/** @param told what somebody reads where the answer itself is read so; absent: it stands in the log alone */
export function refusals(
	shared: Omit<OwnColumns, 'what' | 'withinSeconds'>,
	told?: (sentence: string) => string,
): OwnColumns[] {
	return REFUSALS.map(({ reads, ...refusal }) => ({
		...refusal,
		...shared,
		...(told === undefined ? { logs: reads } : { reads: told(reads) }),
		times: FOR_EVER,
		withinSeconds: SOON,
	}));
}

export const asItIs = (sentence: string) => sentence;
