/** The versions of n8n that the documents name. Only those that are tested may be named, so that a newer n8n shows which places to look at. */
import { NEWEST_N8N } from '../e2e/n8n/versions';

const TESTED = Object.values(NEWEST_N8N);
const NAMED = /\bn8n v?(\d+(?:\.\d+)*)/g;

/** Whether a version is one that is tested, or the line that one belongs to: 2.41.1, 2.41 and 2 of 2.41.1. */
function isTested(version: string): boolean {
	return TESTED.some((tested) => `${tested}.`.startsWith(`${version}.`));
}

/** @returns where a document names a version of n8n that is not tested, each as `document:line: version` */
export function untestedVersionsIn(document: string, text: string): string[] {
	return text.split('\n').flatMap((line, index) => {
		const versions = [...line.matchAll(NAMED)].map(([, version = '']) => version);
		return versions
			.filter((version) => !isTested(version))
			.map((version) => `${document}:${String(index + 1)}: ${version}`);
	});
}
