/**
 * What lemlist lists of some scopes between two moments, in slices that stay small, those of a busy scope newest
 * first, so that what matters most comes first. Follows lemlist's documentation of GET /activities.
 */
import type { LemlistClient } from '../lemlist/client';
import { listActivities, PAGE_SIZE, type ActivityWish } from '../lemlist/endpoints';
import type { Failure } from '../lemlist/failures';
import type { Activity } from '../lemlist/schemas';
import { clock } from '../process/clock';
import { wantedScopes, type Scope } from '../hooks/wanted';
import { ALL_EVENTS, hasTrait } from '../settings/events';
import type { Subscription } from '../settings/reading';
import { OFFSET_STEP, Pages } from './pages';

/** Where a scope has more in a stretch, it is halved; a slice has no more than that of the scopes before its last one. */
const MOST_ROWS = 10 * OFFSET_STEP;
/** A shorter stretch is not halved. */
const SHORTEST_SLICE_MS = 2_000;

/** A row of the list, and what was asked for. */
export interface Listed {
	scope: Scope;
	activity: Activity;
}

/** A stretch of time, both ends included, in milliseconds since the epoch. */
export interface Stretch {
	from: number;
	until: number;
}

/** How lemlist is asked in one look. */
export interface Asking {
	client: LemlistClient;
	/** How long one request may take, in milliseconds. */
	requestMs: number;
	/** From the beginning of a request to the next one at least, in milliseconds. */
	pauseMs: number;
	/** Called before each request; waits for what is more important, throws when there is to be no further one. */
	beforeRequest: () => Promise<void>;
	/** Called for a scope that lemlist does not list; it is not asked for again. */
	onUnlisted: (scope: Scope, failure: Failure) => void;
}

/** @returns what hooks are about, but for what lemlist does not list */
export function listedScopes(subscription: Subscription): Scope[] {
	return wantedScopes(subscription).filter(({ type = ALL_EVENTS }) => !hasTrait(type, 'unlisted'));
}

/** @returns all rows of a stretch, in slices that stay small: where a scope has many, the stretch is halved for that one. @throws NodeApiError when lemlist does not answer, what `beforeRequest` throws */
export async function* slicesOf(
	asking: Asking,
	scopes: readonly Scope[],
	stretch: Stretch,
): AsyncGenerator<Listed[]> {
	const { from, until } = stretch;
	const middle = Math.floor((from + until) / 2);
	const busy: Scope[] = [];
	let rows: Listed[] = [];
	for (const scope of scopes) {
		const listed = await listAll(asking, scope, stretch);
		if (listed === 'too many') busy.push(scope);
		else rows.push(...listed);
		if (rows.length < MOST_ROWS) continue;
		yield rows;
		rows = [];
	}
	if (rows.length > 0) yield rows;
	for (const scope of busy) {
		yield* slicesOf(asking, [scope], { from: middle, until });
		yield* slicesOf(asking, [scope], { from, until: middle });
	}
}

/** @returns the rows of a scope in a stretch, newest first, page by page, and not all of very many; none where lemlist does not list it. @throws as {@link slicesOf} */
export async function* newestPagesOf(
	asking: Asking,
	scope: Scope,
	stretch: Stretch,
): AsyncGenerator<Listed[]> {
	for await (const { offset, rows } of pagesOf(asking, scope, stretch)) {
		if (offset >= MOST_ROWS) return;
		yield rows;
	}
}

async function listAll(
	asking: Asking,
	scope: Scope,
	stretch: Stretch,
): Promise<Listed[] | 'too many'> {
	const isDivisible = stretch.until - stretch.from > SHORTEST_SLICE_MS;
	const found = new Map<string, Listed>();
	for await (const { offset, rows, isRepeated } of pagesOf(asking, scope, stretch)) {
		// Behind a full page that is there once more there may be others.
		const isCutOff = isRepeated && rows.length >= PAGE_SIZE;
		if ((offset >= MOST_ROWS || isCutOff) && isDivisible) return 'too many';
		for (const row of rows) found.set(contentOf(row), row);
	}
	return [...found.values()];
}

async function* pagesOf(
	asking: Asking,
	scope: Scope,
	stretch: Stretch,
): AsyncGenerator<{ offset: number; rows: Listed[]; isRepeated: boolean }> {
	const pages = new Pages();
	while (pages.next !== undefined) {
		const offset = pages.next;
		const rows = (await pageOf(asking, { scope, stretch, offset })) ?? [];
		const isRepeated = pages.note(rows.map(contentOf));
		if (rows.length > 0) yield { offset, rows, isRepeated };
	}
}

function contentOf({ activity }: Listed): string {
	return JSON.stringify(activity);
}

interface Page {
	scope: Scope;
	stretch: Stretch;
	offset: number;
}

/** @returns the rows of a page, undefined where lemlist does not list this scope */
async function pageOf(asking: Asking, page: Page): Promise<Listed[] | undefined> {
	const { scope, stretch, offset } = page;
	await asking.beforeRequest();
	const began = clock.now();
	const client = asking.client.until(began + asking.requestMs);
	const wish: ActivityWish = { ...scope, ...stretch };
	const answer = await listActivities(client, wish, offset, PAGE_SIZE);
	await clock.rest(Math.max(0, began + asking.pauseMs - clock.now()));
	if (!('status' in answer)) return answer.entries.map((activity) => ({ scope, activity }));
	if (!isAboutScope(answer)) throw client.error(answer);
	asking.onUnlisted(scope, answer);
	return undefined;
}

/** @returns whether lemlist lists the rest: it says 400 to a type that it does not list, or answers with something that is no list; a page in between is something else */
function isAboutScope({ status, detail, message }: Failure): boolean {
	const isRefused = status === 400 || status === 404;
	const isNoList = status >= 200 && status < 300 && detail === undefined;
	return message === undefined && (isRefused || isNoList);
}
