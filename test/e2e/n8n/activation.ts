// How a workflow is switched on and off: n8n 1 does it while the call lasts; n8n 2 takes the order,
// works in the background, and tells under publication-status how it went.
import { z } from 'zod';

import { Refused, type RestSession } from './restSession';
import { until } from './until';

export interface Activation {
	activate: (session: RestSession, workflowId: string, versionId: string) => Promise<void>;
	deactivate: (session: RestSession, workflowId: string, versionId: string) => Promise<void>;
}

/** n8n tries five times, and gives up after 84 seconds at the latest. */
const PUBLICATION = { limitMs: 120_000, everyMs: 250 };

const publication = z.object({
	status: z.enum(['in_progress', 'published', 'partial', 'failed', 'not_published']),
	triggers: z.array(
		z.object({ nodeId: z.string(), status: z.string(), errorMessage: z.string().nullable() }),
	),
});

type Publication = z.infer<typeof publication>;

const BY_MAJOR: Readonly<Record<string, Activation>> = {
	1: {
		activate: (session, id, versionId) => switchAtOnce(session, id, { active: true, versionId }),
		deactivate: (session, id, versionId) => switchAtOnce(session, id, { active: false, versionId }),
	},
	2: {
		activate: async (session, id, versionId) => {
			await session.send('POST', `/workflows/${id}/activate`, { versionId });
			await settleOn('published', session, id);
		},
		deactivate: async (session, id, versionId) => {
			await session.send('POST', `/workflows/${id}/deactivate`, { versionId });
			await settleOn('not_published', session, id);
		},
	},
};

/** The way of an n8n version, such as 2.41.1. */
export function activationFor(version: string): Activation {
	const [major = ''] = version.split('.');
	const activation = BY_MAJOR[major];
	if (!activation) throw new Error(`Nobody has yet said how n8n ${version} activates a workflow`);
	return activation;
}

async function switchAtOnce(session: RestSession, id: string, change: object): Promise<void> {
	try {
		await session.send('PATCH', `/workflows/${id}?forceSave=true`, change);
	} catch (error) {
		throw error instanceof Refused ? new Error(error.reason, { cause: error }) : error;
	}
}

/** An n8n that is too busy to look at its database says so to whoever asks, and goes on with the order. */
function busy(error: unknown): undefined {
	if (!(error instanceof Refused) || error.status !== 503) throw error;
}

async function settleOn(
	wanted: Publication['status'],
	session: RestSession,
	id: string,
): Promise<void> {
	const first = await settledPublication(session, id);
	// n8n reads the order and its outcome at once, but apart: beside an order that is over may stand the outcome of the one before.
	const settled = first.status === wanted ? first : await settledPublication(session, id);
	if (settled.status === wanted) return;
	const messages = settled.triggers.map(({ errorMessage }) => errorMessage ?? '').filter(Boolean);
	throw new Error(messages.join('\n') || `n8n left the workflow ${settled.status}`);
}

async function settledPublication(session: RestSession, id: string): Promise<Publication> {
	return await until(
		'n8n has carried out the order',
		async () => {
			const answer = await session.send('GET', `/workflows/${id}/publication-status`).catch(busy);
			const now = answer === undefined ? undefined : publication.parse(answer);
			return now?.status !== 'in_progress' && now;
		},
		PUBLICATION,
	);
}
