// Finding and making elements.

/**
 * The element of an id that the page is known to have.
 *
 * @template {HTMLElement} E
 * @param {string} id
 * @param {new () => E} kind
 * @returns {E}
 * @throws {Error} when the page has no such element of this kind
 */
export function at(id, kind) {
	const found = document.getElementById(id);
	if (found instanceof kind) return found;
	throw new Error(`The page has no ${kind.name} called ${id}`);
}

/**
 * A new element with properties and children.
 *
 * @template {keyof HTMLElementTagNameMap} N
 * @param {N} name
 * @param {Partial<HTMLElementTagNameMap[N]>} [properties]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[N]}
 */
export function element(name, properties = {}, ...children) {
	const made = Object.assign(document.createElement(name), properties);
	made.append(...children);
	return made;
}

/**
 * A button that does something when it is pressed.
 *
 * @param {string} label
 * @param {() => unknown} press
 */
export function button(label, press) {
	const made = element('button', { type: 'button' }, label);
	made.addEventListener('click', press);
	return made;
}

/**
 * Fills a select that has no options yet: filling it again would take a choice back.
 *
 * @param {HTMLSelectElement} select
 * @param {ReadonlyArray<readonly [value: string, label: string]>} options
 */
export function fillOnce(select, options) {
	if (select.options.length > 0) return;
	select.append(...options.map(([value, label]) => element('option', { value }, label)));
}

/**
 * Draws a list anew, and gives the keyboard its place back: on the same button, on another of the same
 * item, or on what stands in when that is gone.
 *
 * @param {HTMLElement} list
 * @param {HTMLElement[]} items
 * @param {HTMLElement} standIn
 */
export function redraw(list, items, standIn) {
	const place = document.activeElement;
	const wasInside = list.contains(place);
	const item = place?.closest('li')?.id ?? '';
	list.replaceChildren(...items);
	if (!wasInside) return;
	const sameItem = document.getElementById(item)?.querySelector('button');
	(
		document.getElementById(place?.id ?? '') ??
		sameItem ??
		list.querySelector('button') ??
		standIn
	).focus();
}
