/** lemlist's rate limit in real time: used up, not run into. */
import { EVENT_GROUPS } from '../../../nodes/LemlistTrigger/settings/events';
import { millisecondsOf, Stage } from '../stage';

const EVENTS_OF_ALL = EVENT_GROUPS.flatMap((group) => [...group.events]);
const EVERY_EVENT = { events: EVENT_GROUPS.map((group) => `group:${group.key}`) };
const WINDOW_MS = 2_000;
const REQUESTS_A_WINDOW = 20;

const stage = new Stage();

function windowsMs(): number {
	return 1.1 * WINDOW_MS * Math.ceil(stage.lemlist.requests.length / REQUESTS_A_WINDOW);
}

describe('the rate limit', () => {
	test.each(['fixed', 'sliding'] as const)(
		'with %s windows is used up, but not run into, by all events',
		async (style) => {
			stage.lemlist.rules.rateLimit.style = style;
			const trigger = stage.trigger(EVERY_EVENT);
			const activationMs = await millisecondsOf(trigger.activate());
			expect(stage.lemlist.hooks).toHaveLength(EVENTS_OF_ALL.length);
			expect(activationMs).toBeLessThan(windowsMs());
			expect(
				stage.lemlist.requests.filter((request) => request.status === 429).length,
			).toBeLessThanOrEqual(REQUESTS_A_WINDOW);
			stage.lemlist.clearRequests();
			const deactivationMs = await millisecondsOf(trigger.deactivate());
			expect(stage.lemlist.hooks).toEqual([]);
			// The activation has used up the window that is open now.
			expect(deactivationMs).toBeLessThan(windowsMs() + WINDOW_MS);
		},
	);
});
