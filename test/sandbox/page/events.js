// The buttons for the events: under lemlist's headings, found by name, marked where a hook asks for them.
import { at, button, element } from './dom.js';
import { choose } from './sending.js';

/** @typedef {import('./state').EventGroup} EventGroup */
/** @typedef {import('./state').Hook} Hook */

const groups = at('groups', HTMLElement);
const filter = at('filter', HTMLInputElement);
const hint = at('filter-hint', HTMLElement);
const USUAL_HINT = hint.textContent ?? '';

const buttons = () => [...groups.querySelectorAll('button')];

/** Makes the search work. */
export function startEvents() {
	filter.addEventListener('input', find);
	filter.addEventListener('keydown', (event) => {
		if (event.key === 'Enter' && filter.value.trim() !== '')
			buttons()
				.find(({ hidden }) => !hidden)
				?.click();
	});
}

/**
 * Draws the buttons once: drawing them again would take the keyboard's place away.
 *
 * @param {EventGroup[]} found
 */
export function drawEvents(found) {
	if (groups.children.length > 0) return;
	groups.append(...found.map(groupOf));
}

/**
 * Marks the events that a hook asks for and would get.
 *
 * @param {Hook[]} hooks
 */
export function markWanted(hooks) {
	const wanted = new Set(hooks.filter(({ disabled }) => !disabled).map(({ type }) => type));
	for (const each of buttons()) {
		const isWanted = wanted.has(undefined) || wanted.has(each.dataset.type);
		if (isWanted) each.setAttribute('aria-describedby', 'wanted');
		else each.removeAttribute('aria-describedby');
	}
}

/** @param {EventGroup} group */
function groupOf({ key, name, events }) {
	const title = element('h3', { id: `group-${key}` }, name);
	const chips = events.map((event) => {
		const chip = button(event.label, () => {
			for (const other of buttons()) other.removeAttribute('aria-current');
			chip.setAttribute('aria-current', 'true');
			void choose(event);
		});
		chip.dataset.type = event.type;
		return chip;
	});
	const group = element('div', {}, title, element('div', { className: 'row chips' }, ...chips));
	group.setAttribute('role', 'group');
	group.setAttribute('aria-labelledby', title.id);
	return group;
}

function find() {
	const words = filter.value.toLowerCase().split(/\s+/);
	for (const chip of buttons()) {
		const names = `${chip.textContent} ${chip.dataset.type}`.toLowerCase();
		chip.hidden = !words.every((word) => names.includes(word));
	}
	for (const group of groups.children) {
		if (group instanceof HTMLElement) group.hidden = !group.querySelector('button:not([hidden])');
	}
	hint.textContent = hintFor(buttons().filter(({ hidden }) => !hidden));
}

/** @param {HTMLButtonElement[]} found */
function hintFor(found) {
	if (filter.value.trim() === '') return USUAL_HINT;
	const [first] = found;
	return first
		? `${found.length} found. Enter sends ${first.textContent}.`
		: 'No event is called that. Try the beginning of a word, such as "repl".';
}
