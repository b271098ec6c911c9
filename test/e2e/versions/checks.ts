// What is checked in a real n8n of each supported version, and by which tests: the table in docs/hosting.md has a line for each.
import { readdirSync } from 'node:fs';
import { EXAMPLES_FOLDER } from '../examples/workflowFile';
import { DEFAULT_N8N_VERSION, N8N_VERSIONS, NEWEST_N8N, type N8nVersion } from '../n8n/versions';

/** The life of a trigger, a test each. */
export const LIFECYCLE = {
	credential: 'The test of a credential tells a right key from a wrong one',
	publish:
		'Publishing makes the webhooks; a real event starts the workflow, a forged one is refused',
	mend: 'A webhook that vanished is there again after the next check',
	restart: 'After a restart of n8n, everything is still there',
	edit: 'Other events are picked while the workflow is published',
	unpublish: 'Unpublishing leaves no webhook behind',
} as const;

export type LifecycleCheck = keyof typeof LIFECYCLE;

/** Tests that stand behind a "yes". */
export interface Proof {
	/** Their file, from the root of the checkout; `*` stands for any part of its name, and then all such files are meant. */
	suite: string;
	/** What their full names hold. Without it, all tests of the suite are meant. */
	name?: string;
}

export interface Check {
	what: string;
	/** By the version in which they run. Where there are none, nothing is run. */
	proofs: Readonly<Record<N8nVersion, readonly Proof[]>>;
}

const LIVES = 'test/e2e/versions.test.ts';

/** What runs the files to import, where it is a test of their own. */
const RUN_BY: Readonly<Record<string, Proof>> = {
	'hooks-at-lemlist': {
		suite: 'test/e2e/hooksAtLemlist.test.ts',
		name: 'hooks-at-lemlist runs by hand',
	},
};

/** The tests that run the files to import; those about moving stand in a folder of their own. */
const EXAMPLES = readdirSync(EXAMPLES_FOLDER)
	.filter((file) => file.endsWith('.json'))
	.map((file) => file.slice(0, -'.json'.length))
	.map((file) => RUN_BY[file] ?? { suite: LIVES, name: `${file} runs with its sample` });

/** What else is tried in a real n8n, in test/faults. */
const FAULTS = [
	'hostile',
	'hostileReplay',
	'matrixOfTeam',
	'n8n-changes',
	'n8n-crashes',
	'n8n-load',
	'n8n-recovery',
	'n8n-secrets',
	'n8n-starts',
	'n8n-testruns',
];

/** How the full name of a test begins that says in which n8n it runs. */
export function titleOf(version: N8nVersion): string {
	return `n8n ${version} `;
}

function inEach(proofsIn: (version: N8nVersion) => readonly Proof[]): Check['proofs'] {
	return Object.fromEntries(N8N_VERSIONS.map((version) => [version, proofsIn(version)]));
}

export const CHECKS: readonly Check[] = [
	...Object.entries(LIFECYCLE).map(([check, what]) => ({
		what,
		proofs: inEach((version) => [{ suite: LIVES, name: `${titleOf(version)}${check}: ${what}` }]),
	})),
	{
		what: 'The [examples](../README.md#examples) run after an import',
		proofs: inEach((version) =>
			EXAMPLES.map(({ suite, name = '' }) => ({ suite, name: `${titleOf(version)}${name}` })),
		),
	},
	{
		what: 'The list of events, in the editor in a real browser',
		proofs: inEach((version) => [{ suite: 'test/e2e/eventList.test.ts', name: titleOf(version) }]),
	},
	{
		what: 'n8n killed while it publishes, webhooks that vanish, a changed Webhook Secret',
		proofs: {
			[NEWEST_N8N[2]]: [
				{
					suite: 'test/faults/n8n-crashes.test.ts',
					name: 'n8n killed in the middle of several POSTs',
				},
				{ suite: 'test/faults/n8n-changes.test.ts', name: 'a hook is deleted by hand' },
				{ suite: 'test/faults/n8n-changes.test.ts', name: 'the Webhook Secret is rotated' },
			],
			[NEWEST_N8N[1]]: [
				{
					suite: 'test/faults/n8n-oldMajor.test.ts',
					name: 'killed in the middle of several POSTs',
				},
				{ suite: 'test/faults/n8n-oldMajor.test.ts', name: 'a hook is deleted by hand' },
				{ suite: 'test/faults/n8n-oldMajor.test.ts', name: 'the Webhook Secret is rotated' },
			],
		},
	},
	{
		what: 'The way through the editor, in a real browser',
		proofs: { [DEFAULT_N8N_VERSION]: [{ suite: 'test/e2e/editor*.test.ts' }] },
	},
	{
		what: '[Queue mode](#queue-mode)',
		proofs: { [DEFAULT_N8N_VERSION]: [{ suite: 'test/queue/queue.test.ts' }] },
	},
	{
		what: 'Other faults and crashes, forged calls and load ([reliability.md](reliability.md))',
		proofs: {
			[DEFAULT_N8N_VERSION]: FAULTS.map((name) => ({ suite: `test/faults/${name}.test.ts` })),
		},
	},
];
