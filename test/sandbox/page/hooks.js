// The hooks that are registered now, and a button to lose each of them.
import { attempt, call, tell } from './control.js';
import { at, button, element, redraw } from './dom.js';

/** @typedef {import('./state').Hook} Hook */
/** @typedef {import('./state').State} State */

const list = at('hooks', HTMLElement);

/** @param {State} state */
export function drawHooks({ hooks, campaigns, eventGroups }) {
	const campaignNames = new Map(campaigns.map(({ _id, name }) => [_id, name]));
	const labels = new Map(eventGroups.flatMap(({ events }) => events.map(({ type, label }) => [type, label])));
	at('hookCount', HTMLElement).textContent = `(${hooks.length})`;
	const items = hooks.map((hook) => {
		const label = hook.type === undefined ? 'All events' : (labels.get(hook.type) ?? hook.type);
		return hookItem(hook, label, factsOf(hook, campaignNames));
	});
	const none = element('li', { className: 'hint' }, 'None. Publish a workflow with the trigger in n8n.');
	redraw(list, items.length > 0 ? items : [none], at('hooks-panel', HTMLElement));
}

/**
 * @param {Hook} hook
 * @param {Map<string, string>} campaignNames
 */
function factsOf({ campaignId, isFirst, hasSecret }, campaignNames) {
	const campaign = campaignId === undefined ? [] : [campaignNames.get(campaignId) ?? campaignId];
	return [...campaign, ...(isFirst ? ['first activities only'] : []), hasSecret ? 'with a secret' : 'without a secret'];
}

/**
 * @param {Hook} hook
 * @param {string} label
 * @param {string[]} facts
 */
function hookItem(hook, label, facts) {
	const name = element('span', { id: `name-${hook._id}` }, element('strong', {}, label), ` · ${facts.join(' · ')}`);
	const forget = button('Forget this hook', () => attempt(() => forgetHook(hook._id, label)));
	forget.id = `forget-${hook._id}`;
	forget.setAttribute('aria-describedby', name.id);
	const top = element('div', { className: 'row spread' }, name, forget);
	return element('li', {}, top, element('code', { className: 'url' }, hook.targetUrl));
}

/**
 * @param {string} id
 * @param {string} label
 */
async function forgetHook(id, label) {
	await call('DELETE', `sandbox/hooks/${id}`);
	tell(`lemlist forgot the hook for ${label}.`);
}
