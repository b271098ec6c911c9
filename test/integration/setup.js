/** Keeps n8n-core away from the n8n folder of whoever runs the tests. */
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');

const folder = mkdtempSync(path.join(tmpdir(), 'n8n-nodes-lemlist-'));
process.env.N8N_USER_FOLDER = folder;
process.env.N8N_LOG_LEVEL = 'silent';

const remove = () => {
	rmSync(folder, { recursive: true, force: true });
};
// jest gives tests a copy of process, which tells nobody of its end.
if (globalThis.afterAll) globalThis.afterAll(remove);
else process.on('exit', remove);
