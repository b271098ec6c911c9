// One private n8n: a real process with its own folder, ports and settings, on this machine only.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { lastLines, signalGroup, startChild } from './children';
import { startAll } from './closings';
import type { Installation } from './installation';
import { freePort } from './ports';
import type { N8nVersion } from './versions';

/** n8n's kinds of processes: all in one (or the main one in queue mode), webhook processor, worker. */
export type Role = 'start' | 'webhook' | 'worker';

interface InstanceOptions {
	installation: Installation;
	/** All in one by default. */
	role?: Role;
	/** n8n's database, settings and packages live here; start again with it to find them again. */
	userFolder: string;
	/** A free one by default. */
	port?: number;
	/** Settings besides, or in place of, those below. */
	env?: Readonly<Record<string, string>>;
}

const HOST = '127.0.0.1';
const START_LIMIT_MS = 120_000;
const STOP_LIMIT_MS = 20_000;
const POLL_MS = 200;
const POLL_LIMIT_MS = 5_000;
const LOG_LINES = 25;

interface Kind {
	/** Answers JSON as soon as the process is ready. */
	readyAt: string;
	/** What makes it listen on its port. */
	settings: (port: string) => Readonly<Record<string, string>>;
}

const KINDS: Readonly<Record<Role, Kind>> = {
	start: { readyAt: '/rest/settings', settings: (port) => ({ N8N_PORT: port }) },
	webhook: { readyAt: '/healthz/readiness', settings: (port) => ({ N8N_PORT: port }) },
	worker: {
		readyAt: '/healthz/readiness',
		settings: (port) => ({
			QUEUE_HEALTH_CHECK_ACTIVE: 'true',
			QUEUE_HEALTH_CHECK_PORT: port,
			N8N_WORKER_SERVER_ADDRESS: HOST,
		}),
	},
};

/** Nothing else of our environment reaches n8n: neither npm's settings nor those of another n8n. */
const INHERITED = ['HOME', 'LANG', 'TMPDIR', 'TZ'] as const;

const SETTINGS: Readonly<Record<string, string>> = {
	N8N_HOST: HOST,
	N8N_LISTEN_ADDRESS: HOST,
	N8N_ENCRYPTION_KEY: 'the same after every restart',
	N8N_SECURE_COOKIE: 'false',
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
	NO_COLOR: '1',
};

export class Instance {
	readonly url: string;
	readonly version: N8nVersion;
	readonly userFolder: string;
	readonly logFile: string;
	private readonly role: Role;
	private child: ChildProcess | undefined;

	constructor(
		private readonly installation: Installation,
		private readonly env: NodeJS.ProcessEnv,
		{ port, userFolder, role }: { port: number; userFolder: string; role: Role },
	) {
		this.role = role;
		this.url = `http://${HOST}:${String(port)}`;
		this.version = installation.version;
		this.userFolder = userFolder;
		this.logFile = join(userFolder, 'n8n.log');
	}

	/** Whether its process is there. */
	get isRunning(): boolean {
		return this.child !== undefined;
	}

	/**
	 * Starts it, on the folder and ports it had before, and waits until it answers.
	 *
	 * @throws an Error with the end of its log
	 */
	async start(): Promise<void> {
		if (this.child) throw new Error(`n8n on ${this.url} runs already`);
		await mkdir(this.userFolder, { recursive: true });
		const child = this.spawn();
		let failure: string | undefined;
		child.once('error', (error) => (failure = error.message));
		child.once('exit', (code, signal) => {
			failure ??= `it ended with ${signal ?? `code ${String(code)}`}`;
			if (this.child === child) this.child = undefined;
		});
		this.child = child;
		await this.untilReady(() => failure);
	}

	/** Ends it as a service manager would; by force where it takes too long. */
	async stop(): Promise<void> {
		await this.end('SIGTERM');
	}

	/** Ends it as a power cut would. */
	async kill(): Promise<void> {
		await this.end('SIGKILL');
	}

	/** The end of its log. */
	async log(lines = LOG_LINES): Promise<string> {
		return lastLines(await readFile(this.logFile, 'utf8').catch(() => ''), lines);
	}

	private spawn(): ChildProcess {
		const log = openSync(this.logFile, 'a');
		const guard = join(__dirname, 'endWithParent.ts');
		const child = startChild(
			this.installation.node,
			['--require', guard, this.installation.command, this.role],
			{
				cwd: this.userFolder,
				env: this.env,
				stdio: ['pipe', log, log],
			},
		);
		closeSync(log);
		return child;
	}

	private async untilReady(failure: () => string | undefined): Promise<void> {
		const deadline = Date.now() + START_LIMIT_MS;
		while (!(await answersJson(`${this.url}${KINDS[this.role].readyAt}`))) {
			const late =
				Date.now() > deadline
					? `it did not answer within ${String(START_LIMIT_MS / 1000)} s`
					: undefined;
			const reason = failure() ?? late;
			if (reason === undefined) {
				await sleep(POLL_MS);
				continue;
			}
			await this.kill();
			throw new Error(`n8n did not start: ${reason}. The end of its log:\n${await this.log()}`);
		}
	}

	private async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
		const { child } = this;
		if (!child) return;
		const gone = once(child, 'exit');
		// Only n8n itself is told to stop: it stops its task runner in its own time.
		if (signal === 'SIGTERM') child.kill(signal);
		else signalGroup(child, signal);
		const byForce = setTimeout(() => {
			signalGroup(child, 'SIGKILL');
		}, STOP_LIMIT_MS);
		await gone;
		clearTimeout(byForce);
	}
}

/**
 * Starts an n8n and waits until it answers.
 *
 * @throws an Error with the end of its log; then it does not run
 */
export async function startInstance({
	installation,
	role = 'start',
	userFolder,
	port,
	env = {},
}: InstanceOptions): Promise<Instance> {
	const ownPort = port ?? (await freePort());
	const environment = {
		...Object.fromEntries(INHERITED.map((name) => [name, process.env[name]])),
		PATH: `${dirname(installation.node)}${delimiter}${process.env.PATH ?? ''}`,
		...SETTINGS,
		N8N_USER_FOLDER: userFolder,
		...KINDS[role].settings(String(ownPort)),
		N8N_RUNNERS_BROKER_PORT: String(await freePort()),
		...env,
	};
	const instance = new Instance(installation, environment, { port: ownPort, userFolder, role });
	return await startAll(async (closings) => {
		closings.push(async () => {
			await instance.kill();
		});
		await instance.start();
		return instance;
	});
}

async function answersJson(url: string): Promise<boolean> {
	try {
		const response = await fetch(url, { signal: AbortSignal.timeout(POLL_LIMIT_MS) });
		await response.json();
		return response.ok;
	} catch {
		return false;
	}
}
