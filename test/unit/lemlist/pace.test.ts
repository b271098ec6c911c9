/** When the next request may go out, by what lemlist's headers say. */
import { clock } from '../../../nodes/LemlistTrigger/process/clock';
import { Pace, type Headers } from '../../../nodes/LemlistTrigger/lemlist/pace';

const real = { ...clock };
let now = 0;
beforeEach(() => {
	now = 50_000;
	clock.now = () => now;
	clock.random = () => 0;
});
afterAll(() => {
	Object.assign(clock, real);
});

/** A request that takes a tenth of a second. */
function request(pace: Pace, status: number, headers: Headers): void {
	const number = pace.sent();
	now += 100;
	pace.ended(number, status, headers);
}

test.each<[string, number, Headers, number]>([
	['budget is left', 200, { 'x-ratelimit-remaining': '5', 'retry-after': '2' }, 0],
	['lemlist tells nothing', 200, {}, 0],
	['lemlist leaves the number out', 200, { 'x-ratelimit-remaining': ' ' }, 0],
	[
		'the budget is used up: until this request counts no more',
		200,
		{ 'x-ratelimit-remaining': '0' },
		1_960,
	],
	[
		'the budget is used up: Retry-After, which comes with every answer, may be for one request only',
		200,
		{ 'x-ratelimit-remaining': '0', 'retry-after': '1' },
		1_960,
	],
	['refused: what lemlist says', 429, { 'retry-after': '7' }, 7_000],
	['refused, to come back at once: not quite so soon', 429, { 'retry-after': '0' }, 500],
	['refused for a fraction of a second', 429, { 'retry-after': '0.651' }, 651],
	['refused without a word: one window', 429, {}, 2_000],
	[
		'refused with a date instead of seconds: one window',
		429,
		{ 'retry-after': 'Mon, 23 Nov 2026 18:00:00 GMT' },
		2_000,
	],
	['no answer at all', 0, {}, 0],
])('%s', (_, status, headers, delay) => {
	const pace = new Pace();
	request(pace, status, headers);
	expect(pace.delay()).toBe(delay);
	now += delay;
	expect(pace.delay()).toBe(0);
});

test('keeps apart who was refused together', () => {
	clock.random = () => 0.5;
	const pace = new Pace();
	request(pace, 429, { 'retry-after': '1' });
	expect(pace.delay()).toBe(1_125);
});

test('comes back later and later when lemlist keeps refusing', () => {
	const pace = new Pace();
	const delays = Array.from({ length: 6 }, () => {
		request(pace, 429, { 'retry-after': '0' });
		const delay = pace.delay();
		now += delay;
		return delay;
	});
	expect(delays).toEqual([500, 1_000, 2_000, 4_000, 4_000, 4_000]);
	request(pace, 200, {});
	now += 2_060;
	request(pace, 429, { 'retry-after': '0' });
	expect(pace.delay()).toBe(500);
});

test('requests that are refused together are one refusal', () => {
	const pace = new Pace();
	const numbers = [pace.sent(), pace.sent()];
	for (const number of numbers) pace.ended(number, 429, { 'retry-after': '0' });
	expect(pace.delay()).toBe(500);
});

test('counts requests under way as budget that is gone', () => {
	const pace = new Pace();
	const [first = 0] = [pace.sent(), pace.sent(), pace.sent()];
	pace.ended(first, 200, { 'x-ratelimit-remaining': '2' });
	expect(pace.delay()).toBeGreaterThan(0);
});

test('requests that have ended are not under way any more', () => {
	const pace = new Pace();
	for (let sent = 0; sent < 10; sent += 1) request(pace, 200, { 'x-ratelimit-remaining': '5' });
	expect(pace.delay()).toBe(0);
});

test('after a pause, the window begins with the next request', () => {
	const pace = new Pace();
	request(pace, 200, { 'x-ratelimit-remaining': '0' });
	now += 60_000;
	request(pace, 200, { 'x-ratelimit-remaining': '0' });
	expect(pace.delay()).toBe(1_960);
});

test('answers that come in after the budget was used up do not make the pause longer', () => {
	const pace = new Pace();
	const [first = 0, second = 0] = [pace.sent(), pace.sent()];
	now += 100;
	pace.ended(first, 200, { 'x-ratelimit-remaining': '1' });
	now += 900;
	pace.ended(second, 200, { 'x-ratelimit-remaining': '0' });
	expect(pace.delay()).toBe(1_060);
});

test('in a window that slides, requests follow at the intervals of those whose place they take', () => {
	const pace = new Pace();
	for (const passed of [0, 300, 500]) {
		now += passed;
		request(pace, 200, { 'x-ratelimit-remaining': '0' });
	}
	const sentAt = Array.from({ length: 3 }, () => {
		now += pace.delay();
		request(pace, 200, { 'x-ratelimit-remaining': '0' });
		return now - 100;
	});
	expect(sentAt).toEqual([52_060, 52_460, 53_060]);
});

test('counts no more than the limit where a fixed window has just ended and the next begun', () => {
	const pace = new Pace();
	const send = (remaining: number) => {
		pace.ended(pace.sent(), 200, { 'x-ratelimit-remaining': String(remaining) });
	};
	for (let sent = 1; sent <= 15; sent += 1) send(20 - sent);
	now += 500;
	for (let sent = 1; sent <= 20; sent += 1) send(20 - sent);
	expect(pace.delay()).toBe(2_060);
});

test('sends as many at once as the limit has room for, before lemlist has said a word', () => {
	const pace = new Pace();
	for (let sent = 1; sent <= 20; sent += 1) {
		expect(pace.delay()).toBe(0);
		pace.sent();
	}
	expect(pace.delay()).toBe(2_060);
});

test.each<[string, string, number]>([
	['the rest of a budget that others use too', '7', 7],
	['nothing but one at a time of a budget that is used up', '0', 0],
	['the whole limit where lemlist tells nonsense', 'plenty', 19],
	['nothing but one at a time where lemlist counts below nothing', '-3', 0],
	['the limit at most, whatever lemlist tells', '500', 19],
])('while answers are slow, sends %s', (_, remaining, more) => {
	const pace = new Pace();
	pace.ended(pace.sent(), 200, { 'x-ratelimit-remaining': remaining });
	let sent = 0;
	for (; pace.delay() === 0; sent += 1) pace.sent();
	expect(sent).toBe(more);
});

test('what an older answer says of the budget does not count any more', () => {
	const pace = new Pace();
	const [older = 0, newer = 0] = [pace.sent(), pace.sent()];
	pace.ended(newer, 200, { 'x-ratelimit-remaining': '18' });
	pace.ended(older, 200, { 'x-ratelimit-remaining': '0' });
	expect(pace.delay()).toBe(0);
});

test('an answer that took longer than a window says nothing of the one that is open now', () => {
	const pace = new Pace();
	const number = pace.sent();
	now += 2_500;
	pace.ended(number, 200, { 'x-ratelimit-remaining': '0' });
	for (let sent = 1; sent <= 20; sent += 1) {
		expect(pace.delay()).toBe(0);
		pace.sent();
	}
});

test.each<[string, number, Headers, boolean]>([
	['nothing is known', 0, {}, false],
	['others leave us half', 200, { 'x-ratelimit-remaining': '9' }, false],
	['others leave us less', 200, { 'x-ratelimit-remaining': '8' }, true],
	['lemlist turns requests away', 429, {}, true],
])('the limit counts as crowded when %s', (_, status, headers, isCrowded) => {
	const pace = new Pace();
	request(pace, status, headers);
	expect(pace.isCrowded()).toBe(isCrowded);
});

test('after a refusal, one request goes first to see', () => {
	const pace = new Pace();
	const numbers = Array.from({ length: 20 }, () => pace.sent());
	for (const number of numbers) pace.ended(number, 429, { 'retry-after': '1' });
	now += pace.delay();
	const first = pace.sent();
	expect(pace.delay()).toBeGreaterThan(0);
	pace.ended(first, 200, { 'x-ratelimit-remaining': '10' });
	expect(pace.delay()).toBe(0);
});

test('goes on at once when there is budget again', () => {
	const pace = new Pace();
	request(pace, 200, { 'x-ratelimit-remaining': '0' });
	now += pace.delay();
	request(pace, 200, { 'x-ratelimit-remaining': '19' });
	expect(pace.delay()).toBe(0);
});

test('a shorter pause does not undo a longer one', () => {
	const pace = new Pace();
	const [first = 0, second = 0] = [pace.sent(), pace.sent()];
	pace.ended(first, 429, { 'retry-after': '10' });
	pace.ended(second, 200, { 'x-ratelimit-remaining': '0', 'retry-after': '1' });
	expect(pace.delay()).toBe(10_000);
});

test('a refusal for a shorter time does not undo one for a longer', () => {
	const pace = new Pace();
	const [first = 0, second = 0] = [pace.sent(), pace.sent()];
	pace.ended(first, 429, { 'retry-after': '10' });
	pace.ended(second, 429, { 'retry-after': '1' });
	expect(pace.delay()).toBe(10_000);
});

test.each([20, 21])(
	'the next after %i requests takes the place of the first of the last 20',
	(sent) => {
		const pace = new Pace();
		for (let count = 1; count <= sent; count += 1) {
			pace.ended(pace.sent(), 200, { 'x-ratelimit-remaining': count < sent ? '9' : '0' });
			now += 10;
		}
		expect(pace.delay()).toBe(2_060 - 20 * 10);
	},
);
