/** The gate: what passes, what is dropped, and what n8n's store holds afterwards. */
import type { INodeExecutionData } from 'n8n-workflow';
import { pass } from '../../../nodes/LemlistTrigger/deliveries/gate';
import { GateMemory, gateMemories } from '../../../nodes/LemlistTrigger/deliveries/gateMemory';
import {
	keyOf,
	marked,
	unprovenKeyOf,
	type Mark,
} from '../../../nodes/LemlistTrigger/deliveries/mark';
import { STORE_ENTRIES } from '../../../nodes/LemlistTrigger/deliveries/processedValues';
import type { GateAnswer } from '../../../nodes/LemlistTrigger/door/answer';
import type { Run } from '../../../nodes/LemlistTrigger/door/door';
import { clock } from '../../../nodes/LemlistTrigger/process/clock';

const HOUR_MS = 3_600_000;
const real = { ...clock };
let passed = 0;
/** Rests that nobody has let pass yet. */
const resting: Array<() => void> = [];

beforeAll(() => {
	clock.now = () => real.now() + passed;
	clock.rest = async (ms) => {
		await new Promise<void>((resolve) => {
			resting.push(() => {
				passed += ms;
				resolve();
			});
		});
	};
	clock.within = async (ms, work) => await real.within(ms / 25, work);
});
afterEach(async () => {
	jest.restoreAllMocks();
	await letRest();
});
afterAll(() => {
	Object.assign(clock, real);
});

/** Where a store fails, somebody goes on resting. */
const MOST_ROUNDS = 500;

/** Lets every rest pass, and what follows it. */
async function letRest(): Promise<void> {
	for (let quiet = 0, rounds = 0; quiet < 20 && rounds < MOST_ROUNDS; quiet += 1, rounds += 1) {
		for (const wake of resting.splice(0)) {
			quiet = 0;
			wake();
		}
		await turn();
	}
}

/** Lets one rest pass, and what follows it. */
async function letOneRest(): Promise<void> {
	resting.shift()?.();
	for (let turns = 0; turns < 20; turns += 1) await turn();
}

async function turn(): Promise<void> {
	await new Promise((resolve) => {
		setImmediate(resolve);
	});
}

/** n8n's store of one node: a row that is read, and written back without a lock. */
class Row {
	keys: string[] = [];

	/** How many calls it had. */
	calls = 0;

	/** What a call meets before it acts, by its number counted from 1. */
	fault: (call: number) => Promise<void> = working;

	/** From that call on, it acts at once, and does not answer before something else. */
	slowFrom = Infinity;

	private whenSlow: () => Promise<void> = hanging;

	readonly store: Run['store'] = {
		record: async (keys, most) => {
			const before = await this.read();
			const fresh = keys.filter((key) => !before.includes(key));
			this.keys = [...before, ...fresh].slice(most === undefined ? 0 : -most);
			if (this.calls >= this.slowFrom) await this.whenSlow();
			return keys.filter((key) => before.includes(key));
		},
		forget: async (keys) => {
			const before = await this.read();
			this.keys = before.filter((key) => !keys.includes(key));
		},
		count: async () => (await this.read()).length,
	};

	/** From a call on, it acts at once, and answers no sooner than told. @returns tells it */
	holdFrom(call: number): () => void {
		let answer: () => void = () => undefined;
		this.slowFrom = call;
		this.whenSlow = async () => {
			await new Promise<void>((resolve) => {
				answer = resolve;
			});
		};
		return () => {
			this.slowFrom = Infinity;
			answer();
		};
	}

	/** The keys of activities, without what the gate notes beside them. */
	get activities(): string[] {
		return this.keys.filter((key) => key.startsWith('["'));
	}

	private async read(): Promise<string[]> {
		this.calls += 1;
		await this.fault(this.calls);
		const { keys } = this;
		await turn();
		return keys;
	}
}

let nodes = 0;

/** A trigger node with its row. */
class Node {
	readonly row = new Row();

	readonly key = `node ${String((nodes += 1))}`;

	readonly log: string[] = [];

	answers: GateAnswer[] = [];

	private executions = 0;

	async run(items: INodeExecutionData[], more: Partial<Run> = {}): Promise<INodeExecutionData[]> {
		this.executions += 1;
		return await pass({
			key: this.key,
			executionId: String(this.executions),
			isGated: true,
			items,
			store: this.row.store,
			answer: (answer) => {
				this.answers.push(answer);
			},
			warn: (what, error) => {
				this.log.push(`${what} ${String(error)}`);
			},
			...more,
		});
	}

	/** @returns the ids of what passes */
	async pass(items: INodeExecutionData[], more: Partial<Run> = {}): Promise<unknown[]> {
		return (await this.run(items, more)).map(({ json }) => json._id);
	}

	async ask(ids: readonly string[], kinds: readonly string[] = ['sent']): Promise<GateAnswer> {
		const keys = ids.map((_id) => keyOf('sent', { _id }) ?? '');
		const asked = this.run([marked({}, { is: 'question', keys, kinds: [...kinds] })]);
		const over = asked.then(() => 'over' as const);
		// Much is asked in parts, with turns in between in which nobody rests.
		while ((await Promise.race([over, letRest()])) !== 'over') continue;
		await letRest();
		const [answer] = this.answers.splice(0);
		if (answer === undefined) throw new Error('The gate gave no answer');
		return answer;
	}

	/** All that is left is what n8n has stored. */
	newProcess(): void {
		gateMemories.set(this.key, new GateMemory());
	}
}

function delivered(_id: unknown, event = 'sent') {
	return marked({ _id, type: event }, { is: 'delivered', event });
}

function late(_id: unknown, isProven = false) {
	return marked({ _id, type: 'sent' }, { is: 'late', event: 'sent', isProven });
}

const failing = async () => await Promise.reject(new Error('The database is gone'));
const hanging = async () => {
	await new Promise(() => undefined);
};
const working = async () => {
	await Promise.resolve();
};

describe('an activity', () => {
	test.each<[string, (node: Node) => void]>([
		['in one process', () => undefined],
		[
			'with a new process in between',
			(node) => {
				node.newProcess();
			},
		],
		[
			'with the row lost in between: the process knows',
			(node) => {
				node.row.keys = [];
			},
		],
	])('passes once: %s', async (_, between) => {
		const node = new Node();
		expect(await node.pass([delivered('act_1')])).toEqual(['act_1']);
		for (let again = 0; again < 4; again += 1) {
			between(node);
			expect(await node.pass([delivered('act_1'), delivered('act_2')])).toEqual(
				again === 0 ? ['act_2'] : [],
			);
		}
	});

	test.each<[string, INodeExecutionData, INodeExecutionData]>([
		['delivered and late', delivered('act_1'), late('act_1')],
		['late and delivered', late('act_1'), delivered('act_1')],
		[
			'under two types, asked for under one',
			marked({ _id: 'act_1', type: 'B2B' }, { is: 'delivered', event: 'sent' }),
			delivered('act_1'),
		],
		[
			'sent on its way by a version that marks nothing',
			{ json: { _id: 'act_1', type: 'sent' } },
			delivered('act_1'),
		],
	])('passes once: %s', async (_, first, second) => {
		const node = new Node();
		expect(await node.pass([first])).toEqual(['act_1']);
		expect(await node.pass([second])).toEqual([]);
	});

	test('under two events passes under each', async () => {
		const node = new Node();
		expect(await node.pass([delivered('act_1', 'emailsReplied')])).toEqual(['act_1']);
		expect(await node.pass([delivered('act_1', 'warmed')])).toEqual(['act_1']);
	});

	test.each([undefined, null, '', 7])('with the id %j passes each time', async (_id) => {
		const node = new Node();
		const both = [delivered(_id), delivered(_id)];
		expect(await node.run(both)).toHaveLength(2);
		expect(await node.run(both)).toHaveLength(2);
		expect(node.row.calls).toBe(0);
	});

	test('twice in one delivery passes once, in its place', async () => {
		const node = new Node();
		const items = ['act_1', 'act_2', 'act_1', undefined, 'act_3'].map((id) => delivered(id));
		expect(await node.pass(items)).toEqual(['act_1', 'act_2', undefined, 'act_3']);
	});

	test('leaves its mark behind, and keeps whatever else n8n put beside it', async () => {
		const node = new Node();
		const item = { ...delivered('act_1'), pairedItem: { item: 0 } };
		expect(await node.run([item])).toEqual([
			{ json: { _id: 'act_1', type: 'sent' }, pairedItem: { item: 0 } },
		]);
	});

	test('in a test run or a retry passes untouched, is not recorded, and loses its mark all the same', async () => {
		const node = new Node();
		await node.pass([delivered('act_1')]);
		const { calls } = node.row;
		const items = [delivered('act_1'), delivered('act_2'), delivered('act_2')];
		expect(await node.run(items, { isGated: false })).toEqual(
			['act_1', 'act_2', 'act_2'].map((_id) => ({
				json: { _id, type: 'sent' },
			})),
		);
		expect(node.row.calls).toBe(calls);
		expect(await node.pass([delivered('act_2')])).toEqual(['act_2']);
	});

	test('that came in an execution which another process runs once more passes there again, and in the same process not', async () => {
		const node = new Node();
		const items = [delivered('act_1'), late('act_2')];
		const again = async () => await node.pass(items, { executionId: '77' });
		expect(await again()).toEqual(['act_1', 'act_2']);
		expect(await again()).toEqual([]);
		node.newProcess();
		expect(await again()).toEqual(['act_1', 'act_2']);
		expect(await again()).toEqual([]);
		expect(await node.pass(items, { executionId: '78' })).toEqual([]);
	});
});

test('where the trigger itself runs, nothing is noted of executions: an event takes one key, and those of its times', async () => {
	const node = new Node();
	gateMemories.of(node.key).isAtHome = true;
	await node.pass([delivered('act_1')]);
	const { length } = node.row.keys;
	await node.pass([delivered('act_2')]);
	expect(node.row.keys).toHaveLength(length + 1);
	node.newProcess();
	await node.pass([delivered('act_3')]);
	expect(node.row.keys).toHaveLength(length + 3);
});

test('of more than a process remembers, the oldest go, and nothing from before counts as new', () => {
	const memory = new GateMemory();
	const keys = Array.from({ length: 100_001 }, (_, index) => `key ${String(index)}`);
	memory.note(keys.slice(0, 1));
	passed += HOUR_MS;
	const until = clock.now();
	memory.note(keys);
	expect([memory.has('key 0'), memory.has('key 1')]).toEqual([false, true]);
	expect(memory.knowsSince).toBeGreaterThan(until - 2 * HOUR_MS);
	expect(memory.knowsSince).toBeLessThan(until);
});

describe('two hundred at once', () => {
	const ids = Array.from({ length: 200 }, (_, index) => `act_${String(index)}`);

	test('each pass once, and all are in the row', async () => {
		const node = new Node();
		const twice = [...ids, ...ids].map(async (id) => await node.pass([delivered(id)]));
		expect((await Promise.all(twice)).flat().sort()).toEqual([...ids].sort());
		expect(node.row.activities).toHaveLength(ids.length);
	});

	test('of two nodes do not wait for each other', async () => {
		const [stuck, other] = [new Node(), new Node()];
		stuck.row.fault = hanging;
		const waiting = stuck.pass([delivered('act_1')]);
		expect(await other.pass([delivered('act_1')])).toEqual(['act_1']);
		await waiting;
	});
});

describe('what waits for its turn together', () => {
	const ids = (count: number) =>
		Array.from({ length: count }, (_, index) => `act_${String(index)}`);

	test('is recorded in one call, and what comes twice in it passes once', async () => {
		const node = new Node();
		const twice = [...ids(50), ...ids(50)];
		const passing = await Promise.all(twice.map(async (id) => await node.pass([delivered(id)])));
		expect(passing.flat()).toEqual(ids(50));
		expect(node.row.calls).toBe(1);
		expect(node.row.activities).toHaveLength(50);
	});

	test('is no more than a hundred executions, so that no call grows without end', async () => {
		const node = new Node();
		const sizes: number[] = [];
		const { store } = node.row;
		const record: typeof store.record = async (keys, most) => {
			sizes.push(keys.filter((key) => key.startsWith('["')).length);
			return await store.record(keys, most);
		};
		const more = { store: { ...store, record } };
		await Promise.all(ids(250).map(async (id) => await node.pass([delivered(id)], more)));
		expect(sizes).toEqual([100, 100, 50]);
	});

	test('on a busy node waits a moment for more, and on a quiet one for nothing', async () => {
		const node = new Node();
		const moment = clock.now();
		jest.spyOn(clock, 'now').mockReturnValue(moment);
		let wake: () => void = () => undefined;
		const sleep = jest.spyOn(clock, 'sleep').mockImplementation(async () => {
			await new Promise<void>((resolve) => {
				wake = resolve;
			});
		});
		await node.pass([delivered('act_0')]);
		expect([sleep.mock.calls.length, node.row.calls]).toEqual([0, 1]);
		const others: Array<Promise<unknown[]>> = [];
		for (const id of ['act_1', 'act_2', 'act_2', 'act_3']) {
			others.push(node.pass([delivered(id)]));
			await turn();
		}
		expect([sleep.mock.calls, node.row.calls]).toEqual([[[25]], 1]);
		wake();
		expect(await Promise.all(others)).toEqual([['act_1'], ['act_2'], [], ['act_3']]);
		expect(node.row.calls).toBe(2);
		jest.mocked(clock.now).mockReturnValue(moment + 25);
		await node.pass([delivered('act_4')]);
		expect([sleep.mock.calls.length, node.row.calls]).toEqual([1, 3]);
	});

	test('passes late no sooner than the store answers, though what was delivered waits no longer', async () => {
		const node = new Node();
		const answer = node.row.holdFrom(1);
		const found = node.pass([late('act_1'), late('act_2')]);
		expect(await node.pass([delivered('act_2')])).toEqual(['act_2']);
		answer();
		expect(await found).toEqual(['act_1']);
		await letRest();
		node.newProcess();
		expect(await node.pass([delivered('act_1'), delivered('act_2')])).toEqual([]);
	});
});

describe('the row', () => {
	test('holds no more than the newest', async () => {
		const node = new Node();
		node.row.keys = Array.from({ length: STORE_ENTRIES }, (_, index) => `old ${String(index)}`);
		await node.pass([delivered('act_1')]);
		expect(node.row.keys.length).toBeLessThanOrEqual(STORE_ENTRIES);
		expect(node.row.activities).toEqual([keyOf('sent', { _id: 'act_1' })]);
		expect(node.row.keys).not.toContain('old 0');
	});

	test('gets back what another process has written over, for a while', async () => {
		const node = new Node();
		await node.pass([delivered('act_1'), delivered('act_2')]);
		expect(node.row.activities).toHaveLength(2);
		node.row.keys = ['of another process'];
		await letRest();
		expect(node.row.activities).toHaveLength(2);
		node.row.keys = ['of another process'];
		await letRest();
		expect(node.row.activities).toEqual([]);
		expect(resting).toEqual([]);
	});

	test('gets it back however often that happens in a row', async () => {
		const node = new Node();
		await node.pass([delivered('act_1')]);
		for (let times = 0; times < 8; times += 1) {
			node.row.keys = ['of another process'];
			await letOneRest();
		}
		await letRest();
		expect(node.row.activities).toHaveLength(1);
	});

	test('that is full, and lets go of what comes at once, does not keep it busy for ever', async () => {
		const node = new Node();
		await node.pass([delivered('act_1')]);
		for (let times = 0; resting.length > 0 && times < 1_000; times += 1) {
			node.row.keys = ['of another process'];
			await letOneRest();
		}
		expect(resting).toEqual([]);
		expect(node.row.calls).toBeLessThan(50);
	});

	test('is written again for what passed meanwhile, too, in one call', async () => {
		const node = new Node();
		await node.pass([delivered('act_1')]);
		await node.pass([delivered('act_2')]);
		node.row.keys = [];
		const { calls } = node.row;
		await letRest();
		expect(node.row.activities).toHaveLength(2);
		// Soon once, and once more because they were gone; and twice later.
		expect(node.row.calls).toBe(calls + 4);
	});

	test('holds nothing of what was dropped', async () => {
		const node = new Node();
		await node.pass([delivered('act_1')]);
		const { activities } = node.row;
		await node.pass([delivered('act_1')]);
		expect(node.row.activities).toEqual(activities);
	});
});

describe('a store that', () => {
	const items = () => [delivered('act_1'), late('act_2'), { json: { _id: 'act_3', type: 'sent' } }];

	test.each<[string, (call: number) => Promise<void>]>([
		['fails', failing],
		['hangs', hanging],
	])('%s: what was delivered passes with one line, what is late is held back', async (_, fault) => {
		const node = new Node();
		node.row.fault = fault;
		expect(await node.pass(items())).toEqual(['act_1', 'act_3']);
		expect(node.log).toEqual([
			expect.stringMatching(/^n8n could not look up which events have started the workflow before/),
		]);
		// What passed is known here, and what did not may come again.
		expect(await node.pass([delivered('act_1')])).toEqual([]);
		node.row.fault = working;
		expect(await node.pass([late('act_2')])).toEqual(['act_2']);
	});

	test('fails with words alone lets deliveries pass, and says so', async () => {
		const node = new Node();
		node.row.fault = async () => {
			await Promise.resolve();
			// eslint-disable-next-line @typescript-eslint/only-throw-error -- What a database's driver throws is its own affair.
			throw 'gone';
		};
		expect(await node.pass([delivered('act_1')])).toEqual(['act_1']);
		expect(node.log).toEqual([expect.stringContaining('gone')]);
		node.row.fault = working;
	});

	test('fails once, as for one of two processes that insert first, is called once more', async () => {
		const node = new Node();
		node.row.fault = async (call) => {
			if (call === 1) await failing();
		};
		expect(await node.pass(items())).toEqual(['act_1', 'act_2', 'act_3']);
		expect(node.log).toEqual([]);
		expect(node.row.activities).toHaveLength(3);
	});

	test('takes too long, and records all the same, loses nothing and lets nothing pass twice', async () => {
		const node = new Node();
		await node.pass([delivered('act_1')]);
		node.row.slowFrom = node.row.calls + 1;
		expect(await node.pass([delivered('act_1'), delivered('act_2'), late('act_3')])).toEqual([
			'act_2',
		]);
		node.row.slowFrom = Infinity;
		expect((await node.ask(['act_1', 'act_2', 'act_3'])).seen).toEqual([true, true, false]);
		const again = [delivered('act_1'), delivered('act_2'), late('act_3')];
		expect(await node.pass(again)).toEqual(['act_3']);
		expect(await node.pass(again)).toEqual([]);
	});

	test('answers when nobody waits any more loses nothing, and has what did not pass taken back', async () => {
		const node = new Node();
		const answer = node.row.holdFrom(1);
		expect(await node.pass([delivered('act_1'), late('act_2')])).toEqual(['act_1']);
		answer();
		await letRest();
		node.newProcess();
		expect(await node.pass([delivered('act_1'), late('act_2')])).toEqual(['act_2']);
	});

	test('answers a question when nobody waits any more has it taken back', async () => {
		const node = new Node();
		const answer = node.row.holdFrom(2);
		expect(await node.run([marked({}, { is: 'question', keys: ['k'], kinds: ['sent'] })])).toEqual(
			[],
		);
		expect(node.row.keys).toContain('k');
		answer();
		await letRest();
		expect(node.row.keys).toEqual([]);
		expect(node.answers).toEqual([]);
	});

	test('fails for long is asked less and less often', async () => {
		const node = new Node();
		node.row.fault = failing;
		await node.pass([delivered('act_1')]);
		const began = clock.now();
		for (let times = 0; times < 1_000 && clock.now() < began + HOUR_MS; times += 1) {
			for (const wake of resting.splice(0)) wake();
			await turn();
		}
		node.row.fault = working;
		expect(node.row.calls).toBeGreaterThan(100);
		expect(node.row.calls).toBeLessThan(1_000);
	});

	test('failed is given later what had passed', async () => {
		const node = new Node();
		node.row.fault = failing;
		await node.pass([delivered('act_1')]);
		node.row.fault = working;
		await letRest();
		node.newProcess();
		expect(await node.pass([delivered('act_1')])).toEqual([]);
	});
});

describe('a question', () => {
	test.each<[string, boolean]>([
		['in the same process', false],
		['in a new process', true],
	])('%s: tells what was seen, starts nothing, and leaves the row as it was', async (_, isNew) => {
		const node = new Node();
		await node.pass([delivered('act_1'), delivered('act_3')]);
		await letRest();
		if (isNew) node.newProcess();
		const { keys } = node.row;
		const { seen, taken } = await node.ask(['act_1', 'act_2', 'act_3'], ['sent', 'opened']);
		expect(seen).toEqual([true, false, true]);
		expect(taken).toEqual([true, false]);
		expect(node.row.keys).toEqual(keys);
		expect(await node.pass([late('act_2'), late('act_3')])).toEqual(['act_2']);
	});

	test('goes by what another process has just written back, and removes its own traces from that, each time', async () => {
		const node = new Node();
		await node.pass([delivered('act_1')]);
		await letRest();
		node.newProcess();
		const key = keyOf('sent', { _id: 'act_2' }) ?? '';
		const asked = node.run([marked({}, { is: 'question', keys: [key], kinds: [] })]);
		let written: string[] = [];
		while (resting.length === 0) {
			if (node.row.keys.includes(key)) written = node.row.keys;
			await turn();
		}
		expect(written).toContain(key);
		for (let times = 0; times < 3; times += 1) {
			node.row.keys = written;
			await letOneRest();
		}
		await asked;
		expect(node.row.activities).toEqual([keyOf('sent', { _id: 'act_1' })]);
	});

	test('tells what was delivered from what a look has found', async () => {
		const node = new Node();
		await node.pass([late('act_1'), late('act_3', true), delivered('act_2', 'opened')]);
		await letRest();
		node.newProcess();
		const { seen, taken } = await node.ask(['act_1', 'act_2'], ['sent', 'opened']);
		expect(seen).toEqual([true, false]);
		expect(taken).toEqual([false, true]);
		expect(node.row.keys.filter((key) => key.startsWith('unproven'))).toEqual([
			unprovenKeyOf(keyOf('sent', { _id: 'act_1' }) ?? ''),
		]);
	});

	test.each<[string, (node: Node) => Promise<void>]>([
		[
			'at once',
			async () => {
				await Promise.resolve();
			},
		],
		[
			'later',
			async () => {
				await letRest();
			},
		],
		[
			'in another process',
			async (node) => {
				await letRest();
				node.newProcess();
			},
		],
	])(
		'takes what lemlist delivers %s under the id that a look has started for delivered',
		async (_, between) => {
			const node = new Node();
			await node.pass([late('act_1')]);
			await between(node);
			expect(await node.pass([delivered('act_1')])).toEqual([]);
			await letRest();
			expect(node.row.keys.filter((key) => key.startsWith('unproven'))).toEqual([]);
			expect((await node.ask(['act_1'])).seen).toEqual([true]);
		},
	);

	test('a look that comes too late notes nothing beside what was delivered', async () => {
		const node = new Node();
		await node.pass([delivered('act_1')]);
		expect(await node.pass([late('act_1')])).toEqual([]);
		await letRest();
		expect(node.row.keys.filter((key) => key.startsWith('unproven'))).toEqual([]);
	});

	test('what only the row knew is known here once it was dropped', async () => {
		const node = new Node();
		await node.pass([delivered('act_1')]);
		node.newProcess();
		await node.pass([late('act_1')]);
		const key = keyOf('sent', { _id: 'act_1' }) ?? '';
		expect(gateMemories.of(node.key).has(key)).toBe(true);
	});

	test.each([2, 3])(
		'that the store fails in, at call %i, does not make it look as if it had let go of something, or as if anything had been delivered',
		async (from) => {
			const node = new Node();
			await node.pass([late('act_1')]);
			await letRest();
			const { calls } = node.row;
			node.row.fault = async (call) => {
				if (call >= calls + from) await failing();
			};
			const asked = node.run([marked({}, { is: 'question', keys: ['k'], kinds: ['sent'] })]);
			await letRest();
			await asked;
			expect(node.answers).toEqual([]);
			node.row.fault = working;
			node.newProcess();
			expect(await node.ask(['act_1'])).toMatchObject({ knowsSince: 0, taken: [false] });
		},
	);

	test('that the store fails in leaves nothing behind once the store works again', async () => {
		const node = new Node();
		await node.pass([delivered('act_1')]);
		await letRest();
		const { keys } = node.row;
		const { calls } = node.row;
		node.row.fault = async (call) => {
			if (call >= calls + 3) await failing();
		};
		const asked = node.run([marked({}, { is: 'question', keys: ['k'], kinds: ['sent'] })]);
		await letRest();
		await asked;
		expect(node.row.keys).not.toEqual(keys);
		node.row.fault = working;
		await letRest();
		expect(node.row.keys).toEqual(keys);
	});

	test('says that an event was taken for a week', async () => {
		const node = new Node();
		await node.pass([delivered('act_1')]);
		await letRest();
		passed += 6 * 24 * HOUR_MS;
		expect((await node.ask(['act_2'])).taken).toEqual([true]);
		passed += 3 * 24 * HOUR_MS;
		expect((await node.ask(['act_2'])).taken).toEqual([false]);
	});

	test('of a row that has room: it holds everything', async () => {
		const node = new Node();
		await node.pass([delivered('act_1')]);
		expect((await node.ask(['act_1'])).knowsSince).toBe(0);
		expect((await new Node().ask(['act_1'])).knowsSince).toBe(0);
	});

	/** Lets so many times fifty activities pass, an hour apart. @returns by id, when each did */
	async function filled(node: Node, rounds: number): Promise<Map<string, number>> {
		const ids = Array.from({ length: 50 }, (_, index) => `act_${String(index)}`);
		const at = new Map<string, number>();
		for (const round of Array.from({ length: rounds }, (_, index) => String(index))) {
			const batch = ids.map((id) => `${id}.${round}`);
			for (const id of batch) at.set(id, clock.now());
			await node.pass(batch.map((id) => delivered(id)));
			await letRest();
			passed += HOUR_MS;
		}
		return at;
	}

	/** What is forgotten is never taken for new. @returns when what is not forgotten passed, and how many are */
	function remembered(
		at: ReadonlyMap<string, number>,
		{ seen, knowsSince }: GateAnswer,
	): { counting: number[]; lost: number } {
		const lost = [...at.values()].filter((_, index) => seen[index] === false);
		for (const time of lost) expect(time).toBeLessThan(knowsSince);
		const counting = [...at.values()].filter((time) => time >= knowsSince);
		return { counting, lost: lost.length };
	}

	test('of a row that is full: it holds what came after the oldest span of time that is left in it', async () => {
		const node = new Node();
		const at = await filled(node, 60);
		expect(node.row.keys.length).toBe(STORE_ENTRIES);
		node.newProcess();
		const { counting, lost } = remembered(at, await node.ask([...at.keys()]));
		expect(lost).toBeGreaterThan(0);
		// And nearly all that is left counts.
		expect(counting.length).toBeGreaterThan(STORE_ENTRIES / 2);
	});

	test.each([
		['nearly full', 37],
		['full', 60],
	])(
		'of a row that is %s, with deliveries in other processes in the middle of it: what had to go is not taken for new, and is not much',
		async (_, rounds) => {
			const node = new Node();
			const at = await filled(node, rounds);
			const { length } = node.row.keys;
			node.newProcess();
			let others = 0;
			node.row.fault = async () => {
				others += 1;
				node.row.keys = [...node.row.keys, `other ${String(others)}`].slice(-STORE_ENTRIES);
				await working();
			};
			const all = [...at.keys()];
			remembered(at, await node.ask(all));
			node.row.fault = working;
			node.newProcess();
			const { lost } = remembered(at, await node.ask(all));
			expect(lost).toBeGreaterThan(0);
			expect(node.row.keys.length).toBeGreaterThan(Math.min(length, STORE_ENTRIES) - 300);
		},
	);

	test('of much: the row never holds many more keys than its own', async () => {
		const node = new Node();
		const at = await filled(node, 60);
		let most = 0;
		node.row.fault = async () => {
			most = Math.max(most, node.row.keys.length);
			await working();
		};
		node.newProcess();
		await node.ask([...at.keys()]);
		// What n8n 1 can store on MySQL: a column of 65,535 bytes, 27 a key.
		expect(most).toBeLessThan(65_535 / 27 - 100);
	});

	test.each<[string, (call: number) => Promise<void>]>([
		['fails', failing],
		['hangs', hanging],
		[
			'fails before what was new is removed',
			async (call) => {
				if (call >= 3) await failing();
			},
		],
	])('to a store that %s gets no answer, and one line says so', async (_, fault) => {
		const node = new Node();
		node.row.fault = fault;
		const question: Mark = { is: 'question', keys: ['k'], kinds: ['sent'] };
		const asked = node.run([marked({}, question)]);
		await letRest();
		expect(await asked).toEqual([]);
		expect(node.answers).toEqual([]);
		expect(node.log).toEqual([
			expect.stringMatching(/Events that were missed are looked for again/),
		]);
	});
});
