/**
 * n8n in queue mode, as it is scaled: a main process, two webhook processors behind a load balancer and
 * one or two workers around a PostgreSQL and a Redis, each process with a folder and a copy of the package
 * of its own, as if each were on another machine. A stand-in for lemlist beside it.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeAll, startAll, type Closing } from '../../e2e/n8n/closings';
import { Editor } from '../../e2e/n8n/editor';
import { ensureInstalled, type Installation } from '../../e2e/n8n/installation';
import { startInstance, type Instance, type Role } from '../../e2e/n8n/instance';
import { packCheckout, unpackFor } from '../../e2e/n8n/package';
import { silent } from '../../e2e/n8n/progress';
import type { N8nVersion } from '../../e2e/n8n/versions';
import {
	EACH_EVENT_ONCE,
	newAccount,
	OWNER,
	setIntervals,
	type Account,
} from '../../faults/n8n/host';
import type { TriggerHost } from '../../faults/n8n/trigger';
import { startSandbox, type Sandbox } from '../../sandbox';
import { LoadBalancer } from './loadBalancer';
import { Postgres } from './postgres';
import { redisSettings, startRedis } from './redis';
import type { Server } from './server';

/** Executions that a worker has under way at a time. */
export const CONCURRENCY = 50;
/** On a machine that is busy with several n8n, answers take their time. */
const DELIVERY_TIMEOUT_MS = 60_000;

const SETTINGS: Readonly<Record<string, string>> = {
	EXECUTIONS_MODE: 'queue',
	N8N_DISABLE_PRODUCTION_MAIN_PROCESS: 'true',
	N8N_CONCURRENCY_PRODUCTION_LIMIT: String(CONCURRENCY),
	// n8n's own are 2 connections, 20 and 5 seconds: where several n8n share two cores, executions and looks at the database's health run out of them.
	DB_POSTGRESDB_POOL_SIZE: '10',
	DB_POSTGRESDB_CONNECTION_TIMEOUT: '60000',
	DB_PING_TIMEOUT_MS: '60000',
	// n8n's own are 60, 10 and 30 seconds: so long it takes until the jobs of a killed worker are given up.
	QUEUE_WORKER_LOCK_DURATION: '5000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '1000',
	QUEUE_WORKER_STALLED_INTERVAL: '2000',
};

/** The processes of n8n, by name. */
const MEMBERS = {
	main: 'start',
	firstProcessor: 'webhook',
	secondProcessor: 'webhook',
	worker: 'worker',
	secondWorker: 'worker',
} as const satisfies Record<string, Role>;
/** The second worker is there where it is asked for. */
type Member = Exclude<keyof typeof MEMBERS, 'secondWorker'>;

export interface ClusterOptions {
	/** Settings of n8n besides the usual ones. */
	env?: Readonly<Record<string, string>>;
	/** One by default. */
	workers?: 1 | 2;
	/** The newest n8n by default. */
	version?: N8nVersion;
	/** How often the hooks are checked. */
	checkSeconds?: number | undefined;
	/** How often it is looked for missed events while all seems well. */
	lookBackSeconds?: number | undefined;
	/** How long a look waits until other processes have put n8n's store right; as published by default. */
	settledSeconds?: number | undefined;
	/** What is younger, a look leaves to deliveries: two seconds by default. */
	youngestSeconds?: number | undefined;
	/** Puts more into the folder of each process before it starts. */
	furnish?: ((userFolder: string, tarball: string) => Promise<unknown>) | undefined;
}

/** What all processes of n8n share. */
interface Surroundings {
	folder: string;
	lemlist: Sandbox;
	balancer: LoadBalancer;
	database: Postgres;
	redis: Server;
	/** How to end everything that was started, last first. */
	closings: Closing[];
}

export class Cluster implements TriggerHost {
	readonly editor: Editor;
	readonly lemlist: Sandbox;
	readonly balancer: LoadBalancer;
	readonly database: Postgres;
	/** Holds the queue. */
	readonly redis: Server;
	/** PostgreSQL answers: whoever is turned away here is lost. */
	readonly mostResends = 0;

	private constructor(
		private readonly surroundings: Surroundings,
		readonly members: Readonly<Record<Member, Instance>>,
		readonly workers: readonly Instance[],
	) {
		({
			lemlist: this.lemlist,
			balancer: this.balancer,
			database: this.database,
			redis: this.redis,
		} = surroundings);
		this.editor = new Editor(members.main);
	}

	/**
	 * Starts everything and logs in. Close it in the end.
	 *
	 * @throws an Error that says what is missing on this machine, or what did not start; then nothing stays
	 */
	static async start({
		env: extra = {},
		version,
		...options
	}: ClusterOptions = {}): Promise<Cluster> {
		const installation = await ensureInstalled(silent, version);
		return await startAll(async (closings) => {
			const surroundings = await startSurroundings(installation, closings);
			const env = {
				...SETTINGS,
				...redisSettings(surroundings.redis),
				...surroundings.database.settings,
				WEBHOOK_URL: `${surroundings.balancer.url}/`,
				...extra,
			};
			const { secondWorker, ...members } = await startMembers(installation, surroundings, {
				env,
				...options,
			});
			const workers = [members.worker, ...(secondWorker === undefined ? [] : [secondWorker])];
			const cluster = new Cluster(surroundings, members, workers);
			await cluster.balancer.balance(
				cluster.members.main.url,
				cluster.processors.map(({ url }) => url),
			);
			await cluster.editor.setUpOwner(OWNER);
			await cluster.editor.logIn(OWNER);
			return cluster;
		});
	}

	get processors(): readonly Instance[] {
		return [this.members.firstProcessor, this.members.secondProcessor];
	}

	get webhookBase(): string {
		return this.balancer.url;
	}

	account(teamId?: string): Account {
		return newAccount(this.lemlist, teamId);
	}

	async close(): Promise<void> {
		await closeAll(this.surroundings.closings);
	}
}

async function startSurroundings(installation: Installation, closings: Closing[]) {
	const folder = await mkdtemp(join(tmpdir(), 'n8n-lemlist-queue-'));
	closings.push(async () => {
		await rm(folder, { recursive: true, force: true, maxRetries: 5 });
	});
	const database = await Postgres.start(installation);
	closings.push(async () => {
		await database.close();
	});
	const redis = await startRedis();
	closings.push(async () => {
		await redis.close();
	});
	const lemlist = await startSandbox({
		rules: { ...EACH_EVENT_ONCE, deliveryTimeoutMs: DELIVERY_TIMEOUT_MS },
	});
	closings.push(async () => {
		await lemlist.close();
	});
	const balancer = await LoadBalancer.start();
	closings.push(async () => {
		await balancer.close();
	});
	return { folder, database, redis, lemlist, balancer, closings };
}

/** The main process makes the tables that the others need; those start together. */
async function startMembers(
	installation: Installation,
	{ folder, closings }: Surroundings,
	{ env = {}, workers = 1, furnish, ...intervals }: ClusterOptions,
): Promise<Record<Member, Instance> & { secondWorker?: Instance }> {
	const tarball = await packCheckout(join(folder, 'package'), { build: false });
	const start = async (name: keyof typeof MEMBERS): Promise<[string, Instance]> => {
		const userFolder = join(folder, name);
		await setIntervals(await unpackFor(userFolder, tarball), intervals);
		await furnish?.(userFolder, tarball);
		const instance = await startInstance({ installation, role: MEMBERS[name], userFolder, env });
		closings.push(async () => {
			await instance.kill();
		});
		return [name, instance];
	};
	const main = await start('main');
	const names = ['firstProcessor', 'secondProcessor', 'worker', 'secondWorker'] as const;
	const others = await Promise.allSettled(names.slice(0, 2 + workers).map(start));
	return Object.fromEntries([main, ...others.map(settledOrThrow)]) as Record<Member, Instance>;
}

function settledOrThrow<Value>(outcome: PromiseSettledResult<Value>): Value {
	if (outcome.status === 'rejected') throw outcome.reason;
	return outcome.value;
}
