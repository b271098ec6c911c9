/** Checks what would be published: the files, their size, no dependencies, and that the package loads by itself. */
import { spawnSync } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { CHECKOUT, withPackage } from './tarball';

/** How large the packed package may become. */
export const MOST_BYTES = 60_000;
/** What may be in the package, besides package.json, which npm always adds. */
const ALLOWED = [
	/^dist\/(nodes|credentials)\/[\w./]+\.js$/,
	/^dist\/nodes\/\w+\/(\w+\.node|__schema__\/v\d+\.\d+\.\d+)\.json$/,
	/^dist\/icons\/[\w.]+\.svg$/,
	/^(index\.js|README\.md|LICENSE|CHANGELOG\.md|package\.json)$/,
];
const REQUIRED = [
	'CHANGELOG.md',
	'LICENSE',
	'README.md',
	'index.js',
	'package.json',
	'dist/icons/lemlist.svg',
	'dist/icons/lemlist.dark.svg',
	'dist/credentials/LemlistWebhookApi.credentials.js',
	'dist/nodes/LemlistTrigger/LemlistTrigger.node.js',
	'dist/nodes/LemlistTrigger/LemlistTrigger.node.json',
	'dist/nodes/LemlistTrigger/__schema__/v1.0.0.json',
	'dist/nodes/LemlistTrigger/__schema__/v2.0.0.json',
];
/** What the host gives to a community package; nothing else may be required. */
const FROM_THE_HOST = new Set(['n8n-workflow', 'zod', 'crypto']);

interface Manifest {
	dependencies?: Record<string, string>;
	peerDependencies: Record<string, string>;
}

async function problemsOf(tarball: string, folder: string): Promise<string[]> {
	const files = (await readdir(folder, { recursive: true, withFileTypes: true }))
		.filter((entry) => entry.isFile())
		.map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
	const { size } = await stat(tarball);
	const manifest = JSON.parse(
		await readFile(path.join(folder, 'package.json'), 'utf8'),
	) as Manifest;
	process.stdout.write(`${String(files.length)} files, ${String(size)} bytes packed.\n`);
	return [
		...files
			.filter((file) => !ALLOWED.some((pattern) => pattern.test(file)))
			.map((file) => `${file} does not belong into the package`),
		...REQUIRED.filter((file) => !files.includes(file)).map((file) => `${file} is missing`),
		...(size >= MOST_BYTES ? [`${String(size)} bytes are ${String(MOST_BYTES)} or more`] : []),
		...Object.keys(manifest.dependencies ?? {}).map((name) => `the package depends on ${name}`),
		...(JSON.stringify(manifest.peerDependencies) === '{"n8n-workflow":"*"}'
			? []
			: ['peerDependencies are not exactly n8n-workflow']),
		...problemsOfLoading(folder),
		...(
			await Promise.all(
				files
					.filter((file) => file.endsWith('.js'))
					.map(async (file) => await problemsOfCode(folder, file)),
			)
		).flat(),
	];
}

async function problemsOfCode(folder: string, file: string): Promise<string[]> {
	const code = await readFile(path.join(folder, file), 'utf8');
	const required = [...code.matchAll(/\brequire\("([^".][^"]*)"\)/g)].map(([, name]) => name ?? '');
	return [
		...required
			.filter((name) => !FROM_THE_HOST.has(name))
			.map((name) => `${file} requires ${name}`),
		...(code.includes('sourceMappingURL') ? [`${file} names a source map`] : []),
	];
}

/** Loads what was unpacked, with nothing at hand but what the host has. */
function problemsOfLoading(folder: string): string[] {
	const script = `process.stdout.write(Object.keys(require(${JSON.stringify(folder)})).sort().join())`;
	const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], {
		env: { ...process.env, NODE_PATH: path.join(CHECKOUT, 'node_modules') },
		encoding: 'utf8',
	});
	return stdout === 'LemlistTrigger,LemlistWebhookApi'
		? []
		: [`the package does not load: ${stdout} ${stderr}`];
}

async function main(): Promise<void> {
	const problems = await withPackage(problemsOf);
	process.stdout.write(
		problems.length === 0
			? 'The package holds what it should and nothing else.\n'
			: `${problems.join('\n')}\n`,
	);
	process.exitCode = problems.length === 0 ? 0 : 1;
}

if (require.main === module) void main();
