/**
 * What has moved outside of this repository: lemlist's page "Add Webhook" and the newest n8n. Prints the
 * text of an issue that says what, and what to do; nothing where nothing moved.
 * Usage: tsx test/package/upkeep.ts <what npm said of n8n> <folder of results> [page: file or address]
 */
import { titleOf } from '../e2e/versions/checks';
import type { N8nVersion } from '../e2e/n8n/versions';
import { newN8nVersions, testedOf } from './newestN8n';
import { outcomesIn, type Outcome } from './provenVersions';
import { changesOf, factsAt, PAGE, recordedFacts } from './specification';

interface Part {
	heading: string;
	/** What moved, a sentence or two in Markdown each. */
	moved: readonly string[];
	todo: string;
}

const PAGE_HEADING = `lemlist's page [Add Webhook](${PAGE})`;
const TODO = {
	page: 'Read the page. For a new event, see "Adding an event" in CONTRIBUTING.md. An event that is gone or renamed stands in saved workflows: before it leaves the catalogue, see whether lemlist still accepts it. Then record the page with `npm run check:specification -- --write` and `npm run format`.',
	unreadable: `Open the page and compare it by hand. If it has moved or looks different, change \`PAGE\` in test/package/specification.ts or the reading of it in test/package/specificationPage.ts.`,
	n8n: 'Set `NEWEST_N8N` in test/e2e/n8n/versions.ts to the newest, run `npm run test:e2e` and `npm run docs`, and read the places in the docs that `npm test` then names. A new major line takes an entry there; how it activates a workflow stands in test/e2e/n8n/activation.ts. Where tests fail, try the version with `N8N_LEMLIST_VERSIONS=<version> npm run test:e2e -- versions.test`.',
	registry:
		'Run the workflow *Upkeep* again. If that does not help, see what `npm view n8n dist-tags versions --json` says.',
};

/** @returns what lemlist's page says otherwise than the record, or that it cannot be read */
export async function partOfPage(place?: string, recorded = recordedFacts()): Promise<Part> {
	try {
		const moved = changesOf(recorded, await factsAt(place));
		return { heading: PAGE_HEADING, moved, todo: TODO.page };
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		return {
			heading: PAGE_HEADING,
			moved: [`It could not be compared: ${reason}`],
			todo: TODO.unreadable,
		};
	}
}

function verdictOn(version: N8nVersion, outcomes: readonly Outcome[]): string {
	const tests = outcomes.filter(({ name }) => name.startsWith(titleOf(version)));
	const failed = tests.filter(({ status }) => status !== 'passed');
	if (tests.length === 0) return 'The tests could not be run in it.';
	if (failed.length === 0) return `All ${String(tests.length)} tests pass in it.`;
	const names = failed.map(({ name }) => `\n  - ${name}`).join('');
	return `Of ${String(tests.length)} tests, these do not pass in it:${names}`;
}

function newsOf(version: N8nVersion, outcomes: readonly Outcome[]): string {
	const tested = testedOf(version);
	const what =
		tested === undefined
			? `n8n ${version} is out, of a major line that is not tested yet.`
			: `n8n ${version} is out; ${tested} is what is tested.`;
	return `${what} ${verdictOn(version, outcomes)}`;
}

/**
 * @param registry the file with what npm said of n8n
 * @param results the folder of what jest reported of the tests in the new versions
 * @returns which n8n came out, and what came of the tests in it; or that the registry cannot be read
 */
export function partOfN8n(registry: string, results: string): Part {
	const versions = newN8nVersions(registry);
	if (versions === undefined)
		return {
			heading: 'n8n',
			moved: ['The npm registry did not say which n8n there are.'],
			todo: TODO.registry,
		};
	const outcomes = outcomesIn(results);
	return {
		heading: 'n8n',
		moved: versions.map((version) => newsOf(version, outcomes)),
		todo: TODO.n8n,
	};
}

/** @returns the text of the issue, in Markdown; empty where nothing moved */
export function issueOf(parts: readonly Part[]): string {
	return parts
		.filter(({ moved }) => moved.length > 0)
		.map(({ heading, moved, todo }) =>
			[`## ${heading}`, moved.map((what) => `- ${what}`).join('\n'), `What to do: ${todo}`].join(
				'\n\n',
			),
		)
		.join('\n\n');
}

async function main([registry, results, place]: readonly string[]): Promise<void> {
	if (registry === undefined || results === undefined)
		throw new Error('Name the file with what npm said of n8n, and the folder of results');
	const issue = issueOf([await partOfPage(place), partOfN8n(registry, results)]);
	if (issue !== '') process.stdout.write(`${issue}\n`);
}

if (require.main === module) void main(process.argv.slice(2));
