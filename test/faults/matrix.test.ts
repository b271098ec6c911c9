/** The fault matrix where time is not the point: the node's pauses pass at once. */
import { pausesPassAtOnce } from '../integration/stage';
import { MATRIX } from './matrix';
import { expectAsStated } from './matrixChecks';
import { MatrixStage } from './matrixStage';

let stage: MatrixStage;
pausesPassAtOnce();
beforeAll(async () => {
	stage = await MatrixStage.start();
});
afterAll(async () => {
	await stage.close();
});

test.each(MATRIX.filter(({ inRealTime }) => inRealTime !== true))(
	'$call, $occasion: $what: $outcome',
	async (row) => {
		await expectAsStated(row, await stage.run(row));
		expect(stage.strays).toEqual([]);
	},
);

test('each row has a name of its own', () => {
	const names = MATRIX.map(({ call, occasion, what }) => `${call} ${occasion} ${what}`);
	expect(new Set(names).size).toBe(names.length);
});
