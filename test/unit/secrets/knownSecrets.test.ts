/** Which secrets a process goes by, and how often it may read the credential for that. */
import { clock } from '../../../nodes/LemlistTrigger/process/clock';
import { KnownSecrets } from '../../../nodes/LemlistTrigger/secrets/knownSecrets';

let now = 0;
let known: KnownSecrets;
const realNow = clock.now;
beforeEach(() => {
	now = 1_000_000;
	clock.now = () => now;
	known = new KnownSecrets();
});
afterAll(() => {
	clock.now = realNow;
});

/** Counts how often it is asked, and gives what is next in the list. */
function derivations(...answers: (string | Error)[]) {
	let asked = 0;
	const derive = async () => {
		const answer = answers[Math.min(asked, answers.length - 1)] ?? '';
		asked += 1;
		if (answer instanceof Error) throw answer;
		return await Promise.resolve(answer);
	};
	return { derive, asked: () => asked };
}

test('goes by the fingerprint of static data without reading anything', () => {
	expect(known.accepted('node', 'A')).toEqual(['A']);
	expect(known.accepted('other', undefined)).toEqual([]);
});

test('a call that was looking the secret up while another one was registered finds that one', async () => {
	known.accepted('node', 'A');
	let found: (fingerprint: string) => void = () => undefined;
	const lookedUp = known.refresh(
		'node',
		async () =>
			await new Promise<string>((resolve) => {
				found = resolve;
			}),
	);
	known.accepted('node', 'B');
	found('B');
	await lookedUp;
	expect(known.accepted('node', undefined)).toEqual(['B']);
});

test('accepts a secret that this process has noted, beside the registered one', () => {
	known.accepted('node', 'A');
	known.note('node', 'B');
	expect(known.accepted('node', 'A')).toEqual(['A', 'B']);
});

test('goes by secrets of one node only', () => {
	known.note('node', 'B');
	expect(known.accepted('other', undefined)).toEqual([]);
});

test('forgets what it noted once another secret is registered: a leaked one is shut out', () => {
	known.accepted('node', 'A');
	known.note('node', 'leaked');
	expect(known.accepted('node', 'C')).toEqual(['C']);
	expect(known.accepted('node', 'C')).toEqual(['C']);
});

test('keeps what was noted before the first delivery', () => {
	known.note('node', 'B');
	expect(known.accepted('node', 'A')).toEqual(['A', 'B']);
});

test('forgets at an activation what it noted before, even if no delivery ever came', () => {
	known.note('node', 'leaked');
	known.activated('node', 'C');
	expect(known.accepted('node', 'A')).toEqual(['A', 'C']);
	expect(known.accepted('node', 'C')).toEqual(['C']);
});

test.each<[string, (current: string) => void]>([
	[
		'an activation here',
		(current) => {
			known.activated('node', current);
		},
	],
	[
		'an activation in another process',
		(current) => {
			known.accepted('node', current);
		},
	],
])(
	'keeps a secret shut out that static data names once more after %s: n8n may save what it had read before',
	(_, activate) => {
		known.accepted('node', 'leaked');
		activate('C');
		expect(known.accepted('node', 'leaked')).toEqual(['C']);
		expect(known.accepted('node', 'C')).toContain('C');
		expect(known.accepted('node', 'leaked')).not.toContain('leaked');
	},
);

test('takes a secret that is registered a second time', () => {
	for (const fingerprint of ['A', 'B', 'A']) known.activated('node', fingerprint);
	expect(known.accepted('node', 'A')).toEqual(['A', 'A']);
	expect(known.accepted('node', 'B')).not.toContain('B');
});

test('follows another process that went back to an earlier secret: the one between counts no more', async () => {
	for (const fingerprint of ['A', 'between', 'A']) known.accepted('node', fingerprint);
	await known.refresh('node', derivations('A').derive);
	known.followBack('node', 'A');
	expect(known.accepted('node', 'A')).toEqual(['A', 'A']);
	expect(known.accepted('node', 'between')).not.toContain('between');
});

test.each<[string, string, string]>([
	['static data was saved late, and the credential has the new secret', 'A', 'B'],
	['the credential has gone back, and nobody has activated it', 'B', 'A'],
])('stays with the registered secret while %s', async (_, registered, derived) => {
	for (const fingerprint of ['A', 'B']) known.activated('node', fingerprint);
	known.accepted('node', 'B');
	await known.refresh('node', derivations(derived).derive);
	known.followBack('node', registered);
	expect(known.accepted('node', registered)).toContain('B');
});

test('still goes by what was registered last when static data is lost', () => {
	known.accepted('node', 'A');
	known.note('node', 'B');
	expect(known.accepted('node', undefined)).toEqual(['A', 'B']);
	expect(known.accepted('node', 'C')).toEqual(['C']);
});

test('reads the credential at most every five seconds, however many deliveries ask', async () => {
	const { derive, asked } = derivations('A', 'B');
	await Promise.all(Array.from({ length: 50 }, () => known.refresh('node', derive)));
	expect(asked()).toBe(1);
	now += 4_999;
	await known.refresh('node', derive);
	expect(asked()).toBe(1);
	now += 1;
	await known.refresh('node', derive);
	expect(asked()).toBe(2);
	expect(known.accepted('node', undefined)).toEqual(['A', 'B']);
});

test('drops what a slow reading brings after another activation', async () => {
	let answer: (fingerprint: string) => void = () => undefined;
	const reading = known.refresh(
		'node',
		async () =>
			await new Promise<string>((resolve) => {
				answer = resolve;
			}),
	);
	known.activated('node', 'new');
	answer('leaked');
	await reading;
	expect(known.accepted('node', 'new')).toEqual(['new', 'new']);
});

test('asks again after five seconds when the credential could not be read', async () => {
	const { derive, asked } = derivations(new Error('database is away'), 'A');
	await expect(known.refresh('node', derive)).rejects.toThrow('database is away');
	now += 4_999;
	await expect(known.refresh('node', derive)).rejects.toThrow('database is away');
	expect(asked()).toBe(1);
	now += 1;
	await known.refresh('node', derive);
	expect(known.accepted('node', undefined)).toEqual(['A']);
});
