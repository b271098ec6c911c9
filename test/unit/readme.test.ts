/** The README against the code: its generated tables, the messages that it quotes, and its links. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { EVENTS, readSelection } from '../../nodes/LemlistTrigger/events';
import { messageOf } from '../../nodes/LemlistTrigger/failures';
import { eventTable, overlapTable, README, withTables } from '../package/eventTable';
import { anchorsOf, leadsSomewhere, linksOf } from '../package/links';

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
		expect(quoted.some((message) => patternOf(message).test(messageOf({ status })))).toBe(true);
	});

	test.each([[[]], ['unheard'], ['skipped'], ['emailsSendFailed']])('cover what is wrong with the events %j', (picked) => {
		const selection = readSelection(picked);
		const problem = selection.kind === 'problem' ? selection.problem : 'no problem';
		expect(quoted.some((message) => patternOf(message).test(problem))).toBe(true);
	});
});

describe('the links', () => {
	const links = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'].flatMap((name) => linksOf(path.join(ROOT, name)).map((link) => [name, link] as const));

	test.each(links)('of %s to %s lead somewhere', (name, link) => {
		expect(leadsSomewhere(path.join(ROOT, name), link)).toBe(true);
	});

	test.each(['docs/nowhere.md', '#no-such-heading', 'CHANGELOG.md#no-such-heading'])('would be found broken: %s', (link) => {
		expect(leadsSomewhere(README, link)).toBe(false);
	});

	test('that the credential and the node have lead to a heading of the README', () => {
		const anchors = sourceLines.flatMap((line) => [...line.matchAll(/n8n-nodes-lemlist#([\w-]+)/g)].map(([, anchor = '']) => anchor));
		expect(anchors).toContain('set-up-in-five-steps');
		const headings = ['readme', ...anchorsOf(README)];
		expect(anchors.filter((anchor) => !headings.includes(anchor))).toEqual([]);
	});
});
