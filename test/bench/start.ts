/** Many active workflows on one API key in a real n8n: its start, and what their checks ask of lemlist in an hour. */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { EVENTS } from '../../nodes/LemlistTrigger/settings/events';
import { CHECK_INTERVAL_SECONDS } from '../../nodes/LemlistTrigger/hooks/schedule';
import { unpackFor } from '../e2e/n8n/package';
import { until } from '../e2e/n8n/until';
import { Host, setIntervals } from '../faults/n8n/host';
import { Trigger } from '../faults/n8n/trigger';
import type { RequestRecord } from '../sandbox';
import { LATENCY_MS, LIMIT_AN_HOUR, REQUESTS_A_WINDOW, windowsOf } from './activation';
import { sendBarely, WINDOW_MS } from './bareClient';
import type { Figure } from './figures';
import { forEachOf, millisecondsOf, type Effort, type Part } from './part';

const WORKFLOWS = { whole: 50, quick: 6 };
/** While n8n starts no check is due: then each trigger looks once, and one look is one trigger. */
const NO_CHECKS_SECONDS = 3_600;
/** A whole minute between two checks spreads them over it, as five minutes do. */
const CHECK_SECONDS = 60;
const STARTS = { whole: 3, quick: 1 };
const MINUTES = { whole: 2, quick: 1 };
const PUBLISHED_AT_A_TIME = 5;
const EQUAL_WITHIN_MS = 120_000;
const SECONDS_IN_HOUR = 3_600;
/** Each trigger looks at the hooks, and asks whose API key it has. */
const REQUESTS_OF_A_START = 2;

async function measureStart(effort: Effort): Promise<Figure[]> {
	const kind = effort.isQuick ? 'quick' : 'whole';
	const host = await Host.start({
		checkSeconds: NO_CHECKS_SECONDS,
		sandbox: { latencyMs: LATENCY_MS },
	});
	try {
		return [...(await measureMany(host, kind, effort)), ...(await activateAll(host))];
	} finally {
		await host.close();
	}
}

/** Requests are kept from the first start to the end of the checks: hooks that are made late are seen too. */
async function measureMany(
	host: Host,
	kind: keyof typeof WORKFLOWS,
	{ report }: Effort,
): Promise<Figure[]> {
	const count = WORKFLOWS[kind];
	report(`${String(count)} workflows`, 'publishing');
	await publish(host, count);
	const starts: Start[] = [];
	for (let start = 1; start <= STARTS[kind]; start += 1) {
		report(`Start ${String(start)} of ${String(STARTS[kind])}`, 'n8n stops and starts');
		starts.push(await startAgain(host, count));
	}
	report(`${String(MINUTES[kind])} minutes of checks`, 'counting');
	const checks = await countChecks(host, count, MINUTES[kind]);
	return [
		...figuresOf(count, starts, [
			...starts.flatMap(({ requests }) => requests),
			...checks.requests,
		]),
		...checks.figures,
	];
}

async function publish(host: Host, count: number): Promise<void> {
	const first = await Trigger.make(host, { events: ['emailsReplied'] });
	const { account, credential } = first;
	const triggers = [first];
	while (triggers.length < count)
		triggers.push(await Trigger.make(host, { events: ['emailsReplied'], account, credential }));
	await forEachOf(triggers, PUBLISHED_AT_A_TIME, async (trigger) => {
		await trigger.activate();
	});
	if (host.lemlist.hooks.length !== count)
		throw new Error(`${String(host.lemlist.hooks.length)} hooks instead of ${String(count)}`);
}

interface Start {
	seconds: number;
	bareSeconds: number;
	/** Lines in n8n's log of a trigger that gave up until its next check. */
	warnings: number;
	requests: readonly RequestRecord[];
}

async function startAgain(host: Host, count: number): Promise<Start> {
	await host.n8n.stop();
	await sleep(WINDOW_MS);
	host.lemlist.clearRequests();
	const linesBefore = await warningsIn(host);
	await host.n8n.start();
	await untilAllHaveLooked(host, count);
	const requests = [...host.lemlist.requests];
	const looks = looksIn(host);
	const [first, last] = [looks[0]?.at ?? 0, looks.at(-1)?.at ?? 0];
	const warnings = (await warningsIn(host)) - linesBefore;
	await untilLookedBack(host, count);
	const limits = { lemlist: host.lemlist, perWindow: REQUESTS_A_WINDOW };
	const bareMs = await millisecondsOf(async () => {
		await sendBarely(limits, 0, REQUESTS_OF_A_START * count);
	});
	return { seconds: (last - first) / 1_000, bareSeconds: bareMs / 1_000, warnings, requests };
}

/** @throws Error when there was another look than one of each trigger: then it is unknown whether all have looked */
async function untilAllHaveLooked(host: Host, count: number): Promise<void> {
	await until('every trigger has looked', () => looksIn(host).length >= count, {
		limitMs: EQUAL_WITHIN_MS,
		everyMs: 50,
	});
	// Whoever would look twice does so within a window.
	await sleep(WINDOW_MS);
	const { length } = looksIn(host);
	if (length !== count)
		throw new Error(`${String(length)} looks instead of one of each of ${String(count)} triggers`);
}

/** Each asks for what was missed, in turn and slowly: that would take from the limit what is measured next. */
async function untilLookedBack({ lemlist }: Host, count: number): Promise<void> {
	await until(
		'every trigger has looked for what was missed',
		() => lemlist.requests.filter(({ path }) => path === '/activities').length >= count,
		{ limitMs: EQUAL_WITHIN_MS },
	);
	await sleep(WINDOW_MS);
}

function figuresOf(
	count: number,
	starts: readonly Start[],
	requests: readonly RequestRecord[],
): Figure[] {
	const name = `n8n starts with ${String(count)} workflows`;
	const made = requests.filter(({ method }) => method !== 'GET').length;
	const refused = starts.map(
		(start) => start.requests.filter(({ status }) => status === 429).length,
	);
	return [
		{
			what: `${name}: from the first look to the last`,
			unit: 's',
			values: starts.map(({ seconds }) => seconds),
			beside: { what: 'the requests alone', values: starts.map(({ bareSeconds }) => bareSeconds) },
		},
		{
			what: `${name}: webhooks made or deleted, in all starts and the checks after them`,
			unit: 'requests',
			values: [made],
			targets: [{ of: 'value', at: 'most', limit: 0 }],
		},
		{
			what: `${name}: refused by lemlist's limit, and sent again`,
			unit: 'requests',
			values: refused,
		},
		{
			what: `${name}: triggers that gave up until their next check`,
			unit: 'lines',
			values: starts.map(({ warnings }) => warnings),
			targets: [{ of: 'value', at: 'most', limit: 0 }],
		},
	];
}

/** Looks for what was missed have figures of their own. */
function isAboutHooks({ path }: RequestRecord): boolean {
	return path.startsWith('/hooks');
}

function looksIn({ lemlist }: Host): RequestRecord[] {
	return lemlist.requests.filter(
		({ method, path, status }) => method === 'GET' && path === '/hooks' && status === 200,
	);
}

/** How often n8n's log tells that a check failed. */
async function warningsIn(host: Host): Promise<number> {
	const log = await readFile(host.n8n.logFile, 'utf8');
	return log.split('could be checked or made').length - 1;
}

/** With one check a minute from here on. @returns what was asked of lemlist since, the start included */
async function countChecks(
	host: Host,
	count: number,
	minutes: number,
): Promise<{ figures: Figure[]; requests: readonly RequestRecord[] }> {
	await host.n8n.stop();
	await setIntervals(await unpackFor(host.n8n.userFolder, host.tarball), {
		checkSeconds: CHECK_SECONDS,
	});
	host.lemlist.clearRequests();
	await host.n8n.start();
	await until('every trigger has looked', () => looksIn(host).length >= count, {
		limitMs: EQUAL_WITHIN_MS,
		everyMs: 50,
	});
	await untilLookedBack(host, count);
	const { requests } = host.lemlist;
	const perMinute: number[] = [];
	for (let minute = 1; minute <= minutes; minute += 1) {
		const before = requests.length;
		await sleep(CHECK_SECONDS * 1_000);
		perMinute.push(requests.slice(before).filter(isAboutHooks).length);
	}
	const hours = perMinute.map((one) => one * (SECONDS_IN_HOUR / CHECK_INTERVAL_SECONDS));
	const figures: Figure[] = [
		{
			what: `Requests of one check of each of ${String(count)} workflows`,
			unit: 'requests',
			values: perMinute,
			beside: { what: 'one a workflow', values: perMinute.map(() => count) },
			targets: [{ of: 'ratio', at: 'most', limit: 1.1 }],
		},
		{
			what: `Their checks in an hour, one every ${String(CHECK_INTERVAL_SECONDS / 60)} minutes`,
			unit: 'requests',
			values: hours,
			beside: { what: 'what lemlist allows in an hour', values: hours.map(() => LIMIT_AN_HOUR) },
		},
	];
	return { figures, requests: [...requests] };
}

/** A trigger in a team of its own, on every event. */
async function activateAll(host: Host): Promise<Figure[]> {
	const trigger = await Trigger.make(host, { events: EVENTS.map(({ type }) => type) });
	await trigger.activate();
	const sent = host.lemlist.requests.filter(
		(request) => trigger.sent(request) && request.status === 200 && request.path !== '/activities',
	);
	const [first = 0, last = 0] = [sent[0]?.at, sent.at(-1)?.at];
	const seconds = (last + LATENCY_MS - first) / 1_000;
	return [
		{
			what: `Activation of ${String(EVENTS.length)} events in a real n8n, from the first request to the last`,
			unit: 's',
			values: [seconds],
			targets: [{ of: 'value', at: 'most', limit: windowsOf(sent.length, REQUESTS_A_WINDOW) }],
		},
	];
}

export const start: Part = {
	key: 'start',
	title: 'A start of n8n with many workflows',
	stage: 'n8n',
	measure: measureStart,
};
