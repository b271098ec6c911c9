/** What nobody asks for is let go of, and nothing else. */
import { clock } from '../../../nodes/LemlistTrigger/process/clock';
import { ForgetfulMap } from '../../../nodes/LemlistTrigger/process/forgetfulMap';

const DAY_MS = 24 * 60 * 60 * 1_000;

const real = { ...clock };
let now = 0;
beforeEach(() => {
	now = DAY_MS;
	clock.now = () => now;
});
afterAll(() => {
	Object.assign(clock, real);
});

function mapOfNumbers(): { map: ForgetfulMap<number>; made: () => number } {
	let made = 0;
	return { map: new ForgetfulMap(() => (made += 1)), made: () => made };
}

test('gives the same under the same key, and something of its own under another', () => {
	const { map } = mapOfNumbers();
	expect([map.of('a'), map.of('b'), map.of('a')]).toEqual([1, 2, 1]);
});

test.each([
	[DAY_MS - 1, 1],
	[DAY_MS, 2],
])('what was not asked for in %i ms is then number %i', (passed, number) => {
	const { map } = mapOfNumbers();
	map.of('a');
	now += passed;
	expect(map.of('a')).toBe(number);
});

test('asking keeps an entry for another day', () => {
	const { map } = mapOfNumbers();
	for (let hours = 0; hours < 100; hours += 10) {
		expect(map.of('a')).toBe(1);
		now += 10 * 60 * 60 * 1_000;
	}
});

test('putting something under a key replaces what stood there', () => {
	const { map, made } = mapOfNumbers();
	map.of('a');
	map.set('a', 7);
	expect(map.of('a')).toBe(7);
	expect(made()).toBe(1);
});

test("a thousand workflows that come and go leave nothing behind but the last day's", () => {
	const { map } = mapOfNumbers();
	for (let workflow = 0; workflow < 1_000; workflow += 1) {
		map.of(String(workflow));
		now += DAY_MS / 10;
	}
	map.of('last');
	expect(map.size).toBeLessThanOrEqual(10);
});
