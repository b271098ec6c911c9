// The demo from its first step to its last.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { terminal } from '../terminal';
import { clearAway, deactivate, stopAll } from './closing';
import {
	checkPorts,
	install,
	logIn,
	pack,
	saveCredential,
	startN8n,
	startStandIn,
} from './opening';
import type { Settings } from './settings';
import { activate, missEvent, sendEvent, sendForgeries } from './showing';
import { Stage } from './stage';
import { listenForStop, type StopRequest } from './stopRequest';
import { OWNER } from './workflow';

interface Step {
	name: string;
	run: (stage: Stage) => Promise<void>;
}

const OPENING: readonly Step[] = [
	{ name: 'See that both ports are free', run: checkPorts },
	{ name: 'Have n8n installed', run: install },
	{ name: 'Build and pack this package', run: pack },
	{ name: 'Start a stand-in for lemlist', run: startStandIn },
	{ name: 'Start n8n with the package', run: startN8n },
	{ name: 'Set up a user in n8n', run: logIn },
	{ name: 'Save a credential for lemlist and test it', run: saveCredential },
	{ name: 'Make a workflow and activate it: hooks appear at lemlist', run: activate },
	{ name: 'Let lemlist send an event: the workflow starts', run: sendEvent },
	{ name: 'Let somebody forge events: they are refused', run: sendForgeries },
	{
		name: 'Let an event happen while n8n is stopped: the workflow starts late, once',
		run: missEvent,
	},
];

const CLOSING: readonly Step[] = [
	{ name: 'Deactivate the workflow: the hooks go', run: deactivate },
	{ name: 'Stop n8n and the stand-in', run: stopAll },
];

const EXIT_CODES = { fine: 0, failed: 1, stopped: 130 } as const;

/** Runs the demo and returns the exit code of the process. */
export async function runDemo(settings: Settings): Promise<number> {
	const stop = listenForStop();
	const stage = new Stage(settings, folderUntilExit());
	try {
		if (!(await takeSteps(OPENING, 1, stage, stop))) {
			terminal.line('\nStopped.');
			return EXIT_CODES.stopped;
		}
		if (!settings.once) {
			invite(stage);
			narrate(stage);
			await stop.made;
		}
		await takeSteps(CLOSING, OPENING.length + 1, stage);
		terminal.line('\nEverything held.');
		return EXIT_CODES.fine;
	} catch (error) {
		terminal.line(`\nFAILED ${error instanceof Error ? error.message : String(error)}`);
		return EXIT_CODES.failed;
	} finally {
		await clearAway(stage);
	}
}

/** A new folder that goes with this process, even with a sudden end. */
function folderUntilExit(): string {
	const folder = mkdtempSync(join(tmpdir(), 'n8n-lemlist-demo-'));
	process.once('exit', () => {
		rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
	});
	return folder;
}

/** Takes the steps in order, and tells whether it came to the end of them. */
async function takeSteps(
	steps: readonly Step[],
	firstNumber: number,
	stage: Stage,
	stop?: StopRequest,
): Promise<boolean> {
	for (const [index, { name, run }] of steps.entries()) {
		const title = `${String(firstNumber + index)}. ${name}`;
		terminal.line(title);
		try {
			await Promise.race([run(stage), ...(stop ? [stop.made] : [])]);
		} catch (error) {
			throw new Error(`at ${title}\n${error instanceof Error ? error.message : String(error)}`, {
				cause: error,
			});
		}
		if (stop?.isMade()) return false;
	}
	return true;
}

function invite({ n8n, sandbox, workflow }: Stage): void {
	terminal.line(`
Now it is yours.
   n8n       ${n8n.value.url}/workflow/${workflow.value.id}
             e-mail ${OWNER.email}, password ${OWNER.password}
   lemlist   ${sandbox.value.url}
             a page to send events, true and forged, and to see what n8n answers. What no webhook gets
             starts the workflow within two minutes; the published package takes up to an hour.
Press Ctrl-C to stop.
`);
}

/** Says what comes of the events that are sent on the stand-in's page. */
function narrate({ sandbox }: Stage): void {
	sandbox.value.onChange(({ kind, text }) => {
		if (kind === 'delivery') terminal.line(text, 1);
	});
}
