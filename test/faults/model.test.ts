/**
 * A model of the trigger's promises, held against the built node in random histories. LEMLIST_HISTORIES
 * sets how many; the seed, path and replayPath that a failure tells, as LEMLIST_SEED, LEMLIST_PATH and
 * LEMLIST_REPLAY, repeat it.
 */
import path from 'node:path';
import { runHistories, type Run } from './model/histories';

const USUAL_HISTORIES = 300;
const PACKAGE_FOLDER = path.resolve(__dirname, '../..');

test('every promise holds at every step of every history', async () => {
	const { LEMLIST_HISTORIES, LEMLIST_SEED, LEMLIST_PATH, LEMLIST_REPLAY } = process.env;
	const run: Run = {
		histories: Number(LEMLIST_HISTORIES ?? USUAL_HISTORIES),
		...(LEMLIST_SEED !== undefined && { seed: Number(LEMLIST_SEED) }),
		...(LEMLIST_PATH !== undefined && { path: LEMLIST_PATH }),
		...(LEMLIST_REPLAY !== undefined && { replayPath: LEMLIST_REPLAY }),
	};
	const began = Date.now();
	const { histories, steps, seed, report } = await runHistories(PACKAGE_FOLDER, run);
	process.stdout.write(
		`The model ran ${String(histories)} histories of ${String(steps)} steps in ${String(Math.round((Date.now() - began) / 1_000))} s, seed ${String(seed)}.\n`,
	);
	if (report !== undefined) throw new Error(report);
	if (LEMLIST_PATH === undefined) expect(histories).toBe(run.histories);
});
