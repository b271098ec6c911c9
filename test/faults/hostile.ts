/**
 * What a stranger may send to a trigger's webhook, as a table: bodies, headers, methods, paces. No row
 * carries the right secret where it counts unless it says so.
 */
import { gzipSync } from 'node:zlib';

/** What an attacker who knows far too much could know. */
export interface Loot {
	/** The secret that lemlist echoes to the webhook under attack, which only rows marked genuine may use as such. */
	secret: string;
	/** Its hash, which n8n keeps in static data. */
	fingerprint: string;
	apiKey: string;
	url: URL;
}

export interface HostileRow {
	what: string;
	method?: string;
	/** In place of the hook's own path and query. */
	path?: (loot: Loot) => string;
	/** In place of `content-type: application/json`. */
	headers?: (loot: Loot) => Record<string, string>;
	body?: (loot: Loot) => string | Buffer;
	/** `slow`: in twenty pieces over two seconds. `broken off`: half of it, then the connection is closed. */
	pace?: 'slow' | 'broken off';
	/** How long the caller waits, where that is not a minute. */
	patienceMs?: number;
	/** Sent to the URL of another active workflow. */
	toOther?: true;
	/** It carries the right secret where it counts: it starts exactly one execution. */
	genuine?: true;
	/** What n8n or the node may answer; `none`: the connection ends without an answer. */
	answers: ReadonlyArray<number | 'none'>;
}

const GENUINE = [200];
const FORGED = [401];
const MALFORMED = [400];
/** n8n's own: the webhook takes POST alone. */
const NO_SUCH_WEBHOOK = [404];
const INVALID_JSON = [422];
const TOO_LARGE = [413, 500, 'none'] as const;

function json(fields: unknown): string {
	return JSON.stringify(fields);
}

function withSecret(secret: unknown): string {
	return json({ _id: 'act_hostile', type: 'emailsReplied', secret });
}

function encodedIn(encoding: string): () => Record<string, string> {
	return () => ({ 'content-type': 'application/json', 'content-encoding': encoding });
}

function contentType(type: string): () => Record<string, string> {
	return () => ({ 'content-type': type });
}

/** A text of the same length in which every character differs. */
function shifted(secret: string): string {
	return secret.replace(/[^]/g, (letter) => (letter === 'a' ? 'b' : 'a'));
}

/** Letters that look the same and are others: full width, which NFKC would turn back. */
function lookAlike(secret: string): string {
	return secret.replace(/[!-~]/g, (letter) =>
		String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0),
	);
}

/** The value of the field `secret` in an otherwise ordinary delivery. */
const VALUES: ReadonlyArray<readonly [what: string, value: (loot: Loot) => unknown]> = [
	['wrong', () => 'wrong'],
	['wrong, of the same length', ({ secret }) => shifted(secret)],
	['backwards', ({ secret }) => Array.from(secret).reverse().join('')],
	['the first half', ({ secret }) => secret.slice(0, 21)],
	['all but the last character', ({ secret }) => secret.slice(0, -1)],
	['the last character changed', ({ secret }) => secret.slice(0, -1) + shifted(secret.slice(-1))],
	['one character more', ({ secret }) => `${secret}A`],
	['a space behind', ({ secret }) => `${secret} `],
	['a space before', ({ secret }) => ` ${secret}`],
	['a line break behind', ({ secret }) => `${secret}\n`],
	['a NUL behind', ({ secret }) => `${secret}\0`],
	[
		'in the other case',
		({ secret }) => secret.toUpperCase() + secret.toLowerCase().slice(secret.length),
	],
	['with the padding of base64', ({ secret }) => `${secret}=`],
	['in look-alikes of full width', ({ secret }) => lookAlike(secret)],
	['with a Cyrillic letter', ({ secret }) => `\u0430${secret.slice(1)}`],
	['with an invisible joiner', ({ secret }) => `${secret}\u200d`],
	['43 halves of emoji', () => '\ud83d'.repeat(43)],
	['a megabyte of text', () => 'x'.repeat(1_000_000)],
	['twice', ({ secret }) => secret + secret],
	['its fingerprint', ({ fingerprint }) => fingerprint],
	['the API key', ({ apiKey }) => apiKey],
	['the tag in the URL', ({ url }) => url.searchParams.get('hook')?.split('.')[1]],
	['the URL', ({ url }) => url.href],
	['empty', () => ''],
	['null', () => null],
	['a number', () => 43],
	['true', () => true],
	['a list that holds it', ({ secret }) => [secret]],
	['an object that holds it', ({ secret }) => ({ secret })],
	[
		'an object that looks like a text',
		({ secret }) => ({ ...Object.fromEntries(Array.from(secret).entries()), length: 43 }),
	],
	[
		'an object with toString',
		({ secret }) => ({ toString: secret, valueOf: secret, toJSON: secret }),
	],
];

/** The right secret, in a place that does not count. */
const PLACES: ReadonlyArray<readonly [what: string, body: (secret: string) => string]> = [
	['in no field', () => json({ _id: 'act_hostile', type: 'emailsReplied' })],
	['in a field of a field', (secret) => json({ body: { secret } })],
	['in the fields of data', (secret) => json({ data: [{ secret }] })],
	['in __proto__', (secret) => `{"__proto__":{"secret":"${secret}"}}`],
	['in constructor.prototype', (secret) => json({ constructor: { prototype: { secret } } })],
	[
		'in __proto__ of constructor',
		(secret) => `{"constructor":{"__proto__":{"secret":"${secret}"}}}`,
	],
	['in Secret', (secret) => json({ Secret: secret })],
	['in SECRET', (secret) => json({ SECRET: secret })],
	['in " secret"', (secret) => json({ ' secret': secret })],
	['in "secret" with a NUL', (secret) => json({ 'secret\0': secret })],
	['in "secret" with a Cyrillic letter', (secret) => json({ 's\u0435cret': secret })],
	['in "secret[]"', (secret) => json({ 'secret[]': secret })],
	['in "body.secret"', (secret) => json({ 'body.secret': secret })],
	[
		'first, before a wrong one under the same name',
		(secret) => `{"secret":"${secret}","secret":"wrong"}`,
	],
];

/** Bodies that are sent as JSON and are no activity. */
const BODIES: ReadonlyArray<
	readonly [
		what: string,
		body: (secret: string) => string | Buffer,
		answers: ReadonlyArray<number | 'none'>,
	]
> = [
	['the secret alone', json, MALFORMED],
	['a list of texts', (secret) => json([secret]), MALFORMED],
	['an empty list', () => '[]', MALFORMED],
	['a list in a list', (secret) => json([[{ secret }]]), MALFORMED],
	['a list with null', (secret) => json([{ secret }, null]), MALFORMED],
	[
		'a list of a genuine and a forged one',
		(secret) => json([{ secret }, { secret: 'wrong' }]),
		FORGED,
	],
	['a list of a forged and a genuine one', (secret) => json([{}, { secret }]), FORGED],
	['a list of a million empty ones', () => `[${'{},'.repeat(999_999)}{}]`, FORGED],
	[
		'a list of 100,000 forged ones',
		() => json(Array.from({ length: 100_000 }, () => ({ secret: 'wrong' }))),
		FORGED,
	],
	['an empty object', () => '{}', FORGED],
	['nothing', () => '', MALFORMED],
	['null', () => 'null', MALFORMED],
	['a number', () => '7', MALFORMED],
	['invalid JSON', (secret) => `{"secret":"${secret}"`, INVALID_JSON],
	['two objects', (secret) => `{"secret":"${secret}"}{"secret":"${secret}"}`, INVALID_JSON],
	['single quotes', (secret) => `{'secret':'${secret}'}`, INVALID_JSON],
	[
		'bytes that are no UTF-8',
		() => Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
		[401, 422],
	],
	[
		'objects, 100,000 levels deep',
		() => '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000),
		[401, 422],
	],
	['lists, 100,000 levels deep', () => '['.repeat(100_000) + ']'.repeat(100_000), [400, 422]],
	[
		'a million keys',
		() => `{${Array.from({ length: 1_000_000 }, (_, index) => `"k${String(index)}":1`).join()}}`,
		FORGED,
	],
	['17 MB', () => withSecret('x'.repeat(17 * 1024 * 1024)), TOO_LARGE],
	['15 MB', () => withSecret('x'.repeat(15 * 1024 * 1024)), FORGED],
	['a number of a million digits', () => `{"n":${'9'.repeat(1_000_000)}}`, FORGED],
];

const BOUNDARY = 'hostile';

function multipart(name: string, value: string): string {
	return `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n--${BOUNDARY}--\r\n`;
}

const LAUGHS = `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "haha">${'bcdefgh'
	.split('')
	.map((name, index) => `<!ENTITY ${name} "${`&${'abcdefg'.charAt(index)};`.repeat(10)}">`)
	.join('')}]><l>&h;</l>`;
const FORM = 'application/x-www-form-urlencoded';

/** Other ways to say what a body is. */
const FORMATS: readonly HostileRow[] = [
	{
		what: 'a form without a secret',
		headers: contentType(FORM),
		body: () => '_id=act_1&type=emailsReplied',
		answers: FORGED,
	},
	{
		what: 'a form with a list of secrets',
		headers: contentType(FORM),
		body: ({ secret }) => `secret[]=${secret}`,
		answers: FORGED,
	},
	{
		what: 'a form with two secrets',
		headers: contentType(FORM),
		body: ({ secret }) => `secret=wrong&secret=${secret}`,
		answers: FORGED,
	},
	{
		what: 'a form with __proto__',
		headers: contentType(FORM),
		body: ({ secret }) => `__proto__[secret]=${secret}&constructor[prototype][secret]=${secret}`,
		answers: FORGED,
	},
	{
		what: 'a form of 100,000 fields',
		headers: contentType(FORM),
		body: () => Array.from({ length: 100_000 }, (_, index) => `k${String(index)}=1`).join('&'),
		answers: [400, 401, 413, 500],
	},
	{
		what: 'a form with the right secret',
		headers: contentType(FORM),
		body: ({ secret }) => `_id=act_1&secret=${secret}`,
		genuine: true,
		answers: GENUINE,
	},
	{
		what: 'multipart without a secret',
		headers: contentType(`multipart/form-data; boundary=${BOUNDARY}`),
		body: () => multipart('type', 'emailsReplied'),
		answers: [400, 401],
	},
	{
		what: 'multipart with a field that n8n puts under data',
		headers: contentType(`multipart/form-data; boundary=${BOUNDARY}`),
		body: ({ secret }) => multipart('secret', secret),
		answers: [400, 401],
	},
	{
		what: 'multipart without a boundary',
		headers: contentType('multipart/form-data'),
		body: () => 'x',
		answers: [400, 401, 500],
	},
	{
		what: 'XML without a secret',
		headers: contentType('application/xml'),
		body: () => '<activity><type>emailsReplied</type></activity>',
		answers: FORGED,
	},
	{
		what: 'XML with a field of a field',
		headers: contentType('text/xml'),
		body: ({ secret }) => `<activity><secret>${secret}</secret></activity>`,
		answers: FORGED,
	},
	{
		what: 'XML that laughs a billion times',
		headers: contentType('application/xml'),
		body: () => LAUGHS,
		answers: [400, 401, 422, 500],
	},
	{
		what: 'XML that asks for a file',
		headers: contentType('application/xml'),
		body: () =>
			'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY f SYSTEM "file:///etc/passwd">]><secret>&f;</secret>',
		answers: [400, 401, 422, 500],
	},
	// n8n 2.41 waits for the end of it until the caller hangs up.
	{
		what: 'broken XML',
		headers: contentType('application/xml'),
		body: () => '<activity>',
		patienceMs: 3_000,
		answers: [400, 401, 422, 500, 'none'],
	},
	{
		what: 'plain text',
		headers: contentType('text/plain'),
		body: () => withSecret('wrong'),
		answers: [400, 401],
	},
	{
		what: 'bytes',
		headers: contentType('application/octet-stream'),
		body: () => Buffer.alloc(100_000, 0xff),
		answers: [400, 401],
	},
	{
		what: 'no content type',
		headers: () => ({}),
		body: () => withSecret('wrong'),
		answers: [400, 401],
	},
	{
		what: 'an odd content type',
		headers: contentType('no/such/type;;;'),
		body: () => withSecret('wrong'),
		answers: [400, 401],
	},
	{
		what: 'an odd charset',
		headers: contentType('application/json; charset=utf-7'),
		body: () => withSecret('wrong'),
		answers: [400, 401, 415, 422, 500],
	},
	{
		what: 'JSON in UTF-16 with a wrong secret',
		headers: contentType('application/json; charset=utf-16le'),
		body: () => Buffer.from(withSecret('wrong'), 'utf16le'),
		answers: [400, 401, 415, 422, 500],
	},
	{
		what: 'gzip with a wrong secret',
		headers: encodedIn('gzip'),
		body: () => gzipSync(withSecret('wrong')),
		answers: FORGED,
	},
	{
		what: 'gzip with the right secret',
		headers: encodedIn('gzip'),
		body: ({ secret }) => gzipSync(withSecret(secret)),
		genuine: true,
		answers: GENUINE,
	},
	// n8n does nothing else while a node thinks: a body of a few kilobytes must not take the whole of it.
	{
		what: 'gzip of a list of seven million numbers',
		headers: encodedIn('gzip'),
		body: () => gzipSync(`[${'0,'.repeat(6_999_999)}0]`),
		patienceMs: 10_000,
		answers: MALFORMED,
	},
	{
		what: 'gzip of a list of two million empty activities',
		headers: encodedIn('gzip'),
		body: () => gzipSync(`[${'{},'.repeat(1_999_999)}{}]`),
		answers: FORGED,
	},
	{
		what: 'gzip that is none',
		headers: encodedIn('gzip'),
		body: ({ secret }) => withSecret(secret),
		answers: [400, 422, 500, 'none'],
	},
	{
		what: 'gzip of 256 MB',
		headers: encodedIn('gzip'),
		body: () => gzipSync(Buffer.alloc(256 * 1024 * 1024, 0x20)),
		answers: TOO_LARGE,
	},
	{
		what: 'an encoding that nobody knows',
		headers: encodedIn('rot13'),
		body: () => withSecret('wrong'),
		answers: [400, 401, 415, 422, 500],
	},
];

const noSecret = () => json({ _id: 'act_hostile', type: 'emailsReplied' });

/** Beside the body: query, headers, methods, paths, paces. */
const ROUTES: readonly HostileRow[] = [
	{
		what: 'the secret in the query',
		path: ({ url, secret }) => `${url.pathname}${url.search}&secret=${secret}`,
		body: noSecret,
		answers: FORGED,
	},
	{
		what: 'the secret in headers',
		headers: ({ secret }) => ({
			'content-type': 'application/json',
			secret,
			'x-lemlist-secret': secret,
			authorization: `Bearer ${secret}`,
			cookie: `secret=${secret}`,
		}),
		body: noSecret,
		answers: FORGED,
	},
	{
		what: 'a changed ?hook= without a secret',
		path: ({ url }) => `${url.pathname}?hook=all.AAAAAAAAAAAAAAAA`,
		body: noSecret,
		answers: FORGED,
	},
	{
		what: 'a changed ?hook= with the right secret',
		path: ({ url }) => `${url.pathname}?hook=all.AAAAAAAAAAAAAAAA`,
		body: ({ secret }) => withSecret(secret),
		genuine: true,
		answers: GENUINE,
	},
	{
		what: 'no query, with the right secret',
		path: ({ url }) => url.pathname,
		body: ({ secret }) => withSecret(secret),
		genuine: true,
		answers: GENUINE,
	},
	{
		what: 'the right secret, spelled with escapes',
		body: ({ secret }) =>
			`{"secret":"${Array.from(secret, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"}`,
		genuine: true,
		answers: GENUINE,
	},
	{
		what: 'a wrong secret before the right one under the same name: the last one counts',
		body: ({ secret }) => `{"secret":"wrong","secret":"${secret}"}`,
		genuine: true,
		answers: GENUINE,
	},
	{
		what: 'a list of two genuine ones',
		body: ({ secret }) =>
			json([
				{ _id: 'act_1', secret },
				{ _id: 'act_2', secret },
			]),
		genuine: true,
		answers: GENUINE,
	},
	{
		what: 'the right secret and keys of every prototype',
		body: ({ secret }) =>
			`{"secret":"${secret}","__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"toString":1,"hasOwnProperty":1}`,
		genuine: true,
		answers: GENUINE,
	},
	...['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'].map((method) => ({
		what: `${method} with the right secret`,
		method,
		body: ({ secret }: Loot) => withSecret(secret),
		answers: NO_SUCH_WEBHOOK,
	})),
	{ what: 'OPTIONS', method: 'OPTIONS', answers: [200, 204, 404] },
	{
		what: 'PUT dressed up as POST',
		method: 'PUT',
		headers: () => ({ 'content-type': 'application/json', 'x-http-method-override': 'POST' }),
		body: ({ secret }) => withSecret(secret),
		answers: NO_SUCH_WEBHOOK,
	},
	{
		what: 'a replay to another workflow',
		toOther: true,
		body: ({ secret }) => withSecret(secret),
		answers: FORGED,
	},
	{
		what: 'a replay to the test URL',
		path: ({ url }) => url.pathname.replace('/webhook/', '/webhook-test/'),
		body: ({ secret }) => withSecret(secret),
		answers: NO_SUCH_WEBHOOK,
	},
	{
		what: 'a path with a double slash',
		path: ({ url }) => `/${url.pathname}`,
		body: noSecret,
		answers: [401, 404],
	},
	{
		what: 'a path with a slash behind',
		path: ({ url }) => `${url.pathname}/`,
		body: noSecret,
		answers: [401, 404],
	},
	{
		what: 'a path with dots',
		path: ({ url }) => url.pathname.replace('/webhook/', '/webhook/../webhook/'),
		body: noSecret,
		answers: [400, 401, 404],
	},
	{
		what: 'headers of 100 KB',
		headers: () => ({ 'content-type': 'application/json', 'x-long': 'x'.repeat(100_000) }),
		body: noSecret,
		answers: [431, 'none'],
	},
	{ what: 'a slow body without a secret', pace: 'slow', body: noSecret, answers: FORGED },
	{
		what: 'a slow body with the right secret',
		pace: 'slow',
		body: ({ secret }) => withSecret(secret),
		genuine: true,
		answers: GENUINE,
	},
	{
		what: 'a body with the right secret that is broken off',
		pace: 'broken off',
		body: ({ secret }) => `${withSecret(secret)}${' '.repeat(1_000)}`,
		answers: [400, 'none'],
	},
];

export const HOSTILE: readonly HostileRow[] = [
	...VALUES.map(
		([what, value]): HostileRow => ({
			what: `the secret: ${what}`,
			body: (loot) => withSecret(value(loot)),
			answers: FORGED,
		}),
	),
	...PLACES.map(
		([what, body]): HostileRow => ({
			what: `the secret ${what}`,
			body: ({ secret }) => body(secret),
			answers: FORGED,
		}),
	),
	...BODIES.map(
		([what, body, answers]): HostileRow => ({
			what: `as JSON: ${what}`,
			body: ({ secret }) => body(secret),
			answers,
		}),
	),
	...FORMATS,
	...ROUTES,
];
