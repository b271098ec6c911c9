/** The gate's answer on its way through n8n: what was written is read again, and n8n cuts nothing off. */
import fc from 'fast-check';
import type { IRun } from 'n8n-workflow';
import {
	MOST_ASKED,
	readAnswer,
	writeAnswer,
	type GateAnswer,
} from '../../../nodes/LemlistTrigger/door/answer';

/** What n8n takes of custom data: more of a value it cuts off, another name it refuses. */
const LONGEST_VALUE = 512;
const LONGEST_NAME = 50;
const NAME = /^[A-Za-z0-9_]+$/;
const MOST_ENTRIES = 10;

/** One for each event of the catalogue, and some more. */
const MOST_EVENTS = 100;

const flags = (most: number) => fc.array(fc.boolean(), { maxLength: most, size: 'max' });
const answers: fc.Arbitrary<GateAnswer> = fc.record({
	seen: fc.oneof(
		flags(40),
		flags(MOST_ASKED),
		fc.boolean().map((all) => Array.from({ length: MOST_ASKED }, () => all)),
	),
	taken: flags(MOST_EVENTS),
	knowsSince: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 4_102_444_800_000 })),
});

const shown = (all: readonly boolean[], length = 0): string =>
	all.map(Number).join('').padEnd(length, '0');

function run(metadata?: Record<string, string>): IRun {
	return { data: { resultData: { metadata, runData: {} } } } as unknown as IRun;
}

test('what was written is read again, whole and in its order', () => {
	fc.assert(
		fc.property(answers, (answer) => {
			const { seen, taken, knowsSince } = readAnswer(run(writeAnswer(answer)));
			// Nothing is made up past the end.
			expect(shown(seen)).toBe(shown(answer.seen, seen.length));
			expect(shown(taken)).toBe(shown(answer.taken, taken.length));
			expect(knowsSince).toBe(answer.knowsSince);
		}),
	);
});

test('n8n takes it whole', () => {
	fc.assert(
		fc.property(answers, (answer) => {
			const written = Object.entries(writeAnswer(answer));
			expect(written.length).toBeLessThanOrEqual(MOST_ENTRIES);
			for (const [name, value] of written) {
				expect(value.length).toBeLessThanOrEqual(LONGEST_VALUE);
				expect(name).toMatch(NAME);
				expect(name.length).toBeLessThanOrEqual(LONGEST_NAME);
			}
		}),
	);
});

test('so many keys are the most that it takes whole', () => {
	const seen = Array.from({ length: MOST_ASKED }, (_, index) => index === MOST_ASKED - 1);
	expect(readAnswer(run(writeAnswer({ seen, taken: [], knowsSince: 0 }))).seen).toEqual(seen);
});

test.each<[string, IRun | undefined]>([
	['no run', undefined],
	['a run without custom data', run()],
	['custom data of somebody else', run({ customer: '7' })],
	['half of it', run({ lemlistSeen: '', lemlistTaken: '' })],
])('%s is no answer', (_, given) => {
	expect(() => readAnswer(given)).toThrow(/did not say which events have started the workflow/);
});
