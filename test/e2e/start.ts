// `npm start`: a real n8n with this package and a stand-in for lemlist, to see the trigger work.
import { settingsFrom, USAGE, type Settings } from './demo/settings';
import { terminal } from './terminal';

const OLDEST_NODE = [20, 15] as const;
const USAGE_ERROR = 2;

async function main(): Promise<number> {
	const obstacle = obstacleHere();
	if (obstacle !== undefined) return refuse(obstacle);
	let settings: Settings;
	try {
		settings = settingsFrom(process.argv.slice(2));
	} catch (error) {
		return refuse(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
	}
	if (settings.help) {
		terminal.line(USAGE);
		return 0;
	}
	// Not before we know that this Node.js can load it.
	const { runDemo } = await import('./demo/run.js');
	return await runDemo(settings);
}

function obstacleHere(): string | undefined {
	if (process.platform === 'win32')
		return 'This runs on Linux and macOS; on Windows, run it inside WSL.';
	const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
	const [oldestMajor, oldestMinor] = OLDEST_NODE;
	if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return undefined;
	return `This needs Node.js ${OLDEST_NODE.join('.')} or later, and runs on ${process.versions.node}. See https://nodejs.org`;
}

function refuse(reason: string): number {
	terminal.line(reason);
	return USAGE_ERROR;
}

void main().then((code) => {
	process.exit(code);
});
