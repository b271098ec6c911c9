// Sending: an event chosen by its button, or the activity as somebody edited it.
import { drawAnswer, drawUndelivered, drawUnderWay } from './answer.js';
import { attempt, call, tell } from './control.js';
import { at } from './dom.js';
import { activityIn, Mistake } from './mistakes.js';

/** @typedef {import('./state').LemlistEvent} LemlistEvent */

const text = at('activity', HTMLTextAreaElement);
const mistake = at('mistake', HTMLElement);
const campaign = at('campaign', HTMLSelectElement);
const undelivered = at('undelivered', HTMLInputElement);
const forged = at('forged', HTMLInputElement);

/** Switches that shape the sample; the others say how it is sent. */
const SHAPING = ['thirdParty', 'bot'];

/** @type {LemlistEvent | undefined} */
let chosen;
let sample = '';

/** @param {string} id */
const isOn = (id) => at(id, HTMLInputElement).checked;

/**
 * Fills the editor with an event's sample and, unless somebody wants to look first, sends it.
 *
 * @param {LemlistEvent} event
 */
export function choose(event) {
	chosen = event;
	return attempt(async () => {
		await fillIn(event);
		if (!isOn('look')) return sendEdited();
		text.focus();
		tell(`${event.label}: look at the activity, then send it.`);
	});
}

/** Makes the editor and its buttons work. */
export function startSending() {
	at('activityForm', HTMLFormElement).addEventListener('submit', (event) => {
		event.preventDefault();
		void attempt(sendEdited);
	});
	text.addEventListener('keydown', (event) => {
		if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void attempt(sendEdited);
	});
	text.addEventListener('input', () => show(undefined));
	undelivered.addEventListener('change', () => {
		forged.disabled = undelivered.checked;
	});
	at('sample', HTMLButtonElement).addEventListener('click', () => void attempt(startOver));
	for (const control of [campaign, ...SHAPING.map((id) => at(id, HTMLInputElement))]) {
		control.addEventListener('change', () => void attempt(followControls));
	}
}

async function startOver() {
	if (chosen) await fillIn(chosen);
	else show(new Mistake('There is no sample yet. Choose an event first.'));
}

/** A sample that nobody has changed follows the switches; what somebody wrote stays. */
async function followControls() {
	if (chosen && text.value === sample) await fillIn(chosen);
}

/** @param {LemlistEvent} event */
async function fillIn({ type, label }) {
	const shaping = SHAPING.filter(isOn).map((id) => [id, 'true']);
	const query = new URLSearchParams([
		...shaping,
		...(campaign.value ? [['campaignId', campaign.value]] : []),
	]);
	sample = JSON.stringify(await call('GET', `sandbox/samples/${type}?${query}`), null, 2);
	text.value = sample;
	at('activity-title', HTMLElement).textContent = `Activity: ${label}`;
	show(undefined);
}

async function sendEdited() {
	const activity = read();
	if (!activity) return;
	const { type, label } = chosen ?? { type: activity.type, label: String(activity.type) };
	drawUnderWay(label);
	const how = undelivered.checked ? { undelivered: true } : { forged: forged.checked };
	const order = { type, activity, alsoState: isOn('alsoState'), ...how };
	const happened = await call('POST', 'sandbox/events', order);
	if (undelivered.checked) drawUndelivered(label, happened);
	else drawAnswer(label, happened);
}

/** The activity in the editor; undefined, and said why, where there is none. */
function read() {
	try {
		const activity = activityIn(text.value);
		show(undefined);
		return activity;
	} catch (error) {
		if (!(error instanceof Mistake)) throw error;
		show(error);
		text.focus();
		if (error.position !== undefined) text.setSelectionRange(error.position, error.position);
		return undefined;
	}
}

/** @param {Mistake | undefined} found */
function show(found) {
	mistake.textContent = found?.message ?? '';
	if (found) text.setAttribute('aria-invalid', 'true');
	else text.removeAttribute('aria-invalid');
}
