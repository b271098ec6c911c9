/**
 * The official rules for community nodes and typescript-eslint at its strictest over what ships;
 * typescript-eslint at its strictest over the tests and tools, which n8n's rules are not meant for.
 */
import { config as n8nConfig } from '@n8n/node-cli/eslint';
import tseslint from 'typescript-eslint';

const SHIPPED = ['nodes/**/*.ts', 'credentials/**/*.ts'];
const OWN = [...SHIPPED, 'test/**/*.ts'];

/** The rooms of the node, and what each may import from: dependencies point one way, and no circle closes. */
const ROOMS = {
	process: [],
	lemlist: ['process'],
	secrets: ['process'],
	settings: ['lemlist'],
	door: ['process', 'lemlist', 'secrets', 'settings'],
	deliveries: ['process', 'lemlist', 'secrets', 'settings', 'door'],
	hooks: ['process', 'lemlist', 'secrets', 'settings', 'door'],
	missed: ['process', 'lemlist', 'secrets', 'settings', 'door', 'deliveries', 'hooks'],
};
const ROOM_FOLDER = 'nodes/LemlistTrigger';
/** The files that may see n8n's contexts: the door, and the client that sends requests with them. */
const SEE_CONTEXTS = [`${ROOM_FOLDER}/door/door.ts`, `${ROOM_FOLDER}/lemlist/client.ts`];
const CONTEXTS = [
	'IHookFunctions',
	'ITriggerFunctions',
	'IWebhookFunctions',
	'ILoadOptionsFunctions',
	'IExecuteFunctions',
	'IPollFunctions',
	'IAllExecuteFunctions',
	'FunctionsBase',
	'FunctionsBaseWithRequiredKeys',
];

const closedTo = (room) =>
	Object.keys(ROOMS).filter((other) => other !== room && !ROOMS[room].includes(other));
const ofRooms = (room) => ({
	group: [...closedTo(room).map((other) => `**/${other}/*`), '../*.node', '../../*'],
	message: `The room "${room}" may import from: ${ROOMS[room].join(', ') || 'no other'}. See ROOMS in eslint.config.mjs.`,
});
const NO_CONTEXTS = {
	name: 'n8n-workflow',
	importNames: CONTEXTS,
	message: "Only the door reads n8n's contexts, and the client sends with them: act on values.",
};
const rooms = Object.keys(ROOMS)
	.flatMap((room) => [
		{
			files: [`${ROOM_FOLDER}/${room}/**/*.ts`],
			ignores: SEE_CONTEXTS,
			rules: {
				'no-restricted-imports': ['error', { paths: [NO_CONTEXTS], patterns: [ofRooms(room)] }],
			},
		},
		{
			files: SEE_CONTEXTS.filter((file) => file.startsWith(`${ROOM_FOLDER}/${room}/`)),
			rules: { 'no-restricted-imports': ['error', { patterns: [ofRooms(room)] }] },
		},
	])
	.filter(({ files }) => files.length > 0);

const official = n8nConfig.map((entry) =>
	entry.files?.includes('**/*.ts') ? { ...entry, files: SHIPPED } : entry,
);

export default tseslint.config(
	{ ignores: ['dist', 'coverage', 'node_modules'] },
	...official,
	{
		files: OWN,
		extends: [tseslint.configs.strictTypeChecked],
		languageOptions: {
			parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
		},
		rules: {
			// The form that says "not used on purpose", for taking a field out of an object.
			'@typescript-eslint/no-unused-vars': [
				'error',
				{ varsIgnorePattern: '^_', argsIgnorePattern: '^_' },
			],
		},
	},
	...rooms,
);
