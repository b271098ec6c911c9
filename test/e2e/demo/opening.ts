// The steps that bring everything up, from nothing to a log-in in n8n's editor.
import { join } from 'node:path';

import { startSandbox } from '../../sandbox';
import { Editor } from '../n8n/editor';
import { ensureInstalled } from '../n8n/installation';
import { startInstance } from '../n8n/instance';
import { packCheckout, unpackFor } from '../n8n/package';
import { setIntervals } from '../../faults/n8n/host';
import { isFree } from '../n8n/ports';
import { watched } from '../n8n/progress';
import { DEFAULT_N8N_VERSION } from '../n8n/versions';
import { terminal } from '../terminal';
import { HookWatch } from './hookWatch';
import type { Stage } from './stage';
import { demoCredential, OWNER } from './workflow';

/** In the demo, nobody should have to wait for the five minutes and the hour of the published package. */
const CHECK_SECONDS = 30;
const LOOK_BACK_SECONDS = 60;

const report = terminal.progress.bind(terminal);

/** Sees that both ports are free, before the minutes that an installation takes. @throws Error naming the one that is taken, and the option for another */
export async function checkPorts({ settings }: Stage): Promise<void> {
	const wanted = [
		{ port: settings.port, who: "n8n's editor", option: '--port' },
		{ port: settings.sandboxPort, who: 'the stand-in for lemlist', option: '--sandbox-port' },
	];
	for (const { port, who, option } of wanted) {
		if (await isFree(port)) continue;
		throw new Error(
			`Port ${String(port)}, which ${who} needs, is taken. End what uses it, or choose another: npm start -- ${option} ${String(port + 100)}`,
		);
	}
}

/** Installs n8n, or finds it installed; the stage gets the installation. */
export async function install(stage: Stage): Promise<void> {
	const { folder } = stage.installation.fill(await ensureInstalled(report));
	terminal.line(`n8n ${DEFAULT_N8N_VERSION} is in ${folder}`, 1);
}

/** Packs this checkout as npm would; the stage gets the tarball. */
export async function pack(stage: Stage): Promise<void> {
	const packing = packCheckout(join(stage.folder, 'package'));
	stage.tarball.fill(await watched('Building and packing', report, packing));
	terminal.line('Packed as npm would publish it', 1);
}

/** Starts the stand-in on its port, and reports each hook that comes or goes; the stage gets both. */
export async function startStandIn(stage: Stage): Promise<void> {
	const sandbox = stage.sandbox.fill(await startSandbox({ port: stage.settings.sandboxPort }));
	stage.hookWatch.fill(
		new HookWatch(sandbox, (change, { type = 'all events', targetUrl }, left) => {
			const text =
				change === 'made' ? `+ ${type}: ${targetUrl}` : `- ${type} (${String(left)} left)`;
			terminal.line(text, 1);
		}),
	);
	terminal.line(`It listens on ${sandbox.url}`, 1);
}

/** Starts n8n on its port with the packed node; the stage gets the instance. @throws Error when it does not come up */
export async function startN8n(stage: Stage): Promise<void> {
	const userFolder = join(stage.folder, 'n8n');
	await setIntervals(await unpackFor(userFolder, stage.tarball.value), {
		checkSeconds: CHECK_SECONDS,
		lookBackSeconds: LOOK_BACK_SECONDS,
	});
	const starting = startInstance({
		installation: stage.installation.value,
		userFolder,
		port: stage.settings.port,
	});
	const { url } = stage.n8n.fill(await watched('n8n starts', report, starting));
	terminal.line(`It listens on ${url}`, 1);
}

/** Makes the owner of the new n8n and logs in; the stage gets the editor. */
export async function logIn(stage: Stage): Promise<void> {
	const editor = stage.editor.fill(new Editor(stage.n8n.value));
	await editor.setUpOwner(OWNER);
	await editor.logIn(OWNER);
	terminal.line(`Logged in as ${OWNER.email}`, 1);
}

/** Saves a credential for the stand-in; the stage gets it. @throws Error with n8n's words when its test of it fails */
export async function saveCredential(stage: Stage): Promise<void> {
	const editor = stage.editor.value;
	const credential = stage.credential.fill(
		await editor.createCredential(demoCredential(stage.sandbox.value)),
	);
	const { status, message } = await editor.testCredential(credential);
	if (status !== 'OK') throw new Error(`n8n's test of the credential says: ${message}`);
	terminal.line(`n8n's test of it says: ${message}`, 1);
}
