// A real Chromium without a window, for tests that look at pages as people do.
import { accessSync, constants } from 'node:fs';

import { chromium, selectors, type Browser } from 'playwright-core';

/** n8n's way of marking what has no name that people see. */
selectors.setTestIdAttribute('data-test-id');

const USUAL = '/usr/bin/chromium';
/** Nothing that looks for the internet, for a graphics card, or for the first user's wishes. */
const ARGUMENTS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

/** The program; the environment variable CHROMIUM names another one than Debian's. */
function chromiumCommand(): string {
	return process.env.CHROMIUM ?? USUAL;
}

/**
 * Starts a browser. Close it in the end.
 *
 * @throws an Error with the command that installs Chromium where there is none
 */
export async function launchChromium(): Promise<Browser> {
	const executablePath = chromiumCommand();
	if (!isExecutable(executablePath)) throw new Error(missing(executablePath));
	return await chromium.launch({ executablePath, args: ARGUMENTS });
}

function isExecutable(file: string): boolean {
	try {
		accessSync(file, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}

function missing(file: string): string {
	return `There is no Chromium at ${file}. Install it with "apt-get install chromium", or name yours in the environment variable CHROMIUM.`;
}
