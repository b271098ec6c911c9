/**
 * Which n8n came out since the tests were last set to the newest ones. Prints their versions with spaces
 * between them, as N8N_LEMLIST_VERSIONS takes them; nothing where the registry was down.
 * Usage: npm view n8n dist-tags versions --json > <file>; tsx test/package/newestN8n.ts <file>
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { isN8nVersion, NEWEST_N8N, type N8nVersion } from '../e2e/n8n/versions';

const REGISTRY = z.object({
	'dist-tags': z.object({ latest: z.string() }),
	versions: z.array(z.string()).min(1),
});

const TESTED: readonly N8nVersion[] = Object.values(NEWEST_N8N);

const IN_ORDER = new Intl.Collator('en', { numeric: true });

function compare(one: N8nVersion, other: N8nVersion): number {
	return IN_ORDER.compare(one, other);
}

/** The number of the major line of a version. */
function lineOf(version: N8nVersion): number {
	return Number.parseInt(version);
}

/** @returns the version of a major line that the tests run, undefined where they run none */
export function testedOf(version: N8nVersion): N8nVersion | undefined {
	return TESTED.find((tested) => lineOf(tested) === lineOf(version));
}

/**
 * The newest of each major line. In that of `latest` it is `latest`: what is newer there is a beta,
 * and n8n gives betas ordinary numbers.
 */
function newestOfEachLine(versions: readonly N8nVersion[], latest: string): N8nVersion[] {
	const newest = new Map<number, N8nVersion>();
	for (const version of versions.toSorted(compare)) newest.set(lineOf(version), version);
	if (isN8nVersion(latest)) newest.set(lineOf(latest), latest);
	return [...newest.values()].sort(compare).reverse();
}

/** Whether it is newer than what the tests run of its line. A line that is older than all of theirs does not count. */
function isNews(version: N8nVersion): boolean {
	const tested = testedOf(version);
	if (tested === undefined) return lineOf(version) > Math.min(...TESTED.map(lineOf));
	return compare(version, tested) > 0;
}

/**
 * @param file what npm printed of n8n's `dist-tags` and `versions`
 * @returns the newest version of each major line that the tests do not run, newest first; undefined where npm got no answer
 */
export function newN8nVersions(file: string): N8nVersion[] | undefined {
	const said = REGISTRY.safeParse(jsonIn(file));
	if (!said.success) return undefined;
	const { 'dist-tags': tags, versions } = said.data;
	return newestOfEachLine(versions.filter(isN8nVersion), tags.latest).filter(isNews);
}

function jsonIn(file: string): unknown {
	try {
		return JSON.parse(readFileSync(file, 'utf8'));
	} catch {
		return undefined;
	}
}

function main(file: string | undefined): void {
	if (file === undefined) throw new Error('Name the file that holds what npm said of n8n');
	process.stdout.write(`${(newN8nVersions(file) ?? []).join(' ')}\n`);
}

if (require.main === module) main(process.argv[2]);
