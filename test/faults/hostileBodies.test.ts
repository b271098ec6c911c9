/** Twenty thousand random bodies against the modules that judge a delivery: none gets in without the right secret. */
import fc from 'fast-check';
import {
	isGenuine,
	presentedSecrets,
	wantedActivities,
	withoutSecret,
} from '../../nodes/LemlistTrigger/deliveries/delivery';
import { readDelivery, type Activity } from '../../nodes/LemlistTrigger/lemlist/schemas';
import { deriveSecret, fingerprintOf } from '../../nodes/LemlistTrigger/secrets/webhookSecret';

const RUNS = 20_000;
const RIGHT = deriveSecret({
	apiKey: 'key',
	webhookSecret: 'salt',
	workflowId: 'workflow',
	webhookId: 'webhook',
});
const FINGERPRINTS = [fingerprintOf('another secret, registered before'), fingerprintOf(RIGHT)];
const FILTER = { campaignIds: [], thirdPartyReplies: 'include', ignoreBots: false } as const;
const ODD_KEYS = [
	'secret',
	'Secret',
	' secret',
	's\u0435cret',
	'secret\0',
	'__proto__',
	'constructor',
	'prototype',
	'toString',
	'hasOwnProperty',
	'length',
	'toJSON',
	'then',
	'type',
	'campaignId',
	'bot',
	'data',
	'0',
	'',
];

/** The right secret, changed in one small way, or not at all. */
const nearSecret = fc.oneof(
	{ weight: 3, arbitrary: fc.constant(RIGHT) },
	fc.integer({ min: 0, max: RIGHT.length }).map((length) => RIGHT.slice(0, length)),
	fc
		.tuple(fc.nat(RIGHT.length - 1), fc.string({ minLength: 1, maxLength: 1 }))
		.map(([at, letter]) => RIGHT.slice(0, at) + letter + RIGHT.slice(at + 1)),
	fc.string({ maxLength: 3 }).map((more) => RIGHT + more),
	fc.string({ maxLength: 3 }).map((more) => more + RIGHT),
	fc.constantFrom(
		RIGHT.toLowerCase(),
		RIGHT.toUpperCase(),
		fingerprintOf(RIGHT),
		[RIGHT],
		{ secret: RIGHT },
		{ toString: RIGHT },
		Buffer.from(RIGHT).toJSON(),
		null,
		0,
		43,
		true,
	),
	fc.string({ minLength: 43, maxLength: 43, unit: 'binary' }),
);

type Entry = readonly [key: string, value: unknown];

/** As JSON.parse makes it: `__proto__` is a field like any other, and of fields of one name the last counts. */
function parsed(entries: readonly Entry[]): unknown {
	return JSON.parse(
		`{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join()}}`,
	);
}

const { body } = fc.letrec<{ leaf: unknown; entries: Entry[]; object: unknown; body: unknown }>(
	(tie) => ({
		leaf: fc.oneof(nearSecret, fc.jsonValue({ maxDepth: 2 })),
		entries: fc.array(
			fc.tuple(
				fc.oneof(fc.constantFrom(...ODD_KEYS), fc.string({ maxLength: 8 })),
				fc.oneof({ depthSize: 'small' }, tie('leaf'), tie('body')),
			),
			{ maxLength: 6 },
		),
		object: fc.oneof(
			tie('entries').map(parsed),
			tie('entries').map((entries) => parsed([...entries, ['secret', RIGHT]])),
			fc
				.tuple(tie('entries'), nearSecret)
				.map(([entries, secret]) => parsed([...entries, ['secret', secret]])),
		),
		body: fc.oneof(
			{ depthSize: 'small' },
			tie('leaf'),
			tie('object'),
			fc.array(tie('object'), { maxLength: 3 }),
			fc.array(tie('body'), { maxLength: 3 }),
		),
	}),
);

interface Verdict {
	isIn: boolean;
	items: readonly Activity[];
}

/** What the node does with a body, without n8n around it. */
function judge(received: unknown): Verdict {
	const activities = readDelivery(received);
	const secrets = activities === undefined ? undefined : presentedSecrets(activities);
	const isIn = secrets !== undefined && isGenuine(secrets, FINGERPRINTS);
	return { isIn, items: isIn ? wantedActivities(activities ?? [], FILTER).map(withoutSecret) : [] };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The rule, said in another way than the node says it. */
function deservesToBeIn(received: unknown): boolean {
	const activities: unknown[] = Array.isArray(received) ? received : [received];
	return (
		activities.length > 0 &&
		activities.every(
			(one) => isObject(one) && Object.getOwnPropertyDescriptor(one, 'secret')?.value === RIGHT,
		)
	);
}

test(`of ${String(RUNS)} random bodies exactly those with the right secret get in, without it, and none makes it throw`, () => {
	const seen = { in: 0, out: 0 };
	fc.assert(
		fc.property(body, (received) => {
			const before = JSON.stringify(received);
			const { isIn, items } = judge(received);
			expect(isIn).toBe(deservesToBeIn(received));
			for (const item of items) expect(Object.hasOwn(item, 'secret')).toBe(false);
			expect(JSON.stringify(received)).toBe(before);
			seen[isIn ? 'in' : 'out'] += 1;
		}),
		{ numRuns: RUNS },
	);
	// Otherwise the bodies would not be near enough to the border.
	expect(seen.in).toBeGreaterThan(RUNS / 100);
	expect(seen.out).toBeGreaterThan(RUNS / 2);
	expect({}).not.toHaveProperty('polluted');
});

test.each<[string, unknown]>([
	['undefined', undefined],
	['a function', () => RIGHT],
	['a text object', new String(RIGHT)],
	['bytes', Buffer.from(RIGHT)],
	['a date', new Date(0)],
	['a map', new Map([['secret', RIGHT]])],
	['an inherited secret', Object.create({ secret: RIGHT })],
])('what JSON cannot hold is refused too: %s', (_, received) => {
	expect(judge(received).isIn).toBe(false);
});
