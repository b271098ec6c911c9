// npm as a child process, with its failures put into words.
import { lastLines, run } from './children';

/** What npm writes of each request with --loglevel http. One that failed and was sent again explains nothing. */
const REQUESTS = /^npm http .*\n/gm;
const NOISE = /^npm (error\s+at |warn).*\n/gm;

/** What a failing npm says, and what that means for somebody who only wants to run something. */
const EXPLANATIONS: ReadonlyArray<readonly [sign: RegExp, meaning: string]> = [
	[/error TS\d+/, 'The package does not build.'],
	[/ENOSPC|no space left on device/i, 'The disk is full.'],
	[
		/gyp ERR!|not found: make|g\+\+: not found/i,
		'A native module could not be compiled. That needs Python 3, make and a C++ compiler (Debian, Ubuntu: apt-get install python3 make g++; macOS: xcode-select --install).',
	],
	[
		/ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ERR_SOCKET_TIMEOUT|E5\d\d\b/,
		'npm could not reach the registry. Installing n8n needs the network once; after that it is in the cache. Check the network, and the registry with: npm config get registry',
	],
	[
		/E401|E403/,
		'The npm registry does not let this user in. Check it with: npm config get registry',
	],
	[
		/E404|ETARGET/,
		'The npm registry does not have one of the packages. Check it with: npm config get registry',
	],
	[/EACCES|EPERM|EROFS/, 'npm may not write there.'],
];

interface NpmOptions {
	folder: string;
	env?: NodeJS.ProcessEnv;
	/** The Node.js that npm runs on; ours by default. */
	node?: string;
	/** Is called with all that npm has written, whenever it has written more. */
	heard?: (output: string) => void;
}

/**
 * Runs npm to its end and returns what it wrote.
 *
 * @throws an Error with what it means and npm's last lines
 */
export async function npm(
	args: readonly string[],
	{ folder, env = process.env, node, heard }: NpmOptions,
): Promise<string> {
	const [command, ...first] = npmCommand(node ?? process.execPath);
	const { code, output } = await run(
		command,
		[...first, ...args],
		{ cwd: folder, env },
		heard,
	).catch((error: unknown) => {
		throw new Error('npm could not be started. Is it on the PATH?', { cause: error });
	});
	if (code === 0) return output;
	const said = output.replace(REQUESTS, '');
	throw new Error(
		`${meaningOf(said)}\nnpm ${args.join(' ')} said:\n${lastLines(said.replace(NOISE, ''))}`,
	);
}

/** Runs the install scripts of these modules, which were installed without them. @throws as {@link npm} does */
export async function rebuild(modules: readonly string[], options: NpmOptions): Promise<void> {
	// The npm that runs us hands its settings down, and this project's tell it to run no install script.
	await npm(['rebuild', '--ignore-scripts=false', ...modules], options);
}

function meaningOf(output: string): string {
	return EXPLANATIONS.find(([sign]) => sign.test(output))?.[1] ?? 'npm failed.';
}

function npmCommand(node: string): [command: string, ...first: string[]] {
	// npm names itself to the scripts that it runs; other package managers leave another path there.
	const { npm_execpath: path = '' } = process.env;
	return path.endsWith('npm-cli.js') ? [node, path] : ['npm'];
}
