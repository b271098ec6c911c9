/** What a process remembers of a webhook URL: which state follows from what n8n calls. */
import { clock } from '../../../nodes/LemlistTrigger/process/clock';
import { Memory, type State } from '../../../nodes/LemlistTrigger/hooks/memory';

type Step = (memory: Memory) => unknown;

const activate: Step = (memory) => {
	memory.activate('w1', true);
};
const announce: Step = (memory) => {
	memory.announceCreate(1_000);
};
const takeOver: Step = (memory) => memory.takeOver();
const make: Step = (memory) => {
	memory.make('perhaps');
};
const undo: Step = (memory) => {
	memory.make('nothing');
};
const register: Step = (memory) => {
	memory.register('w1', false);
};
const registerTest: Step = (memory) => {
	memory.register('w1', true);
};
const callOff: Step = (memory) => {
	memory.callOff();
};
const leave: Step = (memory) => memory.leave(false);
const leaveStored: Step = (memory) => memory.leave(true);
const end: Step = (memory) => {
	memory.end();
};

function after(...steps: readonly Step[]): Memory {
	const memory = new Memory();
	for (const step of steps) step(memory);
	return memory;
}

test.each<[string, Step[], State]>([
	['nothing at all', [], { is: 'unknown' }],
	[
		'checkExists begins',
		[activate, announce],
		{ is: 'activating', workflowId: 'w1', isEdit: true, made: 'nothing', createBy: 1_000 },
	],
	[
		'create takes over',
		[activate, announce, takeOver, activate],
		{ is: 'activating', workflowId: 'w1', isEdit: true, made: 'nothing' },
	],
	[
		'create has begun to make hooks',
		[activate, announce, takeOver, activate, make],
		{ is: 'activating', workflowId: 'w1', isEdit: true, made: 'perhaps' },
	],
	[
		'create has undone what it made',
		[activate, make, undo],
		{ is: 'activating', workflowId: 'w1', isEdit: true, made: 'nothing' },
	],
	[
		'another try follows one that could not undo',
		[activate, make, activate],
		{ is: 'activating', workflowId: 'w1', isEdit: true, made: 'perhaps' },
	],
	['all is well', [activate, register], { is: 'registered', workflowId: 'w1', isTestRun: false }],
	[
		'delete comes between checkExists and create',
		[activate, announce, callOff],
		{ is: 'calledOff' },
	],
	[
		'that delete is over, and create is still to come',
		[activate, announce, callOff, leave, end],
		{ is: 'calledOff' },
	],
	[
		'an activation follows one that was called off',
		[activate, announce, callOff, end, activate],
		{ is: 'activating', workflowId: 'w1', isEdit: true, made: 'nothing' },
	],
	[
		'delete comes once create has taken over',
		[activate, announce, takeOver, callOff],
		{ is: 'activating', workflowId: 'w1', isEdit: true, made: 'nothing' },
	],
	['delete begins for what is published', [activate, register, leave], { is: 'leaving' }],
	['delete begins after a start of n8n that called nothing else', [leaveStored], { is: 'leaving' }],
	[
		'delete begins once more after it could not remove all',
		[activate, register, leave, leave],
		{ is: 'leaving' },
	],
	['delete begins for a test run', [activate, registerTest, leave], { is: 'off' }],
	['delete begins for what nobody registered', [leave], { is: 'unknown' }],
	['delete is over', [activate, register, leave, end], { is: 'off' }],
	['making without an activation', [make], { is: 'unknown' }],
	['announcing without an activation', [announce], { is: 'unknown' }],
])('%s', (_, steps, state) => {
	expect(after(...steps).state).toEqual(state);
});

test.each<[string, Step[], unknown]>([
	['the time that checkExists has left to create', [activate, announce], 1_000],
	['no time where n8n did not call checkExists', [activate], undefined],
	['no time where nothing was activated', [], undefined],
])('create takes over %s', (_, steps, expected) => {
	expect(after(...steps).takeOver()).toBe(expected);
});

test.each<[string, Step[], boolean, boolean]>([
	['what is published', [activate, register], false, true],
	['what static data holds', [], true, true],
	['what is being removed already', [activate, register, leave], true, false],
	['a test run', [activate, registerTest], false, false],
	['an activation that failed, whatever static data holds', [activate], true, false],
])('delete is the first to remove what was published: %s', (_, steps, isStored, expected) => {
	expect(after(...steps).leave(isStored)).toBe(expected);
});

test.each<[string, Step[], boolean]>([
	['is being activated', [activate], true],
	['is registered', [activate, register], true],
	['is being removed', [activate, register, leave], false],
	['is off', [activate, register, leave, end], false],
	['is unknown', [], false],
])('hooks belong to another workflow while it %s', (_, steps, expected) => {
	const memory = after(...steps);
	expect([memory.belongsToAnother('w2'), memory.belongsToAnother('w1')]).toEqual([expected, false]);
});

test('a POST that was given up may arrive for three seconds', () => {
	const memory = new Memory();
	expect(memory.settledAt).toBe(-Infinity);
	const before = clock.now();
	memory.unsettle();
	expect(memory.settledAt).toBeGreaterThanOrEqual(before + 3_000);
	expect(memory.settledAt).toBeLessThanOrEqual(clock.now() + 3_000);
});
