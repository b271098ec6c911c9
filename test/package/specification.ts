/**
 * Compares the fixture, our record of what lemlist's page "Add Webhook" says, with that page.
 * Usage: tsx test/package/specification.ts [file or address] [--write]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { factsOf, type Facts } from './specificationPage';

/** The page, for people. */
export const PAGE = 'https://developer.lemlist.com/api-reference/endpoints/webhooks/add-webhook';
/** The same in Markdown. */
const PAGE_AS_MARKDOWN = `${PAGE}.md`;
const PAGE_LIMIT_MS = 30_000;
const FIXTURE = path.join(__dirname, '../fixtures/specification.json');

type Names = (facts: Facts) => readonly string[];

const typesOf: Names = ({ categories }) => categories.flatMap(({ types }) => types);

/** Lists beside the tables of events, and what it means where a name is in one that was not there, or is no more. */
const LISTS: ReadonlyArray<{
	names: Names;
	added: (name: string) => string;
	gone: (name: string) => string;
	/** What to say instead of naming everything, where the list is nowhere. */
	nowhere?: string;
}> = [
	{
		names: ({ enumeration }) => enumeration,
		added: (name) => `\`${name}\` is among the values of \`type\` now, but in no table of events.`,
		gone: (name) => `\`${name}\` is no longer among the values of \`type\`.`,
		nowhere: 'The list of the values of `type` is nowhere.',
	},
	{
		names: ({ removed }) => removed,
		added: (name) => `\`${name}\` is listed among the removed events now.`,
		gone: (name) => `\`${name}\` is no longer listed among the removed events.`,
	},
	{
		names: ({ fields }) => Object.entries(fields).map(([name, type]) => `${name}: ${type}`),
		added: (field) => `The field \`${field}\` of a delivery is new.`,
		gone: (field) => `The field \`${field}\` of a delivery is gone.`,
	},
];

function without(names: readonly string[], others: readonly string[]): string[] {
	return names.filter((name) => !others.includes(name));
}

/** The heading that an event stands under, and the event before it there. */
function placeOf({ categories }: Facts, type: string): { category: string; before?: string } {
	const { category = '', types = [] } = categories.find((one) => one.types.includes(type)) ?? {};
	const before = types[types.indexOf(type) - 1];
	return { category, ...(before !== undefined && { before }) };
}

/** What became of the events in the tables. */
function changesOfEvents(recorded: Facts, found: Facts): string[] {
	const added = without(typesOf(found), typesOf(recorded));
	const gone = without(typesOf(recorded), typesOf(found));
	const successorOf = (type: string) =>
		added.find((other) => isDeepStrictEqual(placeOf(found, other), placeOf(recorded, type)));
	const successors = gone.map(successorOf);
	return [
		...added
			.filter((type) => !successors.includes(type))
			.map((type) => `\`${type}\` is new, under \`${placeOf(found, type).category}\`.`),
		...gone.map((type, index) =>
			successors[index] === undefined
				? `\`${type}\` is gone.`
				: `\`${type}\` is gone, and \`${successors[index]}\` stands in its place: it was renamed, it seems.`,
		),
	];
}

/** The events that both know, under their headings. */
function orderOf({ categories }: Facts, known: readonly string[]): Facts['categories'] {
	return categories
		.map(({ category, types }) => ({
			category,
			types: types.filter((type) => known.includes(type)),
		}))
		.filter(({ types }) => types.length > 0);
}

function changesOfOrder(recorded: Facts, found: Facts): string[] {
	const isSame = isDeepStrictEqual(
		orderOf(recorded, typesOf(found)),
		orderOf(found, typesOf(recorded)),
	);
	return isSame ? [] : ['The headings of the tables, or the order of the events, are different.'];
}

function changesOfLists(recorded: Facts, found: Facts): string[] {
	const told = [
		...without(typesOf(found), typesOf(recorded)),
		...without(typesOf(recorded), typesOf(found)),
	];
	return LISTS.flatMap(({ names, added, gone, nowhere }) =>
		nowhere !== undefined && names(found).length === 0
			? [nowhere]
			: [
					...without(names(found), [...names(recorded), ...told]).map(added),
					...without(names(recorded), [...names(found), ...told]).map(gone),
				],
	);
}

/** Of the sections that were recorded. */
function changesOfWording(recorded: Facts, found: Facts): string[] {
	return Object.entries(recorded.wording)
		.filter(([section, fingerprint]) => found.wording[section] !== fingerprint)
		.map(([section]) => `The section \`${section}\` is gone, or reads differently.`);
}

/** @returns what the page says otherwise than the record, a sentence in Markdown each */
export function changesOf(recorded: Facts, found: Facts): string[] {
	return [changesOfEvents, changesOfOrder, changesOfLists, changesOfWording].flatMap((changes) =>
		changes(recorded, found),
	);
}

/** @returns our record of the page */
export function recordedFacts(): Facts {
	return JSON.parse(readFileSync(FIXTURE, 'utf8')) as Facts;
}

/**
 * @param place a file, or an address; lemlist's own by default
 * @throws Error with a sentence on what is wrong where it cannot be read, or has no tables of events
 */
export async function factsAt(place: string = PAGE_AS_MARKDOWN): Promise<Facts> {
	if (!/^https?:/.test(place)) return factsOf(readFileSync(place, 'utf8'));
	const signal = AbortSignal.timeout(PAGE_LIMIT_MS);
	const response = await fetch(place, { signal }).catch((cause: unknown) => {
		throw new Error('There was no answer.', { cause });
	});
	if (!response.ok) throw new Error(`It was answered with ${String(response.status)}.`);
	return factsOf(await response.text());
}

async function main(args: readonly string[]): Promise<void> {
	const facts = await factsAt(args.find((arg) => !arg.startsWith('--')));
	if (args.includes('--write'))
		writeFileSync(FIXTURE, `${JSON.stringify(facts, undefined, '\t')}\n`);
	const changes = changesOf(recordedFacts(), facts);
	const counted = `${String(typesOf(facts).length)} types in ${String(facts.categories.length)} categories`;
	const lines =
		changes.length === 0
			? [`The fixture says what the specification says: ${counted}.`]
			: [`The fixture differs from the specification (${counted}).`, ...changes];
	process.stdout.write(`${lines.join('\n')}\n`);
	process.exitCode = changes.length === 0 ? 0 : 1;
}

if (require.main === module) void main(process.argv.slice(2));
