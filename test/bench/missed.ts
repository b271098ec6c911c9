/**
 * The look back: what it asks of lemlist in an hour, and how long it takes to catch up. In one process, where
 * an hour passes at once; counted at the stand-in, which takes no time for an answer unless told otherwise.
 */
import type { Arrival } from '../../nodes/LemlistTrigger/settings/reading';
import type { Trigger } from '../integration/host';
import type { EventType, RequestRecord } from '../sandbox';
import { LATENCY_MS, LIMIT_AN_HOUR } from './activation';
import type { Figure } from './figures';
import { HostInProcess } from './hostInProcess';
import { millisecondsOf, type Effort, type Part } from './part';
import { PassingTime } from './passingTime';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const EVENTS = [
	'emailsSent',
	'emailsOpened',
	'emailsReplied',
] as const satisfies readonly EventType[];
const PUBLISHED_EVERY_MS = 1_000;
const SETTLED_AFTER_MS = 10 * MINUTE_MS;

interface Occasion {
	/** How the look is called. */
	name: string;
	arrival: Arrival;
	workflows: number;
	/** Between two events. */
	eventEveryMs: number;
	/** What share of lemlist's limit they may use. */
	most: number;
}

const BY_WEBHOOK = { name: 'Looks back', arrival: 'webhook', workflows: 50, most: 0.05 } as const;
const LOOKED_UP = {
	name: 'Looks every minute',
	arrival: 'lookUp',
	workflows: 20,
	most: 1 / 3,
} as const;
const OCCASIONS: readonly Occasion[] = [
	{ ...BY_WEBHOOK, eventEveryMs: Infinity },
	{ ...BY_WEBHOOK, eventEveryMs: 5 * MINUTE_MS },
	{ ...LOOKED_UP, eventEveryMs: Infinity },
	{ ...LOOKED_UP, eventEveryMs: MINUTE_MS },
];

const MISSED = { whole: 1_000, quick: 100 };
/** Five a second are started late. */
const BETWEEN_STARTS_MS = 200;

/** @returns how many requests the looks of many workflows make in an hour, quiet or not */
async function measureLooks(occasions: readonly Occasion[]): Promise<Figure[]> {
	const figures: Figure[] = [];
	for (const occasion of occasions) figures.push(await measureHour(occasion));
	return figures;
}

/** @returns the same where something happens, and most is asked */
export async function measureBusyLooks(): Promise<Figure[]> {
	return await measureLooks(OCCASIONS.filter(({ eventEveryMs }) => Number.isFinite(eventEveryMs)));
}

async function measureHour(occasion: Occasion): Promise<Figure> {
	const { name, workflows, eventEveryMs, most } = occasion;
	const requests = await HostInProcess.during(
		{},
		async (host) =>
			await PassingTime.during(async (time) => await lookForAnHour(host, time, occasion)),
	);
	const happening = Number.isFinite(eventEveryMs)
		? `an event every ${eventEveryMs === MINUTE_MS ? 'minute' : `${String(eventEveryMs / MINUTE_MS)} minutes`}`
		: 'nothing happens';
	return {
		what: `${name} in an hour, ${String(workflows)} workflows of ${String(EVENTS.length)} events, ${happening}`,
		unit: 'requests',
		values: [requests.filter(isOfLook).length],
		beside: { what: 'what lemlist allows in an hour', values: [LIMIT_AN_HOUR] },
		targets: [{ of: 'ratio', at: 'most', limit: most }],
	};
}

/** The hour begins when the first look is over, and the overlap holds events. @returns all requests in it */
async function lookForAnHour(
	host: HostInProcess,
	time: PassingTime,
	{ arrival, workflows, eventEveryMs }: Occasion,
): Promise<readonly RequestRecord[]> {
	const triggers: Trigger[] = [];
	while (triggers.length < workflows) {
		const trigger = host.trigger(EVENTS, { arrival });
		await publish(trigger, time);
		triggers.push(trigger);
		await time.pass(PUBLISHED_EVERY_MS);
	}
	await live(host, time, SETTLED_AFTER_MS, { arrival, eventEveryMs });
	host.lemlist.clearRequests();
	await live(host, time, HOUR_MS, { arrival, eventEveryMs });
	const requests = [...host.lemlist.requests];
	for (const trigger of triggers) await trigger.stop();
	return requests;
}

async function publish(trigger: Trigger, time: PassingTime): Promise<void> {
	await time.until(trigger.activate());
	time.follow(trigger);
}

/** Lets events happen for so long, of each type in turn. */
async function live(
	{ lemlist }: HostInProcess,
	time: PassingTime,
	ms: number,
	{ arrival, eventEveryMs }: Pick<Occasion, 'arrival' | 'eventEveryMs'>,
): Promise<void> {
	if (!Number.isFinite(eventEveryMs)) {
		await time.pass(ms);
		return;
	}
	for (let event = 0; event < ms / eventEveryMs; event += 1) {
		await time.pass(eventEveryMs);
		const activity = lemlist.activityOf(EVENTS[event % EVENTS.length] ?? EVENTS[0]);
		if (arrival === 'lookUp') lemlist.happen(activity);
		else await time.until(lemlist.deliver(activity));
	}
}

function isOfLook({ path }: RequestRecord): boolean {
	return path === '/activities' || path === '/team';
}

/** As long as lemlist takes for its answers in the other parts. */
async function measureCatchUp({ isQuick }: Effort): Promise<Figure[]> {
	const count = isQuick ? MISSED.quick : MISSED.whole;
	const { seconds, requests, heaps } = await HostInProcess.during(
		{ latencyMs: LATENCY_MS },
		async (host) => await PassingTime.during(async (time) => await catchUp(host, time, count)),
	);
	const name = `${count.toLocaleString('en-US')} missed events`;
	return [
		{
			what: `${name}, until the last has started the workflow`,
			unit: 's',
			values: [seconds],
			beside: {
				what: 'five starts a second alone',
				values: [(count * BETWEEN_STARTS_MS) / 1_000],
			},
			targets: [{ of: 'ratio', at: 'most', limit: 1.2 }],
		},
		{
			what: `${name}: requests`,
			unit: 'requests',
			values: [requests],
			beside: { what: 'one an event', values: [count] },
			targets: [{ of: 'ratio', at: 'most', limit: 0.1 }],
		},
		{
			what: `Heap after ${name}`,
			unit: 'MB',
			values: [heaps.after],
			beside: { what: 'before', values: [heaps.before] },
			targets: [{ of: 'ratio', at: 'most', limit: 1.03 }],
		},
	];
}

interface CatchUp {
	seconds: number;
	requests: number;
	heaps: { before: number; after: number };
}

/** n8n is down for an hour before the first look. */
async function catchUp(host: HostInProcess, time: PassingTime, count: number): Promise<CatchUp> {
	const { lemlist } = host;
	const trigger = host.trigger(EVENTS, {});
	await time.until(trigger.activate());
	await trigger.stop();
	for (let event = 0; event < count; event += 1) {
		await time.pass(HOUR_MS / count);
		lemlist.happen(lemlist.activityOf(EVENTS[event % EVENTS.length] ?? EVENTS[0]));
	}
	// None is so young that it might be under way.
	await time.pass(2 * MINUTE_MS);
	const before = host.heapInMegabytes();
	const began = Date.now();
	let requests = 0;
	const realMs = await millisecondsOf(async () => {
		await time.until(trigger.restart());
		time.follow(trigger);
		for (let ms = 0; host.started < count && ms < HOUR_MS; ms += BETWEEN_STARTS_MS)
			await time.pass(BETWEEN_STARTS_MS);
		requests = lemlist.requests.filter(isOfLook).length;
	});
	const seconds = (Date.now() - began + realMs) / 1_000;
	if (host.started !== count) throw new Error(`${String(host.started)} starts of ${String(count)}`);
	await time.pass(MINUTE_MS);
	const after = host.heapInMegabytes();
	await trigger.stop();
	return { seconds, requests, heaps: { before, after } };
}

async function measureMissed(effort: Effort): Promise<Figure[]> {
	effort.report('Looks of an hour', 'counting');
	const looks = await measureLooks(OCCASIONS);
	effort.report('Missed events', 'catching up');
	return [...looks, ...(await measureCatchUp(effort))];
}

export const missed: Part = {
	key: 'missed',
	title: 'The look back',
	stage: 'core',
	measure: measureMissed,
};
