/** Many active workflows on one API key in a real n8n: its start, and what their checks ask of lemlist in an hour. */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { EVENTS } from '../../nodes/LemlistTrigger/events';
import { CHECK_INTERVAL_SECONDS } from '../../nodes/LemlistTrigger/schedule';
import { until } from '../e2e/n8n/until';
import { Host } from '../faults/n8n/host';
import { Trigger } from '../faults/n8n/trigger';
import type { RequestRecord } from '../sandbox';
import { LATENCY_MS, REQUESTS_A_WINDOW, windowsOf } from './activation';
import { sendBarely, WINDOW_MS } from './bareClient';
import type { Figure } from './figures';
import { forEachOf, millisecondsOf, type Effort, type Part } from './part';

const WORKFLOWS = { whole: 50, quick: 6 };
/** A whole minute between two checks spreads them over it, as five minutes do. */
const CHECK_SECONDS = 60;
const PUBLISHED_AT_A_TIME = 5;
const EQUAL_WITHIN_MS = 120_000;
const SECONDS_IN_HOUR = 3_600;
const LIMIT_AN_HOUR = (SECONDS_IN_HOUR / (WINDOW_MS / 1_000)) * REQUESTS_A_WINDOW;

async function measureStart(effort: Effort): Promise<Figure[]> {
	const count = effort.isQuick ? WORKFLOWS.quick : WORKFLOWS.whole;
	const host = await Host.start({ checkSeconds: CHECK_SECONDS, sandbox: { latencyMs: LATENCY_MS } });
	try {
		effort.report(`${String(count)} workflows`, 'publishing');
		await publish(host, count);
		effort.report('n8n', 'starting again');
		const started = await startAgain(host, count);
		effort.report('A minute of checks', 'counting');
		const checks = await countChecks(host, count);
		effort.report('75 events', 'publishing');
		return [...started, ...checks, ...(await activateAll(host))];
	} finally {
		await host.close();
	}
}

async function publish(host: Host, count: number): Promise<void> {
	const first = await Trigger.make(host, { events: ['emailsReplied'] });
	const { account, credential } = first;
	const triggers = [first];
	while (triggers.length < count) triggers.push(await Trigger.make(host, { events: ['emailsReplied'], account, credential }));
	await forEachOf(triggers, PUBLISHED_AT_A_TIME, async (trigger) => { await trigger.activate(); });
	if (host.lemlist.hooks.length !== count) throw new Error(`${String(host.lemlist.hooks.length)} hooks instead of ${String(count)}`);
}

async function startAgain(host: Host, count: number): Promise<Figure[]> {
	await host.n8n.stop();
	await sleep(WINDOW_MS);
	host.lemlist.clearRequests();
	const linesBefore = await warningsIn(host);
	await host.n8n.start();
	await until('every trigger has looked', () => looksIn(host).length >= count, { limitMs: EQUAL_WITHIN_MS, everyMs: 50 });
	const { requests } = host.lemlist;
	const [first, last] = [requests[0]?.at ?? 0, looksIn(host)[count - 1]?.at ?? 0];
	const bareMs = await millisecondsOf(async () => { await sendBarely({ lemlist: host.lemlist, perWindow: REQUESTS_A_WINDOW }, 0, count); });
	const name = `n8n starts with ${String(count)} workflows`;
	return [
		{ what: `${name}: from the first look to the last`, unit: 's', values: [(last - first) / 1_000], beside: { what: 'the requests alone', values: [bareMs / 1_000] } },
		{ what: `${name}: webhooks made or deleted`, unit: 'requests', values: [requests.filter(({ method }) => method !== 'GET').length], targets: [{ of: 'value', at: 'most', limit: 0 }] },
		{ what: `${name}: refused by lemlist's limit, and sent again`, unit: 'requests', values: [requests.filter(({ status }) => status === 429).length] },
		{ what: `${name}: triggers that gave up until their next check`, unit: 'lines', values: [(await warningsIn(host)) - linesBefore], targets: [{ of: 'value', at: 'most', limit: 0 }] },
	];
}

function looksIn({ lemlist }: Host): RequestRecord[] {
	return lemlist.requests.filter(({ method, path, status }) => method === 'GET' && path === '/hooks' && status === 200);
}

/** How often n8n's log tells that a check failed. */
async function warningsIn(host: Host): Promise<number> {
	const log = await readFile(host.n8n.logFile, 'utf8');
	return log.split('could be checked or made').length - 1;
}

async function countChecks(host: Host, count: number): Promise<Figure[]> {
	await sleep(WINDOW_MS);
	host.lemlist.clearRequests();
	await sleep(CHECK_SECONDS * 1_000);
	const { length: requests } = host.lemlist.requests;
	const anHour = requests * (SECONDS_IN_HOUR / CHECK_INTERVAL_SECONDS);
	return [
		{ what: `Requests of one check of each of ${String(count)} workflows`, unit: 'requests', values: [requests], beside: { what: 'one a workflow', values: [count] }, targets: [{ of: 'ratio', at: 'most', limit: 1.1 }] },
		{ what: `Their checks in an hour, one every ${String(CHECK_INTERVAL_SECONDS / 60)} minutes`, unit: 'requests', values: [anHour], beside: { what: 'what lemlist allows in an hour', values: [LIMIT_AN_HOUR] } },
	];
}

/** A trigger in a team of its own, on every event. */
async function activateAll(host: Host): Promise<Figure[]> {
	const trigger = await Trigger.make(host, { events: EVENTS.map(({ type }) => type) });
	await trigger.activate();
	const sent = host.lemlist.requests.filter((request) => trigger.sent(request) && request.status === 200);
	const [first = 0, last = 0] = [sent[0]?.at, sent.at(-1)?.at];
	const seconds = (last + LATENCY_MS - first) / 1_000;
	return [{ what: 'Activation of 75 events in a real n8n, from the first request to the last', unit: 's', values: [seconds], targets: [{ of: 'value', at: 'most', limit: windowsOf(sent.length, REQUESTS_A_WINDOW) }] }];
}

export const start: Part = { key: 'start', title: 'A start of n8n with many workflows', stage: 'n8n', measure: measureStart };
