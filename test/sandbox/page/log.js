// What happened, newest first.
import { at, element } from './dom.js';

/** @typedef {import('./state').LogLine} LogLine */

/** @param {LogLine[]} lines oldest first */
export function drawLog(lines) {
	at('log', HTMLElement).replaceChildren(...lines.map(lineItem).reverse());
}

/** @param {LogLine} line */
function lineItem({ at: time, kind, text }) {
	const clock = element(
		'time',
		{ dateTime: new Date(time).toISOString() },
		new Date(time).toLocaleTimeString(),
	);
	const parts = [
		element('span', { className: 'kind' }, kind),
		element('span', { className: 'text' }, text),
	];
	return element('li', {}, clock, ...parts);
}
