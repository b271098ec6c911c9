// The preview of the trigger's output in a real n8n: served for this package, and shown in the next node
// before the first event by those versions of the editor that show previews of triggers.
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { TRIGGER_NAME, TRIGGER_TYPE } from '../faults/n8n/trigger';
import { ExamplesStage } from './examples/stage';
import type { WorkflowDraft } from './n8n/editor';
import { PACKAGE_NAME } from './n8n/package';
import { NEWEST_N8N, type N8nVersion } from './n8n/versions';

const SCHEMA = join(
	'.n8n/nodes/node_modules',
	PACKAGE_NAME,
	'dist/nodes/LemlistTrigger/__schema__/v1.0.0.json',
);
/** The editor asks for previews where the open node is none of n8n's core nodes. */
const NEXT = {
	id: randomUUID(),
	name: 'Tell the team',
	type: 'n8n-nodes-base.slack',
	typeVersion: 2.3,
};

/** Since some version of n8n 2, the editor leaves triggers out: it then shows the trigger without fields. */
const VERSIONS: ReadonlyArray<{ version: N8nVersion; shows: boolean }> = [
	{ version: NEWEST_N8N[2], shows: false },
	{ version: NEWEST_N8N[1], shows: true },
];

describe.each(VERSIONS)('n8n $version', ({ version, shows }) => {
	let stage: ExamplesStage;

	beforeAll(async () => {
		stage = await ExamplesStage.start({ version });
	});

	afterAll(async () => {
		await stage.close();
	});

	test.each([
		['the first version', '1.0.0', 200],
		['the version that the editor makes', '2.0.0', 200],
		['a version that there is not', '3.0.0', 404],
	])('asked for the preview of %s, %s, answers %i', async (_, nodeVersion, status) => {
		const { n8n } = stage.host;
		const answer = await fetch(`${n8n.url}/schemas/${TRIGGER_TYPE.type}/${nodeVersion}.json`);
		expect(answer.status).toBe(status);
		if (status === 200)
			expect(await answer.text()).toBe(await readFile(join(n8n.userFolder, SCHEMA), 'utf8'));
	});

	test(`${shows ? 'shows' : 'does not show'} it in the node after the trigger`, async () => {
		const page = await openNext(stage);
		await page.getByText(TRIGGER_NAME, { exact: true }).first().waitFor();
		const told = shows ? 'Usually outputs the following fields' : 'to view input data';
		await page.getByText(told).first().waitFor();
		const field = page.getByText('leadEmail', { exact: true });
		if (shows) await field.first().waitFor();
		expect((await field.count()) > 0).toBe(shows);
		await page.close();
	});
});

/** Opens the node after the trigger in n8n's editor, before anything has been executed. */
async function openNext(stage: ExamplesStage): Promise<Page> {
	const { id } = await stage.host.editor.createWorkflow(workflow());
	const page = await stage.signIn();
	await page.goto(`/workflow/${id}/${NEXT.id}`);
	return page;
}

function workflow(): WorkflowDraft {
	return {
		name: 'A preview',
		nodes: [
			{
				id: randomUUID(),
				name: TRIGGER_NAME,
				...TRIGGER_TYPE,
				position: [0, 0],
				parameters: { events: ['emailsReplied'] },
				webhookId: randomUUID(),
			},
			{ ...NEXT, position: [240, 0], parameters: {} },
		],
		connections: { [TRIGGER_NAME]: { main: [[{ node: NEXT.name, type: 'main', index: 0 }]] } },
	};
}
