/**
 * A real n8n with the packed package and a stand-in for lemlist beside it, for as long as a test file
 * runs. It checks its hooks every few seconds instead of every few minutes, unless told otherwise.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeAll, startAll, type Closing } from '../../e2e/n8n/closings';
import { Editor, type Owner } from '../../e2e/n8n/editor';
import { ensureInstalled } from '../../e2e/n8n/installation';
import { startInstance, type Instance } from '../../e2e/n8n/instance';
import { packCheckout, unpackFor } from '../../e2e/n8n/package';
import { silent } from '../../e2e/n8n/progress';
import { until } from '../../e2e/n8n/until';
import type { N8nVersion } from '../../e2e/n8n/versions';
import { newId, startSandbox, type Sandbox, type SandboxOptions } from '../../sandbox';
import { MOST_RESENDS } from './busy';
import { Database } from './database';

export const CHECK_SECONDS = 3;
/** What is younger is left alone by looks. */
export const YOUNGEST_SECONDS = 2;
/** n8n answers for its editor some seconds before it has set up its triggers, more on a busy machine. */
const SLACK_MS = 20_000;
/** How long a hook may be away. */
export const MENDED_WITHIN_MS = CHECK_SECONDS * 1_000 + SLACK_MS;

export const OWNER: Owner = {
	email: 'faults@example.com',
	password: 'Lemlist-faults-1',
	firstName: 'Test',
	lastName: 'Owner',
};

/** These tests hold executions against answers: what lemlist sends again after seconds would come in between. */
export const EACH_EVENT_ONCE = { deliveryRetries: 0 } as const;

/** A user of lemlist: what API key they have, and which team it opens. */
export interface Account {
	apiKey: string;
	teamId: string;
}

export interface HostOptions {
	/** Settings of n8n besides the usual ones. */
	env?: Readonly<Record<string, string>>;
	sandbox?: Partial<SandboxOptions>;
	/** Whether a credential made by hand leads to the stand-in, as it leads to lemlist in the published package. */
	isLemlistByDefault?: boolean;
	/** The newest n8n by default. */
	version?: N8nVersion;
	/** How often the hooks are checked. */
	checkSeconds?: number;
	/** How often it is looked for missed events while all seems well; never within a test by default. */
	lookBackSeconds?: number;
	/** How often lemlist is asked where no hook delivers; as in the published package by default. */
	lookUpSeconds?: number;
	/** Between two late starts; as in the published package by default. */
	betweenStartsMs?: number;
	/** Puts more into n8n's folder before it starts. */
	furnish?: (userFolder: string, tarball: string) => Promise<unknown>;
}

export class Host {
	readonly editor: Editor;
	readonly mostResends = MOST_RESENDS;

	private constructor(
		readonly n8n: Instance,
		readonly lemlist: Sandbox,
		readonly database: Database,
		/** Holds everything of this host; gone with it. */
		readonly folder: string,
		readonly tarball: string,
		/** How to end everything that was started, last first. */
		private readonly closings: readonly Closing[],
	) {
		this.editor = new Editor(n8n);
	}

	/** Starts n8n and lemlist and logs in. Close it in the end. @throws an Error that says what did not start; then nothing stays */
	static async start(options: HostOptions = {}): Promise<Host> {
		return await startAll(async (closings) => await Host.startWith(closings, options));
	}

	private static async startWith(
		closings: Closing[],
		{
			env = {},
			sandbox = {},
			isLemlistByDefault = false,
			version,
			furnish,
			...intervals
		}: HostOptions,
	): Promise<Host> {
		const installation = await ensureInstalled(silent, version);
		const folder = await mkdtemp(join(tmpdir(), 'n8n-lemlist-faults-'));
		closings.push(async () => {
			await rm(folder, { recursive: true, force: true, maxRetries: 5 });
		});
		const userFolder = join(folder, 'n8n');
		const tarball = await packCheckout(join(folder, 'package'), { build: false });
		const packageFolder = await unpackFor(userFolder, tarball);
		await setIntervals(packageFolder, intervals);
		await furnish?.(userFolder, tarball);
		const lemlist = await startSandbox({
			...sandbox,
			rules: { ...EACH_EVENT_ONCE, ...sandbox.rules },
		});
		closings.push(async () => {
			await lemlist.close();
		});
		if (isLemlistByDefault) await putInLemlistsPlace(lemlist, packageFolder);
		const n8n = await startInstance({ installation, userFolder, env });
		closings.push(async () => {
			await n8n.kill();
		});
		const database = new Database(installation.node, join(userFolder, '.n8n', 'database.sqlite'));
		const host = new Host(n8n, lemlist, database, folder, tarball, closings);
		await host.editor.setUpOwner(OWNER);
		await host.editor.logIn(OWNER);
		return host;
	}

	/** A user of lemlist in a team of their own: nobody else's requests count against their budget. */
	account(teamId?: string): Account {
		return newAccount(this.lemlist, teamId);
	}

	/** Where lemlist reaches n8n. */
	get webhookBase(): string {
		return this.n8n.url;
	}

	/** Waits until n8n knows its webhook URLs again, without lemlist's noticing that it does not. */
	async untilItServes(webhookUrl: string): Promise<void> {
		await until(
			'n8n serves its webhooks',
			async () => (await this.lemlist.send(webhookUrl, {})).status === 401,
			{ limitMs: MENDED_WITHIN_MS },
		);
	}

	async close(): Promise<void> {
		await closeAll(this.closings);
	}
}

/** Adds a user to lemlist, in a team of their own unless it is named. */
export function newAccount(lemlist: Sandbox, teamId: string = newId('tea')): Account {
	const account = { apiKey: `key-${newId('usr')}`, teamId };
	lemlist.keys.set(account.apiKey, { state: 'valid', teamId });
	return account;
}

/** As in {@link HostOptions}. */
export interface Intervals {
	checkSeconds?: number | undefined;
	lookBackSeconds?: number | undefined;
	/** How long a look waits until other processes have put n8n's store right; as published by default. */
	settledSeconds?: number | undefined;
	/** What is younger, a look leaves to deliveries. */
	youngestSeconds?: number | undefined;
	betweenStartsMs?: number | undefined;
	lookUpSeconds?: number | undefined;
}

/** Makes checks and looks run every so many seconds, in n8n's own copy of the built package. */
export async function setIntervals(
	packageFolder: string,
	{
		checkSeconds = CHECK_SECONDS,
		lookBackSeconds = 3_600,
		settledSeconds,
		youngestSeconds = YOUNGEST_SECONDS,
		betweenStartsMs = 200,
		lookUpSeconds,
	}: Intervals = {},
): Promise<void> {
	const folder = join(packageFolder, 'dist/nodes/LemlistTrigger');
	for (const [file, constant, value] of [
		['hooks/schedule.js', 'CHECK_INTERVAL_SECONDS', checkSeconds],
		['hooks/schedule.js', 'LOOK_UP_INTERVAL_SECONDS', lookUpSeconds],
		['missed/lookBack.js', 'LOOK_BACK_INTERVAL_SECONDS', lookBackSeconds],
		['missed/lookBack.js', 'YOUNGEST_SECONDS', youngestSeconds],
		['missed/look.js', 'SETTLED_SECONDS', settledSeconds],
		['missed/look.js', 'BETWEEN_STARTS_MS', betweenStartsMs],
	] as const) {
		if (value === undefined) continue;
		const source = await readFile(join(folder, file), 'utf8');
		const changed = source.replace(
			new RegExp(`((?:exports\\.|const )${constant} = )[\\d_]+;`),
			`$1${String(value)};`,
		);
		if (changed === source && !source.includes(`${constant} = ${String(value)};`))
			throw new Error(`${file} has no ${constant} any more`);
		await writeFile(join(folder, file), changed);
	}
}

/** The address of lemlist's API is no field of the form, so the form's default has to be another. */
async function putInLemlistsPlace({ apiUrl }: Sandbox, packageFolder: string): Promise<void> {
	for (const file of [
		'credentials/LemlistWebhookApi.credentials.js',
		'nodes/LemlistTrigger/settings/reading.js',
	]) {
		await replaceIn(join(packageFolder, 'dist', file), 'https://api.lemlist.com/api', apiUrl);
	}
}

/** Changes n8n's own copy of the built package. */
async function replaceIn(file: string, text: string, other: string): Promise<void> {
	const source = await readFile(file, 'utf8');
	if (!source.includes(text)) throw new Error(`${file} does not hold "${text}" any more`);
	await writeFile(file, source.replaceAll(text, other));
}
