// The steps that leave nothing behind, neither at lemlist nor on this machine.
import { endChildren } from '../n8n/children';
import { watched } from '../n8n/progress';
import { until } from '../n8n/until';
import { terminal } from '../terminal';
import type { Stage } from './stage';

/** Deactivates the stage's workflow. @throws Error when hooks are left at lemlist */
export async function deactivate(stage: Stage): Promise<void> {
	await stage.editor.value.deactivate(stage.workflow.value);
	const { hooks } = stage.sandbox.value;
	await until(
		`no hook is left at lemlist (${String(hooks.length)} are)`,
		() => stage.sandbox.value.hooks.length === 0,
	);
	terminal.line('No hook is left at lemlist', 1);
}

/** Stops the stage's n8n and stand-in; resolves when both have ended. */
export async function stopAll(stage: Stage): Promise<void> {
	await watched('n8n stops', terminal.progress.bind(terminal), stage.n8n.value.stop());
	await stage.sandbox.value.close();
	terminal.line('n8n and the stand-in for lemlist have stopped', 1);
}

/** Ends whatever still runs, at once; for the end, however it was reached. */
export async function clearAway({ hookWatch, sandbox }: Stage): Promise<void> {
	hookWatch.ifFilled?.end();
	await endChildren();
	await sandbox.ifFilled?.close();
}
