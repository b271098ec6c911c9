/** A real n8n with the packed package, a stand-in for lemlist, and workflows that are active in it. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Editor, type Credential, type Workflow, type WorkflowDraft } from '../e2e/n8n/editor';
import { ensureInstalled } from '../e2e/n8n/installation';
import { startInstance, type Instance } from '../e2e/n8n/instance';
import { PACKAGE_NAME, packCheckout, unpackFor } from '../e2e/n8n/package';
import { silent } from '../e2e/n8n/progress';
import { startSandbox, type Sandbox } from '../sandbox';

const CREDENTIAL_TYPE = 'lemlistWebhookApi';
export const TRIGGER_NAME = 'Lemlist Events Trigger';
const OWNER = {
	email: 'faults@example.com',
	password: 'Lemlist-faults-1',
	firstName: 'Fay',
	lastName: 'Ults',
};

export class HostileStage {
	private constructor(
		readonly n8n: Instance,
		readonly lemlist: Sandbox,
		readonly editor: Editor,
		readonly credential: Credential,
		private readonly folder: string,
	) {}

	/** Packs the package as it is built now, and starts everything. */
	static async start(): Promise<HostileStage> {
		const folder = mkdtempSync(join(tmpdir(), 'n8n-lemlist-faults-'));
		const userFolder = join(folder, 'n8n');
		const lemlist = await startSandbox();
		await unpackFor(userFolder, await packCheckout(join(folder, 'package'), { build: false }));
		const n8n = await startInstance({ installation: await ensureInstalled(silent), userFolder });
		const editor = new Editor(n8n);
		await editor.setUpOwner(OWNER);
		await editor.logIn(OWNER);
		const data = { apiKey: lemlist.apiKey, webhookSecret: '', baseUrl: lemlist.apiUrl };
		const credential = await editor.createCredential({
			name: 'lemlist',
			type: CREDENTIAL_TYPE,
			data,
		});
		return new HostileStage(n8n, lemlist, editor, credential, folder);
	}

	async close(): Promise<void> {
		await this.n8n.kill();
		await this.lemlist.close();
		rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
	}

	/** An active workflow with a lemlist trigger alone, and the hook that lemlist has for it. */
	async activeWorkflow(): Promise<Target> {
		const workflow = await this.editor.createWorkflow(triggerAlone(this.credential));
		const before = new Set(this.lemlist.hooks);
		await this.editor.activate(workflow);
		const hook = this.lemlist.hooks.find((other) => !before.has(other));
		if (hook?.secret === undefined) throw new Error('The workflow is active without a hook');
		return { workflow, url: new URL(hook.targetUrl), secret: hook.secret };
	}
}

/** What an attacker aims at. */
export interface Target {
	workflow: Workflow;
	/** The hook's URL, with its query. */
	url: URL;
	/** What lemlist echoes in deliveries to it. */
	secret: string;
}

function triggerAlone({ id, name }: Credential): WorkflowDraft {
	const trigger = {
		id: randomUUID(),
		name: TRIGGER_NAME,
		type: `${PACKAGE_NAME}.lemlistTrigger`,
		typeVersion: 2,
		position: [0, 0] as const,
		parameters: { events: ['emailsReplied'] },
		webhookId: randomUUID(),
		credentials: { [CREDENTIAL_TYPE]: { id, name } },
	};
	return { name: `Under attack ${randomUUID()}`, nodes: [trigger], connections: {} };
}
