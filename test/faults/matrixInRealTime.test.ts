/** The fault matrix where time is the point. Each row has a lemlist of its own, so all happen at once. */
import { MATRIX } from './matrix';
import { expectAsStated } from './matrixChecks';
import { MatrixStage, type Finding } from './matrixStage';
import type { FaultRow } from './matrixVocabulary';

const ROWS = MATRIX.filter(({ inRealTime }) => inRealTime === true);
const findings = new Map<FaultRow, Promise<Finding>>();
let stage: MatrixStage;

beforeAll(async () => {
	stage = await MatrixStage.start();
	for (const row of ROWS) findings.set(row, stage.run(row));
	await Promise.allSettled(findings.values());
});
afterAll(async () => {
	await stage.close();
});

test.each(ROWS)('$call, $occasion: $what: $outcome within $withinSeconds s', async (row) => {
	const finding = await findings.get(row);
	if (finding === undefined) throw new Error('The row was not run');
	await expectAsStated(row, finding);
	expect(stage.strays).toEqual([]);
});
