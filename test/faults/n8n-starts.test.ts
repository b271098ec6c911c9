/**
 * Starts of n8n: lemlist removes hooks because n8n answers 404 or has switched them off, lemlist itself is
 * out of order, and n8n has lost what the trigger stored.
 */
import { until } from '../e2e/n8n/until';
import { fingerprintOf } from '../../nodes/LemlistTrigger/secrets/webhookSecret';
import type { ActiveFault, EventType } from '../sandbox';
import { expectExecutions, isDesired } from './n8n/desired';
import { CHECK_SECONDS, Host, MENDED_WITHIN_MS } from './n8n/host';
import { counting } from './n8n/ledger';
import { recovering, type Recovery } from './n8n/recovery';
import { ANSWERS_OF_A_START, Traffic } from './n8n/traffic';
import { Trigger, TRIGGER_NAME } from './n8n/trigger';

const EVENTS: readonly EventType[] = ['emailsReplied', 'linkedinReplied', 'interested'];
/** lemlist is out of order until so long after n8n has started, and until so many checks have failed. */
const OUTAGE_MS = 60_000;
const FAILED_CHECKS = 3;
/** When n8n has long been up, there is nothing to wait for but the next check and its requests. */
const ONE_CHECK_MS = CHECK_SECONDS * 1_000 + 5_000;
/** The node asks for the list of hooks so many times before it leaves the rest to the next check. */
const REQUESTS_A_CHECK = 4;

interface Start {
	name: string;
	/** What happens while n8n is stopped. */
	meanwhile?: (trigger: Trigger) => unknown;
	/** Whether lemlist answers 500 to everything while n8n starts, and for a minute after. */
	isLemlistDown?: boolean;
	/** Whether lemlist sends events while n8n has no address for them yet, and removes the hooks. */
	isHeardTooEarly?: boolean;
}

const STARTS: readonly Start[] = [
	{ name: 'all is well' },
	{ name: 'lemlist removes hooks because n8n answers 404', isHeardTooEarly: true },
	{ name: 'a hook was deleted meanwhile', meanwhile: loseOneHook },
	{ name: 'lemlist is down, with all hooks there', isLemlistDown: true },
	{ name: 'lemlist is down, with one hook missing', isLemlistDown: true, meanwhile: loseOneHook },
	{ name: 'lemlist switched every hook off meanwhile', meanwhile: switchHooksOff },
	{
		name: 'lemlist switched every hook off and is down',
		isLemlistDown: true,
		meanwhile: switchHooksOff,
	},
	{ name: 'static data is lost', meanwhile: loseStaticData },
	{
		name: 'static data is lost and a hook is missing',
		meanwhile: async (trigger) => {
			await loseStaticData(trigger);
			loseOneHook(trigger);
		},
	},
	{
		name: 'static data is lost and lemlist is down',
		isLemlistDown: true,
		meanwhile: loseStaticData,
	},
];

/** A workflow that lives through the start. */
interface Resident extends Start {
	trigger: Trigger;
	/** Events before n8n can take them. */
	early?: Traffic;
	fault?: ActiveFault;
	recovery?: Recovery;
}

let host: Host;
let residents: readonly Resident[];

beforeAll(async () => {
	host = await Host.start();
	residents = await Promise.all(STARTS.map(async (start) => await settledIn(start)));
	await host.n8n.stop();
	for (const resident of residents) await prepareStart(resident);
	await host.n8n.start();
	const startedAt = Date.now();
	await Promise.all(
		residents.map(async (resident) => {
			await goOn(resident, startedAt);
		}),
	);
});
afterAll(async () => {
	await host.close();
});

async function settledIn(start: Start): Promise<Resident> {
	const trigger = await Trigger.make(host, { events: EVENTS, next: counting(host.lemlist) });
	await trigger.activate();
	return { ...start, trigger };
}

async function prepareStart(resident: Resident): Promise<void> {
	const { trigger, meanwhile, isLemlistDown = false, isHeardTooEarly = false } = resident;
	await meanwhile?.(trigger);
	if (isLemlistDown)
		resident.fault = host.lemlist.fault({
			on: { match: trigger.sent },
			effect: { name: 'status', status: 500 },
			times: Infinity,
		});
	if (isHeardTooEarly) resident.early = new Traffic(trigger);
}

async function goOn(resident: Resident, startedAt: number): Promise<void> {
	const { trigger, early, fault } = resident;
	const outage = fault && (() => outlast(trigger, fault, startedAt));
	resident.recovery = await recovering(host, trigger, { early, outage });
}

/** Until lemlist has failed the node for a minute and at several checks; then lemlist is well again. */
async function outlast(trigger: Trigger, fault: ActiveFault, startedAt: number): Promise<void> {
	const hooks = trigger.hooks;
	const enough = fault.hits + FAILED_CHECKS * REQUESTS_A_CHECK;
	const isOver = () => Date.now() >= startedAt + OUTAGE_MS && fault.hits >= enough;
	await until('lemlist was down for a minute and at several checks', isOver, {
		limitMs: OUTAGE_MS + FAILED_CHECKS * MENDED_WITHIN_MS,
	});
	expect(trigger.hooks).toEqual(hooks);
	fault.remove();
}

function loseOneHook(trigger: Trigger): void {
	trigger.loseHooks(1);
}

/** lemlist could not deliver for too long. */
function switchHooksOff(trigger: Trigger): void {
	for (const { _id } of trigger.hooks) host.lemlist.switchOffHook(_id);
	expect(isDesired(trigger)).toBe(false);
}

async function loseStaticData(trigger: Trigger): Promise<void> {
	await host.database.run(
		'UPDATE workflow_entity SET "staticData" = NULL WHERE id = ?',
		trigger.workflow.id,
	);
	expect(await trigger.staticData()).toEqual({});
}

describe.each(STARTS.map(({ name }, index) => ({ name, index })))(
	'n8n starts: $name',
	({ index }) => {
		const resident = () => residents[index] as Resident;

		test('has the desired hooks again within a check, and leaves them alone', async () => {
			const { trigger, isLemlistDown, recovery } = resident();
			expect(isDesired(trigger)).toBe(true);
			expect(recovery?.healedAfterMs).toBeLessThan(
				isLemlistDown === true ? ONE_CHECK_MS : MENDED_WITHIN_MS,
			);
			await recovery?.settled;
		});

		test('refused no event that lemlist sent, and lost none', async () => {
			const { trigger, recovery, early } = resident();
			expect(Object.keys(recovery?.answers ?? {})).toEqual(['200']);
			expect(
				Object.keys(early?.answers ?? {}).filter(
					(answer) => ![...ANSWERS_OF_A_START, '200'].includes(answer),
				),
			).toEqual([]);
			await expectExecutions(trigger);
		});

		test('has what the trigger stores', async () => {
			const { trigger } = resident();
			expect(await trigger.staticData()).toEqual({
				hooksAt: trigger.webhookUrl,
				fingerprint: fingerprintOf(trigger.hooks[0]?.secret ?? ''),
				since: expect.objectContaining({
					owner: expect.stringContaining(trigger.workflow.id) as unknown,
				}) as unknown,
			});
		});
	},
);

test('lemlist did remove hooks because of a 404', () => {
	const removed = residents
		.flatMap(({ early }) => early?.results ?? [])
		.filter(({ hookRemoved }) => hookRemoved);
	expect(removed.map(({ status }) => status)).toContain(404);
});

test('the log says of each workflow, once, that lemlist had switched its hooks off', async () => {
	const log = await host.n8n.log(Infinity);
	// All of them, so that a failure shows what came before it.
	const ownLines = log.split('\n').filter((line) => line.includes(TRIGGER_NAME));
	const telling = ownLines.filter((line) =>
		line.includes(`lemlist had switched off ${String(EVENTS.length)} webhooks of this trigger`),
	);
	const switchedOff = STARTS.filter(({ meanwhile }) => meanwhile === switchHooksOff);
	expect({ times: telling.length, ownLines }).toEqual({ times: switchedOff.length, ownLines });
});

test('deactivation leaves nothing behind, whatever the start was like', async () => {
	await Promise.all(
		residents.map(async ({ trigger }) => {
			await trigger.deactivate();
		}),
	);
	expect(residents.flatMap(({ trigger }) => trigger.hooks)).toEqual([]);
});
