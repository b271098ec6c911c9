/** docs/reliability.md against the code: its generated tables, its numbers, its links. */
import { readFileSync } from 'node:fs';
import { CHECK_INTERVAL_SECONDS } from '../../nodes/LemlistTrigger/schedule';
import { faultTables, RELIABILITY, withFaultTables } from '../package/faultTable';
import { leadsSomewhere, linksOf } from '../package/links';
import { MATRIX, TEAM_MATRIX } from './matrix';

const document = readFileSync(RELIABILITY, 'utf8');

test('its tables are what the matrix says now (if not: npx tsx test/package/faultTable.ts)', () => {
	expect(withFaultTables(document)).toBe(document);
});

test('its tables show every fault', () => {
	for (const { what } of [...MATRIX, ...TEAM_MATRIX]) expect(faultTables()).toContain(`| ${what} |`);
});

test('a text without the markers is refused', () => {
	expect(() => withFaultTables('No tables here')).toThrow('<!-- faults:begin -->');
});

test('the five minutes that it promises are the interval of the check', () => {
	expect(document).toContain('every five minutes');
	expect(CHECK_INTERVAL_SECONDS).toBe(300);
});

test.each(linksOf(RELIABILITY))('its link to %s leads somewhere', (link) => {
	expect(leadsSomewhere(RELIABILITY, link)).toBe(true);
});
