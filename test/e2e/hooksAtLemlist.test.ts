/**
 * The example that shows the webhooks of a team and deletes those of an old address: looking never
 * deletes, and what goes is what was shown and then confirmed.
 */
import { join } from 'node:path';
import type { Page } from 'playwright-core';

import type { Effect, StoredHook } from '../sandbox';
import { importFile, openWorkflow, untilDrawn } from './browser/editorPage';
import { takePicture } from './browser/pictures';
import { TriggerDetails } from './browser/triggerDetails';
import { WorkflowPage } from './browser/workflowPage';
import { ExamplesStage, runByHand, runToTheEnd } from './examples/stage';
import {
	EXAMPLES_FOLDER,
	filledIn,
	readWorkflowFile,
	withLemlistAt,
	type FilledIn,
} from './examples/workflowFile';
import type { Execution, WorkflowDraft } from './n8n/editor';
import { N8N_VERSIONS } from './n8n/versions';

const FILE = 'hooks-at-lemlist';
const OLD = 'https://old.example.com';
const HERE = `${OLD}/webhook/7d1c4c5e-2b05-4f6a-9d30-5a1e6c0f0000/webhook`;
const CREATED = { createdAt: '2026-11-23T09:30:00.000Z' };

/** Two of one trigger on the old address, and four that only look as if they were on it. */
const HOOKS: ReadonlyArray<Partial<StoredHook> & { _id: string }> = [
	{ _id: 'hoo_one', targetUrl: `${HERE}?hook=emailsReplied.1`, type: 'emailsReplied' },
	{ _id: 'hoo_two', targetUrl: `${HERE}?hook=interested.1`, type: 'interested', disabled: true },
	{ _id: 'hoo_subdomain', targetUrl: 'https://old.example.com.evil.example/webhook' },
	{ _id: 'hoo_port', targetUrl: 'https://old.example.com:5678/webhook', campaignId: 'cam_1' },
	{ _id: 'hoo_inQuery', targetUrl: `https://new.example.com/webhook?next=${OLD}/` },
	{ _id: 'hoo_other', targetUrl: 'https://hooks.example.net/123', zapId: '123' },
].map((hook) => ({ ...hook, ...CREATED }));

/** What lemlist answers where there is no list of webhooks to see; undefined: none in it. */
const ANSWERS: ReadonlyArray<Effect | undefined> = [
	undefined,
	{ name: 'otherShape' },
	{ name: 'status', status: 200, body: '<h1>Back soon</h1>', contentType: 'text/html' },
];

interface Choice {
	address?: string;
	confirm?: string;
}

/** What a user types into the node that asks what to delete. */
function typed({ address = '', confirm = '' }: Choice): FilledIn {
	const assignments = Object.entries({ address, confirm }).map(([name, value]) => ({
		id: name,
		name,
		value,
		type: 'string',
	}));
	return { 'What to delete': { assignments: { assignments }, includeOtherFields: true } };
}

let stage: ExamplesStage;

beforeEach(() => {
	stage.host.lemlist.reset();
	for (const hook of HOOKS) stage.host.lemlist.addHook(hook);
});

function draftWith(choice: Choice): WorkflowDraft {
	const { lemlist } = stage.host;
	const draft = filledIn(readWorkflowFile(FILE), stage.credential, typed(choice));
	return withLemlistAt(draft, lemlist.apiUrl);
}

/** As imported, with the credential picked where it has to be to look, and nowhere else. */
function readOnly(): WorkflowDraft {
	const draft = withLemlistAt(
		filledIn(readWorkflowFile(FILE), stage.credential),
		stage.host.lemlist.apiUrl,
	);
	const nodes = draft.nodes.map(({ credentials, ...node }) =>
		credentials !== undefined && node.name === 'List the webhooks'
			? { ...node, credentials }
			: node,
	);
	return { ...draft, nodes };
}

async function run(draft: WorkflowDraft): Promise<Execution> {
	const { editor } = stage.host;
	return await runByHand(editor, await editor.createWorkflow(draft), 'Start here');
}

/** Runs what ends in red. @returns what it says, and what has happened to each webhook */
async function failed(draft: WorkflowDraft): Promise<{ error: string; happened: unknown[] }> {
	const { editor } = stage.host;
	const ended = await runToTheEnd(editor, await editor.createWorkflow(draft), 'Start here');
	expect(ended.status).toBe('error');
	return { error: ended.error ?? '', happened: [...(ended.items['What happened'] ?? [])] };
}

/** As filled in, but for the credential of one step. */
function withoutCredential(name: string, draft: WorkflowDraft): WorkflowDraft {
	const nodes = draft.nodes.map(({ credentials, ...node }) =>
		credentials !== undefined && node.name !== name ? { ...node, credentials } : node,
	);
	return { ...draft, nodes };
}

function idsIn({ items }: Execution, node: string): unknown[] {
	return (items[node] ?? []).map((item) => (item as { id: unknown }).id);
}

function codeIn({ items }: Execution): string {
	const codes = (items['What would go'] ?? []).map(
		(item) => (item as Record<string, string>)['confirm with'],
	);
	expect(new Set(codes).size).toBe(1);
	return codes[0] ?? '';
}

function left(): string[] {
	return stage.host.lemlist.hooks.map(({ _id }) => _id);
}

const NOWHERE =
	'No webhook leads to the address in What to delete, so nothing was deleted. Copy the address from Make a table, all of it or its beginning, and execute again.';
const NOT_CONFIRMED =
	'The confirmation does not fit what would go now, so nothing was deleted. Look at What would go, copy what stands there under confirm with into confirm of What to delete, and execute again.';
const LOOK_AGAIN =
	'Open What happened to see which, and why. Then empty confirm in What to delete, and execute again to look at what is left.';
const EVERYTHING = HOOKS.map(({ _id }) => _id);
const OTHERS = EVERYTHING.slice(2);

describe.each(N8N_VERSIONS)('n8n %s', (version) => {
	beforeAll(async () => {
		stage = await ExamplesStage.start({ version });
	});
	afterAll(async () => {
		await stage.close();
	});

	test(`${FILE} runs by hand: with the credential picked in one node, it lists the webhooks`, async () => {
		const { items } = await run(readOnly());
		const on = { event: 'all events', campaign: 'all campaigns', state: 'on' };
		const all = { since: '2026-11-23', 'in all': '6 of about 200' };
		expect(items['Make a table']).toEqual(
			[
				{ event: 'emailsReplied' },
				{ event: 'interested', state: 'switched off by lemlist' },
				{},
				{ campaign: 'cam_1' },
				{},
				{},
			].map((row, index) => ({
				'leads to': HOOKS[index]?.targetUrl,
				...on,
				...all,
				...row,
				id: HOOKS[index]?._id,
			})),
		);
		expect(items['Those that lead there'] ?? []).toEqual([]);
		expect(left()).toEqual(EVERYTHING);
	});

	test('it says so if there are none, or if something else than lemlist answers', async () => {
		const { lemlist } = stage.host;
		const words: unknown[] = [];
		for (const effect of ANSWERS) {
			lemlist.reset();
			if (effect !== undefined) lemlist.fault({ effect });
			const { items } = await run(draftWith({}));
			words.push(...(items['Make a table'] ?? []));
			expect((await failed(draftWith({ address: 'lemlist' }))).error).toBe(NOWHERE);
		}
		expect(words).toMatchObject([
			{ 'leads to': 'lemlist has no webhook of this team', 'in all': '0 of about 200', id: '' },
			{ 'leads to': 'lemlist did not answer with webhooks', 'in all': '0 of about 200', id: '' },
			{ 'leads to': 'lemlist did not answer with webhooks', 'in all': '0 of about 200', id: '' },
		]);
	});

	test('what leads to an address is shown first, and goes once that is confirmed', async () => {
		const shown = await run(draftWith({ address: OLD }));
		expect(idsIn(shown, 'What would go')).toEqual(['hoo_one', 'hoo_two']);
		expect(left()).toEqual(EVERYTHING);
		const confirm = codeIn(shown);
		expect(confirm).toMatch(/^delete 2, [0-9a-f]{6}$/);
		const { items } = await run(draftWith({ address: OLD, confirm: ` ${confirm}\n` }));
		expect(items['What happened']).toEqual([
			{
				result: 'deleted',
				'leads to': HOOKS[0]?.targetUrl,
				event: 'emailsReplied',
				id: 'hoo_one',
			},
			{ result: 'deleted', 'leads to': HOOKS[1]?.targetUrl, event: 'interested', id: 'hoo_two' },
		]);
		expect(left()).toEqual(OTHERS);
	});

	test('a confirmation is good for what it was shown with, and for nothing else', async () => {
		const { lemlist } = stage.host;
		const confirm = codeIn(await run(draftWith({ address: OLD })));
		lemlist.rules.hookOrder = 'newest';
		expect(codeIn(await run(draftWith({ address: OLD })))).toBe(confirm);
		lemlist.addHook({ _id: 'hoo_three', targetUrl: HERE });
		const wrong = [(await failed(draftWith({ address: OLD, confirm }))).error];
		lemlist.removeHook('hoo_one');
		wrong.push((await failed(draftWith({ address: OLD, confirm }))).error);
		wrong.push((await failed(draftWith({ address: OLD, confirm: 'yes' }))).error);
		wrong.push((await failed(draftWith({ address: 'https://hooks.example.net', confirm }))).error);
		wrong.push((await failed(draftWith({ confirm }))).error);
		expect(wrong).toEqual([...Array<string>(4).fill(NOT_CONFIRMED), NOWHERE]);
		expect(left()).toEqual([...EVERYTHING.slice(1), 'hoo_three']);
	});

	test.each([
		['a scheme', 'https://'],
		['the beginning of a name', 'https://old'],
		['the end of a name', 'example.com'],
		['a part of a path', `${OLD}/webhook/7d1c4c5e`],
	])('an address with %s leads nowhere, and the workflow says so', async (_what, address) => {
		expect((await failed(draftWith({ address }))).error).toBe(NOWHERE);
		expect(left()).toEqual(EVERYTHING);
	});

	test.each([
		['none', '', []],
		['a space', ' ', []],
		['a name', 'old.example.com', ['hoo_one', 'hoo_two']],
		['a slash at its end', `http://old.example.com//`, ['hoo_one', 'hoo_two']],
		['a path', `${OLD}/webhook`, ['hoo_one', 'hoo_two']],
		['a webhook URL', HERE, ['hoo_one', 'hoo_two']],
		['one copied from the table', ` ${HERE}?hook=interested.1 `, ['hoo_two']],
	])('an address with %s', async (_what, address, ids) => {
		expect(idsIn(await run(draftWith({ address })), 'What would go')).toEqual(ids);
		expect(left()).toEqual(EVERYTHING);
	});

	test('many go at the pace of lemlist', async () => {
		const { lemlist } = stage.host;
		lemlist.rules.rateLimit.requests = 20;
		for (let number = 0; number < 25; number += 1)
			lemlist.addHook({ targetUrl: `${HERE}?hook=e.${String(number)}` });
		const confirm = codeIn(await run(draftWith({ address: OLD })));
		await run(draftWith({ address: OLD, confirm }));
		expect(left()).toEqual(OTHERS);
		expect(lemlist.requests.filter(({ status }) => status === 429)).toEqual([]);
	});

	test.each<[string, Effect, RegExp]>([
		[
			'refuses',
			{ name: 'status', status: 500, body: 'Oh no' },
			/^not deleted: The service was not/,
		],
		['loses', { name: 'resetBefore' }, /^not deleted: ./],
		[
			'answers with a page for',
			{ name: 'status', status: 200, body: '<h1>Back soon</h1>', contentType: 'text/html' },
			/^not deleted: lemlist did not answer with a deleted webhook$/,
		],
		['answers with a list for', { name: 'otherShape', body: [] }, /^not deleted: lemlist did not/],
		['has another in place of', { name: 'otherShape', body: HOOKS[1] }, /^not deleted: lemlist/],
	])(
		'one that lemlist %s does not keep the others, and the workflow ends in red',
		async (_what, effect, why) => {
			const { lemlist } = stage.host;
			lemlist.addHook({ _id: 'hoo_three', targetUrl: HERE });
			const confirm = codeIn(await run(draftWith({ address: OLD })));
			lemlist.fault({ on: { method: 'DELETE', path: '/hooks/hoo_one' }, effect });
			const { error, happened } = await failed(draftWith({ address: OLD, confirm }));
			lemlist.clearFaults();
			expect(error).toBe(`1 of 3 webhooks were not deleted. ${LOOK_AGAIN}`);
			expect(happened).toMatchObject([
				{ result: expect.stringMatching(why) as unknown, 'leads to': HOOKS[0]?.targetUrl },
				{ result: 'deleted', 'leads to': HOOKS[1]?.targetUrl },
				{ result: 'deleted', 'leads to': HERE },
			]);
			expect(left().filter((id) => id !== 'hoo_one')).toEqual(OTHERS);
		},
	);

	test('without a credential in the step that deletes, the workflow ends in red and names each', async () => {
		const confirm = codeIn(await run(draftWith({ address: OLD })));
		const draft = withoutCredential('Delete them', draftWith({ address: OLD, confirm }));
		const { error, happened } = await failed(draft);
		expect(error).toBe(`2 of 2 webhooks were not deleted. ${LOOK_AGAIN}`);
		const result = expect.stringMatching(/^not deleted: .*Credentials not found/) as unknown;
		expect(happened).toMatchObject(
			HOOKS.slice(0, 2).map(({ targetUrl }) => ({ result, 'leads to': targetUrl })),
		);
		expect(left()).toEqual(EVERYTHING);
	});
});

describe('in the editor', () => {
	let page: Page;
	beforeAll(async () => {
		stage = await ExamplesStage.start();
		page = await stage.signIn();
	});
	afterAll(async () => {
		await stage.close();
	});

	test(`${FILE} can be imported, and shows its nodes and its note`, async () => {
		const { nodes } = readWorkflowFile(FILE);
		await importFile(page, join(EXAMPLES_FOLDER, `${FILE}.json`), nodes.length);
		const steps = nodes.map(({ name }) => name).filter((name) => name !== 'What to fill in');
		await untilDrawn(page, [...steps, 'pick your lemlist credential']);
	});

	test(`${FILE} is executed: the table is there, and nothing further has run`, async () => {
		const draft = readOnly();
		const { id } = await stage.host.editor.createWorkflow(draft);
		await openWorkflow(page, id, draft.nodes.length);
		const workflow = new WorkflowPage(page);
		await workflow.executeButton.click();
		await workflow.alerts.getByText('Workflow executed successfully').waitFor();
		await takePicture(page, `example-executed-${FILE}`);
		const details = new TriggerDetails(page);
		await details.open('Make a table');
		await details.output.getByRole('radio', { name: 'Table' }).click();
		await details.output.getByText('switched off by lemlist').waitFor();
		await takePicture(page, `example-table-${FILE}`);
		expect(left()).toEqual(EVERYTHING);
	});
});
