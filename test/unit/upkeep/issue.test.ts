/** The weekly look outside: which n8n are new, what the issue says, and when there is one. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { NEWEST_N8N } from '../../e2e/n8n/versions';
import { titleOf } from '../../e2e/versions/checks';
import { ROOT, textOf } from '../../package/documents';
import { newN8nVersions } from '../../package/newestN8n';
import { factsOf } from '../../package/specificationPage';
import { issueOf, partOfN8n, partOfPage } from '../../package/upkeep';
import { asMarkdown, CONTENT } from './page';

const [NEW, OLD] = [NEWEST_N8N[2], NEWEST_N8N[1]];
/** Versions beside those that are tested, whichever these are by now. */
const [LATER, BETA, LATER_OLD, EARLIER] = ['2.900.0', '2.901.0', '1.900.10', '1.2.0'] as const;

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'n8n-nodes-lemlist-upkeep-'));
});
afterEach(() => {
	rmSync(folder, { recursive: true });
});

/** A file with what npm printed. */
function printed(content: string): string {
	const file = path.join(folder, 'registry.json');
	writeFileSync(file, content);
	return file;
}

function registryOf(latest: string, versions: readonly string[]): string {
	return printed(JSON.stringify({ 'dist-tags': { latest }, versions }));
}

test.each<{ what: string; latest: string; versions: string[]; news: string[] }>([
	{ what: 'nothing moved', latest: NEW, versions: [EARLIER, OLD, NEW], news: [] },
	{ what: 'n8n 2 moved', latest: LATER, versions: [OLD, NEW, LATER], news: [LATER] },
	{ what: 'n8n 1 moved', latest: NEW, versions: [NEW, OLD, LATER_OLD], news: [LATER_OLD] },
	{
		what: 'both moved, and versions are listed by their letters',
		latest: LATER,
		versions: [OLD, '1.900.9', LATER_OLD, '1.900.8', NEW, LATER],
		news: [LATER, LATER_OLD],
	},
	{
		what: 'there is a beta in the line of the latest',
		latest: LATER,
		versions: [OLD, NEW, LATER, BETA],
		news: [LATER],
	},
	{
		what: 'there is a beta, and the latest is what is tested',
		latest: NEW,
		versions: [OLD, NEW, BETA],
		news: [],
	},
	{
		what: 'there is a new major that is the latest',
		latest: '3.0.1',
		versions: [OLD, NEW, '3.0.0', '3.0.1'],
		news: ['3.0.1'],
	},
	{
		what: 'there is a new major of two digits that is not the latest yet',
		latest: NEW,
		versions: ['10.0.0', OLD, NEW],
		news: ['10.0.0'],
	},
	{
		what: 'there are versions for a few',
		latest: NEW,
		versions: [OLD, NEW, '3.0.0-rc.1', '2.999.0-exp.0'],
		news: [],
	},
	{ what: 'there is an older line', latest: NEW, versions: ['0.236.3', OLD, NEW], news: [] },
	{
		what: 'the latest was taken back',
		latest: '2.1.0',
		versions: ['2.1.0', OLD, NEW],
		news: [],
	},
])('when $what, these are new: $news', ({ latest, versions, news }) => {
	expect(newN8nVersions(registryOf(latest, versions))).toEqual(news);
});

const NO_ANSWERS = [
	['the registry was down', '{"error":{"code":"E503","summary":"Service Unavailable"}}'],
	['npm was ended', '{"dist-tags": {"lat'],
	['npm printed nothing', ''],
] as const;

test.each(NO_ANSWERS)('when %s, nobody knows what is new', (_, content) => {
	expect(newN8nVersions(printed(content))).toBeUndefined();
});

test('when npm did not run, nobody knows what is new', () => {
	expect(newN8nVersions(path.join(folder, 'missing.json'))).toBeUndefined();
});

describe('the versions that the tests run', () => {
	function versionsWith(named: string): unknown {
		const { status, stdout, stderr } = spawnSync(
			process.execPath,
			[
				'--import',
				'tsx',
				'--print',
				'JSON.stringify(require("./test/e2e/n8n/versions.ts").N8N_VERSIONS)',
			],
			{ cwd: ROOT, encoding: 'utf8', env: { ...process.env, N8N_LEMLIST_VERSIONS: named } },
		);
		return status === 0 ? JSON.parse(stdout) : stderr;
	}

	test.each([
		['the newest known', '', [NEW, OLD]],
		['those that are named from outside', `${LATER} 3.0.0`, [LATER, '3.0.0']],
		['none where a name is no version', 'latest', expect.stringContaining('names "latest"')],
	])('are %s', (_, named, versions) => {
		expect(versionsWith(named)).toEqual(versions);
	});
});

/** A folder of results of jest, of tests in a version. */
function resultsOf(version: string, tests: Readonly<Record<string, string>>): string {
	const results = mkdtempSync(path.join(folder, 'results-'));
	const assertionResults = Object.entries(tests).map(([name, status]) => ({
		fullName: `n8n ${version} ${name}`,
		status,
	}));
	const suite = { name: '/versions.test.ts', status: 'passed', assertionResults };
	writeFileSync(path.join(results, 'e2e.json'), JSON.stringify({ testResults: [suite] }));
	return results;
}

const PASSING = { lives: 'passed', mends: 'passed' };

test.each([
	{
		what: 'whose tests pass',
		version: LATER,
		tests: PASSING,
		says: `n8n ${LATER} is out; ${NEW} is what is tested. All 2 tests pass in it.`,
	},
	{
		what: 'whose tests do not all pass',
		version: LATER,
		tests: { ...PASSING, restarts: 'failed', edits: 'pending' },
		says: `n8n ${LATER} is out; ${NEW} is what is tested. Of 4 tests, these do not pass in it:\n  - ${titleOf(LATER)}restarts\n  - ${titleOf(LATER)}edits`,
	},
	{
		what: 'that could not be installed',
		version: LATER,
		tests: {},
		says: `n8n ${LATER} is out; ${NEW} is what is tested. The tests could not be run in it.`,
	},
	{
		what: 'of a new major',
		version: '3.0.0',
		tests: PASSING,
		says: 'n8n 3.0.0 is out, of a major line that is not tested yet. All 2 tests pass in it.',
	},
])('of an n8n $what, the issue says so', ({ version, tests, says }) => {
	const registry = registryOf(version, [OLD, NEW, version]);
	const { moved } = partOfN8n(registry, resultsOf(version, tests));
	expect(moved).toEqual([says]);
});

test('results of a version that begins alike count for nothing', () => {
	const registry = registryOf(LATER, [OLD, NEW, LATER]);
	const { moved } = partOfN8n(registry, resultsOf(`${LATER}1`, PASSING));
	expect(moved).toEqual([expect.stringContaining('The tests could not be run in it.')]);
});

test.each(NO_ANSWERS)('when %s, the issue says so', (_, content) => {
	const { moved } = partOfN8n(printed(content), folder);
	expect(moved).toEqual(['The npm registry did not say which n8n there are.']);
});

/** The issue on a page and on versions of n8n. */
async function issueOn(page: string, latest: string): Promise<string> {
	const file = path.join(folder, 'page.md');
	writeFileSync(file, page);
	const registry = registryOf(latest, [OLD, NEW, latest]);
	return issueOf([
		await partOfPage(file, factsOf(asMarkdown(CONTENT))),
		partOfN8n(registry, resultsOf(latest, PASSING)),
	]);
}

describe('the issue', () => {
	const moved = asMarkdown({ ...CONTENT, removed: [] });

	test('is none where nothing moved', async () => {
		expect(await issueOn(asMarkdown(CONTENT), NEW)).toBe('');
	});

	test.each([
		{ what: 'the page alone', page: moved, latest: NEW, headings: ['lemlist'] },
		{ what: 'n8n alone', page: asMarkdown(CONTENT), latest: LATER, headings: ['n8n'] },
		{ what: 'both', page: moved, latest: LATER, headings: ['lemlist', 'n8n'] },
	])('is about $what, and says of each what to do', async ({ page, latest, headings }) => {
		const issue = await issueOn(page, latest);
		expect([...issue.matchAll(/^## (\w+)/gm)].map(([, heading]) => heading)).toEqual(headings);
		expect(issue.match(/^What to do: /gm)).toHaveLength(headings.length);
	});

	test('lists what moved, an item each', async () => {
		const issue = await issueOn(moved, NEW);
		expect(issue.match(/^- .*/gm)).toEqual(
			CONTENT.removed.map((type) => `- \`${type}\` is no longer listed among the removed events.`),
		);
	});

	test.each([
		['has no table', 'Nothing here', 'It could not be compared: It has no tables of events'],
		['is empty', '', 'It could not be compared: It has no tables of events'],
	])('says so where the page %s', async (_, page, says) => {
		expect(await issueOn(page, NEW)).toContain(says);
	});

	test('says so where there is no page', async () => {
		const { moved: sentences } = await partOfPage(path.join(folder, 'missing.md'));
		expect(sentences).toEqual([expect.stringMatching(/^It could not be compared: .*no such file/)]);
	});

	test.each(['NEWEST_N8N` in test/e2e/n8n/versions.ts', 'PAGE` in test/package/specification.ts'])(
		'sends nobody to what is not there: %s',
		async (place) => {
			const [name = '', file = ''] = place.split('` in ');
			expect(`${await issueOn(moved, LATER)}${await issueOn('', NEW)}`).toContain(place);
			expect(textOf(file)).toContain(`export const ${name} `);
		},
	);
});

/** The last step of the workflow, in a shell, with a stand-in for GitHub's program. */
describe('the workflow', () => {
	const STEPS = z.array(
		z.object({ run: z.string().optional(), env: z.record(z.string()).optional() }),
	);
	const { tell } = z
		.object({ jobs: z.object({ tell: z.object({ steps: STEPS }) }) })
		.parse(parse(textOf('.github/workflows/upkeep.yml'))).jobs;
	const { run = '', env = {} } = tell.steps.at(-1) ?? {};
	const TEXT = '## n8n\n\n- n8n "3" is *out*; `$HOME`';
	const GH = `#!/usr/bin/env bash
case "$1 $2" in
	'issue list') [ ! -f open ] || echo 7 ;;
	'issue view') cat open ;;
	*) printf '%s\\n' "$@" > told ;;
esac
`;

	/** What GitHub is told, undefined where it is nothing. @param open what the open issue says, if there is one */
	function toldTo(open: string | undefined, gh = GH): string | undefined {
		writeFileSync(path.join(folder, 'gh'), gh);
		chmodSync(path.join(folder, 'gh'), 0o755);
		writeFileSync(path.join(folder, 'issue.md'), `${TEXT}\n`);
		if (open !== undefined) writeFileSync(path.join(folder, 'open'), open);
		const { status } = spawnSync('bash', ['-e', '-c', run], {
			cwd: folder,
			env: { ...env, PATH: `${folder}:${process.env.PATH ?? ''}`, RUN: 'https://example.com/run' },
		});
		if (status !== 0) return 'failed';
		const told = path.join(folder, 'told');
		return existsSync(told) ? readFileSync(told, 'utf8') : undefined;
	}

	const BODY = `--body\n${TEXT}\n\n[Where this was seen](https://example.com/run)\n`;

	test.each([
		[
			'opens an issue where none is open',
			undefined,
			`issue\ncreate\n--title\n${env.TITLE ?? ''}\n${BODY}`,
		],
		['comments on an issue that says something else', 'n8n 2 is out', `issue\ncomment\n7\n${BODY}`],
		['says nothing twice', `First\n${TEXT}\n\n[Where this was seen](there)\nOh\n`, undefined],
		['nor where it was edited in a browser', `${TEXT}\n`.replaceAll('\n', '\r\n'), undefined],
	])('%s', (_, open, told) => {
		expect(toldTo(open)).toBe(told);
	});

	test('fails where GitHub does not say what is in the issue, and says nothing twice', () => {
		expect(toldTo(TEXT, GH.replace('cat open', 'exit 1'))).toBe('failed');
	});
});
