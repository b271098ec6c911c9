/** The versions of n8n that README and docs name are those that are tested. */
import { NEWEST_N8N } from '../e2e/n8n/versions';
import { documents, textOf } from '../package/documents';
import { untestedVersionsIn } from '../package/namedVersions';

/** But for what is of the past, and what is about the code. */
const DOCUMENTS = documents().filter(
	(document) => !['CHANGELOG.md', 'CONTRIBUTING.md'].includes(document),
);
const [NEW, OLD] = [NEWEST_N8N[2], NEWEST_N8N[1]];
const [line = '', patch = ''] = [
	NEW.slice(0, NEW.lastIndexOf('.')),
	NEW.slice(NEW.lastIndexOf('.') + 1),
];

test.each(DOCUMENTS)(
	'%s names no other version of n8n (if it does: read the place again, and name the newest)',
	(document) => {
		expect(untestedVersionsIn(document, textOf(document))).toEqual([]);
	},
);

test.each([
	{ what: 'the newest', text: `n8n ${NEW} and n8n ${OLD}`, places: [] },
	{ what: 'their lines', text: `n8n ${line}, n8n 2.x, n8n 1.`, places: [] },
	{
		what: 'a patch of the line',
		text: `one\nn8n ${line}.${patch}0 here`,
		places: [`README.md:2: ${line}.${patch}0`],
	},
	{
		what: 'a line whose number begins alike',
		text: `n8n ${line}0`,
		places: [`README.md:1: ${line}0`],
	},
	{
		what: 'older and newer ones',
		text: 'n8n 0.5.1, n8n v1.5\n\n| n8n 3 |',
		places: ['README.md:1: 0.5.1', 'README.md:1: 1.5', 'README.md:3: 3'],
	},
	{ what: 'versions of something else', text: 'Node.js 24.21.0, n8n-core 1.2.3', places: [] },
])('of $what in a text, it finds those that are not tested', ({ text, places }) => {
	expect(untestedVersionsIn('README.md', text)).toEqual(places);
});
