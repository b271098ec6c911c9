// The hooks that are registered now, and buttons to lose each of them or have it switched off.
import { attempt, call, tell } from './control.js';
import { at, button, element, redraw } from './dom.js';

/** @typedef {import('./state').Hook} Hook */
/** @typedef {import('./state').State} State */

const list = at('hooks', HTMLElement);

/** @param {State} state */
export function drawHooks({ hooks, campaigns, eventGroups }) {
	const campaignNames = new Map(campaigns.map(({ _id, name }) => [_id, name]));
	const labels = new Map(
		eventGroups.flatMap(({ events }) => events.map(({ type, label }) => [type, label])),
	);
	at('hookCount', HTMLElement).textContent = countOf(hooks);
	const items = hooks.map((hook) => {
		const label = hook.type === undefined ? 'All events' : (labels.get(hook.type) ?? hook.type);
		return hookItem(hook, label, factsOf(hook, campaignNames));
	});
	const none = element(
		'li',
		{ className: 'hint' },
		'None. Publish a workflow with the trigger in n8n.',
	);
	redraw(list, items.length > 0 ? items : [none], at('hooks-panel', HTMLElement));
}

/** @param {Hook[]} hooks */
function countOf(hooks) {
	const { length: off } = hooks.filter(({ disabled }) => disabled);
	return off > 0 ? `(${hooks.length}, ${off} of them off)` : `(${hooks.length})`;
}

/**
 * @param {Hook} hook
 * @param {Map<string, string>} campaignNames
 */
function factsOf({ campaignId, isFirst, hasSecret }, campaignNames) {
	const campaign = campaignId === undefined ? [] : [campaignNames.get(campaignId) ?? campaignId];
	return [
		...campaign,
		...(isFirst ? ['first activities only'] : []),
		hasSecret ? 'with a secret' : 'without a secret',
	];
}

/**
 * @param {Hook} hook
 * @param {string} label
 * @param {string[]} facts
 */
function hookItem(hook, label, facts) {
	const { _id: id, targetUrl, disabled = false } = hook;
	const name = element(
		'span',
		{ id: `name-${id}` },
		element('strong', {}, label),
		` · ${facts.join(' · ')}`,
	);
	const forget = hookButton('Forget this hook', `forget-${id}`, name, () => forgetHook(id, label));
	const switchOff = hookButton('Switch this hook off', `disable-${id}`, name, () =>
		switchHookOff(id, label),
	);
	const url = element('code', { className: 'url' }, targetUrl);
	const buttons = element('div', { className: 'row' }, ...(disabled ? [] : [switchOff]), forget);
	return element('li', { id: `hook-${id}` }, name, ...(disabled ? [offNote()] : []), url, buttons);
}

/**
 * @param {string} label
 * @param {string} id
 * @param {HTMLElement} name the hook's
 * @param {() => Promise<void>} work
 */
function hookButton(label, id, name, work) {
	const made = button(label, () => attempt(work));
	made.id = id;
	made.setAttribute('aria-describedby', name.id);
	return made;
}

function offNote() {
	const state = element('strong', { className: 'bad' }, 'Switched off by lemlist.');
	const meaning =
		' lemlist does so when deliveries keep failing. It gets no more events, and its address stays taken until it is deleted.';
	return element('p', { className: 'hint' }, state, meaning);
}

/**
 * @param {string} id
 * @param {string} label
 */
async function forgetHook(id, label) {
	await call('DELETE', `sandbox/hooks/${id}`);
	tell(`lemlist forgot the hook for ${label}.`);
}

/**
 * @param {string} id
 * @param {string} label
 */
async function switchHookOff(id, label) {
	await call('POST', `sandbox/hooks/${id}/disable`);
	tell(`lemlist switched the hook for ${label} off.`);
}
