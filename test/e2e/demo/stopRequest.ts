// Ctrl-C: the first one asks for an orderly end, the second one gets a sudden one.

/** npm passes on the Ctrl-C that the terminal has already given to everybody. */
const SAME_KEYSTROKE_MS = 1000;
const EXIT_CODE = 130;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface StopRequest {
	/** Resolves when somebody wants to stop. */
	made: Promise<void>;
	isMade: () => boolean;
}

/** Listens for Ctrl-C, for an order to end, and for the terminal's being closed, from now on. */
export function listenForStop(): StopRequest {
	let first: number | undefined;
	const made = new Promise<void>((resolve) => {
		function onSignal(): void {
			first ??= Date.now();
			resolve();
			if (Date.now() - first > SAME_KEYSTROKE_MS) process.exit(EXIT_CODE);
		}
		for (const signal of SIGNALS) process.on(signal, onSignal);
	});
	return { made, isMade: () => first !== undefined };
}
