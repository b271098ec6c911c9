/** This package as it was at an earlier commit: to be put in the place of the present one. */
import { mkdir, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { lastLines, run } from '../../e2e/n8n/children';
import { npm } from '../../e2e/n8n/npm';
import { PACKAGE_NAME } from '../../e2e/n8n/package';

const CHECKOUT = resolve(__dirname, '../../..');
const BIN = join(CHECKOUT, 'node_modules', '.bin');

/** The last commit whose trigger lets every delivery pass and stores nothing of since when what is wanted. */
export const WITHOUT_GATE = '754844bc3395c4dfa63e1ef9f3a01e3d91823a2a';

/**
 * Builds and packs the package of a commit.
 *
 * @param folder where to; made if need be
 * @returns the tarball's path. @throws an Error with the end of what failed
 */
export async function packCommit(commit: string, folder: string): Promise<string> {
	await mkdir(folder, { recursive: true });
	await fetchIfNeeded(commit);
	const archive = join(folder, 'commit.tar');
	await orThrow(CHECKOUT, 'git', ['archive', '-o', archive, commit]);
	await orThrow(folder, 'tar', ['-xf', archive]);
	await symlink(join(CHECKOUT, 'node_modules'), join(folder, 'node_modules'));
	await orThrow(folder, join(BIN, 'gulp'), ['build']);
	await orThrow(folder, join(BIN, 'tsc'), ['-p', 'tsconfig.build.json']);
	await npm(['pack', '--pack-destination', folder, '--ignore-scripts'], { folder });
	return join(folder, `${PACKAGE_NAME}-1.0.0.tgz`);
}

/** A clone of CI holds the newest commit alone. */
async function fetchIfNeeded(commit: string): Promise<void> {
	const { code } = await run('git', ['cat-file', '-e', commit], { cwd: CHECKOUT });
	if (code !== 0) await orThrow(CHECKOUT, 'git', ['fetch', '--depth=1', 'origin', commit]);
}

async function orThrow(cwd: string, command: string, parameters: string[]): Promise<void> {
	const { code, output } = await run(command, parameters, { cwd });
	if (code !== 0) throw new Error(`${command} ${parameters.join(' ')}\n${lastLines(output)}`);
}
