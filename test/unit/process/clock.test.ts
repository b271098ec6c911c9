/** The node's time when the machine's clock is set. */
import { clock } from '../../../nodes/LemlistTrigger/process/clock';

afterEach(() => {
	jest.restoreAllMocks();
});

test.each<[string, readonly number[], readonly number[]]>([
	['goes on', [1_000, 2_000], [0, 1_000]],
	[
		'stands still when the clock is put back, then goes on',
		[1_000, -3_600_000, -3_599_000],
		[0, 0, 1_000],
	],
	[
		'goes on from where it stood when the clock is put back twice',
		[1_000, -1_000, 0, -5_000, -4_000],
		[0, 0, 1_000, 1_000, 2_000],
	],
	['follows a clock that is put forward', [0, 3_600_000], [0, 3_600_000]],
])('%s', (_, shown, told) => {
	const start = clock.now() + 10_000_000;
	const times = shown.map((shift) => {
		jest.spyOn(Date, 'now').mockReturnValue(start + shift);
		return clock.now();
	});
	expect(times.map((time) => time - (times[0] ?? 0))).toEqual(told);
});
