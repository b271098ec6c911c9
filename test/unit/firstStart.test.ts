/** What somebody reads while a first start downloads n8n, and when that fails. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WriteStream } from 'node:tty';
import { howFar } from '../e2e/n8n/howFar';
import { npm } from '../e2e/n8n/npm';
import { watched } from '../e2e/n8n/progress';
import { Terminal } from '../e2e/terminal';

const REGISTRY = 'https://registry.npmjs.org';
const lookedUp = (name: string, cache = 'miss'): string =>
	`npm http fetch GET 200 ${REGISTRY}/${name} 87ms (cache ${cache})\n`;
const fetched = (name: string): string =>
	`npm http fetch GET 200 ${REGISTRY}/${name}/-/${name}-1.0.0.tgz 3701ms (cache miss)\n`;
const many = (count: number, line: (name: string) => string): string =>
	Array.from({ length: count }, (_, index) => line(`p${String(index)}`)).join('');

describe('how far npm has come', () => {
	test.each([
		{ when: 'nothing was heard of yet', output: '', megabytes: 0, words: '' },
		{
			when: 'one package is looked up',
			output: lookedUp('express'),
			megabytes: 0,
			words: '1 package looked up',
		},
		{
			when: 'many are',
			output: many(1703, lookedUp),
			megabytes: 0,
			words: '1,703 packages looked up',
		},
		{
			when: 'the registry is asked about what the cache has',
			output: lookedUp('express', 'updated') + lookedUp('jest', 'revalidated'),
			megabytes: 0,
			words: '2 packages looked up',
		},
		{
			when: 'they are in the cache',
			output: `npm http cache ${REGISTRY}/express 3ms (cache hit)\nnpm http cache ${REGISTRY}/@types%2fnode 1ms (cache hit)\n`,
			megabytes: 0,
			words: '2 packages looked up',
		},
		{
			when: 'one is looked up again',
			output: lookedUp('semver') + lookedUp('semver'),
			megabytes: 0,
			words: '1 package looked up',
		},
		{
			when: 'a line is not written to its end',
			output: `${lookedUp('express')}npm http fetch GET 200 ${REGISTRY}/je`,
			megabytes: 0,
			words: '1 package looked up',
		},
		{
			when: 'npm says something else, too',
			output: `npm warn deprecated glob@7.2.3: old\n${lookedUp('glob')}npm http fetch GET ${REGISTRY}/jest attempt 1 failed with ECONNRESET\n`,
			megabytes: 0,
			words: '1 package looked up',
		},
		{
			when: 'the first is fetched',
			output: many(358, lookedUp) + fetched('p0'),
			megabytes: 0,
			words: '1 package',
		},
		{
			when: 'they are fetched and unpacked',
			output: many(1703, lookedUp) + many(1244, fetched),
			megabytes: 2893,
			words: '1,244 packages, 2,893 MB',
		},
		{
			when: 'npm looks into its cache before it fetches',
			output:
				lookedUp('semver') +
				`npm http cache semver@${REGISTRY}/semver/-/semver-7.8.6.tgz 0ms (cache hit)\n`,
			megabytes: 0,
			words: '1 package looked up',
		},
		{
			when: 'all comes from the cache',
			output: many(358, lookedUp),
			megabytes: 65,
			words: '65 MB',
		},
		{ when: 'npm writes nothing of its requests', output: '', megabytes: 65, words: '65 MB' },
	])('when $when: "$words"', ({ output, megabytes, words }) => {
		expect(howFar({ output, megabytes })).toBe(words);
	});
});

describe('npm with a line for each request', () => {
	const REQUESTS = `npm http fetch GET ${REGISTRY}/enospc attempt 1 failed with ECONNRESET\n${many(20, lookedUp)}`;
	let folder: string;
	const { npm_execpath: itsPath } = process.env;

	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), 'n8n-lemlist-first-start-'));
		process.env.npm_execpath = join(folder, 'npm-cli.js');
	});
	afterEach(async () => {
		if (itsPath === undefined) delete process.env.npm_execpath;
		else process.env.npm_execpath = itsPath;
		await rm(folder, { recursive: true });
	});

	/** An npm that writes this and ends with that code. */
	async function npmThatSays(text: string, code: number): Promise<void> {
		await writeFile(
			join(folder, 'npm-cli.js'),
			`process.stderr.write(${JSON.stringify(text)}, () => process.exit(${String(code)}));`,
		);
	}

	test.each([
		{ end: 'npm error code ENOSPC', meaning: 'The disk is full.' },
		{ end: 'npm error code ECONNREFUSED', meaning: 'npm could not reach the registry.' },
		{ end: 'npm error code E503', meaning: 'npm could not reach the registry.' },
		{ end: 'npm error code E403', meaning: 'The npm registry does not let this user in.' },
		{
			end: 'npm error code ETARGET',
			meaning: 'The npm registry does not have one of the packages.',
		},
		{ end: 'npm error code EACCES', meaning: 'npm may not write there.' },
		{ end: 'npm error something unheard of', meaning: 'npm failed.' },
	])(
		'that ends with "$end" is explained by that, and not by a request that went wrong',
		async ({ end, meaning }) => {
			await npmThatSays(`npm warn deprecated glob@7.2.3: old\n${REQUESTS}${end}\n${REQUESTS}`, 1);
			const failing = npm(['install'], { folder });
			await expect(failing).rejects.toThrow(meaning);
			await expect(failing).rejects.toThrow(
				new RegExp(`^${meaning.replaceAll('.', '\\.')}.*\nnpm install said:\n${end}$`),
			);
		},
	);

	test('is heard while it runs', async () => {
		await npmThatSays(REQUESTS, 0);
		let heard = '';
		const output = await npm(['install'], { folder, heard: (soFar) => (heard = soFar) });
		expect([heard, output]).toEqual([REQUESTS, REQUESTS]);
	});
});

describe('the terminal', () => {
	/** A terminal, and all that was written to it. */
	function terminalOf(kind: { isTTY: boolean; columns?: number }): {
		terminal: Terminal;
		written: string[];
	} {
		const written: string[] = [];
		const stream = { ...kind, on: () => stream, write: (text: string) => written.push(text) };
		return { terminal: new Terminal(stream as unknown as WriteStream), written };
	}

	const STATE = '183 s, 1,244 packages, 2,893 MB';

	test.each([
		{
			columns: 120,
			title: 'Downloading n8n, once (about 3 min, 3 GB)',
			shown: `   Downloading n8n, once (about 3 min, 3 GB): ${STATE}`,
		},
		{
			columns: 80,
			title: 'Downloading n8n, once (about 3 min, 3 GB)',
			shown: `   Downloading n8n, once (about 3 min, 3 GB): ${STATE}`,
		},
		{
			columns: 60,
			title: 'Downloading n8n, once (about 3 min, 3 GB)',
			shown: `   Downloading n8n, once …: ${STATE}`,
		},
		{ columns: 20, title: 'Downloading n8n', shown: `…: ${STATE}`.slice(0, 19) },
	])('$columns columns wide, shows what moves first of all', ({ columns, title, shown }) => {
		const { terminal, written } = terminalOf({ isTTY: true, columns });
		terminal.progress(title, STATE);
		expect(written).toEqual([`\r\u001B[K${shown}`]);
	});

	test('that is none gets a line every quarter of a minute, however much npm says', async () => {
		jest.useFakeTimers();
		const { terminal, written } = terminalOf({ isTTY: false });
		const seen = { output: '', megabytes: 0 };
		const work = new Promise<void>((done) => setTimeout(done, 60_500));
		const talking = setInterval(
			() => (seen.output += lookedUp(`p${String(seen.output.length)}`)),
			50,
		);
		const watching = watched('Downloading', terminal.progress.bind(terminal), work, () =>
			howFar(seen),
		);
		await jest.advanceTimersByTimeAsync(61_000);
		await watching;
		clearInterval(talking);
		jest.useRealTimers();
		expect(written).toEqual(
			[2, 17, 32, 47].map(
				(second) =>
					expect.stringMatching(
						new RegExp(`^   Downloading: ${String(second)} s, [\\d,]+ packages looked up\n$`),
					) as unknown,
			),
		);
	});
});
