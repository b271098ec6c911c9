/** A page such as lemlist's "Add Webhook", in the two forms in which one gets it; its prose is our own. */
import specification from '../../fixtures/specification.json';

/** What is on the page. */
export interface Content {
	categories: Array<{ category: string; types: string[] }>;
	enumeration: string[];
	removed: string[];
	fields: Record<string, string>;
	authenticity: string;
}

export const CONTENT: Content = {
	...specification,
	authenticity: 'A hook may have a `secret`. Whoever knows it can tell that a delivery is genuine.',
};
const THIRD_PARTY = 'Somebody else answered.';

function rowsOf(names: readonly string[], second = 'What it is (or was)'): string {
	return names.map((name) => `| \`${name}\`   | ${second} |`).join('\n');
}

/** As lemlist gives it to programs. */
export function asMarkdown(content: Content): string {
	const { categories, enumeration, removed, fields, authenticity } = content;
	return `> ## Documentation Index
> Everything is somewhere.

# Add Webhook

export const Note = ({objectName}) => {
  return <Note>{objectName}</Note>;
};

## Available event types

Pick one.

${categories
	.map(
		({ category, types }) => `### ${category}

These are events, too.

| Event  | Description |
| ------ | ----------- |
${rowsOf(types)}
`,
	)
	.join('\n')}
## Deprecated events

| Removed event | Replacement |
| ------------- | ----------- |
${rowsOf(removed, 'Use \`emailsFailed\` instead')}

## Verifying webhook authenticity

<Note>
  ${authenticity}
</Note>

\`\`\`json
{ "secret": "only in the Markdown" }
\`\`\`

## Webhook payload

| Field | Type | Description |
| ----- | ---- | ----------- |
${Object.entries(fields)
	.map(([name, type]) => rowsOf([name], `${type} | Something`))
	.join('\n')}

## Third-party reply flag

${THIRD_PARTY}


## OpenAPI

\`\`\`\`yaml POST /hooks
openapi: 3.1.0
paths:
  /hooks:
    post:
      tags:
        - Webhooks
                type:
                  type: string
                  enum:
${enumeration.map((type) => `                    - ${type}\n`).join('')}                secret:
                  type: string
\`\`\`\`
`;
}

/** As a browser shows it: without marks, rows without a bar before them, and words beside code glued to it. */
export function asText(content: Content): string {
	const { categories, enumeration, removed, fields, authenticity } = content;
	const rows = (names: readonly string[]) =>
		names.map((name) => `${name} | What it is (or was) |`).join('\n');
	return `Add Webhook
Available event types
Pick one.
${categories
	.map(
		({ category, types }) =>
			`${category}\nThese are events, too.| Event | Description |\n|---|---|\n${rows(types)}`,
	)
	.join('\n')}
Deprecated events
No more.| Removed event | Replacement |
|---|---|
${rows(removed)}
Verifying webhook authenticity
${authenticity.replaceAll(/ ?`/g, '')}
Webhook payload
Common fields:
| Field | Type | Description |
|---|---|---|
${Object.entries(fields)
	.map(([name, type]) => `${name} | ${type} | Something |`)
	.join('\n')}
Third-party reply flag
${THIRD_PARTY}
Examples
Body
${enumeration.join(', ')} Optional shared secret.`;
}
