// What is checked in a real n8n of each supported version: the README's table has a line for each.
import { DEFAULT_N8N_VERSION, N8N_VERSIONS, type N8nVersion } from '../n8n/versions';

/** The life of a trigger, a test each. */
export const LIFECYCLE = {
	publish: 'Publishing makes the webhooks; a real event starts the workflow, a forged one is refused',
	mend: 'A webhook that vanished is there again after the next check',
	restart: 'After a restart of n8n, everything is still there',
	edit: 'Other events are picked while the workflow is published',
	unpublish: 'Unpublishing leaves no webhook behind',
} as const;

export type LifecycleCheck = keyof typeof LIFECYCLE;

export interface Check {
	what: string;
	/** Where it is run. */
	versions: readonly N8nVersion[];
}

export const CHECKS: readonly Check[] = [
	...Object.values(LIFECYCLE).map((what) => ({ what, versions: N8N_VERSIONS })),
	{ what: 'The [examples](#examples) run after an import', versions: N8N_VERSIONS },
	{ what: 'The list of events, in the editor in a real browser', versions: N8N_VERSIONS },
	{ what: 'n8n killed while it publishes, webhooks that vanish, a changed Webhook Secret', versions: N8N_VERSIONS },
	{ what: 'The way through the editor, in a real browser', versions: [DEFAULT_N8N_VERSION] },
	{ what: '[Queue mode](#queue-mode)', versions: [DEFAULT_N8N_VERSION] },
	{ what: 'All other faults and crashes, forged calls and load ([docs/reliability.md](docs/reliability.md))', versions: [DEFAULT_N8N_VERSION] },
];
