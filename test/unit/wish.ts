/** A subscription for unit tests: every option as it is where nobody has set it, unless told otherwise. */
import type { EventType } from '../../nodes/LemlistTrigger/settings/events';
import type { Subscription } from '../../nodes/LemlistTrigger/settings/reading';

/** @param picked events, or all of them */
export function wish(
	picked: readonly EventType[] | 'all',
	more: Partial<Subscription> = {},
): Subscription {
	return {
		selection: picked === 'all' ? { kind: 'all' } : { kind: 'types', types: picked },
		campaignIds: [],
		firstActivityOnly: false,
		thirdPartyReplies: 'include',
		ignoreBots: false,
		missedEvents: 'catchUp',
		arrival: 'webhook',
		testWith: 'newest',
		...more,
	};
}
