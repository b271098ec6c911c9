/**
 * A lemlist that takes connections and does not answer, in real time: the bounds that n8n sets are kept. Each
 * situation has a key and a team of its own, so all happen at once.
 */
import type { Fault, FaultTrigger } from '../../sandbox';
import type { Trigger } from '../host';
import { EVENTS, GET, POST, Stage } from '../stage';

interface Situation {
	what: string;
	isPublished: boolean;
	faults: readonly (Fault & { on: FaultTrigger })[];
	act: (trigger: Trigger) => Promise<void>;
	withinMs: number;
	/** What is thrown; absent: nothing. */
	words?: RegExp;
}

interface Outcome {
	ms: number;
	thrown: unknown;
	types: unknown[];
}

const activate = async (trigger: Trigger) => {
	await trigger.activate();
};
const deactivate = async (trigger: Trigger) => {
	await trigger.deactivate();
};
const GIVEN_UP = /could not be reached|took too long/;

const SITUATIONS: readonly Situation[] = [
	{
		what: 'single POSTs, before and after lemlist acted: they are looked into',
		isPublished: false,
		faults: [
			{ on: { ...POST, nth: 1 }, effect: 'hangAfter' },
			{ on: { ...POST, nth: 2 }, effect: 'hangBefore' },
		],
		act: activate,
		withinMs: 15_000,
	},
	{
		what: "every list: ends an activation, n8n's delete after it included, within 30 seconds",
		isPublished: false,
		faults: [{ on: GET, effect: 'hangBefore', times: Infinity }],
		act: activate,
		withinMs: 30_000,
		words: GIVEN_UP,
	},
	...(['hangBefore', { name: 'slowAnswer', bytesPerSecond: 1 }] as const).map((effect) => ({
		what: `every list, ${typeof effect === 'string' ? 'no answer' : 'one byte a second'}: ends a deactivation within 20 seconds`,
		isPublished: true,
		faults: [{ on: GET, effect, times: Infinity }],
		act: deactivate,
		withinMs: 20_500,
		words: GIVEN_UP,
	})),
];

const stage = new Stage();
const outcomes = new Map<Situation, Outcome>();

async function outcomeOf(
	{ isPublished, faults, act }: Situation,
	number: number,
): Promise<Outcome> {
	const [apiKey, teamId] = [`key-${String(number)}`, `tea_Silence${String(number)}`];
	stage.lemlist.keys.set(apiKey, { state: 'valid', teamId });
	const trigger = stage.trigger({}, { apiKey });
	if (isPublished) await trigger.activate();
	const authorization = `Basic ${Buffer.from(`:${apiKey}`).toString('base64')}`;
	for (const { on, ...fault } of faults) {
		const match = ({ headers }: { headers: { authorization?: string | undefined } }) =>
			headers.authorization === authorization;
		stage.lemlist.fault({ ...fault, on: { ...on, match } });
	}
	const began = Date.now();
	const thrown: unknown = await act(trigger).then(
		() => undefined,
		(error: unknown) => error,
	);
	const hooks = stage.lemlist.hooks.filter((hook) => hook.teamId === teamId);
	return { ms: Date.now() - began, thrown, types: hooks.map(({ type }) => type).sort() };
}

beforeAll(async () => {
	await Promise.all(
		SITUATIONS.map(async (situation, number) => {
			outcomes.set(situation, await outcomeOf(situation, number));
		}),
	);
}, 60_000);

test.each(SITUATIONS)('$what', (situation) => {
	const { withinMs, words, isPublished } = situation;
	const outcome = outcomes.get(situation);
	expect(outcome?.ms).toBeLessThan(withinMs);
	if (words === undefined) expect(outcome?.thrown).toBeUndefined();
	else expect(outcome?.thrown).toHaveProperty('message', expect.stringMatching(words));
	// What could not be removed is there still; what could not be looked at was never made.
	const isThere = isPublished || words === undefined;
	expect(outcome?.types).toEqual(isThere ? [...EVENTS].sort() : []);
});
