// What is wrong with a text that should be an activity, in words.

/** The browser's phrases, and what to make of them. */
const PHRASES = /** @type {ReadonlyArray<readonly [RegExp, string]>} */ ([
	[/Expected ',' or '}'/, 'A comma or a closing } is missing'],
	[/Expected ',' or '\]'/, 'A comma or a closing ] is missing'],
	[
		/Expected double-quoted property name/,
		'A name in double quotes should stand here, or the comma before is one too many',
	],
	[/Expected property name or '}'/, 'A name in double quotes should stand here'],
	[/Expected ':'/, 'A colon is missing after the name'],
	[/Unterminated string/, 'A text has no closing double quote'],
	[/Bad control character/, 'A text has a line break or a tab in it'],
	[
		/Bad escaped character|Bad Unicode escape/,
		'A backslash stands before something that needs none',
	],
	[/Unexpected end/, 'It ends too early: a closing } or ] is missing'],
	[/after JSON|non-whitespace/, 'Something stands behind the end of it'],
	[/Unexpected token '"'/, 'A comma or a colon is missing before a double quote'],
	[/Unexpected token/, 'A value is not spelt as JSON wants it: texts stand in double quotes'],
]);

/** A text that is no activity. The message says why, and where that is known. */
export class Mistake extends Error {
	/**
	 * @param {string} message
	 * @param {number} [position] in characters from the beginning
	 */
	constructor(message, position) {
		super(message);
		this.position = position;
	}
}

/**
 * The activity that a text holds.
 *
 * @param {string} text
 * @returns {import('./state').Activity}
 * @throws {Mistake}
 */
export function activityIn(text) {
	if (text.trim() === '') throw new Mistake('There is nothing to send. Choose an event first.');
	const activity = parsed(text);
	if (typeof activity === 'object' && activity !== null && !Array.isArray(activity))
		return activity;
	throw new Mistake('An activity is an object: it begins with { and ends with }.', 0);
}

/** @param {string} text */
function parsed(text) {
	try {
		return JSON.parse(text);
	} catch (error) {
		throw mistakeOf(error instanceof Error ? error.message : '', text);
	}
}

/**
 * @param {string} message the browser's
 * @param {string} text
 */
function mistakeOf(message, text) {
	const [, words] = PHRASES.find(([phrase]) => phrase.test(message)) ?? [
		undefined,
		'This is not JSON',
	];
	const [, told] = /position (\d+)/.exec(message) ?? [];
	if (told === undefined) return new Mistake(`${words}.`);
	const before = text.slice(0, Number(told)).split('\n');
	return new Mistake(
		`Line ${before.length}, character ${(before.at(-1) ?? '').length + 1}: ${words}.`,
		Number(told),
	);
}
