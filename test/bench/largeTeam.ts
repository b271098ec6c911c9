/** A team with very many webhooks and campaigns, and the memory that checks and lists leave behind. */
import { until } from '../e2e/n8n/until';
import type { Trigger } from '../integration/host';
import { LATENCY_MS } from './activation';
import { get } from './bareClient';
import type { Figure } from './figures';
import { HostInProcess } from './hostInProcess';
import { inRounds, millisecondsOf, type Effort, type Part } from './part';

const FOREIGN_HOOKS = 1_000;
const CAMPAIGNS = 3_000;
const ROUNDS = { whole: 5, quick: 2 };
/** The newest 1,000 and one more, in lemlist's largest pages. */
const PAGES = 11;
const UNLIMITED = { requests: 1_000_000 };
/** So many checks and lists before the heap is read first, and again before each further reading. */
const CHECKS = { whole: 100, quick: 10 };
const LISTS = { whole: 10, quick: 2 };
const READINGS = 5;

async function measureTimes(host: HostInProcess, effort: Effort): Promise<Figure[]> {
	const { lemlist } = host;
	const rounds = await inRounds(
		effort.isQuick ? ROUNDS.quick : ROUNDS.whole,
		{
			crowded: async () => await activationMs(host, FOREIGN_HOOKS),
			empty: async () => await activationMs(host, 0),
			list: async () =>
				await fresh(host, async () => {
					await host.trigger(1).campaigns();
				}),
			pages: async () =>
				await fresh(host, async () => {
					for (let page = 0; page < PAGES; page += 1)
						await get(lemlist, `/campaigns?version=v2&limit=100&offset=${String(page * 100)}`);
				}),
		},
		effort,
	);
	return [
		{
			what: `Activation of 1 event with ${FOREIGN_HOOKS.toLocaleString('en-US')} webhooks of others`,
			unit: 'ms',
			values: rounds.crowded,
			beside: { what: 'with none', values: rounds.empty },
			targets: [{ of: 'ratio', at: 'most', limit: 2 }],
		},
		{
			what: `Campaign list of a team with ${CAMPAIGNS.toLocaleString('en-US')} campaigns`,
			unit: 'ms',
			values: rounds.list,
			beside: { what: `${String(PAGES)} pages alone`, values: rounds.pages },
			targets: [{ of: 'ratio', at: 'most', limit: 1.2 }],
		},
	];
}

async function fresh({ lemlist }: HostInProcess, work: () => Promise<void>): Promise<number> {
	lemlist.reset();
	return await millisecondsOf(work);
}

async function activationMs(host: HostInProcess, foreignHooks: number): Promise<number> {
	host.lemlist.reset();
	addForeignHooks(host, foreignHooks);
	const trigger = host.trigger(1);
	try {
		return await millisecondsOf(async () => {
			await trigger.activate();
		});
	} finally {
		await trigger.stop();
	}
}

function addForeignHooks({ lemlist }: HostInProcess, count: number): void {
	lemlist.rules.hooksPerTeam = 2 * FOREIGN_HOOKS;
	for (let hook = 0; hook < count; hook += 1)
		lemlist.addHook({ targetUrl: `https://somebody-else.example.com/${String(hook)}` });
}

async function measureMemory(host: HostInProcess, effort: Effort): Promise<Figure[]> {
	const [checks, lists] = effort.isQuick
		? [CHECKS.quick, LISTS.quick]
		: [CHECKS.whole, LISTS.whole];
	addForeignHooks(host, FOREIGN_HOOKS);
	const trigger = host.trigger(1);
	await trigger.activate();
	const heaps: number[] = [];
	for (let reading = 1; reading <= READINGS; reading += 1) {
		effort.report('Memory', `reading ${String(reading)} of ${String(READINGS)}`);
		for (let check = 0; check < checks; check += 1) await checkOnce(host, trigger);
		for (let list = 0; list < lists; list += 1) await trigger.campaigns();
		heaps.push(host.heapInMegabytes());
	}
	await trigger.stop();
	const [first = 0] = heaps;
	const after = `${String((READINGS - 1) * checks)} checks and ${String((READINGS - 1) * lists)} campaign lists`;
	return [
		{
			what: `Heap after ${after} more`,
			unit: 'MB',
			values: heaps.slice(-1),
			beside: { what: 'before', values: [first] },
			targets: [{ of: 'ratio', at: 'most', limit: 1.03 }],
		},
	];
}

/** A check ends by itself, and one that is asked for while another is under way is none. */
async function checkOnce({ lemlist }: HostInProcess, trigger: Trigger): Promise<void> {
	lemlist.clearRequests();
	await until(
		'a check has looked',
		() => {
			trigger.check();
			return lemlist.requests.some(({ status }) => status === 200);
		},
		{ everyMs: 5 },
	);
}

async function measureLargeTeam(effort: Effort): Promise<Figure[]> {
	const times = await HostInProcess.during(
		{ latencyMs: LATENCY_MS, campaigns: CAMPAIGNS },
		async (host) => await measureTimes(host, effort),
	);
	const memory = await HostInProcess.during(
		{ campaigns: CAMPAIGNS, rules: { rateLimit: UNLIMITED } },
		async (host) => await measureMemory(host, effort),
	);
	return [...times, ...memory];
}

export const largeTeam: Part = {
	key: 'large-team',
	title: 'A large team',
	stage: 'core',
	measure: measureLargeTeam,
};
