/** docs/reliability.md against the code: its generated tables, its numbers, its links. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { CHECK_INTERVAL_SECONDS } from '../../nodes/LemlistTrigger/schedule';
import { faultTables, RELIABILITY, withFaultTables } from '../package/faultTable';
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

const links = [...document.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link).filter((link) => !/^https?:/.test(link));

/** How GitHub names the place of a heading. */
function anchorOf(heading: string): string {
	return heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-');
}

test.each([...new Set(links)])('its link to %s points to something', (link) => {
	const [file = '', anchor] = link.split('#');
	const place = file === '' ? RELIABILITY : path.join(path.dirname(RELIABILITY), file);
	expect(existsSync(place)).toBe(true);
	if (anchor === undefined) return;
	const headings = [...readFileSync(place, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));
	expect(headings).toContain(anchor);
});
