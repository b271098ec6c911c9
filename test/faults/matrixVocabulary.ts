/** What the rows of the fault matrix are made of: their columns, the sentences that somebody reads, answers of lemlist. */
import type { Effect, Fault, RulesOptions } from '../sandbox';

/** What n8n is doing when the fault happens; a reactivation finds the webhooks of before, because n8n never unpublished them. */
export type Occasion =
	| 'activation'
	| 'reactivation'
	| 'deactivation'
	| 'start'
	| 'check'
	| 'campaigns';

/**
 * `retried`: the request was sent again, and all is well. `tolerated`: the trigger looked and went on,
 * nothing was sent twice. `undone`: what had been made was removed before the error was reported.
 * `reported`: the error was reported, there was nothing to remove or it could not be. `postponed`:
 * n8n starts, the next check goes on. `left`: a check leaves what it could not do to the next one.
 * `replaced`: what lemlist had switched off was removed and made anew, which is told in the log.
 * `removed`: it was removed like everything else.
 */
export type Outcome =
	| 'retried'
	| 'tolerated'
	| 'undone'
	| 'reported'
	| 'postponed'
	| 'left'
	| 'replaced'
	| 'removed';

/** No connection comes about, after so many requests about hooks or campaigns that did get through, for so long. */
export interface Refusal {
	name: 'refused';
	afterRequests: number;
	forMs: number;
}

export interface FaultRow {
	/** The call to lemlist that the fault is about. */
	call: 'POST /hooks' | 'GET /hooks' | 'DELETE /hooks/{id}' | 'GET /campaigns' | 'every call';
	occasion: Occasion;
	/** What goes wrong, as the documentation says it. */
	what: string;
	/** Absent: lemlist answers as it should. */
	effect?: Fault['effect'] | Refusal;
	/** How many of the trigger's hooks lemlist has switched off before. */
	switchedOff?: number;
	/** The first request of the call that is hit; 1 by default. */
	nth?: number;
	/** How many are hit from then on; 1 by default. */
	times?: number;
	/** How lemlist behaves apart from the fault, where that matters. */
	rules?: RulesOptions;
	outcome: Outcome;
	/** How many of the trigger's hooks are at lemlist when n8n hears how it went. */
	hooks: number;
	/** How many of these are switched off; 0 by default. */
	off?: number;
	/** One more than these comes later, which the next check removes. */
	doubleUntilCheck?: true;
	/** What somebody reads; "…" stands for anything. Absent: nothing. */
	reads?: string;
	/** What n8n's log says, where nobody reads anything. */
	logs?: string;
	/** The longest it takes until n8n hears how it went, without the call of delete that n8n adds after an error. */
	withinSeconds: number;
	/** Time is the point: nothing is skipped in the test. */
	inRealTime?: true;
}

/** How many hooks the trigger of each row wants. */
export const WANTED = 6;
/** Stands for a host other than lemlist's, in a redirect. */
export const ELSEWHERE = 'https://elsewhere.example.com/';
/** n8n gives the whole publication 84 seconds. */
export const ACTIVATION_SECONDS = 30;
export const DEACTIVATION_SECONDS = 20;
export const CAMPAIGNS_SECONDS = 30;
export const CHECK_SECONDS = 60;
/** For what is settled with a repetition or a look. */
export const SOON = 10;
/** For what one time-out of a request precedes. */
export const ONE_TIMEOUT = 15;
export const FOR_EVER = Infinity;

export const SENTENCES = {
	unreachable:
		'lemlist could not be reached. Try again in a few minutes. If that does not help, ask whoever runs this n8n to let it connect to api.lemlist.com (firewall, proxy, DNS).',
	tooLong: 'lemlist took too long to answer. Try again in a few minutes.',
	trouble: 'lemlist has a problem on its side. Try again in a few minutes.',
	unreadable:
		'The answer did not come from lemlist. A proxy or a maintenance page may be in the way: try again in a few minutes.',
	tooManyRequests:
		'lemlist is turning requests away because the team sends too many. Try again in a minute; slow down other automations that use the same lemlist team.',
	wrongKey:
		'lemlist rejected the API key. Create a new one in lemlist under Settings > Integrations and update the credential.',
	denied:
		'lemlist denied access: the user of this API key is blocked or not allowed to do this. Ask the owner of the lemlist team, or use the API key of another user.',
	redirected:
		'lemlist sent the request on to another address, and the API key was not passed on. …',
	taken:
		"lemlist already has a webhook on this trigger's address, but does not show it to this API key. …",
	tooManyHooks:
		'lemlist allows about 200 webhooks a team, and this team has …. Delete webhooks that nobody needs any more …, or pick fewer events, then try again.',
	unknownTeam:
		'lemlist does not know the team of this API key ("Bad team"). Create a new API key in lemlist under Settings > Integrations and update the credential.',
	plan: 'lemlist\'s plan of this team does not include this, or has run out ("route is available starting emailPro plan"). Change the plan in lemlist, or use the API key of a team whose plan includes it.',
	nothingThere:
		'lemlist has nothing at the address that this credential asks. Try again in a few minutes. If that does not help, make a new credential and pick it in the trigger.',
	proxy:
		"A proxy between n8n and lemlist wants n8n to log in. Ask whoever runs this n8n to set the proxy's user name and password.",
	network:
		'The network that n8n is in wants somebody to log in before anything gets through to lemlist. Ask whoever runs this n8n.',
	refusedEvent:
		'lemlist refused to send the event "…". Remove it from Events, or update this node if there is a newer version.',
} as const;

export function refused(code: number, words: string): string {
	return `lemlist refused the request (HTTP ${String(code)}: "${words}"). If it does so again in a few minutes, ask the owner of the lemlist team.`;
}

export function remaining(webhooks: string, because: string): string {
	return `${webhooks} of this trigger … still at lemlist. ${because} …`;
}

export function staysOff(because: string): string {
	return `lemlist has switched a webhook of this trigger off, and it could not be replaced. ${because}`;
}

export function status(
	code: number,
	more: Omit<Extract<Effect, { name: 'status' }>, 'name' | 'status'> = {},
): Effect {
	return { name: 'status', status: code, ...more };
}

export const PAGE = {
	body: '<!doctype html><html><body>Back soon</body></html>',
	contentType: 'text/html',
};
export const TRICKLE: Effect = { name: 'slowAnswer', bytesPerSecond: 1 };
/** What lemlist says where a plan is too small or has run out. */
export const NOT_IN_PLAN = status(402, { body: 'route is available starting emailPro plan' });

/** What every row about one call shares. */
type Shared = Pick<FaultRow, 'call' | 'occasion'>;
export type OwnColumns = Omit<FaultRow, keyof Shared>;

export function rows(shared: Shared, own: readonly OwnColumns[]): FaultRow[] {
	return own.map((row) => ({ ...shared, ...row }));
}

/** A pattern for a text in which "…" stands for anything. */
export function patternOf(text: string): RegExp {
	return new RegExp(
		`^${text
			.split('…')
			.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
			.join('[^]*')}$`,
	);
}
