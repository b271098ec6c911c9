/** The sentences for what can go wrong, and errors that carry nothing of the request. */
import type { INode } from 'n8n-workflow';
import {
	errorOf,
	lemlistError,
	messageOf,
	reasonOf,
} from '../../../nodes/LemlistTrigger/lemlist/failures';

const NODE = { name: 'Lemlist Events Trigger' } as INode;

test.each<[number, RegExp]>([
	[0, /could not be reached\. Try/],
	[200, /did not come from lemlist\..*try again/],
	[204, /did not come from lemlist\..*try again/],
	...[301, 302, 303, 307, 308].map((status): [number, RegExp] => [
		status,
		/sent the request on.*Make a new credential/,
	]),
	...[100, 300, 304, 305].map((status): [number, RegExp] => [
		status,
		/did not come from lemlist\..*try again/,
	]),
	[400, /refused the request \(HTTP 400\)\. If it does so again in a few minutes, ask/],
	[
		401,
		/rejected the API key\. Create a new one in lemlist under Settings > Integrations and update the credential/,
	],
	[
		402,
		/plan of this team does not include this, or has run out\. Change the plan in lemlist, or use/,
	],
	[403, /denied access.*Ask/],
	[404, /has nothing at the address.*Try again.*make a new credential/],
	[407, /proxy between n8n and lemlist wants n8n to log in\. Ask/],
	[511, /network that n8n is in wants somebody to log in.*Ask/],
	[418, /refused the request \(HTTP 418\)\. If it does so again in a few minutes, ask/],
	[408, /problem on its side\. Try/],
	[425, /problem on its side\. Try/],
	[429, /too many\. Try again/],
	[500, /problem on its side\. Try/],
	[599, /problem on its side\. Try/],
])('status %i says what happened and what to do', (status, words) => {
	expect(messageOf({ status })).toMatch(words);
	// n8n stops repeating a failed start when it reads this word.
	expect(messageOf({ status })).not.toContain('Authorization');
});

test.each<[string, Parameters<typeof lemlistError>[1], string, string | null]>([
	[
		"with lemlist's words",
		{ status: 401, detail: 'The authentication you supplied is incorrect' },
		' lemlist answered HTTP 401 with "The authentication you supplied is incorrect".',
		'401',
	],
	[
		"with the network's code",
		{ status: 0, detail: 'ECONNREFUSED' },
		' The connection failed with "ECONNREFUSED".',
		null,
	],
])(
	'an error %s says all in its message, and in its description too: n8n 1.x shows that alone',
	(_, failure, more, httpCode) => {
		const message = messageOf(failure);
		expect(lemlistError(NODE, failure)).toMatchObject({
			message,
			description: message + more,
			httpCode,
		});
	},
);

test.each<[number, string, string]>([
	[
		400,
		'Bad team',
		'lemlist does not know the team of this API key ("Bad team"). Create a new API key in lemlist under Settings > Integrations and update the credential.',
	],
	[
		400,
		'Bad params',
		'lemlist refused the request (HTTP 400: "Bad params"). If it does so again in a few minutes, ask the owner of the lemlist team.',
	],
	[
		402,
		'route is available starting emailPro plan',
		'lemlist\'s plan of this team does not include this, or has run out ("route is available starting emailPro plan"). Change the plan in lemlist, or use the API key of a team whose plan includes it.',
	],
	[
		418,
		'short and stout',
		'lemlist refused the request (HTTP 418: "short and stout"). If it does so again in a few minutes, ask the owner of the lemlist team.',
	],
])('status %i is told with lemlist\'s words "%s", once', (status, detail, message) => {
	const error = lemlistError(NODE, { status, detail });
	expect(error.message).toBe(message);
	expect(error.description ?? '').toBe('');
});

test('every status has a sentence of its own kind: what happened, then what to do', () => {
	for (let status = 100; status < 600; status += 1)
		expect(messageOf({ status })).toMatch(
			/^(lemlist|A proxy|The answer|The network)\b.*\. (Ask|Change|Create|If|Make|Try)\b.*\.$|: try again in a few minutes\.$/,
		);
});

test('an error without either has its message alone', () => {
	const error = lemlistError(NODE, { status: 500 });
	expect(error.message).toBe(messageOf({ status: 500 }));
	expect(error.description ?? '').toBe('');
});

test('a sentence of its own goes before the general one', () => {
	expect(lemlistError(NODE, { status: 500, message: 'Other words. Do this.' }).message).toBe(
		'Other words. Do this.',
	);
});

test.each<[string, unknown, string]>([
	['an error', new Error('a'), 'a'],
	['an error of another realm', { message: 'b' }, 'b'],
	['a text', 'c', 'c'],
	['nothing', undefined, 'undefined'],
])('the reason of %s', async (_, thrown, reason) => {
	expect(reasonOf(thrown)).toBe(reason);
	const error = await errorOf(Promise.reject(thrown as Error));
	expect(error?.message).toBe(reason);
});

test('work that ends well has no error', async () => {
	expect(await errorOf(Promise.resolve(1))).toBeUndefined();
});
