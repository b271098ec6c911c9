/**
 * What GitHub reads in this repository: forms, updates, workflows. GitHub says nothing where one of them
 * is wrong: it leaves the form out, or updates nothing.
 */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import manifest from '../../package.json';
import { ROOT, textOf } from '../package/documents';
import { leadsSomewhere, ownPlacesIn } from '../package/links';

const REPOSITORY = manifest.repository.url.replace(/^git\+|\.git$/g, '');
const REPORT = `${REPOSITORY}/security/advisories/new`;
const FORMS = '.github/ISSUE_TEMPLATE';
const WORKFLOWS = '.github/workflows';

/** As GitHub documents the syntax of its forms. */
const TEXT = z.string().trim().min(1);
const VALIDATIONS = z.object({ required: z.boolean() }).strict().optional();
const ID = z.string().regex(/^[\w-]+$/);
const ATTRIBUTES = { label: TEXT, description: TEXT.optional() };
const WRITTEN = z
	.object({ ...ATTRIBUTES, placeholder: TEXT.optional(), render: TEXT.optional() })
	.strict();
const UNIQUE_OPTIONS = z
	.array(TEXT)
	.min(1)
	.refine((options) => new Set(options).size === options.length && !options.includes('None'));
const FORM = z
	.object({
		name: TEXT,
		description: TEXT,
		labels: z.array(TEXT),
		body: z.array(
			z.discriminatedUnion('type', [
				z
					.object({ type: z.literal('markdown'), attributes: z.object({ value: TEXT }).strict() })
					.strict(),
				z
					.object({
						type: z.literal('input'),
						id: ID,
						attributes: WRITTEN,
						validations: VALIDATIONS,
					})
					.strict(),
				z
					.object({
						type: z.literal('textarea'),
						id: ID,
						attributes: WRITTEN,
						validations: VALIDATIONS,
					})
					.strict(),
				z
					.object({
						type: z.literal('dropdown'),
						id: ID,
						attributes: z
							.object({ ...ATTRIBUTES, multiple: z.boolean().optional(), options: UNIQUE_OPTIONS })
							.strict(),
						validations: VALIDATIONS,
					})
					.strict(),
				z
					.object({
						type: z.literal('checkboxes'),
						id: ID,
						attributes: z
							.object({
								...ATTRIBUTES,
								options: z.array(
									z.object({ label: TEXT, required: z.boolean().optional() }).strict(),
								),
							})
							.strict(),
					})
					.strict(),
			]),
		),
	})
	.strict();

function formOf(file: string): z.infer<typeof FORM> {
	return FORM.parse(parse(textOf(`${FORMS}/${file}`)));
}

function fieldsOf(file: string): Array<{ id: string; label: string; isRequired: boolean }> {
	return formOf(file).body.flatMap((field) => {
		if (field.type === 'markdown') return [];
		const isRequired =
			field.type === 'checkboxes'
				? field.attributes.options.some(({ required }) => required)
				: field.validations?.required === true;
		return [{ id: field.id, label: field.attributes.label, isRequired }];
	});
}

describe('the forms for issues', () => {
	const files = readdirSync(path.join(ROOT, FORMS)).filter((file) => file !== 'config.yml');

	test('are one for a fault and one for a wish, by names that differ', () => {
		expect(files).toEqual(['fault.yml', 'wish.yml']);
		expect(new Set(files.map((file) => formOf(file).name)).size).toBe(files.length);
	});

	test.each(files)('%s has no two fields of one name', (file) => {
		const fields = fieldsOf(file);
		expect(new Set(fields.map(({ id }) => id)).size).toBe(fields.length);
		expect(new Set(fields.map(({ label }) => label)).size).toBe(fields.length);
	});

	test.each([
		{
			file: 'fault.yml',
			asked: ['what', 'steps', 'package-version', 'n8n-version', 'mode', 'hosting', 'before'],
		},
		{ file: 'wish.yml', asked: ['goal', 'today', 'package-version', 'n8n-version'] },
	])('$file cannot be sent without $asked', ({ file, asked }) => {
		expect(
			fieldsOf(file)
				.filter(({ isRequired }) => isRequired)
				.map(({ id }) => id),
		).toEqual(asked);
	});

	test('of a fault asks in which process it was seen, which only queue mode has several of', () => {
		expect(fieldsOf('fault.yml')).toContainEqual(
			expect.objectContaining({ id: 'process', isRequired: false }),
		);
	});

	test('stand beside a way to report a hole privately, and nobody writes around them', () => {
		const links = z.array(z.object({ name: TEXT, url: z.string().url(), about: TEXT }).strict());
		const config = z
			.object({ blank_issues_enabled: z.literal(false), contact_links: links })
			.strict()
			.parse(parse(textOf(`${FORMS}/config.yml`)));
		expect(config.contact_links.map(({ url }) => url)).toContain(REPORT);
	});

	test.each(['fault.yml', '../../SECURITY.md'])('%s leads to where holes are reported', (file) => {
		expect(textOf(path.posix.join(FORMS, file))).toContain(`(${REPORT})`);
	});
});

describe('what people read on GitHub', () => {
	const read = [
		'SECURITY.md',
		'.github/PULL_REQUEST_TEMPLATE.md',
		...readdirSync(path.join(ROOT, FORMS)).map((file) => `${FORMS}/${file}`),
	];
	const places = read.flatMap((file) =>
		ownPlacesIn(textOf(file)).map((place) => [file, place] as const),
	);

	test.each(places)('leads somewhere: %s to %s', (_file, place) => {
		expect(leadsSomewhere(path.join(ROOT, 'README.md'), place)).toBe(true);
	});

	test('leads to the documents', () => {
		expect(places.map(([file]) => file)).toEqual(
			expect.arrayContaining([
				'.github/PULL_REQUEST_TEMPLATE.md',
				`${FORMS}/config.yml`,
				`${FORMS}/fault.yml`,
			]),
		);
	});

	test('names scripts that there are', () => {
		const scripts = [
			...textOf('.github/PULL_REQUEST_TEMPLATE.md').matchAll(/npm (?:run )?([\w:]+)/g),
		].map(([, name]) => name);
		expect(scripts.length).toBeGreaterThan(3);
		expect(scripts.filter((name) => name === undefined || !(name in manifest.scripts))).toEqual([]);
	});
});

describe('updates', () => {
	const IGNORED = z
		.object({
			'dependency-name': TEXT,
			'update-types': z
				.array(
					z.enum([
						'version-update:semver-major',
						'version-update:semver-minor',
						'version-update:semver-patch',
					]),
				)
				.optional(),
		})
		.strict();
	const UPDATE = z
		.object({
			'package-ecosystem': TEXT,
			directory: z.literal('/'),
			schedule: z.object({ interval: z.literal('weekly') }).strict(),
			groups: z.record(z.object({ patterns: z.tuple([z.literal('*')]) }).strict()),
			ignore: z.array(IGNORED).optional(),
		})
		.strict();
	const { updates } = z
		.object({ version: z.literal(2), updates: z.array(UPDATE) })
		.strict()
		.parse(parse(textOf('.github/dependabot.yml')));
	const ignored = updates.flatMap(({ ignore = [] }) => ignore);

	function isMeant({ 'dependency-name': pattern }: z.infer<typeof IGNORED>, name: string): boolean {
		return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
	}

	test('come for the actions and the development tools', () => {
		expect(updates.map((update) => update['package-ecosystem'])).toEqual(['github-actions', 'npm']);
	});

	const pinned = Object.entries(manifest.devDependencies)
		.filter(([, version]) => /^\d/.test(version))
		.map(([name]) => name);

	test.each([...pinned, '@types/node'])(
		'leave the major version of %s alone, which is pinned',
		(name) => {
			const rules = ignored.filter((rule) => isMeant(rule, name));
			expect(
				rules.some((rule) => rule['update-types']?.includes('version-update:semver-major') ?? true),
			).toBe(true);
		},
	);

	test.each(ignored.map((rule) => [rule['dependency-name'], rule] as const))(
		'leave nothing alone that is not there: %s',
		(_name, rule) => {
			expect(Object.keys(manifest.devDependencies).some((name) => isMeant(rule, name))).toBe(true);
		},
	);
});

describe('the workflows', () => {
	const STEP = z.object({
		uses: z.string().optional(),
		with: z.record(z.unknown()).optional(),
		run: z.string().optional(),
	});
	const PERMISSIONS = z.record(z.enum(['read', 'write']));
	const WORKFLOW = z.object({
		on: z.record(z.unknown()),
		permissions: PERMISSIONS,
		jobs: z.record(
			z.object({
				permissions: PERMISSIONS.optional(),
				strategy: z.object({ matrix: z.record(z.unknown()) }).optional(),
				steps: z.array(STEP).optional(),
			}),
		),
	});
	function workflowOf(file: string): z.infer<typeof WORKFLOW> {
		return WORKFLOW.parse(parse(textOf(`${WORKFLOWS}/${file}`)));
	}
	const files = readdirSync(path.join(ROOT, WORKFLOWS));
	const jobs = files.flatMap((file) => Object.values(workflowOf(file).jobs));
	const supported = jobs.flatMap(({ strategy }) => strategy?.matrix.node ?? []);

	test('test the Node.js of development, and the oldest that the package supports', () => {
		expect(supported).toContain(Number(textOf('.nvmrc')));
		expect(Math.min(...supported.map(Number))).toBe(
			Number.parseInt(manifest.engines.node.replace('>=', '')),
		);
	});

	test('run what is not about a Node.js of its own on that of development', () => {
		const nodes = jobs.flatMap(({ steps = [] }) =>
			steps
				.filter(({ uses }) => uses?.startsWith('actions/setup-node@'))
				.map((step) => step.with ?? {}),
		);
		expect(nodes.map((choice) => choice['node-version-file'] ?? choice['node-version'])).toEqual([
			'${{ matrix.node }}',
			'.nvmrc',
			'.nvmrc',
			24,
			'.nvmrc',
		]);
	});

	test.each([
		{ file: 'ci.yml', writes: [] },
		{ file: 'publish.yml', writes: ['publish: id-token'] },
		{ file: 'upkeep.yml', writes: ['tell: issues'] },
	])('$file may write no more than $writes', ({ file, writes }) => {
		const { permissions, jobs: ofFile } = workflowOf(file);
		const granted = Object.entries(ofFile).flatMap(([job, { permissions: own = permissions }]) =>
			Object.entries(own)
				.filter(([, access]) => access === 'write')
				.map(([what]) => `${job}: ${what}`),
		);
		expect(granted).toEqual(writes);
	});

	test('are all looked at for what they may write', () => {
		expect(files).toEqual(['ci.yml', 'publish.yml', 'upkeep.yml']);
	});

	test('look outside once a week, and whenever somebody wants it', () => {
		const { on } = workflowOf('upkeep.yml');
		expect(on).toEqual({
			schedule: [{ cron: expect.stringMatching(/^\d+ \d+ \* \* [0-6]$/) as string }],
			workflow_dispatch: null,
		});
	});

	test('name scripts and files that there are', () => {
		const runs = jobs.flatMap(({ steps = [] }) => steps.map(({ run = '' }) => run)).join('\n');
		const scripts = [...runs.matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name);
		const tools = [...runs.matchAll(/\btest\/[\w/.]+\.ts\b/g)].map(([file]) => file);
		expect(scripts.filter((name) => !(name in manifest.scripts))).toEqual([]);
		expect(tools.length).toBeGreaterThan(1);
		expect(tools.filter((file) => !existsSync(path.join(ROOT, file)))).toEqual([]);
	});
});
