/**
 * The official rules for community nodes and typescript-eslint at its strictest over what ships;
 * typescript-eslint at its strictest over the tests and tools, which n8n's rules are not meant for.
 */
import { config as n8nConfig } from '@n8n/node-cli/eslint';
import tseslint from 'typescript-eslint';

const SHIPPED = ['nodes/**/*.ts', 'credentials/**/*.ts'];
const OWN = [...SHIPPED, 'test/**/*.ts'];

const official = n8nConfig.map((entry) => (entry.files?.includes('**/*.ts') ? { ...entry, files: SHIPPED } : entry));

export default tseslint.config(
	{ ignores: ['dist', 'coverage', 'node_modules'] },
	...official,
	{
		files: OWN,
		extends: [tseslint.configs.strictTypeChecked],
		languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
		rules: {
			// The form that says "not used on purpose", for taking a field out of an object.
			'@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_', argsIgnorePattern: '^_' }],
		},
	},
);
