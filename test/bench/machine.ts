/** Where the figures come from, in one line. */
import { arch, cpus, platform, totalmem } from 'node:os';
import { DEFAULT_N8N_VERSION, NODE_PACKAGES } from '../e2e/n8n/versions';

/** @returns processor, cores, memory, Node.js (that of the benchmark, and n8n's) and n8n's version */
export function machineLine(): string {
	const [first] = cpus();
	const own = NODE_PACKAGES[`${platform()}-${arch()}`]?.version ?? process.versions.node;
	const hardware = `${String(cpus().length)} cores of ${first?.model.trim() ?? 'an unnamed processor'}, ${String(Math.round(totalmem() / 2 ** 30))} GB, ${platform()}`;
	return `${hardware}; Node.js ${process.versions.node}; n8n ${DEFAULT_N8N_VERSION} on Node.js ${own}, SQLite`;
}
