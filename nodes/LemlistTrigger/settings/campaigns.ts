/**
 * The campaign list of the dropdown: the newest 1,000 of the team, running ones first. Follows
 * lemlist's documentation of GET /campaigns.
 */
import type { INodePropertyOptions } from 'n8n-workflow';
import type { LemlistClient } from '../lemlist/client';
import { listCampaigns, PAGE_SIZE } from '../lemlist/endpoints';
import { reasonOf } from '../lemlist/failures';
import type { Campaign } from '../lemlist/schemas';
import { NAMELESS } from './parameters';
import { MORE_CAMPAIGNS } from './reading';

const MOST_CAMPAIGNS = 1_000;
const LIST_MS = 30_000;
const ARCHIVED = 'archived';
/** A status that is not named stands between these two. */
const RANKS: Readonly<Record<string, number>> = { running: 0, [ARCHIVED]: 2 };

/**
 * Lists the campaigns for the parameter Campaigns. It never throws: n8n would lock the field and keep
 * the reason to itself. So the reason, and what to do, are rows of the list.
 *
 * @param connect gives a client for so many milliseconds, or throws with a sentence
 */
export async function campaignRows(
	connect: (ms: number) => Promise<LemlistClient>,
): Promise<INodePropertyOptions[]> {
	return await rowsOf(connect).catch((error: unknown) => failureRows(reasonOf(error)));
}

/** @throws NodeApiError, NodeOperationError with a sentence */
async function rowsOf(
	connect: (ms: number) => Promise<LemlistClient>,
): Promise<INodePropertyOptions[]> {
	const campaigns = await newestCampaigns(await connect(LIST_MS));
	const rows = campaigns
		.slice(0, MOST_CAMPAIGNS)
		.sort((one, other) => rankOf(one) - rankOf(other))
		.map(optionOf);
	if (rows.length === 0) return NO_CAMPAIGN_ROWS;
	return campaigns.length > MOST_CAMPAIGNS ? [...rows, MORE_ROW] : rows;
}

/** @returns up to one more than are listed: then there are more. A page that is short, empty or repeats is the last */
async function newestCampaigns(client: LemlistClient): Promise<Campaign[]> {
	const campaigns = new Map<string, Campaign>();
	for (let seen = 0; campaigns.size <= MOST_CAMPAIGNS; ) {
		const { entries, size } = await listCampaigns(client, seen);
		const known = campaigns.size;
		for (const campaign of entries) campaigns.set(campaign._id, campaign);
		seen += size;
		if (size < PAGE_SIZE || campaigns.size === known) break;
	}
	return [...campaigns.values()];
}

function rankOf({ status = '' }: Campaign): number {
	return RANKS[status] ?? 1;
}

function optionOf({ _id, name = '', status = '' }: Campaign): INodePropertyOptions {
	const shown = name.trim() === '' ? _id : name;
	return {
		name: status === ARCHIVED ? `${shown} (archived)` : shown,
		value: _id,
		description:
			status === '' ? _id : `${status.charAt(0).toUpperCase()}${status.slice(1)} – ${_id}`,
	};
}

/** A row to read. Without a name, n8n shows it as readable as a heading; disabled names are too pale. */
function noticeRow(value: string, text: string): INodePropertyOptions {
	return { name: NAMELESS, value, description: text, disabled: true };
}

/** @param reason what happened, then what to do about it */
function failureRows(reason: string): INodePropertyOptions[] {
	return sentenceRows([
		...reason.split(/(?<=\.) /),
		'Done already? Choose Refresh List in the menu (⋮) above.',
	]);
}

/** A sentence a row, because n8n cuts long descriptions off. */
function sentenceRows([first = '', ...others]: readonly string[]): INodePropertyOptions[] {
	// No campaign's IDs: where n8n 1.x lets people pick such a row, publishing says so.
	return [`<b>${first}</b>`, ...others].map((sentence, index) =>
		noticeRow(`not listed ${String(index + 1)}`, sentence),
	);
}

const NO_CAMPAIGN_ROWS = sentenceRows([
	'This lemlist team has no campaigns yet.',
	'Leave this field empty: then campaigns that you create later are included.',
	'To look again, choose Refresh List in the menu (⋮) above.',
]);

const MORE_ROW = noticeRow(
	MORE_CAMPAIGNS,
	'<b>Older campaigns are not listed.</b> These are the newest 1,000. Give the ID of an older one with an expression.',
);
