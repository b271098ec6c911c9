// What the API answers by path and method, in which form, and what is kept of the request.
import { EVENT_TYPES } from '../../sandbox';
import { LEAD } from '../../sandbox/people';
import type { RouteName } from '../../sandbox';
import { ask, obey, register, sandbox, useStandIn } from './stage';

useStandIn();

const TARGET = { targetUrl: 'https://example.com/webhook', type: EVENT_TYPES[0] };

describe('402', () => {
	test.each<[RouteName, string, string, unknown]>([
		['GET /team', 'GET', '/team', undefined],
		['GET /hooks', 'GET', '/hooks?limit=1', undefined],
		['POST /hooks', 'POST', '/hooks', TARGET],
		['DELETE /hooks/:id', 'DELETE', '/hooks/hoo_1', undefined],
		['GET /campaigns', 'GET', '/campaigns?version=v2', undefined],
		['GET /activities', 'GET', '/activities?version=v2&type=emailsReplied', undefined],
		['GET /leads', 'GET', '/leads?email=ada%40example.com', undefined],
		['GET /leads/:id', 'GET', '/leads/ada%40example.com', undefined],
		[
			'POST /campaigns/:campaignId/leads/:id/interested',
			'POST',
			`/campaigns/cam_1/leads/${LEAD.id}/interested`,
			undefined,
		],
	])('to %s alone, and nothing is done', async (route, method, path, body) => {
		obey({ notInPlan: [route] });
		const { _id } = sandbox.addHook({ _id: 'hoo_1' });
		const answer = await ask(path, { method, body });
		expect([answer.status, answer.text]).toEqual([
			402,
			'route is available starting emailPro plan',
		]);
		expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
		expect(sandbox.hooks.map((hook) => hook._id)).toEqual([_id]);
		expect(sandbox.requests).toMatchObject([{ status: 402, acted: false }]);
		obey({ notInPlan: (['GET /team', 'GET /hooks'] as const).filter((name) => name !== route) });
		expect((await ask(path, { method, body })).status).toBe(200);
	});

	test.each([
		['wrong', 401],
		['blocked', 403],
	])('only to who may ask: a %s key gets %i', async (key, status) => {
		obey({ notInPlan: ['GET /team'] });
		sandbox.keys.set('blocked', { state: 'blocked', teamId: sandbox.teamId });
		expect((await ask('/team', { key })).status).toBe(status);
	});

	test('nothing is out of the plan by default', () => {
		expect(sandbox.rules.notInPlan).toEqual([]);
	});
});

describe('an unknown path', () => {
	test.each([
		['GET', '/nowhere'],
		['POST', '/webhooks'],
		['GET', '/hooks/hoo_1/more'],
	])(
		'%s %s is answered by the web app, whoever asks, and nothing is done',
		async (method, path) => {
			for (const key of [sandbox.apiKey, 'wrong']) {
				const answer = await ask(path, { method, key });
				expect([answer.status, answer.headers.get('content-type')]).toEqual([
					200,
					'text/html; charset=utf-8',
				]);
				expect(answer.text).toMatch(/^<!doctype html>.*lemlist/);
				expect(answer.headers.get('x-ratelimit-limit')).toBe('1000');
			}
			expect(sandbox.requests).toMatchObject([
				{ status: 200, acted: false },
				{ status: 200, acted: false },
			]);
		},
	);

	test.each([
		['the key', 404, 'Not found'],
		['wrong', 401, 'The authentication you supplied is incorrect'],
	])('where it is not found, with %s: %i', async (key, status, text) => {
		obey({ unknownPath: 'notFound' });
		const answer = await ask('/nowhere', { key: key === 'wrong' ? key : sandbox.apiKey });
		expect([answer.status, answer.text]).toEqual([status, text]);
	});

	test.each(['page', 'notFound'] as const)(
		'%s: a known one with another method is told, and a hook that is gone',
		async (unknownPath) => {
			obey({ unknownPath });
			const answers = [
				await ask('/hooks', { method: 'PUT' }),
				await ask('/hooks/hoo_none', { method: 'DELETE' }),
			];
			expect(answers.map(({ status, text }) => [status, text])).toEqual([
				[405, 'Method not allowed'],
				[404, 'Not found'],
			]);
		},
	);
});

describe('routes', () => {
	test.each([
		['PUT', '/hooks', 405, 'Method not allowed'],
		['GET', '/hooks/hoo_1', 405, 'Method not allowed'],
		['DELETE', '/hooks/hoo_1', 404, 'Not found'],
		['GET', '/leads/nobody', 404, 'Not found'],
		['GET', '/leads/ada%40example.com', 200, undefined],
		['GET', `/leads?version=v2&id=${LEAD.id}`, 200, undefined],
		['GET', '/leads?version=v2&id=lea_nobody', 404, 'Not found'],
		['GET', '/leads?version=v2', 404, 'Not found'],
		['POST', `/campaigns/cam_1/leads/${LEAD.id}/interested`, 200, undefined],
		['POST', '/campaigns/cam_1/leads/ada%40example.com/interested', 200, undefined],
		['POST', '/campaigns/cam_1/leads/lea_nobody/interested', 404, 'Not found'],
		['GET', '/campaigns/cam_1/leads/lea_1/interested', 405, 'Method not allowed'],
		['GET', '/campaigns?sortBy=name', 400, 'Bad params'],
		['GET', '/campaigns?limit=many', 400, 'Bad params'],
		['GET', '/campaigns?page=0', 400, 'Bad params'],
	])('%s %s: %i', async (method, path, status, text) => {
		const answer = await ask(path, { method });
		expect(answer.status).toBe(status);
		if (text !== undefined) expect(answer.text).toBe(text);
	});

	test.each([
		['text', 'text/plain; charset=utf-8', 'Not found'],
		['json', 'application/json; charset=utf-8', '{"error":"Not found"}'],
	] as const)('errors as %s', async (errorFormat, contentType, text) => {
		obey({ errorFormat });
		const answer = await ask('/hooks/hoo_none', { method: 'DELETE' });
		expect(answer.headers.get('content-type')).toBe(contentType);
		expect(answer.text).toBe(text);
	});

	test('the team with its hooks', async () => {
		const { _id } = sandbox.addHook({ secret: 'never told' });
		const answer = await ask('/team');
		expect(answer.json()).toMatchObject({ _id: sandbox.teamId, hooks: [{ _id }] });
		expect(answer.text).not.toContain('never told');
	});

	test('a request is recorded with what came of it', async () => {
		await register({ targetUrl: 'https://example.com/a' }, '?isFirst=true');
		await ask('/leads/nobody');
		expect(sandbox.requests).toMatchObject([
			{
				method: 'POST',
				path: '/hooks',
				query: { isFirst: 'true' },
				body: { targetUrl: 'https://example.com/a' },
				status: 200,
				acted: true,
			},
			{ method: 'GET', path: '/leads/nobody', body: undefined, status: 404, acted: false },
		]);
		sandbox.clearRequests();
		expect(sandbox.requests).toEqual([]);
	});
});
