/** Keeps n8n-core away from the n8n folder of whoever runs the tests. */
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');

const folder = mkdtempSync(path.join(tmpdir(), 'n8n-nodes-lemlist-'));
process.env.N8N_USER_FOLDER = folder;
process.env.N8N_LOG_LEVEL = 'silent';
process.on('exit', () => { rmSync(folder, { recursive: true, force: true }); });
