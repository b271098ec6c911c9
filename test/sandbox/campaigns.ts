// The campaigns that the team has, and how GET /campaigns pages and words them.
import { fixedId, newId, SANDBOX_TEAM } from './identifiers';
import type { Rules } from './rules';
import type { Campaign, CampaignStatus } from './types';

const PLAUSIBLE: ReadonlyArray<readonly [name: string, status: CampaignStatus]> = [
	['Founders in Paris', 'running'],
	['Heads of Sales, DACH', 'running'],
	['Webinar follow-up', 'running'],
	['Agencies 10–50', 'paused'],
	['Trial ended, no card', 'running'],
	['Recruiters UK', 'draft'],
	['Black Friday 2024', 'archived'],
	['SaaStr attendees', 'ended'],
	['Churned customers', 'paused'],
	['Partners & resellers', 'draft'],
	['Cold list (old mailbox)', 'errors'],
	['LinkedIn only: CTOs', 'running'],
];

const DAY_MS = 24 * 60 * 60 * 1000;
const FIRST_DAY = Date.UTC(2024, 0, 8, 9);
const LARGEST_PAGE = 100;

/** The campaign that activities belong to unless they are told otherwise. */
export const SANDBOX_CAMPAIGN = fixedId('cam', 'Campaign', 1);

/** So many campaigns, the same ones in every run. */
export function plausibleCampaigns(count: number = PLAUSIBLE.length): Campaign[] {
	return Array.from({ length: count }, (_, index) => {
		const [name, status] = PLAUSIBLE[index % PLAUSIBLE.length] ?? ['Campaign', 'running'];
		const round = Math.floor(index / PLAUSIBLE.length);
		return campaignOf({
			_id: fixedId('cam', 'Campaign', index + 1),
			name: round === 0 ? name : `${name} (${String(round + 1)})`,
			status,
			createdAt: new Date(FIRST_DAY + index * DAY_MS).toISOString(),
		});
	});
}

/** The name of one of the plausible campaigns; undefined for any other id. */
export function nameOfCampaign(id: unknown): string | undefined {
	return PLAUSIBLE.find((_, index) => fixedId('cam', 'Campaign', index + 1) === id)?.[0];
}

/** A campaign of the sandbox's team, with the given fields in place of usual ones. */
export function campaignOf(fields: Partial<Campaign> = {}): Campaign {
	return {
		_id: newId('cam'),
		name: 'A campaign',
		status: 'running',
		createdAt: new Date().toISOString(),
		teamId: SANDBOX_TEAM,
		...fields,
	};
}

const LISTS = {
	array: (list: unknown[]): unknown => list,
	campaigns: (list: unknown[], pagination: object): unknown => ({ campaigns: list, pagination }),
	data: (list: unknown[], pagination: object): unknown => ({ data: list, pagination }),
	results: (list: unknown[], pagination: object): unknown => ({ results: list, pagination }),
};

/** The body of GET /campaigns, or undefined when lemlist would call the query bad. */
export function campaignPage(
	campaigns: readonly Campaign[],
	query: Record<string, string>,
	rules: Rules,
): unknown {
	const sorted = sortedBy(campaigns, query);
	const page = pageOf(query, rules);
	if (!sorted || !page) return undefined;
	const list = sorted
		.slice(page.offset, page.offset + page.limit)
		.map((campaign) => toldOf(campaign, rules));
	const shape = query.version === 'v2' ? rules.campaignShape : 'array';
	return LISTS[shape](list, pagination(sorted.length, page));
}

function sortedBy(
	campaigns: readonly Campaign[],
	{ sortBy, sortOrder = 'asc' }: Record<string, string>,
): readonly Campaign[] | undefined {
	if (sortBy === undefined) return campaigns;
	if (sortBy !== 'createdAt' || !['asc', 'desc'].includes(sortOrder)) return undefined;
	const sign = sortOrder === 'desc' ? -1 : 1;
	return [...campaigns].sort((a, b) => sign * a.createdAt.localeCompare(b.createdAt));
}

interface Page {
	limit: number;
	offset: number;
}

function pageOf(query: Record<string, string>, rules: Rules): Page | undefined {
	const limit = Math.min(countOf(query.limit ?? String(LARGEST_PAGE)), LARGEST_PAGE);
	const offset =
		query.page === undefined ? countOf(query.offset ?? '0') : (countOf(query.page) - 1) * limit;
	if (!(limit >= 1) || !(offset >= 0)) return undefined;
	return { limit, offset: rules.campaignPages === 'ignore' ? 0 : offset };
}

function countOf(text: string): number {
	return /^\d+$/.test(text) ? Number(text) : NaN;
}

function toldOf({ _id, name, status, createdAt }: Campaign, rules: Rules): object {
	return rules.campaignStatus === 'present'
		? { _id, name, status, createdAt }
		: { _id, name, createdAt };
}

function pagination(totalRecords: number, { limit, offset }: Page): object {
	const currentPage = Math.floor(offset / limit) + 1;
	const totalPage = Math.ceil(totalRecords / limit);
	return {
		totalRecords,
		currentPage,
		nextPage: currentPage < totalPage ? currentPage + 1 : null,
		totalPage,
	};
}
