/** Hostile input to a real n8n: what is refused starts nothing, harms nothing and leaves nothing behind. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fingerprintOf } from '../../nodes/LemlistTrigger/secrets/webhookSecret';
import { until } from '../e2e/n8n/until';
import { HOSTILE, type HostileRow, type Loot } from './hostile';
import { call, type Answer } from './hostileCall';
import { HostileStage, type Target } from './hostileStage';

/** What the process may hold more than before, once it has come to rest. */
const MEMORY_BOUND_MB = 200;
/** Together more than twice that bound, so that bodies that are kept would show. */
const FLOOD = { bodies: 30, megabytes: 15 };

let stage: HostileStage;
let target: Target;
let other: Target;
let loot: Loot;
let started = 0;
let pid = 0;
let memoryBefore = 0;

beforeAll(async () => {
	stage = await HostileStage.start();
	target = await stage.activeWorkflow();
	other = await stage.activeWorkflow();
	loot = {
		secret: target.secret,
		fingerprint: fingerprintOf(target.secret),
		apiKey: stage.lemlist.apiKey,
		url: target.url,
	};
	pid = pidOf(stage.n8n.userFolder);
	memoryBefore = residentMegabytes(pid);
});
afterAll(async () => {
	await stage.close();
});

/** The n8n that works in this folder. */
function pidOf(folder: string): number {
	const pids = readdirSync('/proc')
		.map(Number)
		.filter((id) => id > 0 && workingFolderOf(id) === folder);
	return Math.min(...pids);
}

function workingFolderOf(id: number): string | undefined {
	try {
		return readlinkSync(`/proc/${String(id)}/cwd`);
	} catch {
		return undefined;
	}
}

function residentMegabytes(id: number): number {
	const [, kilobytes = '0'] =
		/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${String(id)}/status`, 'utf8')) ?? [];
	return Number(kilobytes) / 1024;
}

async function executionsOf({ workflow }: Target): Promise<number> {
	return (await stage.editor.executions(workflow)).length;
}

/** A refusal of the node is one short sentence in JSON; none gives anything away. */
function expectDiscreet({ status, body }: Answer): void {
	expect(body).not.toContain(target.secret);
	expect(body).not.toContain(loot.apiKey);
	if (status === 401)
		expect(JSON.parse(body)).toEqual({ message: 'The secret is missing or wrong.' });
}

async function expectExecutions(row: HostileRow): Promise<void> {
	if (row.genuine === true) {
		started += 1;
		await until('the execution has begun', async () => (await executionsOf(target)) === started);
	}
	expect(await executionsOf(target)).toBe(started);
	expect(await executionsOf(other)).toBe(0);
}

test('there are enough rows, each with a name of its own', () => {
	expect(new Set(HOSTILE.map(({ what }) => what)).size).toBe(HOSTILE.length);
	expect(HOSTILE.filter(({ genuine }) => genuine !== true).length).toBeGreaterThanOrEqual(60);
});

test.each(HOSTILE)(
	'$what',
	async (row) => {
		const answer = await call(row, loot, row.toOther === true ? other.url : target.url);
		expect(row.answers).toContain(answer.status);
		expectDiscreet(answer);
		await expectExecutions(row);
		expect(stage.n8n.isRunning).toBe(true);
	},
	90_000,
);

test('after all that, exactly the genuine ones have started an execution, and a genuine event gets through', async () => {
	await sleep(2_000);
	expect(await executionsOf(target)).toBe(HOSTILE.filter(({ genuine }) => genuine === true).length);
	expect(await executionsOf(other)).toBe(0);
	const answers = await stage.lemlist.deliver({ type: 'emailsReplied', _id: 'act_after' });
	expect(answers.map(({ status }) => status)).toEqual([200, 200]);
	await until('both have begun', async () => (await executionsOf(other)) === 1);
});

/** Waits until the process has given back what it does not need. */
async function expectMemoryBack(before: number): Promise<void> {
	await until('memory is back', () => residentMegabytes(pid) - before < MEMORY_BOUND_MB, {
		limitMs: 120_000,
		everyMs: 1_000,
	});
}

test(`memory is back to within ${String(MEMORY_BOUND_MB)} MB of before the table`, async () => {
	await expectMemoryBack(memoryBefore);
}, 150_000);

test(`memory is back to within that bound after ${String(FLOOD.bodies)} forged bodies of ${String(FLOOD.megabytes)} MB each`, async () => {
	const before = residentMegabytes(pid);
	const row: HostileRow = {
		what: 'flood',
		body: () =>
			JSON.stringify({ secret: 'wrong', text: 'x'.repeat(FLOOD.megabytes * 1024 * 1024) }),
		answers: [401],
	};
	for (let sent = 0; sent < FLOOD.bodies; sent += 1)
		expect((await call(row, loot, target.url)).status).toBe(401);
	await expectMemoryBack(before);
}, 180_000);

test('the hooks are still there, and the log holds neither secret nor payload', async () => {
	expect(stage.lemlist.hooks).toHaveLength(2);
	const log = await stage.n8n.log(Infinity);
	for (const hidden of [target.secret, other.secret, loot.apiKey, 'act_hostile'])
		expect(log).not.toContain(hidden);
});
