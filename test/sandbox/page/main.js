// Starts the page, and draws it anew whenever something changes in the sandbox.
import { drawActivities } from './activities.js';
import { attempt, call, tell } from './control.js';
import { at, fillOnce } from './dom.js';
import { drawEvents, markWanted, startEvents } from './events.js';
import { drawFaults, startFaults } from './faults.js';
import { drawHooks } from './hooks.js';
import { drawLog } from './log.js';
import { startSending } from './sending.js';

/** Changes that come together are drawn together. */
const TOGETHER_MS = 30;

/** @type {number | undefined} */
let due;
let isLost = false;

function refreshSoon() {
	clearTimeout(due);
	due = setTimeout(() => void attempt(refresh), TOGETHER_MS);
}

async function refresh() {
	/** @type {import('./state').State} */
	const state = await call('GET', 'sandbox/state');
	at('apiUrl', HTMLElement).textContent = state.apiUrl;
	at('apiKey', HTMLElement).textContent = state.apiKey;
	const campaigns = state.campaigns.map(({ _id, name }) => /** @type {const} */ ([_id, name]));
	fillOnce(at('campaign', HTMLSelectElement), [['', 'The usual one'], ...campaigns]);
	drawEvents(state.eventGroups);
	markWanted(state.hooks);
	drawHooks(state);
	drawActivities(state);
	drawFaults(state);
	drawLog(state.log);
}

function watch() {
	const changes = new EventSource('sandbox/changes');
	changes.addEventListener('open', () => {
		if (isLost) tell('The sandbox is back.');
		isLost = false;
		refreshSoon();
	});
	changes.addEventListener('message', refreshSoon);
	changes.addEventListener('error', () => {
		isLost = true;
		tell('The sandbox does not answer. Is it still running?', 'bad');
	});
}

at('reset', HTMLButtonElement).addEventListener('click', () => {
	void attempt(async () => {
		await call('POST', 'sandbox/reset', {});
		tell('The sandbox starts afresh.');
	});
});
startEvents();
startSending();
startFaults();
watch();
