/**
 * A model of the trigger's promises, held against the built node in random histories: by default the same ones each
 * time, so that nothing fails by chance. With LEMLIST_HISTORIES, which sets how many, they are others each time; the
 * seed, path and replayPath that a failure tells, as LEMLIST_SEED, LEMLIST_PATH and LEMLIST_REPLAY, repeat it.
 */
import path from 'node:path';
import { runHistories, type Run } from './model/histories';

const USUAL_HISTORIES = 300;
const USUAL_SEED = 20_250_106;
const PACKAGE_FOLDER = path.resolve(__dirname, '../..');

test('every promise holds at every step of every history', async () => {
	const { LEMLIST_HISTORIES, LEMLIST_SEED, LEMLIST_PATH, LEMLIST_REPLAY } = process.env;
	const seed = LEMLIST_SEED ?? (LEMLIST_HISTORIES === undefined ? USUAL_SEED : undefined);
	const run: Run = {
		histories: Number(LEMLIST_HISTORIES ?? USUAL_HISTORIES),
		...(seed !== undefined && { seed: Number(seed) }),
		...(LEMLIST_PATH !== undefined && { path: LEMLIST_PATH }),
		...(LEMLIST_REPLAY !== undefined && { replayPath: LEMLIST_REPLAY }),
	};
	const began = Date.now();
	const { histories, steps, report, ...outcome } = await runHistories(PACKAGE_FOLDER, run);
	process.stdout.write(
		`The model ran ${String(histories)} histories of ${String(steps)} steps in ${String(Math.round((Date.now() - began) / 1_000))} s, seed ${String(outcome.seed)}.\n`,
	);
	if (report !== undefined) throw new Error(report);
	if (LEMLIST_PATH === undefined) expect(histories).toBe(run.histories);
});
