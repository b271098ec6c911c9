// Child processes that do not outlive this one. Each leads a process group of its own, so that it
// ends with all its descendants, and so that Ctrl-C in the terminal reaches nobody but us.
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';

export interface Ended {
	/** null where a signal ended it. */
	code: number | null;
	/** What it wrote, errors included. */
	output: string;
}

const LAST_LINES = 15;

const children = new Set<ChildProcess>();

process.on('exit', () => {
	for (const child of children) signalGroup(child, 'SIGKILL');
});

/** Starts a process that leads its own group. Listen for its 'error': there may be no such command. */
export function startChild(
	command: string,
	args: readonly string[],
	options: SpawnOptions,
): ChildProcess {
	const child = spawn(command, args, { ...options, detached: true });
	children.add(child);
	child.once('error', () => children.delete(child));
	child.once('exit', () => {
		// What it has started itself must not stay behind.
		signalGroup(child, 'SIGKILL');
		children.delete(child);
	});
	return child;
}

/**
 * Runs a command to its end. Rejects only if it cannot be started.
 *
 * @param heard is called with all that the command has written, whenever it has written more
 */
export async function run(
	command: string,
	args: readonly string[],
	options: SpawnOptions = {},
	heard?: (output: string) => void,
): Promise<Ended> {
	const child = startChild(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
	let output = '';
	for (const stream of [child.stdout, child.stderr]) {
		stream?.setEncoding('utf8').on('data', (text: string) => {
			output += text;
			heard?.(output);
		});
	}
	const [code] = (await once(child, 'close')) as [number | null];
	return { code, output };
}

/** The end of what a process wrote, without empty lines. */
export function lastLines(output: string, count = LAST_LINES): string {
	const lines = output.split('\n').filter((line) => line.trim() !== '');
	return lines.slice(-count).join('\n');
}

/** Ends every process started here, and waits until they are gone. */
export async function endChildren(): Promise<void> {
	const ending = [...children].map(async (child) => {
		const gone = once(child, 'exit');
		signalGroup(child, 'SIGKILL');
		await gone;
	});
	await Promise.all(ending);
}

/** Sends a signal to a process and all that it has started, if they are still there. */
export function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
	if (pid === undefined) return;
	try {
		process.kill(-pid, signal);
	} catch {
		// Gone already.
	}
}
