// A lock between processes: one works, the others wait. It saves work; nothing breaks without it.
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_AGAIN_MS = 1000;

/**
 * Does the work while no other process does; waits for it otherwise.
 *
 * @param file where the lock is kept; it holds the process's id
 * @param waiting told every second while another process holds the lock
 */
export async function withLock<Result>(
	file: string,
	waiting: (holder: number) => void,
	work: () => Promise<Result>,
): Promise<Result> {
	while (!(await take(file))) {
		const holder = await holderOf(file);
		if (holder !== undefined && isAlive(holder)) {
			waiting(holder);
			await sleep(LOOK_AGAIN_MS);
		} else {
			await rm(file, { force: true });
		}
	}
	try {
		return await work();
	} finally {
		await rm(file, { force: true });
	}
}

/** Whether a process of this id runs on this machine. */
export function isAlive(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch (error) {
		// It runs, and belongs to somebody else.
		return isErrorOf(error, 'EPERM');
	}
}

async function take(file: string): Promise<boolean> {
	const own = `${file}.${String(process.pid)}`;
	await writeFile(own, String(process.pid));
	try {
		// Unlike a file that is opened and then written, a link has its content from the first moment.
		await link(own, file);
		return true;
	} catch (error) {
		if (isErrorOf(error, 'EEXIST')) return false;
		throw error;
	} finally {
		await rm(own, { force: true });
	}
}

/** The process that holds the lock; undefined where it let go just now, or the file is broken. */
async function holderOf(file: string): Promise<number | undefined> {
	const holder = Number(await readFile(file, 'utf8').catch(() => ''));
	return holder > 0 ? holder : undefined;
}

function isErrorOf(error: unknown, code: string): boolean {
	return error instanceof Error && 'code' in error && error.code === code;
}
