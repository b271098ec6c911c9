/**
 * What lemlist sends us, parsed at the boundary: hooks, campaign pages, deliveries. Kept to the API
 * that zod 3.25 and zod 4 share, because the host brings its own copy. Follows the answers that
 * lemlist documents for GET /hooks, POST /hooks, GET /campaigns, GET /activities and GET /team, read tolerantly.
 */
import { z } from 'zod';

/** Texts by which a flag says no; any other text, or anything else that is not empty, says yes. */
const NO: ReadonlySet<unknown> = new Set(['', 'false', 'no', 'off', '0', 'null']);

const flag = z
	.unknown()
	.transform(
		(value) => Boolean(value) && !(typeof value === 'string' && NO.has(value.trim().toLowerCase())),
	);

const hook = z
	.object({ _id: z.string().min(1), targetUrl: z.string().min(1), disabled: flag })
	.transform(({ _id, targetUrl, disabled }) => ({ _id, targetUrl, isSwitchedOff: disabled }));

/** A hook as lemlist lists it: what we need of it. One that lemlist has switched off gets nothing, and keeps its URL taken. */
export type Hook = z.output<typeof hook>;

const team = z.object({ _id: z.string().min(1) });

const optionalText = z.string().optional().catch(undefined);
const campaign = z.object({ _id: z.string().min(1), name: optionalText, status: optionalText });

/** A campaign as lemlist lists it: what we need of it. */
export type Campaign = z.infer<typeof campaign>;

/** lemlist wraps its lists in several ways; each of these is a list. */
const list = z.union([
	z.array(z.unknown()),
	z.object({ hooks: z.array(z.unknown()) }).transform((answer) => answer.hooks),
	z.object({ campaigns: z.array(z.unknown()) }).transform((answer) => answer.campaigns),
	z.object({ activities: z.array(z.unknown()) }).transform((answer) => answer.activities),
	z.object({ data: z.array(z.unknown()) }).transform((answer) => answer.data),
	z.object({ results: z.array(z.unknown()) }).transform((answer) => answer.results),
]);

/** One check of the whole: zod notes down every wrong entry of a list, and strangers can send millions of them. */
const delivery = z
	.custom<
		Activity | Activity[]
	>((body) => isActivity(body) || (Array.isArray(body) && body.length > 0 && body.every(isActivity)))
	.transform((body) => [body].flat());

/** An activity as lemlist sends it. Its fields are open-ended, so nothing is required of them. */
export type Activity = Readonly<Record<string, unknown>>;

function isActivity(value: unknown): value is Activity {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads a list answer. An entry that is not what the list is about is passed over: one odd hook of
 * somebody else must not keep every trigger of the team from working.
 */
function readList<Entry>(
	answer: unknown,
	read: (entry: unknown) => Entry | undefined,
): ListPage<Entry> | undefined {
	const parsed = list.safeParse(answer);
	if (!parsed.success) return undefined;
	return {
		entries: parsed.data.map(read).filter((entry) => entry !== undefined),
		size: parsed.data.length,
	};
}

/** One page of a list: the entries understood, and how many there were in all. */
export interface ListPage<Entry> {
	entries: Entry[];
	size: number;
}

/** @returns a page of GET /hooks, undefined when the answer is no list. */
export function readHooks(answer: unknown): ListPage<Hook> | undefined {
	return readList(answer, (entry) => hook.safeParse(entry).data);
}

/** @returns a page of GET /campaigns, undefined when the answer is no list. */
export function readCampaigns(answer: unknown): ListPage<Campaign> | undefined {
	return readList(answer, (entry) => campaign.safeParse(entry).data);
}

/** @returns a page of GET /activities, undefined when the answer is no list. */
export function readActivities(answer: unknown): ListPage<Activity> | undefined {
	return readList(answer, (entry) => (isActivity(entry) ? entry : undefined));
}

/** @returns the id of the team that GET /team answers with, undefined when it names none. */
export function readTeam(answer: unknown): string | undefined {
	return team.safeParse(answer).data?._id;
}

/** @returns the hook that POST /hooks answers with, undefined when the answer is none. */
export function readHook(answer: unknown): Hook | undefined {
	return hook.safeParse(answer).data;
}

/** @returns the activities of a delivery's body (one, or a non-empty list), undefined for any other body. */
export function readDelivery(body: unknown): readonly Activity[] | undefined {
	return delivery.safeParse(body).data;
}
