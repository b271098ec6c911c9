/**
 * Shows that the model finds bugs: each is planted in a copy of the built package, where a history has
 * to break a promise. It says nothing while model.test.ts fails: then the package has a bug of its own.
 */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { runHistories } from './model/histories';
import { plant, PLANTED_BUGS } from './model/plantedBugs';
import { Violation } from './model/violation';

const PACKAGE_FOLDER = path.resolve(__dirname, '../..');
const MOST_HISTORIES = 400;
/** The same histories in every run, as far as the network has no say in them. */
const SEED = Number(process.env.LEMLIST_SEED ?? 20_250_106);

/** Those in what makes hooks are many and alike: a third of them, unless all are asked for. */
const PLANTED =
	process.env.LEMLIST_PLANTED === 'all'
		? PLANTED_BUGS
		: PLANTED_BUGS.filter(
				({ module }, index) =>
					module === 'hooks/lifecycle' || !/^(hooks|lemlist)\//.test(module) || index % 3 === 0,
			);

test.each(PLANTED.map((bug) => [bug.name, bug] as const))(
	'finds a trigger that %s',
	async (name, bug) => {
		const folder = await plant(PACKAGE_FOLDER, bug);
		try {
			const { error, histories } = await runHistories(folder, {
				histories: MOST_HISTORIES,
				seed: SEED,
				isFirstEnough: true,
			});
			process.stdout.write(
				`A trigger that ${name}: ${error instanceof Violation ? `found in history ${String(histories)}. ${error.message.slice(0, 160)}` : String(error)}\n`,
			);
			expect(error).toBeInstanceOf(Violation);
		} finally {
			await rm(folder, { recursive: true, force: true });
		}
	},
);
