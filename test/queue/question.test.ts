/**
 * The question to the gate in queue mode: the main process asks, a worker answers, and n8n brings the answer
 * back. Also where n8n keeps nothing of executions, where no worker is there, and where one is killed while
 * it looks.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../e2e/n8n/until';
import { DEFAULT_N8N_VERSION, N8N_VERSIONS } from '../e2e/n8n/versions';
import { idsOf, startedIds } from '../faults/n8n/ledger';
import { Trigger, type TriggerOptions } from '../faults/n8n/trigger';
import { activityOf, type Activity, type EventType } from '../sandbox';
import { closeServer } from '../sandbox/closeServer';
import { Cluster } from './n8n/cluster';
import { answersGiven, hasStore, looksOf, questionsOf, storedHashes } from './n8n/ledger';

const EVENT: EventType = 'emailsReplied';
const INTERVALS = { lookBackSeconds: 6, settledSeconds: 3 };
/** lemlist tells its time in whole seconds: what happens right after the publication may have been before it. */
const BEGUN_MS = 2_000;
/** So long no worker is there: a question waits for a quarter of an hour. */
const AWAY_MS = 15_000;
const PATIENCE = { limitMs: 180_000, everyMs: 500 };
const UNANSWERED = 'it could not be looked up in lemlist which events happened';

describe.each(N8N_VERSIONS)('n8n %s', (version) => {
	let cluster: Cluster;
	const paths: string[] = [];
	/** What workflows call, so that they leave a trace where n8n keeps none. */
	const counter = createServer((request, response) => {
		paths.push(request.url ?? '');
		response.end();
	});

	beforeAll(async () => {
		await once(counter.listen(0, '127.0.0.1'), 'listening');
		cluster = await Cluster.start({ version, workers: 2, ...INTERVALS });
	});
	afterAll(async () => {
		await closeServer(counter);
		// Where it did not start, it has tidied up itself.
		await (cluster as Cluster | undefined)?.close();
	});

	async function published(options: Partial<TriggerOptions> = {}): Promise<Trigger> {
		const trigger = await Trigger.make(cluster, { events: [EVENT], ...options });
		await trigger.activate();
		await sleep(BEGUN_MS);
		return trigger;
	}

	function happens(trigger: Trigger): Activity {
		const activity = activityOf(EVENT, { teamId: trigger.account.teamId });
		cluster.lemlist.happen(activity);
		return activity;
	}

	async function untilQuiet(trigger: Trigger): Promise<void> {
		const looks = looksOf(trigger);
		await until('looks have come and gone', () => looksOf(trigger) >= looks + 3, PATIENCE);
	}

	async function expectOnce(trigger: Trigger, activities: readonly Activity[]): Promise<void> {
		const ids = idsOf(activities);
		await until(
			'every event has started the workflow',
			async () => {
				const started = new Set(await startedIds(trigger));
				return ids.every((id) => started.has(id));
			},
			PATIENCE,
		);
		await untilQuiet(trigger);
		expect((await startedIds(trigger)).sort()).toEqual(ids);
	}

	test('the answer comes back from a worker, as custom data', async () => {
		const trigger = await published();
		const delivered = activityOf(EVENT, { teamId: trigger.account.teamId });
		await trigger.send(delivered);
		await expectOnce(trigger, [delivered, happens(trigger)]);
		const questions = await questionsOf(trigger);
		expect(questions.length).toBeGreaterThan(0);
		expect(new Set(questions.map(({ status }) => status))).toEqual(new Set(['success']));
		expect(new Set((await answersGiven(trigger)).map(({ key }) => key))).toEqual(
			new Set(['lemlistSeen', 'lemlistTaken', 'lemlistKnowsSince']),
		);
		expect(await cluster.members.main.log(Infinity)).not.toContain(UNANSWERED);
	});

	test('it comes back where n8n keeps no execution that went well', async () => {
		const { port } = counter.address() as AddressInfo;
		const trigger = await published({
			settings: { saveDataSuccessExecution: 'none' },
			next: {
				type: 'n8n-nodes-base.httpRequest',
				typeVersion: 4.2,
				parameters: { url: `=http://127.0.0.1:${String(port)}/{{ $json._id }}` },
			},
		});
		const missed = idsOf([happens(trigger), happens(trigger)]).map((id) => `/${id}`);
		await until(
			'every event has called',
			() => missed.every((path) => paths.includes(path)),
			PATIENCE,
		);
		await untilQuiet(trigger);
		expect([...paths].sort()).toEqual(missed);
		expect(await cluster.editor.executions(trigger.workflow)).toEqual([]);
		expect(await cluster.members.main.log(Infinity)).not.toContain(UNANSWERED);
	});

	// What becomes of the process that answers is n8n's affair; it takes n8n 1 minutes to notice.
	if (version !== DEFAULT_N8N_VERSION) return;

	test('it waits until a worker is there', async () => {
		const trigger = await published();
		await Promise.all(
			cluster.workers.map(async (worker) => {
				await worker.stop();
			}),
		);
		const missed = happens(trigger);
		await until(
			'a question waits',
			async () => (await questionsOf(trigger)).some(({ status }) => status === 'new'),
			PATIENCE,
		);
		await sleep(AWAY_MS);
		expect(await startedIds(trigger)).toEqual([]);
		await Promise.all(
			cluster.workers.map(async (worker) => {
				await worker.start();
			}),
		);
		await expectOnce(trigger, [missed]);
		expect(await cluster.members.main.log(Infinity)).not.toContain(UNANSWERED);
	});

	test('the workers killed in the middle of it: what was missed starts the workflow all the same, once', async () => {
		const trigger = await published();
		const missed = happens(trigger);
		// What it asked for is out of the store again, and it waits to see that it stays so.
		await until(
			'a question is being answered',
			async () => (await hasStore(trigger)) && (await storedHashes(trigger)).length === 0,
			{ ...PATIENCE, everyMs: 50 },
		);
		expect((await questionsOf(trigger)).map(({ status }) => status)).toEqual(['running']);
		await Promise.all(
			cluster.workers.map(async (worker) => {
				await worker.kill();
			}),
		);
		await Promise.all(
			cluster.workers.map(async (worker) => {
				await worker.start();
			}),
		);
		await expectOnce(trigger, [missed]);
	});
});
