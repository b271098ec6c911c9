/** Where the figures come from, in one line. */
import { execFileSync } from 'node:child_process';
import { arch, cpus, platform, totalmem } from 'node:os';
import { devDependencies } from '../../package.json';
import { DEFAULT_N8N_VERSION, NODE_PACKAGES } from '../e2e/n8n/versions';

const ITS_NODE = NODE_PACKAGES[`${platform()}-${arch()}`]?.version ?? process.versions.node;
const OUR_NODE = `Node.js ${process.versions.node}`;
const N8N = `n8n ${DEFAULT_N8N_VERSION} on Node.js ${ITS_NODE}`;

/** What the node ran in while it was measured. */
const STAGES = {
	alone: `the built node alone on ${OUR_NODE}`,
	core: `n8n-core ${devDependencies['n8n-core']} in one process on ${OUR_NODE}`,
	n8n: `${N8N}, SQLite`,
	queue: `${N8N}: one process with SQLite, and queue mode with PostgreSQL and Redis`,
} as const;
export type Stage = keyof typeof STAGES;

/** @returns processor, cores, memory, what the node ran in, the date and the commit */
export function machineLine(stage: Stage): string {
	const [first] = cpus();
	const hardware = `${String(cpus().length)} cores of ${first?.model.trim() ?? 'an unnamed processor'}, ${String(Math.round(totalmem() / 2 ** 30))} GB, ${platform()}`;
	return `${hardware}; ${STAGES[stage]}; ${new Date().toISOString().slice(0, 10)}, commit ${commit()}`;
}

/** With a plus where what ships was changed since. */
function commit(): string {
	const isChanged = git('status', '--porcelain', '--', 'nodes', 'credentials') !== '';
	return git('rev-parse', '--short', 'HEAD') + (isChanged ? '+' : '');
}

function git(...args: readonly string[]): string {
	return execFileSync('git', args, { cwd: __dirname, encoding: 'utf8' }).trim();
}
