/** When the check of the hooks runs. */
import {
	CHECK_INTERVAL_SECONDS,
	checkSchedule,
} from '../../../nodes/LemlistTrigger/hooks/schedule';

test('is every five minutes, at a second that the node decides', () => {
	expect(CHECK_INTERVAL_SECONDS).toBe(300);
	expect(checkSchedule(CHECK_INTERVAL_SECONDS, 'node')).toMatch(/^[0-5]?\d \*\/5 \* \* \* \*$/);
	expect(checkSchedule(CHECK_INTERVAL_SECONDS, 'node')).toBe(
		checkSchedule(CHECK_INTERVAL_SECONDS, 'node'),
	);
});

test('spreads many triggers over the minute', () => {
	const seconds = Array.from(
		{ length: 600 },
		(_, index) => checkSchedule(300, `node ${String(index)}`).split(' ')[0],
	);
	expect(new Set(seconds).size).toBe(60);
});

test('can be every minute', () => {
	expect(checkSchedule(60, 'node')).toMatch(/^[0-5]?\d \*\/1 \* \* \* \*$/);
});

test('can be every few seconds', () => {
	expect(checkSchedule(5, 'node')).toBe('*/5 * * * * *');
});
