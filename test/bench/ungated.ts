/** What the gate is measured against: a copy of the package without it. And n8n's store of what the gate has seen, made as full as wanted. */
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { STORE_ENTRIES } from '../../nodes/LemlistTrigger/deliveries/processedValues';
import { PACKAGE_NAME, unpackFor } from '../e2e/n8n/package';
import type { Trigger } from '../faults/n8n/trigger';

const COPY = `${PACKAGE_NAME}-ungated`;
/** The node in the copy. */
export const UNGATED_TYPE = `${COPY}.lemlistTrigger`;
const GATE = 'await (0, gate_1.pass)((0, door_1.runOf)(this))';
const MD5_BYTES = 16;

export const WITHOUT_GATE = 'without the gate';
/** How many keys n8n's store holds of the trigger before a burst. */
export const FILLINGS = { empty: 0, full: STORE_ENTRIES };
export const IN_WORDS: Readonly<Record<keyof typeof FILLINGS, string>> = {
	empty: 'the gate empty',
	full: `${STORE_ENTRIES.toLocaleString('en-US')} keys at the gate`,
};

/** Puts the copy beside the package in an n8n's folder: the same but for execute(), which hands everything on. */
export async function addUngated(userFolder: string, tarball: string): Promise<void> {
	const folder = await unpackFor(userFolder, tarball, COPY);
	await replaceIn(join(folder, 'dist/nodes/LemlistTrigger/LemlistTrigger.node.js'), {
		[GATE]: 'this.getInputData()',
	});
	// The credential is the package's own: n8n has one name space for all.
	await replaceIn(join(folder, 'package.json'), {
		[`"name": "${PACKAGE_NAME}"`]: `"name": "${COPY}"`,
		'"dist/credentials/LemlistWebhookApi.credentials.js"': '',
	});
}

async function replaceIn(file: string, others: Readonly<Record<string, string>>): Promise<void> {
	let source = await readFile(file, 'utf8');
	for (const [text, other] of Object.entries(others)) {
		if (!source.includes(text)) throw new Error(`${file} does not hold ${text} any more`);
		source = source.replace(text, other);
	}
	await writeFile(file, source);
}

/** Makes n8n's store hold so many keys of a trigger that nothing has, in the form in which n8n keeps them. */
export async function fillStore({ host, workflow, nodeId }: Trigger, keys: number): Promise<void> {
	const hashes = Array.from({ length: keys }, () => randomBytes(MD5_BYTES).toString('base64'));
	const key = [workflow.id, `n:${nodeId}`] as const;
	if (keys === 0) {
		await host.database.run(
			'DELETE FROM processed_data WHERE "workflowId" = ? AND context = ?',
			...key,
		);
		return;
	}
	// In one go: the gate may be recording again what came in the last burst.
	await host.database.run(
		'INSERT INTO processed_data ("workflowId", context, value) VALUES (?, ?, ?) ON CONFLICT ("workflowId", context) DO UPDATE SET value = excluded.value',
		...key,
		JSON.stringify({ mode: 'entries', data: hashes }),
	);
}
