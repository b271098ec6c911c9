// What the API answers by path and method, before any call is carried out: calls that the plan does not
// include, paths that there are not.
import { EVENT_TYPES } from '../../sandbox';
import type { RouteName } from '../../sandbox';
import { ask, obey, sandbox, useStandIn } from './stage';

useStandIn();

const TARGET = { targetUrl: 'https://example.com/webhook', type: EVENT_TYPES[0] };

describe('402', () => {
	test.each<[RouteName, string, string, unknown]>([
		['GET /team', 'GET', '/team', undefined],
		['GET /hooks', 'GET', '/hooks?limit=1', undefined],
		['POST /hooks', 'POST', '/hooks', TARGET],
		['DELETE /hooks/:id', 'DELETE', '/hooks/hoo_1', undefined],
		['GET /campaigns', 'GET', '/campaigns?version=v2', undefined],
		['GET /leads', 'GET', '/leads?email=ada%40example.com', undefined],
		['GET /leads/:id', 'GET', '/leads/ada%40example.com', undefined],
	])('to %s alone, and nothing is done', async (route, method, path, body) => {
		obey({ notInPlan: [route] });
		const { _id } = sandbox.addHook({ _id: 'hoo_1' });
		const answer = await ask(path, { method, body });
		expect([answer.status, answer.text]).toEqual([402, 'route is available starting emailPro plan']);
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
	])('%s %s is answered by the web app, whoever asks, and nothing is done', async (method, path) => {
		for (const key of [sandbox.apiKey, 'wrong']) {
			const answer = await ask(path, { method, key });
			expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
			expect(answer.text).toMatch(/^<!doctype html>.*lemlist/);
			expect(answer.headers.get('x-ratelimit-limit')).toBe('1000');
		}
		expect(sandbox.requests).toMatchObject([{ status: 200, acted: false }, { status: 200, acted: false }]);
	});

	test.each([
		['the key', 404, 'Not found'],
		['wrong', 401, 'The authentication you supplied is incorrect'],
	])('where it is not found, with %s: %i', async (key, status, text) => {
		obey({ unknownPath: 'notFound' });
		const answer = await ask('/nowhere', { key: key === 'wrong' ? key : sandbox.apiKey });
		expect([answer.status, answer.text]).toEqual([status, text]);
	});

	test.each(['page', 'notFound'] as const)('%s: a known one with another method is told, and a hook that is gone', async (unknownPath) => {
		obey({ unknownPath });
		const answers = [await ask('/hooks', { method: 'PUT' }), await ask('/hooks/hoo_none', { method: 'DELETE' })];
		expect(answers.map(({ status, text }) => [status, text])).toEqual([[405, 'Method not allowed'], [404, 'Not found']]);
	});
});
