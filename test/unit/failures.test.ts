/** The sentences for what can go wrong, and errors that carry nothing of the request. */
import type { INode } from 'n8n-workflow';
import { errorOf, lemlistError, messageOf, reasonOf } from '../../nodes/LemlistTrigger/failures';

const NODE = { name: 'Lemlist Events Trigger' } as INode;

test.each<[number, RegExp]>([
	[0, /could not be reached\. Try/],
	[200, /did not come from lemlist\..*try again/],
	[204, /did not come from lemlist\..*try again/],
	...[300, 301, 302, 303, 307, 308].map((status): [number, RegExp] => [status, /sent the request on.*Make a new credential/]),
	[400, /refused the request\. Create a new API key/],
	[401, /rejected the API key\. Create a new one in lemlist under Settings > Integrations and update the credential/],
	[403, /denied access.*Ask/],
	[404, /wrong address for lemlist.*Make a new credential/],
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
	['with lemlist\'s words', { status: 400, detail: 'Bad team' }, ' lemlist answered HTTP 400 with "Bad team".', '400'],
	['with the network\'s code', { status: 0, detail: 'ECONNREFUSED' }, ' The connection failed with "ECONNREFUSED".', null],
])('an error %s says all in its message, and in its description too: n8n 1.x shows that alone', (_, failure, more, httpCode) => {
	const message = messageOf(failure);
	expect(lemlistError(NODE, failure)).toMatchObject({ message, description: message + more, httpCode });
});

test('a status that lemlist does not document is told with lemlist\'s words, once', () => {
	const error = lemlistError(NODE, { status: 402, detail: 'No API in your plan' });
	expect(error.message).toBe('lemlist refused the request (HTTP 402: "No API in your plan"). If it does so again in a few minutes, ask the owner of the lemlist team.');
	expect(error.description ?? '').toBe('');
});

test('an error without either has its message alone', () => {
	const error = lemlistError(NODE, { status: 500 });
	expect(error.message).toBe(messageOf({ status: 500 }));
	expect(error.description ?? '').toBe('');
});

test('a sentence of its own goes before the general one', () => {
	expect(lemlistError(NODE, { status: 500, message: 'Other words. Do this.' }).message).toBe('Other words. Do this.');
});

test.each<[string, unknown, string]>([['an error', new Error('a'), 'a'], ['an error of another realm', { message: 'b' }, 'b'], ['a text', 'c', 'c'], ['nothing', undefined, 'undefined']])('the reason of %s', async (_, thrown, reason) => {
	expect(reasonOf(thrown)).toBe(reason);
	const error = await errorOf(Promise.reject(thrown as Error));
	expect(error?.message).toBe(reason);
});

test('work that ends well has no error', async () => {
	expect(await errorOf(Promise.resolve(1))).toBeUndefined();
});
