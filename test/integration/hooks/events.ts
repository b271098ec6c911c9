/** Events as the tests of hooks speak of them: those under one heading, and the request that asks for one. */
import { EVENT_GROUPS, type RequestRecord } from '../../sandbox';

/** What a trigger on the heading LinkedIn asks for. */
export const LINKEDIN_EVENTS = EVENT_GROUPS.flatMap((group) =>
	group.key === 'linkedin' ? group.events.map((event) => event.type) : [],
);

/** Finds the POST for one event. */
export const ofType =
	(type: string) =>
	({ body }: RequestRecord) =>
		(body as { type?: string } | undefined)?.type === type;
