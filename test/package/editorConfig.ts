/**
 * Holds every file that git tracks against .editorconfig: line ends, the last line, blanks at the end of a
 * line, and what lines are indented with. Prettier sees to the rest, for the files that it reads.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');
const PICTURES = /\.png$/;
/** Where .editorconfig asks for blanks, and where Prettier sees to it: what stands in texts there is no indentation. */
const INDENTED_OTHERWISE = /\.(ya?ml|md|ts|m?js|css|html|json)$/;

interface Habit {
	sign: RegExp;
	/** What is wrong where the sign is found. */
	problem: string;
	except?: RegExp;
}

const HABITS: readonly Habit[] = [
	{ sign: /\r/, problem: 'has a line end that is not LF' },
	{ sign: /[ \t]$/m, problem: 'has blanks at the end of a line' },
	{ sign: /[^\n]$(?![\s\S])/, problem: 'does not end with a line end' },
	{
		sign: /^ (?!\*)/m,
		problem: 'is indented with blanks instead of tabs',
		except: INDENTED_OTHERWISE,
	},
	{ sign: /\uFFFD|^\uFEFF/, problem: 'is no plain UTF-8' },
];

/** @returns what is wrong with a file's text, in words */
export function problemsOf(name: string, text: string): string[] {
	return HABITS.filter(({ sign, except }) => sign.test(text) && except?.test(name) !== true).map(
		({ problem }) => `${name} ${problem}`,
	);
}

function trackedFiles(): string[] {
	return execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' })
		.split('\n')
		.filter((name) => name !== '' && !PICTURES.test(name));
}

if (require.main === module) {
	const problems = trackedFiles().flatMap((name) =>
		problemsOf(name, readFileSync(path.join(ROOT, name), 'utf8')),
	);
	if (problems.length > 0) {
		console.error(problems.join('\n'));
		process.exitCode = 1;
	}
}
