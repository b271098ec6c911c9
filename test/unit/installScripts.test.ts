/** What n8n needs natively is built whatever npm was told about install scripts: it is how a first start gets its n8n. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rebuild } from '../e2e/n8n/npm';

const NATIVE = {
	name: 'native',
	version: '1.0.0',
	scripts: { install: "node -e \"require('fs').writeFileSync('built', '')\"" },
};
const HOST = {
	name: 'host',
	private: true,
	dependencies: { native: '1.0.0' },
	allowScripts: { native: true },
};

let folder: string;

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'n8n-lemlist-install-scripts-'));
	const native = join(folder, 'node_modules', 'native');
	await mkdir(native, { recursive: true });
	await writeFile(join(native, 'package.json'), JSON.stringify(NATIVE));
	await writeFile(join(folder, 'package.json'), JSON.stringify(HOST));
});
afterEach(async () => {
	await rm(folder, { recursive: true, force: true });
});

test.each([
	{ told: 'nothing', env: { npm_config_ignore_scripts: undefined } },
	{
		told: 'to run none, as in this project',
		env: { npm_config_ignore_scripts: 'true', npm_config_allow_scripts: '' },
	},
])('the install script of a native module runs when npm was told $told', async ({ env }) => {
	await rebuild(['native'], { folder, env: { ...process.env, ...env } });
	expect(await readdir(join(folder, 'node_modules', 'native'))).toContain('built');
});
