// What the demo can be told on its command line.
import { parseArgs } from 'node:util';

export interface Settings {
	/** Where n8n's editor is. */
	port: number;
	/** Where the stand-in for lemlist is. */
	sandboxPort: number;
	/** Show everything once and end. */
	once: boolean;
	help: boolean;
}

/** n8n's own default; its neighbour 5679 is taken wherever another n8n runs. */
const PORTS = { port: 5678, 'sandbox-port': 5680 } as const;

export const USAGE = `npm start [-- options]

Starts a real n8n with this package and a stand-in for lemlist on this machine, shows an event
starting a workflow and a forged one being refused, and leaves both running to be played with.

  --port <number>          for n8n's editor (default ${String(PORTS.port)})
  --sandbox-port <number>  for the stand-in for lemlist (default ${String(PORTS['sandbox-port'])})
  --once                   show it, stop everything, and exit: with 0 if every check held
  --help                   this text

n8n is installed once, into ~/.cache/n8n-nodes-lemlist (about 2.8 GB; N8N_LEMLIST_CACHE chooses
another folder). No lemlist account is needed, and lemlist is never called.`;

/**
 * Reads the command line.
 *
 * @throws an Error that names the option that is wrong
 */
export function settingsFrom(args: readonly string[]): Settings {
	const { values } = parseArgs({
		args: [...args],
		options: {
			port: { type: 'string', default: String(PORTS.port) },
			'sandbox-port': { type: 'string', default: String(PORTS['sandbox-port']) },
			once: { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});
	const settings = {
		port: portFrom(values.port, '--port'),
		sandboxPort: portFrom(values['sandbox-port'], '--sandbox-port'),
		once: values.once,
		help: values.help,
	};
	if (settings.port === settings.sandboxPort)
		throw new Error('--port and --sandbox-port are the same.');
	return settings;
}

function portFrom(text: string, option: string): number {
	const port = Number(text);
	if (/^\d+$/.test(text) && port > 0 && port < 65_536) return port;
	throw new Error(`${option} takes a number from 1 to 65535, not "${text}".`);
}
