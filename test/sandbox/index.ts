// A stand-in for lemlist: an HTTP server that behaves like its API, posts events to the hooks that
// are registered with it, and can be told to misbehave.
import { Lemlist } from './lemlist';
import { Listener } from './listener';
import { rulesFrom } from './rules';
import { RunningSandbox } from './sandbox';
import { buildServer } from './server';
import type { Sandbox, SandboxOptions } from './types';

export { activityOf, byBot, thirdPartyReply } from './activities';
export { campaignOf, plausibleCampaigns, SANDBOX_CAMPAIGN } from './campaigns';
export { EVENT_GROUPS, EVENT_TYPES, EVENTS_WITHOUT_CAMPAIGN, type EventType } from './eventTypes';
export { EFFECT_NAMES, type Effect, type EffectName } from './faults';
export { newId } from './identifiers';
export type { RouteName } from './apiRoutes';
export type { RateLimitRule, RulesOptions } from './rules';
export type * from './types';

/** Starts a lemlist of one's own on this machine. Close it in the end. */
export async function startSandbox(options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
	const { latencyMs, rules } = options;
	const lemlist = new Lemlist(
		rulesFrom({ ...(latencyMs !== undefined && { latencyMs }), ...rules }),
	);
	if (options.log) lemlist.journal.onChange(options.log);
	const server = await buildServer(lemlist, () => sandbox);
	const listener = new Listener(server.server, options.port ?? 0);
	const sandbox = new RunningSandbox(lemlist, listener, options);
	sandbox.reset();
	await listener.start();
	return sandbox;
}
