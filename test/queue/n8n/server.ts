/** A server program of this machine, such as PostgreSQL, with a port and a folder of its own for as long as tests run. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { chown, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { lastLines, run, signalGroup, startChild } from '../../e2e/n8n/children';
import { freePort } from '../../e2e/n8n/ports';
import { until } from '../../e2e/n8n/until';

/** What is run for a server, each a program and its arguments. */
export interface Commands {
	/** Run to its end first. */
	prepare?: readonly string[];
	serve: readonly string[];
	/** Ends with code 0 as soon as the server answers. */
	ask: readonly string[];
}

type CommandsFor = (port: string, folder: string) => Commands;

/** PostgreSQL does not run as root; user and group `nobody` are these everywhere on Linux. */
const NOBODY = 65_534;
const IS_ROOT = process.getuid?.() === 0;
/** The programs end with us, however we end. */
const GUARD = [
	'setpriv',
	'--pdeathsig=KILL',
	...(IS_ROOT ? [`--reuid=${String(NOBODY)}`, `--regid=${String(NOBODY)}`, '--clear-groups'] : []),
	'--',
] as const;
const DEBIAN_POSTGRESQL = '/usr/lib/postgresql';
const INSTALL = 'apt-get install -y postgresql redis-server';
const READY_WITHIN_MS = 30_000;
const STOP_LIMIT_MS = 10_000;

export class Server {
	private child: ChildProcess | undefined;
	private readonly commands: Commands;

	private constructor(
		private readonly name: string,
		commandsFor: CommandsFor,
		readonly port: number,
		private readonly folder: string,
	) {
		this.commands = commandsFor(String(port), folder);
	}

	/**
	 * Starts a server and waits until it answers.
	 *
	 * @param name for its folder and in messages
	 * @param commandsFor what to run, given a free port and the server's folder
	 * @throws an Error with the end of what it wrote; then nothing of it stays
	 */
	static async start(name: string, commandsFor: CommandsFor): Promise<Server> {
		const server = new Server(
			name,
			commandsFor,
			await freePort(),
			await mkdtemp(join(tmpdir(), `n8n-lemlist-${name}-`)),
		);
		try {
			await server.prepare();
			await server.startAgain();
			return server;
		} catch (error) {
			const log = await readFile(server.logFile, 'utf8').catch(() => '');
			await server.close();
			throw new Error(`${String(error)}\n${lastLines(log)}`, { cause: error });
		}
	}

	/** Starts it after {@link stop}, on what it kept, and waits until it answers. */
	async startAgain(): Promise<void> {
		this.child = spawnInto(this.logFile, this.commands.serve, this.folder);
		await until(`${this.name} answers`, () => this.answers(this.commands.ask), {
			limitMs: READY_WITHIN_MS,
		});
	}

	/** Ends it in good order. */
	async stop(): Promise<void> {
		if (this.child !== undefined && this.isRunning) await endOf(this.child);
	}

	/** Ends it; nothing of it stays. */
	async close(): Promise<void> {
		await this.stop();
		await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
	}

	private get logFile(): string {
		return join(this.folder, 'log');
	}

	private get isRunning(): boolean {
		return this.child?.exitCode === null && this.child.signalCode === null;
	}

	private async prepare(): Promise<void> {
		if (IS_ROOT) await chown(this.folder, NOBODY, NOBODY);
		const { prepare } = this.commands;
		if (prepare !== undefined) await toItsEnd(prepare, this.folder);
	}

	private async answers(ask: readonly string[]): Promise<boolean> {
		return (
			this.isRunning &&
			(await toItsEnd(ask, this.folder).then(
				() => true,
				() => false,
			))
		);
	}
}

/** PostgreSQL and Redis end at once when they are interrupted, with all their processes. */
async function endOf(child: ChildProcess): Promise<void> {
	const gone = once(child, 'exit');
	child.kill('SIGINT');
	const byForce = setTimeout(() => {
		signalGroup(child, 'SIGKILL');
	}, STOP_LIMIT_MS);
	await gone;
	clearTimeout(byForce);
}

/** @throws an Error with what it wrote where it does not end with code 0 */
async function toItsEnd(command: readonly string[], folder: string): Promise<void> {
	const [program = '', ...args] = [...GUARD, ...command];
	const { code, output } = await run(program, args, { cwd: folder });
	if (code !== 0) throw new Error(`${command.join(' ')}\n${lastLines(output)}`);
}

function spawnInto(logFile: string, command: readonly string[], folder: string): ChildProcess {
	const log = openSync(logFile, 'a');
	const [program = '', ...args] = [...GUARD, ...command];
	const child = startChild(program, args, { cwd: folder, stdio: ['ignore', log, log] });
	closeSync(log);
	return child;
}

/**
 * Finds programs where Debian puts them, or in PATH.
 *
 * @returns their paths, in the order of the names
 * @throws an Error that names what is missing, and the command that installs it
 */
export async function findPrograms<const Names extends readonly string[]>(
	names: Names,
): Promise<{ [Index in keyof Names]: string }> {
	const versions = await readdir(DEBIAN_POSTGRESQL).catch(() => []);
	const newestFirst = versions
		.sort((a, b) => Number(b) - Number(a))
		.map((version) => join(DEBIAN_POSTGRESQL, version, 'bin'));
	const folders = [...newestFirst, ...(process.env.PATH ?? '').split(delimiter)];
	const pathOf = (name: string) =>
		folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
	const missing = [GUARD[0], ...names].filter((name) => pathOf(name) === undefined);
	if (missing.length > 0)
		throw new Error(
			`These tests need a real PostgreSQL and a real Redis, on Linux. Missing here: ${missing.join(', ')}. On Debian and Ubuntu: ${INSTALL}`,
		);
	return names.map(pathOf) as unknown as { [Index in keyof Names]: string };
}
