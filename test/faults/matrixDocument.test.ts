/** docs/reliability.md against the faults that are tested, and its numbers against the code. */
import { CHECK_INTERVAL_SECONDS } from '../../nodes/LemlistTrigger/hooks/schedule';
import { textOf } from '../package/documents';
import { faultTables } from '../package/faultTable';
import { MATRIX, TEAM_MATRIX } from './matrix';

test('its tables show every fault', () => {
	for (const { what } of [...MATRIX, ...TEAM_MATRIX])
		expect(faultTables()).toContain(`| ${what} |`);
});

test('the five minutes that it promises are the interval of the check', () => {
	expect(textOf('docs/reliability.md')).toContain('every five minutes');
	expect(CHECK_INTERVAL_SECONDS).toBe(300);
});
