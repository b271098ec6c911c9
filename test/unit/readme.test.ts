/** The README against the code: its generated tables, the messages that it quotes, and its links. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { EVENTS, readSelection } from '../../nodes/LemlistTrigger/events';
import { messageOf } from '../../nodes/LemlistTrigger/failures';
import { eventTable, overlapTable, README, withTables } from '../package/eventTable';

const ROOT = path.dirname(README);
const readme = readFileSync(README, 'utf8');

describe('the generated tables', () => {
	test('are what the catalogue gives now (if not: npm run readme)', () => {
		expect(withTables(readme)).toBe(readme);
	});

	test.each(EVENTS)('list $type by the name of the dropdown', ({ name, type, description }) => {
		expect(eventTable()).toContain(`| ${name} | \`${type}\` | ${description} |`);
	});

	test('list each event that includes others', () => {
		const rows = overlapTable().split('\n').slice(2);
		expect(rows).toHaveLength(EVENTS.filter(({ includes = [] }) => includes.length > 0).length);
		expect(rows).toContain('| Lead Replied (Any Channel) | Email Replied, LinkedIn Message Replied, WhatsApp Message Replied, SMS Replied |');
	});

	test.each([
		['without markers', 'No tables here'],
		['with an end before its begin', '<!-- events:end --> <!-- events:begin -->'],
	])('cannot be put into a text %s', (_case, text) => {
		expect(() => withTables(text)).toThrow('<!-- events:begin -->');
	});
});

/** The lines of the sources, with quotes as they are shown. */
const sourceLines = ['nodes/LemlistTrigger', 'credentials'].flatMap((folder) =>
	readdirSync(path.join(ROOT, folder))
		.filter((file) => file.endsWith('.ts'))
		.flatMap((file) => readFileSync(path.join(ROOT, folder, file), 'utf8').replaceAll('\\\'', '\'').split('\n')),
);

/** Matches a text in which "…" stands for anything. */
function patternOf(message: string): RegExp {
	return new RegExp(message.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*'));
}

function section(heading: string): string {
	const [, text = ''] = readme.split(`\n## ${heading}\n`);
	return text.split('\n## ')[0] ?? '';
}

const quoted = [...section('Troubleshooting by message').matchAll(/^\| (?!Message \||--- \|)(.+?) \| .+ \| .+ \|$/gm)].map(([, message = '']) => message);

describe('the messages of the troubleshooting tables', () => {
	test('are found', () => {
		expect(quoted.length).toBeGreaterThan(30);
	});

	test.each(quoted)('"%s" is in the code', (message) => {
		expect(sourceLines.some((line) => patternOf(message).test(line))).toBe(true);
	});

	test.each([0, 302, 400, 401, 403, 404, 418, 429, 500])('cover an answer of lemlist with status %s', (status) => {
		expect(quoted.some((message) => patternOf(message).test(messageOf(status)))).toBe(true);
	});

	test.each([[[]], ['unheard'], ['skipped'], ['emailsSendFailed']])('cover what is wrong with the events %j', (picked) => {
		const selection = readSelection(picked);
		const problem = selection.kind === 'problem' ? selection.problem : 'no problem';
		expect(quoted.some((message) => patternOf(message).test(problem))).toBe(true);
	});
});

/** How GitHub and npm name the place of a heading. */
function anchorOf(heading: string): string {
	return heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-');
}

describe('the links', () => {
	const documents = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'];
	const links = documents.flatMap((document) => {
		const text = readFileSync(path.join(ROOT, document), 'utf8');
		const targets = [...text.matchAll(/\]\(([^)\s]+)\)|<img[^>]+src="([^"]+)"/g)].map(([, link, picture]) => link ?? picture ?? '');
		return [...new Set(targets)].filter((target) => !/^https?:/.test(target)).map((target) => [document, target] as const);
	});

	test.each(links)('of %s to %s points to something', (document, target) => {
		const [file = '', anchor] = target.split('#');
		const place = path.join(ROOT, file || document);
		expect(existsSync(place)).toBe(true);
		if (anchor === undefined) return;
		const headings = [...readFileSync(place, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));
		expect(headings).toContain(anchor);
	});

	test('that the credential and the node have lead to a heading of the README', () => {
		const anchors = sourceLines.flatMap((line) => [...line.matchAll(/n8n-nodes-lemlist#([\w-]+)/g)].map(([, anchor = '']) => anchor));
		expect(anchors).toContain('set-up-in-five-steps');
		const headings = [...readme.matchAll(/^## (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));
		expect(anchors.filter((anchor) => anchor !== 'readme' && !headings.includes(anchor))).toEqual([]);
	});
});
