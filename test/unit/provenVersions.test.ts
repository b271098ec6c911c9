/** The table of versions in docs/hosting.md against results of jest: what is said of a version was run in it, and passed. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { NEWEST_N8N } from '../e2e/n8n/versions';
import { CHECKS, type Check } from '../e2e/versions/checks';
import { outcomesIn, reportOf, type Outcome } from '../package/provenVersions';

const ROOT = path.resolve(__dirname, '../..');
/** On a busy machine. */
const LISTING_LIMIT_MS = 120_000;
const [NEW, OLD] = [NEWEST_N8N[2], NEWEST_N8N[1]];

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'n8n-nodes-lemlist-results-'));
});
afterEach(() => {
	rmSync(folder, { recursive: true });
});

/** A suite as jest reports it. */
interface Suite {
	name: string;
	status: string;
	assertionResults: Array<{ fullName: string; status: string }>;
}

function suite(file: string, tests: Readonly<Record<string, string>>, status = 'passed'): Suite {
	return {
		name: path.join(ROOT, file),
		status,
		assertionResults: Object.entries(tests).map(([fullName, of]) => ({ fullName, status: of })),
	};
}

/** What came of suites that jest reported in a file each. */
function outcomesOf(suites: readonly Suite[]): Outcome[] {
	for (const [index, testResult] of suites.entries())
		writeFileSync(
			path.join(folder, `${String(index)}.json`),
			JSON.stringify({ testResults: [testResult] }),
		);
	return outcomesIn(folder);
}

const [LIVES, EDITOR, KEYBOARD] = [
	'test/e2e/lives.test.ts',
	'test/e2e/editor.test.ts',
	'test/e2e/editor-keyboard.test.ts',
];
const IN_BOTH: Check = {
	what: 'In both',
	proofs: {
		[NEW]: [{ suite: LIVES, name: `n8n ${NEW} lives` }],
		[OLD]: [{ suite: LIVES, name: `n8n ${OLD} lives` }],
	},
};
const IN_ONE: Check = {
	what: 'In one',
	proofs: { [NEW]: [{ suite: 'test/e2e/editor*.test.ts' }] },
};
const IN_NONE: Check = { what: 'In none', proofs: { [NEW]: [], [OLD]: [] } };

const bothLive = {
	[`n8n ${NEW} lives long`]: 'passed',
	[`n8n ${NEW} lives well`]: 'passed',
	[`n8n ${OLD} lives long`]: 'passed',
};

test.each<{ what: string; check: Check; suites: Suite[]; line: string }>([
	{
		what: 'tests in both versions',
		check: IN_BOTH,
		suites: [suite(LIVES, bothLive)],
		line: `In both: n8n ${NEW} yes (tests: 2) | n8n ${OLD} yes (tests: 1)`,
	},
	{
		what: 'tests beside them that fail',
		check: IN_BOTH,
		suites: [suite(LIVES, { ...bothLive, 'another one': 'failed' }, 'failed')],
		line: `In both: n8n ${NEW} yes (tests: 2) | n8n ${OLD} yes (tests: 1)`,
	},
	{
		what: 'all tests of several suites',
		check: IN_ONE,
		suites: [suite(EDITOR, { looks: 'passed' }), suite(KEYBOARD, { types: 'passed' })],
		line: `In one: n8n ${NEW} yes (tests: 2) | n8n ${OLD} not run`,
	},
	{
		what: 'the other version, run in a suite that is not of the check',
		check: IN_ONE,
		suites: [suite(EDITOR, { looks: 'passed' }), suite(LIVES, bothLive)],
		line: `In one: n8n ${NEW} yes (tests: 1) | n8n ${OLD} not run`,
	},
])('$what are what the table says', ({ check, suites, line }) => {
	expect(reportOf([check], outcomesOf(suites))).toEqual({ lines: [line], isProven: true });
});

test.each<{ what: string; check: Check; suites: Suite[]; problem: string }>([
	{
		what: 'a test that failed',
		check: IN_BOTH,
		suites: [suite(LIVES, { ...bothLive, [`n8n ${NEW} lives well`]: 'failed' }, 'failed')],
		problem: `${LIVES}: "n8n ${NEW} lives well" failed`,
	},
	{
		what: 'a test that was skipped',
		check: IN_BOTH,
		suites: [suite(LIVES, { ...bothLive, [`n8n ${OLD} lives long`]: 'pending' })],
		problem: `${LIVES}: "n8n ${OLD} lives long" pending`,
	},
	{
		what: 'a test that is yet to be written',
		check: IN_ONE,
		suites: [suite(EDITOR, { looks: 'passed', feels: 'todo' })],
		problem: `${EDITOR}: "feels" todo`,
	},
	{
		what: 'no test of that name',
		check: IN_BOTH,
		suites: [suite(LIVES, { [`n8n ${NEW} lives long`]: 'passed', [`n8n ${OLD} is`]: 'passed' })],
		problem: `${LIVES}: there is no test "n8n ${OLD} lives"`,
	},
	{
		what: 'a test of that name in another suite',
		check: IN_BOTH,
		suites: [suite(EDITOR, bothLive)],
		problem: `${LIVES}: there is no test "n8n ${NEW} lives"`,
	},
	{
		what: 'a suite that was not run',
		check: IN_ONE,
		suites: [suite(LIVES, bothLive)],
		problem: 'test/e2e/editor*.test.ts: there is no test',
	},
	{
		what: 'a suite that did not start',
		check: IN_ONE,
		suites: [suite(EDITOR, {}, 'failed')],
		problem: 'test/e2e/editor*.test.ts: there is no test',
	},
	{
		what: 'one of several suites that did not start',
		check: IN_ONE,
		suites: [suite(EDITOR, { looks: 'passed' }), suite(KEYBOARD, {}, 'failed')],
		problem: `${KEYBOARD}: "(outside of its tests)" failed`,
	},
	{
		what: 'a suite that did not end well',
		check: IN_BOTH,
		suites: [suite(LIVES, bothLive, 'failed')],
		problem: `${LIVES}: "(outside of its tests)" failed`,
	},
	{
		what: 'a suite of another checkout',
		check: IN_ONE,
		suites: [suite(`../elsewhere/${EDITOR}`, { looks: 'passed' })],
		problem: 'test/e2e/editor*.test.ts: there is no test',
	},
	{
		what: 'no results',
		check: IN_ONE,
		suites: [],
		problem: 'test/e2e/editor*.test.ts: there is no test',
	},
	{
		what: 'a "yes" without tests',
		check: IN_NONE,
		suites: [suite(LIVES, bothLive)],
		problem: 'it names no tests',
	},
	{
		what: 'a "not run" that was run',
		check: IN_ONE,
		suites: [suite(EDITOR, { looks: 'passed', [`n8n ${OLD} looks`]: 'passed' })],
		problem: `n8n ${OLD} says "not run", but ${EDITOR}: "n8n ${OLD} looks" passed`,
	},
])('$what is noticed', ({ check, suites, problem }) => {
	const { lines, isProven } = reportOf([check], outcomesOf(suites));
	expect(lines.join('\n')).toContain(problem);
	expect(isProven).toBe(false);
});

test.each([
	['results that are none', '{"success":true}', /testResults/],
	['a file that is broken off', '{"testRes', /JSON/],
])('%s are no results', (_, content, message) => {
	writeFileSync(path.join(folder, 'e2e.json'), content);
	expect(() => outcomesIn(folder)).toThrow(message);
});

test('a folder that is not there is no results', () => {
	expect(() => outcomesIn(path.join(folder, 'missing'))).toThrow('ENOENT');
});

describe('the table', () => {
	/** The tests that a check means, as they should be. */
	function passing({ proofs }: Check): Outcome[] {
		return Object.values(proofs)
			.flat()
			.map(({ suite: meant, name = 'a test' }) => ({
				suite: meant.replace('*', '-any'),
				name,
				status: 'passed',
			}));
	}

	test('is proven by the tests that it names', () => {
		expect(reportOf(CHECKS, CHECKS.flatMap(passing)).isProven).toBe(true);
	});

	test.each(CHECKS)('says too much when a test behind "$what" is gone, whichever', (check) => {
		const tests = passing(check);
		for (const gone of tests)
			expect(
				reportOf(
					[check],
					tests.filter((other) => other !== gone),
				).isProven,
			).toBe(false);
	});
});

describe('the suites in a real n8n, as jest lists them', () => {
	/** Has jest load the suites and list their tests without running them. It calls them passed. */
	function listed(): Outcome[] {
		const { rootDir, transform, moduleNameMapper, setupFiles } =
			jest.requireActual<Record<string, unknown>>('../../jest.config.js');
		const suites = CHECKS.flatMap(({ proofs }) =>
			Object.values(proofs)
				.flat()
				.map((proof) => `<rootDir>/${proof.suite}`),
		);
		const config = {
			rootDir,
			transform,
			moduleNameMapper,
			setupFiles,
			testMatch: [...new Set(suites)],
		};
		const outputFile = path.join(folder, 'listed.json');
		spawnSync(
			process.execPath,
			[
				'node_modules/jest/bin/jest.js',
				'--config',
				JSON.stringify(config),
				'--collectTests',
				'--json',
				'--outputFile',
				outputFile,
			],
			{ cwd: ROOT },
		);
		return outcomesIn(folder);
	}

	test(
		'have every test that the table names',
		() => {
			const { lines, isProven } = reportOf(CHECKS, listed());
			expect(isProven ? [] : lines).toEqual([]);
		},
		LISTING_LIMIT_MS,
	);
});
