// The preview of the trigger's output, which n8n shows before the first event has arrived: nothing in it
// that lemlist does not send, and nothing left out that lemlist documents for most events.
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { LemlistTrigger } from '../../nodes/LemlistTrigger/LemlistTrigger.node';
import specification from '../fixtures/specification.json';
import { activityOf, EVENT_TYPES, thirdPartyReply, type Activity } from '../sandbox';

interface Shape {
	type: string;
	format?: string;
	items?: Shape;
	properties?: Record<string, Shape>;
	required?: string[];
}

const FOLDER = path.resolve(__dirname, '../../dist/nodes/LemlistTrigger/__schema__');
const { defaultVersion } = new LemlistTrigger().description;
const schema = JSON.parse(
	readFileSync(path.join(FOLDER, `v${String(defaultVersion)}.0.0.json`), 'utf8'),
) as Shape;
const fields = Object.entries(schema.properties ?? {});

const activities: readonly Activity[] = [
	...EVENT_TYPES.map((type) => activityOf(type)),
	thirdPartyReply(),
];

/** The specification's words for types, as a JSON schema has them. */
const TYPES: Readonly<Record<string, Shape>> = {
	string: { type: 'string' },
	number: { type: 'number' },
	'ISO date': { type: 'string', format: 'date-time' },
};

/** Fields of the specification that do not stand in its table: recipients, and replies by other people. */
const BESIDE_THE_TABLE = ['to', 'cc', 'bcc', 'isThirdPartyReply'];

/** The schema of a value, as n8n would make it of an item. */
function shapeOf(value: unknown): Shape {
	if (Array.isArray(value)) return { type: 'array', items: shapeOf(value[0]) };
	if (typeof value !== 'object' || value === null) return { type: typeof value };
	return {
		type: 'object',
		properties: Object.fromEntries(
			Object.entries(value).map(([field, part]) => [field, shapeOf(part)]),
		),
	};
}

const documented = Object.entries(specification.fields).filter(([field]) => field !== 'secret');

test.each(documented)('has %s, which lemlist documents as %s', (field, type) => {
	expect(schema.properties?.[field]).toEqual(TYPES[type]);
});

test.each(BESIDE_THE_TABLE)('has %s, which lemlist documents for some events', (field) => {
	expect(schema.properties).toHaveProperty(field);
});

test.each(fields)('%s occurs in activities, always of this type', (field, { format, ...shape }) => {
	const values = activities
		.map((activity) => activity[field])
		.filter((value) => value !== undefined);
	expect(values.length).toBeGreaterThan(0);
	for (const value of values) expect(shapeOf(value)).toEqual(shape);
	if (format === 'date-time')
		for (const value of values) expect(new Date(value as string).toISOString()).toBe(value);
});

test('promises nothing: no field is required, others may be there, and the secret is not', () => {
	expect(schema).toMatchObject({ type: 'object', additionalProperties: true });
	expect(JSON.stringify(schema)).not.toMatch(/required|secret/);
});
