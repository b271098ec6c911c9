// This package as it would be published: built and packed by npm, and unpacked where n8n looks.
import { mkdir, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { lastLines, run } from './children';
import { npm } from './npm';

export const PACKAGE_NAME = 'n8n-nodes-lemlist';

const CHECKOUT = resolve(__dirname, '../../..');

/**
 * Packs the checkout as npm would publish it.
 *
 * @param folder where the tarball goes; made if need be, and holding no other tarball
 * @param build false where it is built already, and others use the build meanwhile
 * @returns the tarball's path
 * @throws an Error with the end of what the build said
 */
export async function packCheckout(folder: string, { build = true } = {}): Promise<string> {
	await mkdir(folder, { recursive: true });
	// With scripts, npm runs prepack, which builds.
	const scripts = [`--ignore-scripts=${String(!build)}`];
	await npm(['pack', '--pack-destination', folder, ...scripts], { folder: CHECKOUT });
	const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz'));
	if (tarball === undefined) throw new Error(`npm pack left no tarball in ${folder}`);
	return join(folder, tarball);
}

/** Puts the packed package into an n8n's folder, under its name by default. n8n takes it up at its next start. */
export async function unpackFor(
	userFolder: string,
	tarball: string,
	name = PACKAGE_NAME,
): Promise<string> {
	const target = join(userFolder, '.n8n', 'nodes', 'node_modules', name);
	await mkdir(target, { recursive: true });
	const { code, output } = await run('tar', [
		'-xzf',
		tarball,
		'-C',
		target,
		'--strip-components=1',
	]);
	if (code !== 0) throw new Error(`The package could not be unpacked:\n${lastLines(output)}`);
	return target;
}
