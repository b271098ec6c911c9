// What is checked in a real n8n of each supported version: the README's table has a line for each.

export const LIFECYCLE = {
	publish: 'Publishing makes the webhooks; a real event starts the workflow, a forged one is refused',
	mend: 'A webhook that vanished is there again after the next check',
	restart: 'After a restart of n8n, everything is still there',
	edit: 'Other events, picked while the workflow is published',
	unpublish: 'Unpublishing leaves no webhook behind',
} as const;

export type LifecycleCheck = keyof typeof LIFECYCLE;
