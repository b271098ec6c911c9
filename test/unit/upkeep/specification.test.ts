/** lemlist's page against our record of it: what moved is told, whichever form of the page one has. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { changesOf, factsAt, recordedFacts } from '../../package/specification';
import { factsOf } from '../../package/specificationPage';
import { asMarkdown, asText, CONTENT, type Content } from './page';

const FORMS = [
	{ form: 'its Markdown', written: asMarkdown },
	{ form: 'its text', written: asText },
];

/** The page with other events under "SMS activities", in the tables and in the enumeration. */
function withSms(types: string[]): Content {
	const before = CONTENT.categories.find(({ category }) => category === 'SMS activities')?.types;
	return {
		...CONTENT,
		categories: CONTENT.categories.map((one) =>
			one.category === 'SMS activities' ? { ...one, types } : one,
		),
		enumeration: [...CONTENT.enumeration.filter((type) => !before?.includes(type)), ...types],
	};
}

const MOVED: ReadonlyArray<{ what: string; content: Content; changes: string[] }> = [
	{ what: 'nothing moved', content: CONTENT, changes: [] },
	{
		what: 'an event was added',
		content: withSms(['smsSent', 'smsDelivered', 'smsReplied', 'smsFailed', 'smsOpened']),
		changes: ['`smsOpened` is new, under `SMS activities`.'],
	},
	{
		what: 'an event was added between others',
		content: withSms(['smsSent', 'smsOpened', 'smsDelivered', 'smsReplied', 'smsFailed']),
		changes: ['`smsOpened` is new, under `SMS activities`.'],
	},
	{
		what: 'an event was removed',
		content: withSms(['smsSent', 'smsDelivered', 'smsFailed']),
		changes: ['`smsReplied` is gone.'],
	},
	{
		what: 'an event was removed, and is listed so',
		content: {
			...withSms(['smsSent', 'smsDelivered', 'smsFailed']),
			removed: [...CONTENT.removed, 'smsReplied'],
		},
		changes: ['`smsReplied` is gone.'],
	},
	{
		what: 'an event was renamed',
		content: withSms(['smsSent', 'smsDelivered', 'smsAnswered', 'smsFailed']),
		changes: [
			'`smsReplied` is gone, and `smsAnswered` stands in its place: it was renamed, it seems.',
		],
	},
	{
		what: 'the first event was renamed, and one added',
		content: withSms(['smsDispatched', 'smsDelivered', 'smsReplied', 'smsFailed', 'smsOpened']),
		changes: [
			'`smsOpened` is new, under `SMS activities`.',
			'`smsSent` is gone, and `smsDispatched` stands in its place: it was renamed, it seems.',
		],
	},
	{
		what: 'an event moved to another place',
		content: withSms(['smsSent', 'smsReplied', 'smsDelivered', 'smsFailed']),
		changes: ['The headings of the tables, or the order of the events, are different.'],
	},
	{
		what: 'a heading was renamed',
		content: {
			...CONTENT,
			categories: CONTENT.categories.map((one) =>
				one.category === 'Enrichment' ? { ...one, category: 'Enrichments' } : one,
			),
		},
		changes: ['The headings of the tables, or the order of the events, are different.'],
	},
	{
		what: 'an event that no table has can be subscribed to',
		content: { ...CONTENT, enumeration: [...CONTENT.enumeration, 'smsOpened'] },
		changes: ['`smsOpened` is among the values of `type` now, but in no table of events.'],
	},
	{
		what: 'an event of a table can no longer be subscribed to',
		content: {
			...CONTENT,
			enumeration: CONTENT.enumeration.filter((type) => type !== 'smsFailed'),
		},
		changes: ['`smsFailed` is no longer among the values of `type`.'],
	},
	{
		what: 'the values are listed nowhere, and a field is new',
		content: { ...CONTENT, enumeration: [], fields: { ...CONTENT.fields, mood: 'string' } },
		changes: [
			'The list of the values of `type` is nowhere.',
			'The field `mood: string` of a delivery is new.',
		],
	},
	{
		what: 'another event was listed as removed, and one no longer',
		content: { ...CONTENT, removed: ['emailsSendFailed', 'opportunitiesDone', 'mailsLost'] },
		changes: [
			'`mailsLost` is listed among the removed events now.',
			'`skipped` is no longer listed among the removed events.',
		],
	},
	{
		what: 'a field got another type',
		content: { ...CONTENT, fields: { ...CONTENT.fields, sequenceStep: 'string' } },
		changes: [
			'The field `sequenceStep: string` of a delivery is new.',
			'The field `sequenceStep: number` of a delivery is gone.',
		],
	},
	{
		what: 'the section on secrets got another word',
		content: { ...CONTENT, authenticity: CONTENT.authenticity.replace('may', 'must') },
		changes: ['The section `Verifying webhook authenticity` is gone, or reads differently.'],
	},
];

describe.each(FORMS)('from $form', ({ written }) => {
	test.each(MOVED)('when $what, that is told and nothing else', ({ content, changes }) => {
		expect(changesOf(factsOf(asMarkdown(CONTENT)), factsOf(written(content)))).toEqual(changes);
	});

	test('the facts are those that are on it', () => {
		const { categories, enumeration, removed, fields } = factsOf(written(CONTENT));
		const { wording: _, ...recorded } = recordedFacts();
		expect({ categories, enumeration, removed, fields }).toEqual(recorded);
	});

	test('line ends of another system change nothing', () => {
		expect(factsOf(written(CONTENT).replaceAll('\n', '\r\n'))).toEqual(factsOf(written(CONTENT)));
	});

	test('a section that is gone is told', () => {
		const page = written(CONTENT).replace('Third-party reply flag', 'Replies');
		expect(changesOf(factsOf(written(CONTENT)), factsOf(page))).toContain(
			'The section `Third-party reply flag` is gone, or reads differently.',
		);
	});
});

test('a section that was not recorded is not missed, and not compared', () => {
	const { wording: _, ...facts } = factsOf(asMarkdown(CONTENT));
	expect(changesOf({ ...facts, wording: {} }, factsOf(asMarkdown(CONTENT)))).toEqual([]);
});

describe('a page', () => {
	const PAGES: Readonly<Record<string, readonly [status: number, text: string]>> = {
		'/page.md': [200, asMarkdown(CONTENT)],
		'/app': [200, '<!doctype html><html><body>Available event types</body></html>'],
		'/down': [503, asMarkdown(CONTENT)],
	};
	let folder: string;
	let server: Server;
	let address: string;
	beforeAll(async () => {
		folder = mkdtempSync(path.join(tmpdir(), 'n8n-nodes-lemlist-page-'));
		server = createServer(({ url = '' }, response) => {
			const [status, text] = PAGES[url] ?? [404, 'Not found'];
			response.writeHead(status).end(text);
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		address = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
	});
	afterAll(() => {
		rmSync(folder, { recursive: true });
		server.close();
	});

	test('is read at an address', async () => {
		expect(await factsAt(`${address}/page.md`)).toEqual(factsOf(asMarkdown(CONTENT)));
	});

	test('is read from a file', async () => {
		const file = path.join(folder, 'page.txt');
		writeFileSync(file, asText(CONTENT));
		expect(await factsAt(file)).toEqual(factsOf(asText(CONTENT)));
	});

	test.each([
		{ what: 'the page of an app', place: '/app', message: 'It has no tables of events' },
		{ what: 'a server that is down', place: '/down', message: 'It was answered with 503.' },
		{ what: 'no page', place: '/elsewhere', message: 'It was answered with 404.' },
	])('is not taken for one: $what', async ({ place, message }) => {
		await expect(factsAt(`${address}${place}`)).rejects.toThrow(message);
	});

	test('that no server gives is no page', async () => {
		await expect(factsAt('http://127.0.0.1:1')).rejects.toThrow('There was no answer.');
	});

	test('that is not there as a file is no page', async () => {
		await expect(factsAt(path.join(folder, 'missing'))).rejects.toThrow('ENOENT');
	});
});
