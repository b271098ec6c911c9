// n8n itself, with a Node.js for it, installed once a version into a cache folder outside the
// checkout: gigabytes and minutes that nobody wants to spend twice.
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';

import { lastLines, run } from './children';
import { howFar, type Sight } from './howFar';
import { isAlive, withLock } from './lock';
import { npm, rebuild } from './npm';
import { watched, type Report } from './progress';
import {
	DEFAULT_N8N_VERSION,
	N8N_NODE_MAJOR,
	NODE_PACKAGES,
	releaseOf,
	type N8nVersion,
} from './versions';

export interface Installation {
	version: N8nVersion;
	folder: string;
	/** The Node.js that n8n runs on. */
	node: string;
	/** The script that is n8n. */
	command: string;
}

const NEEDED_GIGABYTES = 3.5;
const MEASURE_EVERY_MS = 2000;
/** Written last: an installation without it was not finished. */
const MARKER = '.complete.json';

/** Where installations are kept. */
function cacheFolder(): string {
	const { N8N_LEMLIST_CACHE, XDG_CACHE_HOME } = process.env;
	return join(
		N8N_LEMLIST_CACHE ?? XDG_CACHE_HOME ?? join(homedir(), '.cache'),
		'n8n-nodes-lemlist',
	);
}

/**
 * The installation of a version; made first if there is none, which takes minutes.
 *
 * @throws an Error that says what to do where it cannot be made
 */
export async function ensureInstalled(
	report: Report,
	version: N8nVersion = DEFAULT_N8N_VERSION,
): Promise<Installation> {
	const folder = join(cacheFolder(), `n8n-${version}`);
	const installation = installationIn(folder, version);
	if (await isComplete(installation)) return installation;
	await mkdir(dirname(folder), { recursive: true });
	const start = Date.now();
	await withLock(
		`${folder}.lock`,
		(holder) => {
			const waited = String(Math.round((Date.now() - start) / 1000));
			report(`Process ${String(holder)} is installing n8n ${version}`, `waiting, ${waited} s`);
		},
		() => installUnlessThere(installation, report),
	);
	return installation;
}

/** Whether the installation was finished, and for this machine. */
async function isComplete({ folder, version, node }: Installation): Promise<boolean> {
	const marker = await readFile(join(folder, MARKER), 'utf8').catch(() => '');
	return marker === markerOf(version) && existsSync(node);
}

function installationIn(folder: string, version: N8nVersion): Installation {
	const modules = join(folder, 'node_modules');
	const nodePackage = nodePackageHere();
	return {
		version,
		folder,
		node: nodePackage ? join(modules, nodePackage.name, 'bin', 'node') : process.execPath,
		command: join(modules, 'n8n', 'bin', 'n8n'),
	};
}

function nodePackageHere(): { name: string; version: string } | undefined {
	const platform = `${process.platform}-${process.arch}`;
	const nodePackage = NODE_PACKAGES[platform];
	if (nodePackage || Number.parseInt(process.versions.node) >= N8N_NODE_MAJOR) return nodePackage;
	throw new Error(
		`n8n needs Node.js ${String(N8N_NODE_MAJOR)}, and the npm registry has none for ${platform}. Install Node.js ${String(N8N_NODE_MAJOR)} and run this again with it.`,
	);
}

function markerOf(version: N8nVersion): string {
	return JSON.stringify({ n8n: version, node: nodePackageHere() ?? process.version }) + '\n';
}

async function installUnlessThere(installation: Installation, report: Report): Promise<void> {
	// The process that held the lock may have made it.
	if (await isComplete(installation)) return;
	if (await canBeAdopted(installation)) {
		await writeFile(join(installation.folder, MARKER), markerOf(installation.version));
		return;
	}
	await rm(installation.folder, { recursive: true, force: true });
	await removeLeftovers(installation.folder);
	await installAside(installation, report);
}

/** Whether somebody has made this installation by hand, as this file would. */
async function canBeAdopted(installation: Installation): Promise<boolean> {
	const found = await versionIn(installation.folder, 'n8n');
	const nodePackage = nodePackageHere();
	const node = nodePackage && (await versionIn(installation.folder, nodePackage.name));
	if (found !== installation.version || node !== nodePackage?.version) return false;
	return await loads(installation).then(
		() => true,
		() => false,
	);
}

async function versionIn(folder: string, name: string): Promise<unknown> {
	const text = await readFile(join(folder, 'node_modules', name, 'package.json'), 'utf8').catch(
		() => '{}',
	);
	return (JSON.parse(text) as { version?: unknown }).version;
}

/** Half-done installations of processes that are no more. */
async function removeLeftovers(folder: string): Promise<void> {
	const prefix = `${basename(folder)}.partial-`;
	for (const name of await readdir(dirname(folder))) {
		if (!name.startsWith(prefix) || isAlive(Number(name.slice(prefix.length)))) continue;
		// The npm of a killed process may still be writing there: then the next installation removes it.
		await rm(join(dirname(folder), name), { recursive: true, force: true }).catch(() => undefined);
	}
}

interface Step {
	title: string;
	/** @param seen where it notes what there is to see of it, if that is more than the seconds that pass */
	run: (installation: Installation, seen: Sight) => Promise<unknown>;
}

const STEPS: readonly Step[] = [
	{ title: 'Looking for room on the disk', run: lookForRoom },
	{ title: 'Asking the npm registry', run: askRegistry },
	{ title: 'Downloading n8n, once (about 3 min, 3 GB)', run: download },
	{ title: 'Building what n8n needs natively (about 1 minute)', run: buildNativeModules },
	{ title: 'Trying whether it loads', run: loads },
];

/** Installs into a folder beside and moves it to its place when it is done. */
async function installAside({ folder, version }: Installation, report: Report): Promise<void> {
	const aside = installationIn(`${folder}.partial-${String(process.pid)}`, version);
	try {
		// A killed process of the same id may have left one.
		await rm(aside.folder, { recursive: true, force: true });
		await mkdir(aside.folder);
		for (const step of STEPS) await takeStep(step, aside, report);
		await writeFile(join(aside.folder, MARKER), markerOf(version));
		await rename(aside.folder, folder);
	} catch (error) {
		await rm(aside.folder, { recursive: true, force: true });
		const reason = error instanceof Error ? error.message : String(error);
		throw new Error(`n8n ${version} could not be installed into ${dirname(folder)}. ${reason}`, {
			cause: error,
		});
	}
}

async function takeStep(step: Step, installation: Installation, report: Report): Promise<void> {
	const seen: Sight = { output: '', megabytes: 0 };
	await watched(step.title, report, step.run(installation, seen), () => howFar(seen));
}

async function lookForRoom({ folder }: Installation): Promise<void> {
	const { bavail, bsize } = await statfs(folder);
	const gigabytes = (bavail * bsize) / 1e9;
	if (gigabytes >= NEEDED_GIGABYTES) return;
	throw new Error(
		`It needs ${String(NEEDED_GIGABYTES)} GB and the disk has ${gigabytes.toFixed(1)} GB left. Make room, or set N8N_LEMLIST_CACHE to a folder on another disk.`,
	);
}

/** Fails within seconds where the long download would fail after minutes. */
async function askRegistry({ folder, version }: Installation): Promise<void> {
	const impatient = ['--fetch-retries=1', '--fetch-retry-mintimeout=1000', '--fetch-timeout=20000'];
	await npm(['view', `n8n@${version}`, 'version', ...impatient], { folder });
}

async function download({ folder, version }: Installation, seen: Sight): Promise<void> {
	const { overrides, nativeModules } = releaseOf(version);
	const nodePackage = nodePackageHere();
	const description = {
		name: 'n8n-host',
		private: true,
		dependencies: { n8n: version, ...(nodePackage && { [nodePackage.name]: nodePackage.version }) },
		overrides,
		// Newer npm runs no install script that is not allowed here.
		allowScripts: Object.fromEntries(nativeModules.map((name) => [name, true])),
	};
	await writeFile(join(folder, 'package.json'), JSON.stringify(description, null, '\t'));
	// Without scripts: one of the many needs a Kafka library that n8n does without.
	const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=http'];
	const installing = npm(args, { folder, heard: (output) => (seen.output = output) });
	await measuredUntil(installing, join(folder, 'node_modules'), seen);
}

/** Waits for the work, and measures meanwhile what it has put into a folder. */
async function measuredUntil(work: Promise<unknown>, folder: string, seen: Sight): Promise<void> {
	let isMeasuring = false;
	const timer = setInterval(() => {
		// One after the other: on a busy disk it takes longer than the interval.
		if (isMeasuring) return;
		isMeasuring = true;
		void megabytesIn(folder).then((megabytes) => {
			seen.megabytes = megabytes;
			isMeasuring = false;
		});
	}, MEASURE_EVERY_MS);
	await work.finally(() => {
		clearInterval(timer);
	});
}

async function megabytesIn(folder: string): Promise<number> {
	const { output } = await run('du', ['-sk', folder]).catch(() => ({ output: '' }));
	const kilobytes = Number.parseInt(output);
	return Number.isNaN(kilobytes) ? 0 : Math.round(kilobytes / 1024);
}

async function buildNativeModules({ folder, version, node }: Installation): Promise<void> {
	const home = dirname(dirname(node));
	const env = {
		...process.env,
		PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}`,
		// Spares node-gyp the download of this Node.js's headers.
		...(existsSync(join(home, 'include')) && { npm_config_nodedir: home }),
	};
	await rebuild(releaseOf(version).nativeModules, { folder, env, node });
}

/** Loads what is native on the Node.js that will run it. */
async function loads({ folder, version, node }: Installation): Promise<void> {
	const names = JSON.stringify([...releaseOf(version).nativeModules, 'n8n-workflow']);
	const { code, output } = await run(node, ['-e', `${names}.forEach((name) => require(name))`], {
		cwd: folder,
	});
	if (code !== 0) throw new Error(`It does not load:\n${lastLines(output)}`);
}
