/** What becomes of single requests, by what lemlist, or something in front of it, answers. */
import type { IHookFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { clock } from '../../../nodes/LemlistTrigger/process/clock';
import { messageOf, TOOK_TOO_LONG } from '../../../nodes/LemlistTrigger/lemlist/failures';
import { LemlistClient } from '../../../nodes/LemlistTrigger/lemlist/client';
import {
	deleteHook,
	listCampaigns,
	listHooks,
	postHook,
	type PostOutcome,
} from '../../../nodes/LemlistTrigger/lemlist/endpoints';

const real = { ...clock };
let passed = 0;
beforeAll(() => {
	clock.now = () => real.now() + passed;
	clock.sleep = async (ms) => {
		passed += await Promise.resolve(ms);
	};
});
afterAll(() => {
	Object.assign(clock, real);
});

const SECRET = 'a secret of the hook';
const WANTED = {
	targetUrl: 'https://n8n.example.org/webhook/1/webhook?hook=emailsSent.x',
	type: 'emailsSent',
	isFirst: false,
} as const;
const MADE = { _id: 'hoo_1', targetUrl: WANTED.targetUrl, createdAt: '2026-01-01T00:00:00.000Z' };
const PAGE = messageOf({ status: 200 });

type Outcome = PostOutcome['outcome'];

interface Answer {
	statusCode: number;
	headers: object;
	body: unknown;
}

const answer = (statusCode: number, body: unknown = ''): Answer => ({
	statusCode,
	headers: {},
	body,
});

/** lemlist as n8n's request helper shows it: each request gets what `answerTo` gives, or fails with what that throws. */
function lemlist(
	answerTo: (count: number, request: IHttpRequestOptions) => Answer,
	patienceMs = 60_000,
) {
	const requests: IHttpRequestOptions[] = [];
	const httpRequestWithAuthentication = async (_type: string, request: IHttpRequestOptions) => {
		requests.push(request);
		return await Promise.resolve(answerTo(requests.length, request));
	};
	const context = {
		getNode: () => ({ name: 'Lemlist Events Trigger' }),
		helpers: { httpRequestWithAuthentication },
	};
	const limits = {
		baseUrl: 'https://api.lemlist.example.org/api',
		deadline: clock.now() + patienceMs,
		secrets: [SECRET],
	};
	return { requests, client: new LemlistClient(context as unknown as IHookFunctions, limits) };
}

const posted = async (answerTo: () => Answer) =>
	await postHook(lemlist(answerTo).client, WANTED, SECRET);

/** @returns the failure of a POST that ends so */
async function failureAfter(answerTo: () => Answer) {
	const outcome = await posted(answerTo);
	return outcome.outcome === 'made' ? undefined : outcome.failure;
}

/** Wrapped as often as told, as n8n and its HTTP client do. */
function wrapped(code: unknown, depth: number): Error {
	const error = Object.assign(new Error('with the request in it'), { code });
	return depth === 0 ? error : new Error('wrapped', { cause: wrapped(code, depth - 1) });
}

describe('a hook that was asked for', () => {
	test.each<[string, Outcome, Answer]>([
		['200 with the hook', 'made', answer(200, MADE)],
		['201 with the hook', 'made', answer(201, MADE)],
		[
			'200 with the hook in another spelling of its URL',
			'made',
			answer(200, {
				...MADE,
				targetUrl: MADE.targetUrl.replace('n8n.example.org', 'N8N.example.org:443'),
			}),
		],
		[
			'200 with a hook on another URL',
			'unsettled',
			answer(200, { ...MADE, targetUrl: 'https://n8n.example.org/webhook/2/webhook' }),
		],
		['200 with something else', 'unsettled', answer(200, { ok: true })],
		['204', 'unsettled', answer(204)],
		...[408, 425, 500, 501, 502, 503, 504, 520, 524, 599].map(
			(status): [string, Outcome, Answer] => [String(status), 'unsettled', answer(status)],
		),
		['409: its URL is taken, maybe by itself', 'unsettled', answer(409)],
		...[300, 302, 307, 400, 401, 402, 403, 404, 405, 422].map(
			(status): [string, Outcome, Answer] => [String(status), 'refused', answer(status)],
		),
	])('answered %s, is %s', async (_, outcome, given) => {
		expect((await posted(() => given)).outcome).toBe(outcome);
	});

	test('is asked for once, whatever the answer', async () => {
		for (const status of [0, 200, 400, 409, 500]) {
			const { client, requests } = lemlist(() => {
				if (status === 0) throw wrapped('ECONNRESET', 1);
				return answer(status);
			});
			await postHook(client, WANTED, SECRET);
			expect(requests).toHaveLength(1);
		}
	});
});

describe('a list', () => {
	test.each([0, 200, 408, 425, 500, 501, 502, 503, 504, 520, 524, 599])(
		'is asked for again after %i, which passes',
		async (status) => {
			const { client, requests } = lemlist((count) => {
				if (count > 1) return answer(200, [MADE]);
				if (status === 0) throw wrapped('ECONNRESET', 1);
				return answer(status, '<html>Back soon</html>');
			});
			expect((await listHooks(client)).map(({ _id }) => _id)).toEqual(['hoo_1']);
			expect(requests).toHaveLength(2);
		},
	);

	test.each([302, 400, 401, 402, 403, 404, 405, 422])(
		'is not asked for again after %i, which stays',
		async (status) => {
			const { client, requests } = lemlist(() => answer(status));
			await expect(listHooks(client)).rejects.toThrow(messageOf({ status }));
			expect(requests).toHaveLength(1);
		},
	);

	test.each([
		[0, 1],
		[1, 1],
		[99, 1],
		[100, 2],
		[150, 1],
		[200, 2],
	])('of %i hooks, all in one answer, takes requests: %i', async (count, expected) => {
		const { client, requests } = lemlist(() =>
			answer(
				200,
				Array.from({ length: count }, (_, index) => ({ ...MADE, _id: `hoo_${String(index)}` })),
			),
		);
		expect(await listHooks(client)).toHaveLength(count);
		expect(requests.map(({ qs }) => qs)).toEqual(
			[undefined, { offset: count, limit: 100 }].slice(0, expected),
		);
	});

	test('of campaigns is asked for as lemlist documents it, the newest first', async () => {
		const { client, requests } = lemlist(() => answer(200, { campaigns: [] }));
		await listCampaigns(client, 200);
		expect(requests).toEqual([
			expect.objectContaining({
				method: 'GET',
				url: 'https://api.lemlist.example.org/api/campaigns',
				qs: { version: 'v2', limit: 100, offset: 200, sortBy: 'createdAt', sortOrder: 'desc' },
			}),
		]);
	});

	test('without end is not read without end', async () => {
		const { client, requests } = lemlist((count) =>
			answer(
				200,
				Array.from({ length: 100 }, (_, index) => ({
					...MADE,
					_id: `hoo_${String(count)}_${String(index)}`,
				})),
			),
		);
		await listHooks(client);
		expect(requests.length).toBeLessThanOrEqual(100);
	}, 10_000);
});

describe('a hook that was deleted', () => {
	test.each<[string, boolean, Answer]>([
		['200 with the hook', true, answer(200, MADE)],
		['200 without a word', true, answer(200)],
		['200 with blanks', true, answer(200, ' \n')],
		['202', true, answer(202)],
		['204', true, answer(204)],
		['404 of lemlist', true, answer(404, 'Not found')],
		['404 with a page', false, answer(404, '\n <!DOCTYPE html><p>Not found</p>')],
		['200 with a page', false, answer(200, ' <!DOCTYPE html><p>lemlist</p>')],
		['200 in plain words', false, answer(200, 'OK')],
		['302', false, answer(302)],
		['400', false, answer(400, 'Bad params')],
		['500', false, answer(500)],
	])('answered %s, is gone: %s', async (_, isGone, given) => {
		const failure = await deleteHook(lemlist(() => given).client, 'hoo_1');
		expect(failure === undefined).toBe(isGone);
	});

	test('is the one by this name, whatever is in it', async () => {
		const { client, requests } = lemlist(() => answer(200));
		await deleteHook(client, '../campaigns/cam_1?x=1');
		expect(requests.map(({ url }) => url)).toEqual([
			'https://api.lemlist.example.org/api/hooks/..%2Fcampaigns%2Fcam_1%3Fx%3D1',
		]);
	});
});

describe('a request without an answer', () => {
	test.each([
		'ECONNREFUSED',
		'ENOTFOUND',
		'EAI_AGAIN',
		'EPROTO',
		'CERT_HAS_EXPIRED',
		'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
		'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
	])("is told by the network's code, %s, however deep it lies", async (code) => {
		for (const depth of [0, 1, 2, 3])
			expect(
				await failureAfter(() => {
					throw wrapped(code, depth);
				}),
			).toEqual({ status: 0, detail: code });
	});

	test.each(['ETIMEDOUT', 'ECONNABORTED', 'ERR_CANCELED'])(
		'that ended for its time, with %s, took too long',
		async (code) => {
			for (const depth of [0, 1])
				expect(
					await failureAfter(() => {
						throw wrapped(code, depth);
					}),
				).toEqual({ status: 0, detail: code, message: TOOK_TOO_LONG });
		},
	);

	test.each<[string, unknown]>([
		['no code', undefined],
		['a number', 7],
		['a header', 'Basic OmtleQ=='],
		['an address', 'https://api.lemlist.com/api?access_token=key'],
		['a text with a code in it', 'ECONNREFUSED https://api.lemlist.com'],
	])('is told without what may not be shown: %s', async (_, code) => {
		expect(
			await failureAfter(() => {
				throw wrapped(code, 1);
			}),
		).toEqual({ status: 0, detail: 'no answer' });
	});

	test('is told also where the error is its own cause, or none', async () => {
		const error = new Error('round and round');
		error.cause = error;
		expect(
			await failureAfter(() => {
				throw error;
			}),
		).toEqual({ status: 0, detail: 'no answer' });
		expect(
			await failureAfter(() => {
				throw 'nothing but words' as unknown as Error;
			}),
		).toEqual({ status: 0, detail: 'no answer' });
	});
});

describe('the time of a request', () => {
	test.each<[string, number, number, number]>([
		['is long enough for a slow answer and short enough to try again', 60_000, 5_000, 10_000],
		['ends with that of the operation', 2_000, 1, 2_000],
	])('%s', async (_, patienceMs, least, most) => {
		const { client, requests } = lemlist(() => answer(200, MADE), patienceMs);
		await postHook(client, WANTED, SECRET);
		const [request] = requests;
		expect(request?.timeout).toBeGreaterThanOrEqual(least);
		expect(request?.timeout).toBeLessThanOrEqual(most);
		expect(request?.abortSignal).toBeInstanceOf(AbortSignal);
	});

	test('is not waited for past the end of the operation', async () => {
		const began = clock.now();
		await lemlist(() => answer(200, MADE), 2_000).client.wait(60_000);
		expect(clock.now() - began).toBeLessThan(3_000);
	});

	test('that is too short for another try: says what lemlist answered to the last', async () => {
		const { client, requests } = lemlist(() => answer(500), 500);
		await expect(listHooks(client)).rejects.toThrow(messageOf({ status: 500 }));
		expect(requests).toHaveLength(1);
	});

	test('that is over before lemlist has budget again: says that the team sends too many', async () => {
		const { client, requests } = lemlist(
			() => ({ ...answer(400), headers: { 'x-ratelimit-remaining': '0' } }),
			1_000,
		);
		await postHook(client, WANTED, SECRET);
		await expect(postHook(client, WANTED, SECRET)).rejects.toThrow(messageOf({ status: 429 }));
		expect(requests).toHaveLength(1);
	});

	test('that is all but over is not used: the answer would come too late', async () => {
		const { client, requests } = lemlist(() => answer(200, MADE), 50);
		await expect(postHook(client, WANTED, SECRET)).rejects.toThrow(TOOK_TOO_LONG);
		expect(requests).toEqual([]);
	});
});

describe("lemlist's own words", () => {
	test.each<[string, unknown, string | undefined]>([
		['plain text', 'Bad params', 'Bad params'],
		['plain text with blanks around it', ' Bad params\n', 'Bad params'],
		['JSON with an error', { error: 'Bad params' }, 'Bad params'],
		['JSON with a message', { message: 'Bad params' }, 'Bad params'],
		[
			'JSON with both: the error may be just the name of the status',
			{ statusCode: 400, error: 'Bad Request', message: 'Bad params' },
			'Bad params',
		],
		[
			'JSON with an error beside a message without words',
			{ error: 'Bad params', message: ' ' },
			'Bad params',
		],
		[
			'JSON with an error beside a message of another type',
			{ error: 'Bad params', message: { code: 1 } },
			'Bad params',
		],
		['JSON without words', { code: 7 }, undefined],
		['a list', ['Bad params'], undefined],
		['null', null, undefined],
		['nothing', '', undefined],
		['markup', 'Bad <b>params</b>', undefined],
		['the beginning of markup', 'Bad <b', undefined],
		['the end of markup', 'b> params', undefined],
		['several lines', 'Bad\nparams', undefined],
		['several lines, as Windows has them', 'Bad\rparams', undefined],
		['a control character', 'Bad \u001b[31mparams', undefined],
		['the secret', `Bad secret "${SECRET}"`, undefined],
		[
			'the secret as a key travels',
			`Bad header Basic ${Buffer.from(`:${SECRET}`).toString('base64')}`,
			undefined,
		],
	])('in %s', async (_, body, words) => {
		expect(await failureAfter(() => answer(400, body))).toEqual({
			status: 400,
			...(words !== undefined && { detail: words }),
		});
	});

	test.each<[string, number, string, string | undefined]>([
		['a page with a refusal', 403, '<html>Blocked</html>', PAGE],
		['a page after a blank line', 400, '\n<!DOCTYPE html>', PAGE],
		['a page with trouble, which its status tells', 502, '<html>Bad gateway</html>', undefined],
	])('are not %s', async (_, status, body, message) => {
		expect(await failureAfter(() => answer(status, body))).toEqual({
			status,
			...(message !== undefined && { message }),
		});
	});
});
