/**
 * What people see who try the trigger: the newest event at once, or the next one, in the open editor of a
 * real n8n of both versions.
 */
import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../e2e/n8n/until';
import { N8N_VERSIONS } from '../e2e/n8n/versions';
import { activityOf, type Activity } from '../sandbox';
import { isDesired } from './n8n/desired';
import { Host, type HostOptions } from './n8n/host';
import { OpenEditor } from './n8n/openEditor';
import { TestRun, type Button } from './n8n/testRun';
import { answersOf } from './n8n/traffic';
import { Trigger, TRIGGER_NAME, type Parameters } from './n8n/trigger';

/** A person who waits longer thinks that nothing comes. */
const SHOWN_WITHIN_MS = 10_000;
/** Longer than it takes to show the newest event. */
const NOTHING_WITHIN_MS = 4_000;
/** So long after an event was shown, n8n has ended the test run. */
const ENDED_AFTER_MS = 2_000;
const LOOK_UP_SECONDS = 5;
const HAPPENED_MS_AGO = 60_000;
const NOWHERE = { WEBHOOK_URL: 'http://127.0.0.1:9/', N8N_WEBHOOK_URL: 'http://127.0.0.1:9/' };
/** Of n8n, if it is not told otherwise. */
const USUAL_PORT = 5678;
const PATIENCE = { limitMs: SHOWN_WITHIN_MS };
/** Shown by each button, by node: "Execute step" ends with the trigger. */
const SHOWN_BY: Readonly<Record<Button, readonly string[]>> = {
	'Execute step': [TRIGGER_NAME],
	'Execute workflow': [TRIGGER_NAME, 'Next'],
};
const BUTTONS = Object.keys(SHOWN_BY) as Button[];
const ARRIVALS = ['webhook', 'lookUp'] as const;
type Arrival = (typeof ARRIVALS)[number];
const ALL_WAYS = ARRIVALS.flatMap((arrival) => BUTTONS.map((button) => ({ arrival, button })));

/** An n8n with its editor open. */
class Desk {
	private constructor(
		readonly host: Host,
		readonly editor: OpenEditor,
	) {}

	static async open(options: HostOptions): Promise<Desk> {
		const host = await Host.start(options);
		return new Desk(host, await OpenEditor.open(host.n8n));
	}

	async trigger(options: object): Promise<Trigger> {
		const parameters: Parameters = { options };
		return await Trigger.make(this.host, { events: ['emailsReplied'], parameters });
	}

	async press(trigger: Trigger, button: Button = 'Execute workflow'): Promise<TestRun> {
		return await TestRun.press(this.editor, trigger, button);
	}

	/** Where lemlist would deliver to the trigger while it is tried. */
	testUrl({ webhookId }: Trigger): string {
		return `${this.host.n8n.url}/webhook-test/${webhookId}/webhook`;
	}

	testHooks({ webhookId }: Trigger) {
		return this.host.lemlist.hooks.filter(({ targetUrl }) =>
			targetUrl.includes(`/webhook-test/${webhookId}/`),
		);
	}

	async close(): Promise<void> {
		this.editor.close();
		await this.host.close();
	}
}

function an({ account }: Trigger, msAgo = 0): Activity {
	const createdAt = new Date(Date.now() - msAgo).toISOString();
	return activityOf('emailsReplied', { teamId: account.teamId, createdAt });
}

/** It happened, and no hook delivers it. */
function happens(trigger: Trigger, msAgo = HAPPENED_MS_AGO): Activity {
	const activity = an(trigger, msAgo);
	trigger.host.lemlist.happen(activity);
	return activity;
}

function shownOnce({ _id }: Activity, button: Button = 'Execute workflow') {
	return Object.fromEntries(SHOWN_BY[button].map((node) => [node, [_id]]));
}

/** How often the published workflow was started for an activity; test runs do not count. */
async function startsFor({ host, workflow }: Trigger, { _id }: Activity): Promise<number> {
	const [row] = await host.database.run(
		`SELECT count(*) AS starts FROM execution_entity e JOIN execution_data d ON d."executionId" = e.id WHERE e."workflowId" = ? AND e.mode <> 'manual' AND d.data LIKE ? AND d.data LIKE '%"Next"%'`,
		workflow.id,
		`%"${String(_id)}"%`,
	);
	return Number(row?.starts);
}

async function untilStartedOnce(trigger: Trigger, activity: Activity): Promise<void> {
	await until('it has started', async () => (await startsFor(trigger, activity)) > 0);
	expect(await startsFor(trigger, activity)).toBe(1);
}

describe.each([...N8N_VERSIONS])('n8n %s', (version) => {
	// While n8n ends one test run, it breaks another that begins: it copies what it keeps of both, without an end.
	afterEach(async () => {
		await sleep(ENDED_AFTER_MS);
	});

	describe('that reaches itself', () => {
		let desk: Desk;
		beforeAll(async () => {
			desk = await Desk.open({ version, lookUpSeconds: LOOK_UP_SECONDS });
		});
		afterAll(async () => {
			await (desk as Desk | undefined)?.close();
		});

		test.each(ALL_WAYS)(
			'$button shows the newest event that is there, $arrival',
			async ({ arrival, button }) => {
				const trigger = await desk.trigger({ arrival });
				happens(trigger, 2 * HAPPENED_MS_AGO);
				const newest = happens(trigger);
				const run = await desk.press(trigger, button);
				const { ids, afterMs } = await run.shown(PATIENCE);
				expect(ids).toEqual(shownOnce(newest, button));
				expect(afterMs).toBeLessThan(SHOWN_WITHIN_MS);
				await until('no hook is left', () => desk.testHooks(trigger).length === 0);
			},
		);

		test.each(ARRIVALS)(
			'with Next Event, it waits and shows what happens next, %s',
			async (arrival) => {
				const trigger = await desk.trigger({ arrival, testWith: 'next' });
				happens(trigger);
				const run = await desk.press(trigger);
				await sleep(NOTHING_WITHIN_MS);
				expect(run.shownNow).toEqual({});
				const next = an(trigger);
				expect(answersOf(await trigger.send(next))).toEqual(
					arrival === 'webhook' ? { 200: 1 } : {},
				);
				const { ids } = await run.shown(PATIENCE);
				expect(ids).toEqual(shownOnce(next));
			},
		);

		test.each(ARRIVALS)(
			'beside a published workflow: its hooks stay as they are, and each event starts it once, %s',
			async (arrival: Arrival) => {
				const trigger = await desk.trigger({ arrival });
				await trigger.activate();
				const hooks = trigger.hooks.map(({ _id, secret }) => ({ _id, secret }));
				await sleep(2_500);
				const before = an(trigger);
				await trigger.send(before);
				await untilStartedOnce(trigger, before);
				const { ids } = await (await desk.press(trigger)).shown(PATIENCE);
				expect(ids).toEqual(shownOnce(before));
				const afterwards = an(trigger);
				await trigger.send(afterwards);
				await untilStartedOnce(trigger, afterwards);
				await sleep(1.5 * LOOK_UP_SECONDS * 1_000);
				expect(await startsFor(trigger, before)).toBe(1);
				expect(await startsFor(trigger, afterwards)).toBe(1);
				expect(trigger.hooks.map(({ _id, secret }) => ({ _id, secret }))).toEqual(hooks);
				expect(isDesired(trigger, arrival === 'webhook' ? trigger.events : [])).toBe(true);
			},
		);
	});

	describe('that does not reach itself', () => {
		const reason = /ECONNREFUSED/;
		let desk: Desk;
		beforeAll(async () => {
			desk = await Desk.open({ version, env: NOWHERE });
		});
		afterAll(async () => {
			await (desk as Desk | undefined)?.close();
		});

		describe('but listens where it does as it comes', () => {
			let door: Server;
			beforeAll(async () => {
				const { port } = new URL(desk.host.n8n.url);
				door = createServer((outside) => {
					const inside = connect(Number(port), '127.0.0.1');
					for (const end of [outside, inside]) end.on('error', () => end.destroy());
					outside.pipe(inside).pipe(outside);
				}).listen(USUAL_PORT);
				await once(door, 'listening');
			});
			afterAll(() => {
				door.close();
			});

			test.each(ARRIVALS)('shows the newest event, %s', async (arrival) => {
				const trigger = await desk.trigger({ arrival });
				const newest = happens(trigger);
				const run = await desk.press(trigger);
				const { ids } = await run.shown(PATIENCE);
				expect(ids).toEqual(shownOnce(newest));
			});
		});

		test('a test run waits, says why in the log, and shows what comes', async () => {
			const [byWebhook, lookedUp] = [
				await desk.trigger({}),
				await desk.trigger({ arrival: 'lookUp' }),
			];
			const runs: TestRun[] = [];
			for (const trigger of [byWebhook, lookedUp]) {
				happens(trigger);
				runs.push(await desk.press(trigger));
			}
			const said = await until('the log says why', async () => {
				const lines = (await desk.host.n8n.log(Infinity)).split('\n');
				const found = lines.filter((line) => line.includes('the newest event could not be shown'));
				return found.length >= 2 && found;
			});
			expect(said).toHaveLength(2);
			for (const line of said) expect(line).toMatch(reason);
			const next = an(byWebhook);
			const [hook] = desk.testHooks(byWebhook);
			expect(runs.map(({ shownNow }) => shownNow)).toEqual([{}, {}]);
			const forged = await desk.host.lemlist.send(desk.testUrl(lookedUp), an(lookedUp));
			expect(forged.status).toBe(401);
			await desk.host.lemlist.send(desk.testUrl(byWebhook), { ...next, secret: hook?.secret });
			const shown = await runs[0]?.shown(PATIENCE);
			expect(shown?.ids).toEqual(shownOnce(next));
			await runs[1]?.stop();
		});
	});
});
