/** Prepares dist: empties it and copies what the compiler does not: icons, codex files, and the previews of output. */
const { rm } = require('node:fs/promises');
const { dest, parallel, series, src } = require('gulp');

const clean = () => rm('dist', { recursive: true, force: true });
// encoding: false keeps gulp from re-encoding what it copies.
const icons = () => src('icons/*.svg', { encoding: false }).pipe(dest('dist/icons'));
const codex = () => src('nodes/**/*.node.json', { encoding: false }).pipe(dest('dist/nodes'));
const schemas = () => src('nodes/**/__schema__/*.json', { encoding: false }).pipe(dest('dist/nodes'));

exports.build = series(clean, parallel(icons, codex, schemas));
