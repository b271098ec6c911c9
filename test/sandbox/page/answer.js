// What n8n answered to the last event: one line for each hook that wanted it.
import { tell } from './control.js';
import { at, element } from './dom.js';

/** @typedef {import('./state').Result} Result */

const place = at('answer', HTMLElement);

/** @param {string} label the event's */
export function drawUnderWay(label) {
	place.replaceChildren(element('p', { className: 'hint' }, `${label} is on its way…`));
	tell(`${label} is on its way…`);
}

/**
 * @param {string} label the event's
 * @param {{ activity: object, results: Result[] }} sent
 */
export function drawAnswer(label, { activity, results }) {
	const lines = results.map(resultItem);
	const none = element('p', { className: 'hint' }, 'No hook wants this event.');
	place.replaceChildren(
		element('strong', {}, label),
		lines.length > 0 ? element('ul', { className: 'list' }, ...lines) : none,
		detailsOf('What was sent', activity),
	);
	tell(`${label}: ${results.map(said).join('; ') || 'no hook wants it'}.`, lookOf(results));
}

/**
 * @param {string} label the event's
 * @param {{ activity: object }} happened
 */
export function drawUndelivered(label, { activity }) {
	place.replaceChildren(
		element('strong', {}, label),
		element('p', { className: 'hint' }, 'It happened, and no webhook got it.'),
		detailsOf('What happened', activity),
	);
	tell(`${label} happened, and no webhook got it.`);
}

/**
 * @param {string} summary
 * @param {object} activity
 */
function detailsOf(summary, activity) {
	return element(
		'details',
		{},
		element('summary', {}, summary),
		element('pre', {}, JSON.stringify(activity, null, 2)),
	);
}

/** @param {Result} result */
function resultItem(result) {
	return element(
		'li',
		{},
		element('strong', { className: lookOf([result]) }, said(result)),
		element('code', { className: 'url' }, result.targetUrl),
		...(result.body ? [element('pre', {}, result.body)] : []),
		...consequences(result).map((text) => element('p', { className: 'hint' }, text)),
	);
}

/** @param {Result} result */
function consequences({ hookRemoved, againInMs }) {
	const removed = hookRemoved ? ['lemlist removed this hook.'] : [];
	return againInMs === undefined
		? removed
		: [...removed, `lemlist sends it again in ${againInMs / 1000} s.`];
}

/** @param {Result} result */
function said({ status, error, ms }) {
	return `${error ?? status} in ${ms} ms`;
}

/**
 * @param {Result[]} results
 * @returns {'good' | 'bad' | ''}
 */
function lookOf(results) {
	if (results.length === 0) return '';
	const isTaken = results.every(
		({ status }) => typeof status === 'number' && status >= 200 && status < 300,
	);
	return isTaken ? 'good' : 'bad';
}
