// Who may ask the stand-in: a key in the one way that lemlist takes, and a program with a name of its own.
import { campaignOf } from '../../sandbox';
import { AGENT, ask, basic, obey, register, sandbox, useStandIn } from './stage';

useStandIn();

describe('authentication', () => {
	beforeEach(() => {
		sandbox.keys.set('blocked-key', { state: 'blocked', teamId: sandbox.teamId });
		sandbox.keys.set('revoked-key', { state: 'revoked', teamId: sandbox.teamId });
	});

	const WRONG = 'The authentication you supplied is incorrect';
	test.each([
		['the key as password', () => basic('', sandbox.apiKey), '', 200, undefined],
		['no credentials', () => '', '', 401, WRONG],
		['another key', () => basic('', 'another'), '', 401, WRONG],
		['an empty key', () => basic('', ''), '', 401, WRONG],
		['the key with a space behind it', () => basic('', `${sandbox.apiKey} `), '', 401, WRONG],
		['a user name', () => basic('user', sandbox.apiKey), '', 401, WRONG],
		['the key as user name', () => basic(sandbox.apiKey, ''), '', 401, WRONG],
		['a bearer token', () => `Bearer ${sandbox.apiKey}`, '', 401, WRONG],
		['the key in the query', () => '', '?access_token=lemlist-sandbox-key', 401, WRONG],
		['a blocked key', () => basic('', 'blocked-key'), '', 403, 'Forbidden'],
		['a revoked key', () => basic('', 'revoked-key'), '', 401, WRONG],
	])('%s', async (_name, authorization, query, status, text) => {
		const answer = await ask(`/team${query}`, { headers: { authorization: authorization() } });
		expect(answer.status).toBe(status);
		if (text !== undefined) expect(answer.text).toBe(text);
	});

	test.each([
		['one of its own', AGENT, true, 200],
		['none', '', true, 403],
		['axios', 'axios/1.7.2', true, 403],
		['node', 'node', true, 403],
		['undici', 'undici', true, 403],
		['a name that only begins like one', 'nodeshop/1.0', true, 200],
		['node, where none is needed', 'node', false, 200],
	])('user agent: %s', async (_name, agent, requireUserAgent, status) => {
		obey({ requireUserAgent });
		const answer = await ask('/team', { headers: { 'user-agent': agent } });
		expect(answer.status).toBe(status);
	});

	test('a team sees its own hooks and campaigns only', async () => {
		sandbox.keys.set('other-key', { state: 'valid', teamId: 'tea_other' });
		sandbox.campaigns.push(campaignOf({ _id: 'cam_other', teamId: 'tea_other' }));
		const mine = sandbox.addHook();
		const theirs = await register(
			{ targetUrl: mine.targetUrl },
			'?campaignId=cam_other',
			'other-key',
		);
		expect(theirs.status).toBe(200);
		const list = await ask('/hooks', { key: 'other-key' });
		expect(list.json()).toEqual([theirs.json()]);
		const campaigns = await ask('/campaigns', { key: 'other-key' });
		expect(campaigns.json()).toHaveLength(1);
		const gone = await ask(`/hooks/${mine._id}`, { method: 'DELETE', key: 'other-key' });
		expect(gone.status).toBe(404);
	});
});
