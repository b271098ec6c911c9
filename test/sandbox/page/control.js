// Calls to the sandbox's own API, and the one line at the bottom that says what came of them.
import { at } from './dom.js';

const news = at('news', HTMLElement);

/**
 * Shows a line at the bottom of the page, whatever part of it is in view.
 *
 * @param {string} text
 * @param {'good' | 'bad' | ''} [look]
 */
export function tell(text, look = '') {
	news.className = look;
	news.textContent = text;
}

/**
 * Makes one call and returns what it answers.
 *
 * @param {string} method
 * @param {string} path
 * @param {object} [order] sent as JSON
 * @returns {Promise<any>}
 * @throws {Error} with the sandbox's own words when it refuses
 */
export async function call(method, path, order) {
	const headers = { 'content-type': 'application/json' };
	const answer = await fetch(path, {
		method,
		...(order && { headers, body: JSON.stringify(order) }),
	});
	const content = await answer.json();
	if (!answer.ok) throw new Error(content.message);
	return content;
}

/**
 * Does something that a button asks for, and tells at the bottom if it fails.
 *
 * @param {() => Promise<unknown>} work
 */
export async function attempt(work) {
	try {
		await work();
	} catch (error) {
		tell(
			error instanceof TypeError
				? 'The sandbox does not answer. Is it still running?'
				: String(error instanceof Error ? error.message : error),
			'bad',
		);
	}
}
