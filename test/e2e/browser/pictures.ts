/**
 * Where the pictures of a test run go: a folder outside of git. Those that the README shows are copied
 * to docs/pictures as well, if an environment variable asks for it, so that a test run changes nothing.
 */
import { copyFile, mkdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Locator, Page } from 'playwright-core';

const CHECKOUT = resolve(__dirname, '../../..');
export const PICTURES = join(CHECKOUT, 'test-results', 'editor');
const PUBLISHED = join(CHECKOUT, 'docs', 'pictures');
const UPDATE_VARIABLE = 'UPDATE_PICTURES';

/** What of the page a picture shows; all that is visible by default. */
export interface Cut {
	x: number;
	y: number;
	width: number;
	height: number;
}

/** Takes a picture of the page, or of a part of it, as it is now. @returns its path */
export async function takePicture(of: Page | Locator, name: string, clip?: Cut): Promise<string> {
	const path = join(PICTURES, `${name}.png`);
	await mkdir(PICTURES, { recursive: true });
	// A blinking caret or a toast half way in would make each picture another one.
	const options = { path, animations: 'disabled', caret: 'hide' } as const;
	await of.screenshot(clip === undefined ? options : { ...options, clip });
	return path;
}

/** Takes a picture that the README shows. */
export async function takeReadmePicture(
	of: Page | Locator,
	name: string,
	clip?: Cut,
): Promise<void> {
	await publish(await takePicture(of, name, clip));
}

/** Puts a picture where the README shows it, if that is asked for. @param path of the picture */
export async function publish(path: string): Promise<void> {
	if (process.env[UPDATE_VARIABLE] === undefined) return;
	await mkdir(PUBLISHED, { recursive: true });
	await copyFile(path, join(PUBLISHED, basename(path)));
}
