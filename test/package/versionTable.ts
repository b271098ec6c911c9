/** The table of supported versions in docs/hosting.md, from what the tests run in which n8n; provenVersions.ts holds it against what was run. */
import { NODE_PACKAGES, N8N_VERSIONS } from '../e2e/n8n/versions';
import { CHECKS, type Check } from '../e2e/versions/checks';
import { row, table } from './markdown';

function marksOf({ proofs }: Check): string[] {
	return N8N_VERSIONS.map((version) => (version in proofs ? 'yes' : 'not run'));
}

/** The Node.js that n8n runs on in the tests on the machines of the project. */
function nodeVersions(): string[] {
	return N8N_VERSIONS.map(() => NODE_PACKAGES['linux-x64']?.version ?? 'unknown');
}

/** @returns the table: a column a version, a line a check */
export function versionTable(): string {
	const columns = ['Checked in a real n8n', ...N8N_VERSIONS.map((version) => `n8n ${version}`)];
	return table(columns, [
		row('Node.js that n8n ran on', ...nodeVersions()),
		...CHECKS.map((check) => row(check.what, ...marksOf(check))),
	]);
}
