/** README and docs against the code: what is generated, the messages that they quote, and all links. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { EVENTS, hasTrait } from '../../nodes/LemlistTrigger/settings/events';
import { readSelection } from '../../nodes/LemlistTrigger/settings/selection';
import { messageOf } from '../../nodes/LemlistTrigger/lemlist/failures';
import { documents, GENERATED, ROOT, textOf, withTables } from '../package/documents';
import { eventTable, NOT_CAUGHT_UP, overlapTable } from '../package/eventTable';
import { leadsSomewhere, linksOf, ownPlacesIn } from '../package/links';

const README = path.join(ROOT, 'README.md');
/** As a person in a hurry can read it; more belongs into docs. */
const MOST_LINES_OF_README = 200;

describe('the generated tables', () => {
	test.each(GENERATED)('of %s are what the code gives now (if not: npm run docs)', (document) => {
		expect(withTables(document, textOf(document))).toBe(textOf(document));
	});

	test.each(documents())('have their marks in %s only if something writes them', (document) => {
		expect(GENERATED.includes(document) || document === 'docs/performance.md').toBe(
			textOf(document).includes(':begin -->'),
		);
	});

	test.each(EVENTS)('list $type by the name of the dropdown', ({ name, type, description }) => {
		const mark = hasTrait(type, 'unlisted') ? NOT_CAUGHT_UP : '';
		expect(eventTable()).toContain(`| ${name} | \`${type}\` | ${description}${mark} |`);
	});

	test('list each event that includes others', () => {
		const rows = overlapTable().split('\n').slice(2);
		expect(rows).toHaveLength(EVENTS.filter(({ includes = [] }) => includes.length > 0).length);
		expect(rows).toContain(
			'| Lead Replied (Any Channel) | Email Replied, LinkedIn Message Replied, WhatsApp Message Replied, SMS Replied |',
		);
	});

	test.each([
		['without markers', 'docs/events.md', 'No tables here', 'events'],
		[
			'with an end before its begin',
			'docs/events.md',
			'<!-- events:end --> <!-- events:begin -->',
			'events',
		],
		[
			'with the markers of another',
			'docs/reliability.md',
			'<!-- events:begin --> <!-- events:end -->',
			'faults',
		],
	])('cannot be put into a text %s', (_case, document, text, missing) => {
		expect(() => withTables(document, text)).toThrow(`<!-- ${missing}:begin -->`);
	});
});

/** The lines of the sources, with quotes as they are shown. */
const sourceLines = ['nodes/LemlistTrigger', 'credentials'].flatMap((folder) =>
	readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.ts'))
		.flatMap((file) =>
			readFileSync(path.join(ROOT, folder, file), 'utf8')
				.replaceAll("\\'", "'")
				.split('\n'),
		),
);

/** Matches a text in which "…" stands for anything. */
function patternOf(message: string): RegExp {
	return new RegExp(
		message
			.split('…')
			.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
			.join('.*'),
	);
}

const [, byMessage = ''] = textOf('docs/troubleshooting.md').split(
	'\n## Troubleshooting by message\n',
);
const quoted = [
	...(byMessage.split('\n## ')[0] ?? '').matchAll(
		/^\| (?!Message \||--- \|)(.+?) \| .+ \| .+ \|$/gm,
	),
].map(([, message = '']) => message);

describe('the messages of the troubleshooting tables', () => {
	test('are found', () => {
		expect(quoted.length).toBeGreaterThan(30);
	});

	test.each(quoted)('"%s" is in the code', (message) => {
		expect(sourceLines.some((line) => patternOf(message).test(line))).toBe(true);
	});

	test.each([0, 302, 400, 401, 403, 404, 418, 429, 500])(
		'cover an answer of lemlist with status %s',
		(status) => {
			expect(quoted.some((message) => patternOf(message).test(messageOf({ status })))).toBe(true);
		},
	);

	test.each([[[]], ['unheard'], ['skipped'], ['emailsSendFailed']])(
		'cover what is wrong with the events %j',
		(picked) => {
			const selection = readSelection(picked);
			const problem = selection.kind === 'problem' ? selection.problem : 'no problem';
			expect(quoted.some((message) => patternOf(message).test(problem))).toBe(true);
		},
	);
});

describe('the README', () => {
	test('is short', () => {
		expect(textOf('README.md').split('\n').length).toBeLessThanOrEqual(MOST_LINES_OF_README);
	});

	test.each(documents().filter((document) => document.startsWith('docs/')))(
		'leads to %s',
		(document) => {
			expect(linksOf(README)).toContain(document);
		},
	);

	/** What messages say of the docs, and where that is. */
	const PLACES: Readonly<Record<string, string>> = {
		'the docs of this node list them': 'docs/events.md',
		'the docs of this node say how': 'docs/troubleshooting.md#see-and-delete-webhooks-at-lemlist',
	};

	test.each(Object.entries(PLACES))('leads to what a message means by "%s"', (words, place) => {
		expect(sourceLines.some((line) => line.toLowerCase().includes(words))).toBe(true);
		expect(linksOf(README)).toContain(place);
	});

	test('leads to all that messages name the docs for', () => {
		const naming = sourceLines.filter((line) => /docs of this node/i.test(line));
		expect(
			naming.filter(
				(line) => !Object.keys(PLACES).some((words) => line.toLowerCase().includes(words)),
			),
		).toEqual([]);
	});
});

describe('the links', () => {
	const links = documents().flatMap((document) =>
		linksOf(path.join(ROOT, document)).map((link) => [document, link] as const),
	);

	test.each(links)('of %s to %s lead somewhere', (document, link) => {
		expect(leadsSomewhere(path.join(ROOT, document), link)).toBe(true);
	});

	test.each([
		'docs/nowhere.md',
		'#no-such-heading',
		'CHANGELOG.md#no-such-heading',
		'docs/pictures/nowhere.png',
		'README.md#the-secret',
	])('would be found broken: %s', (link) => {
		expect(leadsSomewhere(README, link)).toBe(false);
	});

	/** Files whose readers come to our documents over the web. */
	const FROM_THE_WEB = [
		'package.json',
		'credentials/LemlistWebhookApi.credentials.ts',
		'nodes/LemlistTrigger/LemlistTrigger.node.json',
		'nodes/LemlistTrigger/LemlistTrigger.node.ts',
		...['examples', 'examples/moving'].flatMap((folder) =>
			readdirSync(path.join(ROOT, folder))
				.filter((file) => file.endsWith('.json'))
				.map((file) => `${folder}/${file}`),
		),
	];
	const addresses = FROM_THE_WEB.flatMap((file) =>
		ownPlacesIn(textOf(file)).map((place) => [file, place] as const),
	);

	test.each(addresses)('of %s over the web to %s lead somewhere', (_file, place) => {
		expect(leadsSomewhere(README, place)).toBe(true);
	});

	test('that the credential and the codex have lead to the five steps', () => {
		expect(
			addresses
				.filter(([, place]) => place === 'README.md#set-up-in-five-steps')
				.map(([file]) => file),
		).toEqual(FROM_THE_WEB.slice(1, 3));
	});

	test.each([
		['"https://github.com/n8n-nodes-lemlist/n8n-nodes-lemlist#readme"', ['README.md']],
		[
			'see https://github.com/n8n-nodes-lemlist/n8n-nodes-lemlist#the-secret',
			['README.md#the-secret'],
		],
		[
			'(https://github.com/n8n-nodes-lemlist/n8n-nodes-lemlist/blob/main/docs/hosting.md#docker)',
			['docs/hosting.md#docker'],
		],
		[
			'https://github.com/n8n-nodes-lemlist/n8n-nodes-lemlist/blob/main/docs/nowhere.md',
			['docs/nowhere.md'],
		],
		[
			'git+https://github.com/n8n-nodes-lemlist/n8n-nodes-lemlist.git and https://github.com/n8n-nodes-lemlist/n8n-nodes-lemlist/issues',
			[],
		],
	])('over the web are found in %s', (text, places) => {
		expect(ownPlacesIn(text)).toEqual(places);
	});
});
