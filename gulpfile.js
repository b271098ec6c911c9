/** Prepares dist: empties it and copies what the compiler does not: icons, codex files, and the previews of output. */
const { copyFile, rm } = require('node:fs/promises');
const { dest, parallel, series, src } = require('gulp');

const clean = () => rm('dist', { recursive: true, force: true });
// encoding: false keeps gulp from re-encoding what it copies.
const icons = () => src('icons/*.svg', { encoding: false }).pipe(dest('dist/icons'));
const codex = () => src('nodes/**/*.node.json', { encoding: false }).pipe(dest('dist/nodes'));
const schemas = () =>
	src('nodes/**/__schema__/*.json', { encoding: false }).pipe(dest('dist/nodes'));

// n8n looks for one of exactly the node's version, and both versions give out the same.
const PREVIEWS = 'dist/nodes/LemlistTrigger/__schema__';
const schemaOfVersion2 = () => copyFile(`${PREVIEWS}/v1.0.0.json`, `${PREVIEWS}/v2.0.0.json`);

exports.build = series(clean, parallel(icons, codex, schemas), schemaOfVersion2);
