// Faults of lemlist's API: switched on, listed while they are on, and switched off.
import { attempt, call, tell } from './control.js';
import { at, button, element, fillOnce, redraw } from './dom.js';

/** @typedef {import('./state').ActiveFault} ActiveFault */
/** @typedef {import('./state').State} State */

const fault = at('fault', HTMLSelectElement);
const target = at('call', HTMLSelectElement);
const times = at('times', HTMLInputElement);
const always = at('always', HTMLInputElement);

/** Makes the form work. */
export function startFaults() {
	always.addEventListener('change', () => {
		times.disabled = always.checked;
	});
	at('faultForm', HTMLFormElement).addEventListener('submit', (event) => {
		event.preventDefault();
		void attempt(switchOn);
	});
	at('clearFaults', HTMLButtonElement).addEventListener('click', () => {
		void attempt(async () => {
			await call('DELETE', 'sandbox/faults');
			tell('All faults are off.');
		});
	});
}

/** @param {State} state */
export function drawFaults({ faults, faultChoices, callChoices }) {
	fillOnce(
		fault,
		faultChoices.map(({ key, label }) => [key, label]),
	);
	fillOnce(
		target,
		callChoices.map(({ key, label }) => [key, label]),
	);
	redraw(at('faults', HTMLElement), faults.map(faultItem), at('clearFaults', HTMLElement));
}

async function switchOn() {
	const order = {
		fault: fault.value,
		call: target.value,
		times: always.checked ? 'always' : Number(times.value),
	};
	const { label } = await call('POST', 'sandbox/faults', order);
	tell(`On: ${label}.`);
}

/** @param {ActiveFault} active */
function faultItem({ id, label, remaining }) {
	const left = remaining === 'always' ? 'until switched off' : `${remaining} left`;
	const name = element('span', { id: `fault-${id}` }, element('strong', {}, label), ` · ${left}`);
	const off = button('Switch off', () =>
		attempt(async () => {
			await call('DELETE', `sandbox/faults/${id}`);
			tell(`Off: ${label}.`);
		}),
	);
	off.id = `off-${id}`;
	off.setAttribute('aria-describedby', name.id);
	return element('li', { className: 'row spread' }, name, off);
}
