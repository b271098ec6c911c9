/** What is held against .editorconfig. */
import { problemsOf } from '../package/editorConfig';

test.each<[string, string, string, string[]]>([
	['a file as it should be', 'a.ts', 'one\n\ttwo\n', []],
	['an empty file', 'a.ts', '', []],
	['line ends of Windows', 'a.ts', 'one\r\n', ['a.ts has a line end that is not LF']],
	['blanks at the end of a line', 'a.ts', 'one \ntwo\n', ['a.ts has blanks at the end of a line']],
	['a tab at the end of a line', 'a.ts', 'one\t\ntwo\n', ['a.ts has blanks at the end of a line']],
	['no line end at the end', 'a.ts', 'one\ntwo', ['a.ts does not end with a line end']],
	[
		'blanks before a line of a script',
		'run',
		'one\n  two\n',
		['run is indented with blanks instead of tabs'],
	],
	['blanks before a line of a comment', 'run', '/**\n * one\n */\n', []],
	['blanks before a line of YAML', 'a.yml', 'one:\n  two: 2\n', []],
	['a mark of the byte order', 'run', '\uFEFFone\n', ['run is no plain UTF-8']],
])('%s', (_, name, text, problems) => {
	expect(problemsOf(name, text)).toEqual(problems);
});
