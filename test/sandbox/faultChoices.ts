// The faults that the page offers, by names for people: the effects with usual values, and which
// requests they can hit.
import type { BareEffectName, Effect } from './faults';
import type { FaultTrigger } from './types';

interface Choice {
	key: string;
	label: string;
}

export const FAULT_CHOICES: ReadonlyArray<Choice & { effect: Effect | BareEffectName }> = [
	status('serverError', 'Server error (500)', 500, 'Internal error'),
	status('badRequest', 'Bad request (400)', 400, 'Bad params'),
	status('maintenance', 'Maintenance page (503)', 503, '<h1>Back soon</h1>', 'text/html'),
	status('wrongKey', 'API key rejected (401)', 401, 'The authentication you supplied is incorrect'),
	status('notInPlan', 'Not in the plan (402)', 402, 'route is available starting emailPro plan'),
	status('blocked', 'User blocked (403)', 403, 'Forbidden'),
	status('urlTaken', 'Address taken (409)', 409, 'Already exists'),
	status('tooMany', 'Too many requests (429)', 429, 'Too many requests'),
	{ key: 'resetBefore', label: 'Connection lost, nothing done', effect: 'resetBefore' },
	{ key: 'resetAfter', label: 'Connection lost, but done', effect: 'resetAfter' },
	{ key: 'hangBefore', label: 'No answer, nothing done', effect: 'hangBefore' },
	{ key: 'hangAfter', label: 'No answer, but done', effect: 'hangAfter' },
	{ key: 'delay', label: 'Answer after 5 seconds', effect: { name: 'delay', ms: 5000 } },
	{ key: 'actLate', label: 'Done after 5 seconds', effect: { name: 'actLate', ms: 5000 } },
	{
		key: 'slowAnswer',
		label: 'Answer in small pieces',
		effect: { name: 'slowAnswer', bytesPerSecond: 20 },
	},
	{ key: 'hugeAnswer', label: 'Answer of 5 MB', effect: { name: 'hugeAnswer', bytes: 5_000_000 } },
	{ key: 'emptyBody', label: 'Empty answer', effect: 'emptyBody' },
	{ key: 'brokenJson', label: 'Broken JSON', effect: 'brokenJson' },
	{ key: 'otherShape', label: 'JSON of another kind', effect: 'otherShape' },
	{ key: 'emptyObject', label: 'An empty object', effect: { name: 'otherShape', body: {} } },
	status(
		'webPage',
		'A web page instead (200)',
		200,
		'<!doctype html><h1>Sign in</h1>',
		'text/html',
	),
	{ key: 'cutShort', label: 'Answer cut off', effect: 'cutShort' },
	{
		key: 'redirect',
		label: 'Sent on to another address',
		effect: { name: 'redirect', location: 'https://example.com/' },
	},
];

export const CALL_CHOICES: ReadonlyArray<Choice & { on: FaultTrigger }> = [
	{ key: 'all', label: 'All requests', on: {} },
	{ key: 'listHooks', label: 'Listing hooks', on: { method: 'GET', path: '/hooks' } },
	{ key: 'registerHook', label: 'Registering a hook', on: { method: 'POST', path: '/hooks' } },
	{ key: 'deleteHook', label: 'Deleting a hook', on: { method: 'DELETE' } },
	{ key: 'listCampaigns', label: 'Listing campaigns', on: { method: 'GET', path: '/campaigns' } },
	{
		key: 'listActivities',
		label: 'Listing activities',
		on: { method: 'GET', path: '/activities' },
	},
	{ key: 'testKey', label: 'Testing the API key', on: { method: 'GET', path: '/team' } },
];

/** A fault in words, for example "Server error (500): Registering a hook"; its effect's name where it is not offered. */
export function labelOf(effect: Effect, on: FaultTrigger): string {
	const fault =
		FAULT_CHOICES.find((choice) => isSame(named(choice.effect), effect))?.label ?? effect.name;
	const call = CALL_CHOICES.find((choice) => isSame(choice.on, on))?.label ?? 'some requests';
	return `${fault}: ${call}`;
}

function status(
	key: string,
	label: string,
	code: number,
	body: string,
	contentType = 'text/plain',
) {
	return { key, label, effect: { name: 'status', status: code, body, contentType } as const };
}

function named(effect: Effect | BareEffectName): Effect {
	return typeof effect === 'string' ? { name: effect } : effect;
}

function isSame(one: object, other: object): boolean {
	return JSON.stringify(one) === JSON.stringify(other);
}
