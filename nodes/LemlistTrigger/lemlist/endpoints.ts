/**
 * lemlist's calls, a function each: hooks, campaigns, activities, the team. They take and give plain values and
 * know nothing of triggers. Follows lemlist's documentation of GET, POST and DELETE /hooks, GET /campaigns,
 * GET /activities and GET /team.
 */
import { addressOf } from './address';
import {
	isOfLemlist,
	isSuccess,
	isTrouble,
	type Answer,
	type LemlistClient,
	type Request,
} from './client';
import type { Failure } from './failures';
import {
	readActivities,
	readCampaigns,
	readHook,
	readHooks,
	readTeam,
	type Activity,
	type Campaign,
	type Hook,
	type ListPage,
} from './schemas';

/** lemlist's largest page. */
export const PAGE_SIZE = 100;
const MOST_HOOK_PAGES = 50;

/** A hook to be made. */
export interface HookWish {
	targetUrl: string;
	/** Absent: every event. */
	type?: string;
	campaignId?: string;
	isFirst: boolean;
}

/** What became of a POST of a hook. `unsettled`: it may exist or not; after a 409, lemlist says it does. */
export type PostOutcome =
	| { outcome: 'made' }
	| { outcome: 'unsettled' | 'refused'; failure: Failure };

/** @returns every hook of the team. @throws NodeApiError when lemlist does not list them */
export async function listHooks(client: LemlistClient): Promise<Hook[]> {
	const hooks = new Map<string, Hook>();
	for (let page = 0, seen = 0; page < MOST_HOOK_PAGES; page += 1) {
		const answer = await hookPage(client, seen);
		// No paging is documented for hooks, so lemlist may well refuse to be asked for a further page.
		if ('status' in answer && page > 0 && isRefusal(answer.status)) break;
		const { entries, size } = pageOf(client, answer);
		const known = hooks.size;
		for (const hook of entries) hooks.set(hook._id, hook);
		seen += size;
		// A full page is the only sign that there may be more.
		if (size % PAGE_SIZE !== 0 || hooks.size === known) break;
	}
	return [...hooks.values()];
}

async function hookPage(client: LemlistClient, offset: number): Promise<ListPage<Hook> | Failure> {
	const qs = offset === 0 ? {} : { qs: { offset, limit: PAGE_SIZE } };
	return await list(client, { method: 'GET', path: '/hooks', ...qs }, readHooks);
}

/**
 * @param offset how many campaigns to pass over
 * @returns campaigns, newest first, at most {@link PAGE_SIZE}. @throws NodeApiError when lemlist does not list them
 */
export async function listCampaigns(
	client: LemlistClient,
	offset: number,
): Promise<ListPage<Campaign>> {
	const qs = { version: 'v2', limit: PAGE_SIZE, offset, sortBy: 'createdAt', sortOrder: 'desc' };
	return pageOf(
		client,
		await list(client, { method: 'GET', path: '/campaigns', qs }, readCampaigns),
	);
}

/** Asks lemlist for a hook, once. @returns what became of it. @throws NodeApiError for no time to ask */
export async function postHook(
	client: LemlistClient,
	wish: HookWish,
	secret: string,
): Promise<PostOutcome> {
	const qs = {
		...(wish.campaignId !== undefined && { campaignId: wish.campaignId }),
		...(wish.isFirst && { isFirst: true }),
	};
	const body = {
		targetUrl: wish.targetUrl,
		...(wish.type !== undefined && { type: wish.type }),
		secret,
	};
	const answer = await client.send({ method: 'POST', path: '/hooks', qs, body });
	const made = isSuccess(answer.status) ? readHook(answer.body) : undefined;
	if (made !== undefined && addressOf(made.targetUrl) === addressOf(wish.targetUrl))
		return { outcome: 'made' };
	return {
		outcome: isAmbiguous(answer.status) ? 'unsettled' : 'refused',
		failure: client.failureOf(answer),
	};
}

/** Deletes a hook; one that is gone already is fine. @returns why it may still be there. @throws NodeApiError for no time to ask */
export async function deleteHook(client: LemlistClient, id: string): Promise<Failure | undefined> {
	const answer = await client.sendRepeatedly(
		{ method: 'DELETE', path: `/hooks/${encodeURIComponent(id)}` },
		isOfLemlist,
	);
	const isGone = isOfLemlist(answer) && (isSuccess(answer.status) || answer.status === 404);
	return isGone ? undefined : client.failureOf(answer);
}

/** Which activities are asked for. */
export interface ActivityWish {
	/** Absent: of every type. */
	type?: string;
	campaignId?: string;
	isFirst: boolean;
	/** On `createdAt`, both ends included, in milliseconds since the epoch. */
	from: number;
	until: number;
}

/**
 * @param offset how many activities to pass over
 * @param limit how many to list at most, {@link PAGE_SIZE} or less
 * @returns activities, newest first, or why there are none. A page that is not full need not be the last; an
 * empty one is. @throws NodeApiError for no time to ask
 */
export async function listActivities(
	client: LemlistClient,
	{ type, campaignId, isFirst, from, until }: ActivityWish,
	offset: number,
	limit: number,
): Promise<ListPage<Activity> | Failure> {
	const qs = {
		version: 'v2',
		...(type !== undefined && { type }),
		...(campaignId !== undefined && { campaignId }),
		...(isFirst && { isFirst: true }),
		minDate: new Date(from).toISOString(),
		maxDate: new Date(until).toISOString(),
		limit,
		offset,
	};
	return await list(client, { method: 'GET', path: '/activities', qs }, readActivities);
}

/** @returns the id of the team that the API key belongs to, undefined when lemlist names none, or why it does not say. @throws NodeApiError for no time to ask */
export async function teamOf(client: LemlistClient): Promise<string | undefined | Failure> {
	const answer = await client.sendRepeatedly(
		{ method: 'GET', path: '/team' },
		({ status }) => !isTrouble(status),
	);
	return isSuccess(answer.status) ? readTeam(answer.body) : client.failureOf(answer);
}

async function list<Entry>(
	client: LemlistClient,
	request: Request,
	read: (body: unknown) => ListPage<Entry> | undefined,
): Promise<ListPage<Entry> | Failure> {
	const isFinal = ({ status, body }: Answer) =>
		isSuccess(status) ? read(body) !== undefined : !isTrouble(status);
	const answer = await client.sendRepeatedly(request, isFinal);
	return (isSuccess(answer.status) ? read(answer.body) : undefined) ?? client.failureOf(answer);
}

function pageOf<Entry>(client: LemlistClient, answer: ListPage<Entry> | Failure): ListPage<Entry> {
	if ('status' in answer) throw client.error(answer);
	return answer;
}

/** lemlist does not want this request, now or later. */
function isRefusal(status: number): boolean {
	return status === 400 || status === 404 || status === 405;
}

/** The server may have acted: no answer, a problem on its side, a success that does not say what it made, or a URL that is taken. */
function isAmbiguous(status: number): boolean {
	return isTrouble(status) || isSuccess(status) || status === 409;
}
