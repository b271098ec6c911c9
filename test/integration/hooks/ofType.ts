/** Requests that ask for a hook, told apart by its event. */
import type { RequestRecord } from '../../sandbox';

/** Finds the POST for one event. */
export const ofType = (type: string) => ({ body }: RequestRecord) => (body as { type?: string } | undefined)?.type === type;
