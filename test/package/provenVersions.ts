/**
 * Holds the table of versions in docs/hosting.md against what was run: the tests behind each "yes" are there and
 * have passed, and nothing that says "not run" was run. Reads the results that jest writes with --json;
 * ends with 1 where something is not so. Usage: tsx test/package/provenVersions.ts <folder of results>
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { N8N_VERSIONS, type N8nVersion } from '../e2e/n8n/versions';
import { CHECKS, titleOf, type Check, type Proof } from '../e2e/versions/checks';

/** What came of a test. */
export interface Outcome {
	/** Its file, from the root of the checkout. */
	suite: string;
	/** Its full name; of what went wrong outside of the tests, that of no test. */
	name: string;
	/** As jest says it: passed, failed, pending and others. */
	status: string;
}

/** A check in one version. */
interface Verdict {
	version: N8nVersion;
	mark: 'yes' | 'not run';
	/** How many tests stand behind it. */
	tests: number;
	/** What speaks against the mark, a sentence each. */
	problems: readonly string[];
}

const ROOT = path.resolve(__dirname, '../..');
const OUTSIDE = '(outside of its tests)';
const HAS_RUN = new Set(['passed', 'failed']);

const RESULTS = z.object({
	testResults: z.array(
		z.object({
			name: z.string(),
			status: z.string(),
			assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
		}),
	),
});

type SuiteResult = z.infer<typeof RESULTS>['testResults'][number];

function outcomesOf({ name, status, assertionResults }: SuiteResult): Outcome[] {
	const suite = path.relative(ROOT, name);
	const tests = assertionResults.map((test) => ({
		suite,
		name: test.fullName,
		status: test.status,
	}));
	const brokeOutside = status === 'failed' && !tests.some((test) => test.status === 'failed');
	return brokeOutside ? [...tests, { suite, name: OUTSIDE, status }] : tests;
}

/** @returns what came of the tests in a folder of jest's results. @throws Error when it holds something else, or is not there */
export function outcomesIn(folder: string): Outcome[] {
	const files = readdirSync(folder).map((file) => path.join(folder, file));
	return files.flatMap((file) =>
		RESULTS.parse(JSON.parse(readFileSync(file, 'utf8'))).testResults.flatMap(outcomesOf),
	);
}

/** Whether a file is meant by the suite of a proof. */
function isOfSuite(file: string, suite: string): boolean {
	const [begin = '', end] = suite.split('*');
	return end === undefined ? file === suite : file.startsWith(begin) && file.endsWith(end);
}

function behind({ suite, name = '' }: Proof, outcomes: readonly Outcome[]): Outcome[] {
	return outcomes.filter(
		(outcome) =>
			isOfSuite(outcome.suite, suite) && (outcome.name.includes(name) || outcome.name === OUTSIDE),
	);
}

function told({ suite, name, status }: Outcome): string {
	return `${suite}: "${name}" ${status}`;
}

function problemsOf(proof: Proof, outcomes: readonly Outcome[]): string[] {
	const tests = behind(proof, outcomes);
	if (tests.every(({ name }) => name === OUTSIDE))
		return [
			`${proof.suite}: there is no test${proof.name === undefined ? '' : ` "${proof.name}"`}`,
		];
	return tests.filter(({ status }) => status !== 'passed').map(told);
}

function verdictOfYes(
	version: N8nVersion,
	proofs: readonly Proof[],
	outcomes: readonly Outcome[],
): Verdict {
	const tests = new Set(proofs.flatMap((proof) => behind(proof, outcomes)));
	const problems =
		proofs.length === 0
			? ['it names no tests']
			: proofs.flatMap((proof) => problemsOf(proof, outcomes));
	return { version, mark: 'yes', tests: tests.size, problems };
}

function verdictOfNotRun(
	version: N8nVersion,
	{ proofs }: Check,
	outcomes: readonly Outcome[],
): Verdict {
	const suites = Object.values(proofs)
		.flat()
		.map(({ suite }) => suite);
	const inVersion = outcomes.filter(
		({ suite, name }) =>
			name.includes(titleOf(version)) && suites.some((other) => isOfSuite(suite, other)),
	);
	const run = inVersion.filter(({ status }) => HAS_RUN.has(status));
	return { version, mark: 'not run', tests: run.length, problems: run.map(told) };
}

function verdictsOf(check: Check, outcomes: readonly Outcome[]): Verdict[] {
	return N8N_VERSIONS.map((version) => {
		const proofs = check.proofs[version];
		return proofs === undefined
			? verdictOfNotRun(version, check, outcomes)
			: verdictOfYes(version, proofs, outcomes);
	});
}

function shown({ version, mark, tests, problems }: Verdict): string {
	const what = mark === 'yes' ? `yes (tests: ${String(tests)})` : mark;
	return `n8n ${version} ${problems.length === 0 ? what : `says "${mark}", but ${problems.join('; ')}`}`;
}

/** @returns a line for each check, and whether each says what was seen */
export function reportOf(
	checks: readonly Check[],
	outcomes: readonly Outcome[],
): { lines: readonly string[]; isProven: boolean } {
	const rows = checks.map((check) => ({ check, verdicts: verdictsOf(check, outcomes) }));
	return {
		lines: rows.map(({ check, verdicts }) => `${check.what}: ${verdicts.map(shown).join(' | ')}`),
		isProven: rows.every(({ verdicts }) => verdicts.every(({ problems }) => problems.length === 0)),
	};
}

function main(folder: string | undefined): void {
	if (folder === undefined)
		throw new Error('Name the folder that holds the results of jest --json');
	const { lines, isProven } = reportOf(CHECKS, outcomesIn(folder));
	const conclusion = isProven
		? 'The table of versions says what was seen.'
		: 'The table of versions says what was not seen.';
	process.stdout.write(`${[...lines, conclusion].join('\n')}\n`);
	process.exitCode = isProven ? 0 : 1;
}

if (require.main === module) main(process.argv[2]);
