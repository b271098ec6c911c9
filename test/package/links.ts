/** The links of the project's documents, and whether they lead anywhere. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** @returns the places in a document of the project that its links and pictures name, each once; not those on the web */
export function linksOf(document: string): string[] {
	const text = readFileSync(document, 'utf8');
	const targets = [...text.matchAll(/\]\(([^)\s]+)\)|<img[^>]+src="([^"]+)"/g)].map(
		([, link, picture]) => link ?? picture ?? '',
	);
	return [...new Set(targets)].filter((target) => !/^https?:/.test(target));
}

const ON_THE_WEB =
	/https:\/\/github\.com\/n8n-nodes-lemlist\/n8n-nodes-lemlist(?:\/blob\/main\/([\w./-]+)|(?=#))(#[\w-]+)?/g;

/** @returns the places in our documents that a text names by their address on the web, as links from the root of the checkout */
export function ownPlacesIn(text: string): string[] {
	return [...text.matchAll(ON_THE_WEB)].map(
		([, file = 'README.md', anchor = '']) => file + (anchor === '#readme' ? '' : anchor),
	);
}

/** @returns the names of a document's headings, as GitHub and npm make them */
function anchorsOf(document: string): string[] {
	return [...readFileSync(document, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
		heading
			.toLowerCase()
			.replace(/[^\p{L}\p{N} _-]/gu, '')
			.replaceAll(' ', '-'),
	);
}

/** @returns whether a link of a document leads to a file that is there, and to a heading in it if it names one */
export function leadsSomewhere(document: string, link: string): boolean {
	const [file = '', anchor] = link.split('#');
	const place = file === '' ? document : path.join(path.dirname(document), file);
	return existsSync(place) && (anchor === undefined || anchorsOf(place).includes(anchor));
}
