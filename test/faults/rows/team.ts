/** What n8n's test of the credential makes of lemlist's answers. */
import type { Fault } from '../../sandbox';
import {
	ELSEWHERE,
	FOR_EVER,
	NOT_IN_PLAN,
	ONE_TIMEOUT,
	PAGE,
	SENTENCES,
	SOON,
	status,
	TRICKLE,
	type Refusal,
} from '../matrixVocabulary';
import { A_LITTLE_LATE } from './refusals';

/** What n8n's own test of the credential makes of an answer to GET /team. n8n sends it once and speaks for itself. */
export interface TeamRow {
	what: string;
	effect: Fault['effect'] | Refusal;
	/** What somebody reads under the credential; "…" stands for n8n's own words. Absent: that it is fine. */
	reads?: string;
	/** The longest it takes until somebody reads it. */
	withinSeconds: number;
}

function refusedTest(code: number): string {
	return `lemlist refused the request (HTTP ${String(code)}). Create a new API key in lemlist under Settings > Integrations and try that. If it changes nothing, ask the owner of the lemlist team.`;
}

export const TEAM_MATRIX: readonly TeamRow[] = [
	{
		what: 'Connection refused',
		effect: { name: 'refused', afterRequests: 0, forMs: FOR_EVER },
		reads: 'ECONNREFUSED',
		withinSeconds: SOON,
	},
	{ what: 'Reset', effect: 'resetBefore', reads: 'ECONNRESET', withinSeconds: SOON },
	{ what: 'No answer', effect: 'hangBefore', reads: 'ERR_CANCELED', withinSeconds: ONE_TIMEOUT },
	{
		what: 'An answer that trickles in a byte at a time',
		effect: TRICKLE,
		reads: 'ERR_CANCELED',
		withinSeconds: ONE_TIMEOUT,
	},
	{ what: '1.3 seconds until the answer', effect: A_LITTLE_LATE, withinSeconds: SOON },
	{
		what: '400 for a team that lemlist does not know',
		effect: status(400, { body: 'Bad team' }),
		reads: refusedTest(400),
		withinSeconds: SOON,
	},
	{
		what: '401',
		effect: status(401),
		reads:
			'lemlist rejected the API key. Create a new one in lemlist under Settings > Integrations and paste it here.',
		withinSeconds: SOON,
	},
	{
		what: '402: the plan does not include it',
		effect: NOT_IN_PLAN,
		reads:
			'lemlist\'s plan of this team does not include this, or has run out (lemlist\'s words: "route is available starting emailPro plan"). Change the plan in lemlist, or use the API key of a team whose plan includes it.',
		withinSeconds: SOON,
	},
	{
		what: '403',
		effect: status(403),
		reads:
			'lemlist denied access: the user of this API key is blocked or not allowed to do this. Ask the owner of the lemlist team, or use the API key of another user.',
		withinSeconds: SOON,
	},
	{
		what: '404',
		effect: status(404),
		reads:
			'lemlist has nothing at the address that this credential asks. Try again in a few minutes. If that does not help, make a new credential.',
		withinSeconds: SOON,
	},
	{
		what: '405',
		effect: status(405, { body: 'Method not allowed' }),
		reads: refusedTest(405),
		withinSeconds: SOON,
	},
	{
		what: '407 with a page of markup',
		effect: status(407, PAGE),
		reads: SENTENCES.proxy,
		withinSeconds: SOON,
	},
	{
		what: '422',
		effect: status(422, { body: 'Unprocessable' }),
		reads: refusedTest(422),
		withinSeconds: SOON,
	},
	{
		what: '429',
		effect: status(429),
		reads:
			'lemlist is turning requests away because your team sends too many. The key may be fine: try again in a minute.',
		withinSeconds: SOON,
	},
	{
		what: '500',
		effect: status(500),
		reads: 'lemlist has a problem on its side. The key may be fine: try again in a few minutes.',
		withinSeconds: SOON,
	},
	{
		what: '502 with a page of markup',
		effect: status(502, PAGE),
		reads: 'lemlist has a problem on its side. The key may be fine: try again in a few minutes.',
		withinSeconds: SOON,
	},
	{
		what: '511 with a page of markup',
		effect: status(511, PAGE),
		reads: SENTENCES.network,
		withinSeconds: SOON,
	},
	{
		what: '200 with a page of markup',
		effect: status(200, PAGE),
		reads:
			'The answer did not come from lemlist. A proxy or a maintenance page may be in the way: try again in a few minutes.',
		withinSeconds: SOON,
	},
	{
		what: 'A redirect to another host, which never sees the API key',
		effect: { name: 'redirect', location: ELSEWHERE },
		reads: 'lemlist sent the request on to another address. …',
		withinSeconds: SOON,
	},
];
