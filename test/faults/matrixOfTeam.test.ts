/** The rows about GET /team: n8n's own test of the credential, in a real n8n. */
import { HostileStage } from './hostileStage';
import { TEAM_MATRIX, type TeamRow } from './matrix';
import { isDiscreetText, MatrixStage } from './matrixStage';
import { patternOf } from './matrixVocabulary';

/** lemlist names a team's hooks in its answer: so many make it long enough to trickle past every limit. */
const HOOKS = 50;

let n8n: HostileStage;
let stage: MatrixStage;
beforeAll(async () => {
	[n8n, stage] = await Promise.all([HostileStage.start(), MatrixStage.start()]);
	for (let number = 0; number < HOOKS; number += 1)
		n8n.lemlist.addHook({ targetUrl: `https://zapier.example.org/${String(number)}` });
});
afterAll(async () => {
	await stage.close();
	await n8n.close();
});
afterEach(() => {
	n8n.lemlist.clearFaults();
});

/** Sets a row's fault up. @returns the address of lemlist's API as the credential should have it */
async function baseUrlFor({ effect }: TeamRow): Promise<string> {
	if (typeof effect === 'object' && effect.name === 'refused')
		return (await stage.gate(n8n.lemlist.url, effect)).url;
	n8n.lemlist.fault({
		on: { method: 'GET', path: '/team' },
		effect: stage.located(effect),
		times: Infinity,
	});
	return n8n.lemlist.apiUrl;
}

test('a credential that is fine passes', async () => {
	expect(await n8n.editor.testCredential(n8n.credential)).toMatchObject({ status: 'OK' });
});

test.each(TEAM_MATRIX)(
	'GET /team: $what',
	async (row) => {
		const { credential, editor, lemlist } = n8n;
		const data = { ...credential.data, baseUrl: await baseUrlFor(row) };
		const began = Date.now();
		const tested = await editor.testCredential({ ...credential, data });
		expect((Date.now() - began) / 1_000).toBeLessThan(row.withinSeconds);
		expect(tested.status).toBe(row.reads === undefined ? 'OK' : 'Error');
		if (row.reads !== undefined) expect(tested.message).toMatch(patternOf(row.reads));
		expect(isDiscreetText(tested.message, lemlist)).toBe(true);
		expect(stage.strays).toEqual([]);
	},
	60_000,
);
