/** The package as npm would publish it, built, packed and unpacked into a temporary folder. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { packCheckout, unpackFor } from '../e2e/n8n/package';

/** Where the checkout is. */
export const CHECKOUT = path.resolve(__dirname, '../..');

/**
 * Runs work on the packed package and removes it afterwards.
 *
 * @param work gets the path of the tarball and the folder that it was unpacked into
 */
export async function withPackage<Result>(
	work: (tarball: string, folder: string) => Promise<Result>,
): Promise<Result> {
	const temporary = await mkdtemp(path.join(tmpdir(), 'n8n-nodes-lemlist-package-'));
	try {
		const tarball = await packCheckout(path.join(temporary, 'packed'));
		return await work(tarball, await unpackFor(temporary, tarball));
	} finally {
		await rm(temporary, { recursive: true, force: true });
	}
}
