// The preview of the trigger's output in a real n8n: served for this package, and shown in the next node
// before the first event by those versions of the editor that show previews of triggers.
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Browser, Page } from 'playwright-core';

import { launchChromium } from './browser/chromium';
import { signedIn } from './browser/editorPage';
import { OWNER, TRIGGER_NAME } from './demo/workflow';
import { Editor, type WorkflowDraft } from './n8n/editor';
import { ensureInstalled } from './n8n/installation';
import { startInstance, type Instance } from './n8n/instance';
import { packCheckout, PACKAGE_NAME, unpackFor } from './n8n/package';
import { silent } from './n8n/progress';
import { NEWEST_N8N, type N8nVersion } from './n8n/versions';

const TRIGGER_TYPE = `${PACKAGE_NAME}.lemlistTrigger`;
/** The editor asks for previews where the open node is none of n8n's core nodes. */
const NEXT = { id: randomUUID(), name: 'Tell the team', type: 'n8n-nodes-base.slack', typeVersion: 2.3 };

/** Since some version of n8n 2, the editor leaves triggers out: it then shows the trigger without fields. */
const VERSIONS: ReadonlyArray<{ version: N8nVersion; shows: boolean }> = [
	{ version: NEWEST_N8N[2], shows: false },
	{ version: NEWEST_N8N[1], shows: true },
];

let browser: Browser;
let folder: string;
let tarball: string;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'n8n-lemlist-preview-'));
	[browser, tarball] = await Promise.all([launchChromium(), packCheckout(join(folder, 'package'), { build: false })]);
});

afterAll(async () => {
	await browser.close();
	await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

describe.each(VERSIONS)('n8n $version', ({ version, shows }) => {
	let n8n: Instance;
	let served: string;

	beforeAll(async () => {
		const userFolder = join(folder, version);
		served = join(await unpackFor(userFolder, tarball), 'dist/nodes/LemlistTrigger/__schema__/v1.0.0.json');
		n8n = await startInstance({ installation: await ensureInstalled(silent, version), userFolder });
	});

	afterAll(() => n8n.kill());

	test.each([
		['the first version', '1.0.0', 200],
		['the version that the editor makes', '2.0.0', 200],
		['a version that there is not', '3.0.0', 404],
	])('asked for the preview of %s, %s, answers %i', async (_, nodeVersion, status) => {
		const answer = await fetch(`${n8n.url}/schemas/${TRIGGER_TYPE}/${nodeVersion}.json`);
		expect(answer.status).toBe(status);
		if (status === 200) expect(await answer.text()).toBe(await readFile(served, 'utf8'));
	});

	test(`${shows ? 'shows' : 'does not show'} it in the node after the trigger`, async () => {
		const page = await openNext(n8n);
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
async function openNext(n8n: Instance): Promise<Page> {
	const editor = new Editor(n8n);
	await editor.setUpOwner(OWNER);
	await editor.logIn(OWNER);
	const { id } = await editor.createWorkflow(workflow());
	const page = await signedIn(browser, n8n.url, OWNER);
	await page.goto(`/workflow/${id}/${NEXT.id}`);
	return page;
}

function workflow(): WorkflowDraft {
	const trigger = { id: randomUUID(), name: TRIGGER_NAME, type: TRIGGER_TYPE, typeVersion: 1 };
	return {
		name: 'A preview',
		nodes: [
			{ ...trigger, position: [0, 0], parameters: { events: ['emailsReplied'] }, webhookId: randomUUID() },
			{ ...NEXT, position: [240, 0], parameters: {} },
		],
		connections: { [TRIGGER_NAME]: { main: [[{ node: NEXT.name, type: 'main', index: 0 }]] } },
	};
}
