// What lemlist lists: the latest of what happened, whether a webhook delivered it or not.
import { at, element } from './dom.js';

/** @typedef {import('./state').ListedActivity} ListedActivity */
/** @typedef {import('./state').State} State */

/** As many as somebody looks at. */
const SHOWN = 8;
const FORMAT = /** @type {const} */ ({ dateStyle: 'short', timeStyle: 'medium' });

/** @param {State} state */
export function drawActivities({ activities, activityCount, eventGroups }) {
	const labels = new Map(
		eventGroups.flatMap(({ events }) => events.map(({ type, label }) => [type, label])),
	);
	const items = activities
		.slice(0, SHOWN)
		.map((listed) => activityItem(listed, labels.get(listed.row.type) ?? listed.row.type));
	at('activityCount', HTMLElement).textContent = `(${activityCount})`;
	at('activities', HTMLElement).replaceChildren(...items, ...notes(activityCount));
}

/** @param {number} count */
function notes(count) {
	if (count === 0) return [note('Nothing yet. What happens appears here, delivered or not.')];
	return count > SHOWN ? [note(`And ${count - SHOWN} more.`)] : [];
}

/** @param {string} text */
function note(text) {
	return element('li', { className: 'hint' }, text);
}

/**
 * @param {ListedActivity} listed
 * @param {string} label
 */
function activityItem({ row: { createdAt }, isTaken }, label) {
	const fate = element(
		'span',
		{ className: isTaken ? 'good' : '' },
		isTaken ? 'delivered' : 'not delivered',
	);
	return element('li', {}, element('strong', {}, label), ` · ${timeOf(createdAt)} · `, fate);
}

/** @param {string | undefined} createdAt */
function timeOf(createdAt) {
	const time = new Date(createdAt ?? NaN);
	return Number.isNaN(time.getTime()) ? 'without a time' : time.toLocaleString(undefined, FORMAT);
}
