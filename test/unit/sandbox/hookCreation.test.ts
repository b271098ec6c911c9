// POST /hooks and DELETE /hooks/:id: what is made, what is told of it, what is refused.
import { SANDBOX_CAMPAIGN, type RulesOptions, type StoredHook } from '../../sandbox';
import { ask, obey, register, sandbox, useStandIn } from './stage';

useStandIn();

describe('creating hooks', () => {
	const targetUrl = 'https://example.com/webhook?hook=1';

	test('tells what is documented, and keeps the rest to itself', async () => {
		const body = { targetUrl, type: 'emailsReplied', secret: 'kept' };
		const answer = await register(body, `?campaignId=${SANDBOX_CAMPAIGN}&isFirst=true&zapId=7`);
		const { _id, createdAt, ...told } = answer.json() as StoredHook;
		expect(told).toEqual({ targetUrl, type: 'emailsReplied', campaignId: SANDBOX_CAMPAIGN });
		expect(_id).toMatch(/^hoo_\w{17}$/);
		expect(new Date(createdAt).toISOString()).toBe(createdAt);
		expect(sandbox.hooks).toEqual([
			{
				_id,
				createdAt,
				...told,
				teamId: sandbox.teamId,
				isFirst: true,
				zapId: '7',
				secret: 'kept',
			},
		]);
		const listed = await ask('/hooks');
		expect(listed.json()).toEqual([{ _id, createdAt, ...told, zapId: '7' }]);
	});

	test.each([
		['no body', undefined],
		['broken JSON', '{"targetUrl":'],
		['a list', [{ targetUrl }]],
		['no targetUrl', { type: 'emailsReplied' }],
		['a relative targetUrl', { targetUrl: '/webhook' }],
		['another protocol', { targetUrl: 'ftp://example.com/' }],
		['a secret that is no text', { targetUrl, secret: 7 }],
		['a type that is no text', { targetUrl, type: ['emailsReplied'] }],
		['an unknown type', { targetUrl, type: 'emailReplied' }],
		['a removed type', { targetUrl, type: 'skipped' }],
		['another removed type', { targetUrl, type: 'emailsSendFailed' }],
		['the third removed type', { targetUrl, type: 'opportunitiesDone' }],
	])('refuses %s', async (_name, body) => {
		const answer = await register(body);
		expect([answer.status, answer.text]).toEqual([400, 'Bad params']);
		expect(sandbox.hooks).toEqual([]);
	});

	test.each<[string, RulesOptions, number]>([
		['taken URL', { takenTargetUrl: 'refuse' }, 409],
		['taken URL', { takenTargetUrl: 'allow' }, 200],
		['full team', { takenTargetUrl: 'allow', hooksPerTeam: 1 }, 400],
		[
			'full team',
			{ takenTargetUrl: 'allow', hooksPerTeam: 1, pastHooksPerTeam: { status: 403, body: 'Full' } },
			403,
		],
	])('%s with %j: %i', async (_name, rules, status) => {
		obey(rules);
		sandbox.addHook({ targetUrl });
		expect((await register({ targetUrl, type: 'paused' })).status).toBe(status);
	});

	test.each<[string, RulesOptions, string, unknown, number]>([
		['type', { unknownType: 'refuse' }, '', { targetUrl, type: 'new' }, 400],
		['type', { unknownType: 'accept' }, '', { targetUrl, type: 'new' }, 200],
		['campaign', { unknownCampaign: 'refuse' }, '?campaignId=cam_x', { targetUrl }, 400],
		['campaign', { unknownCampaign: 'accept' }, '?campaignId=cam_x', { targetUrl }, 200],
	])('unknown %s with %j', async (_name, rules, query, body, status) => {
		obey(rules);
		expect((await register(body, query)).status).toBe(status);
	});

	test.each<[boolean, Partial<StoredHook>]>([
		[false, { isFirst: false }],
		[true, { isFirst: true, campaignId: SANDBOX_CAMPAIGN }],
	])('options in the body, which count: %s', async (legacyBodyOptions, expected) => {
		obey({ legacyBodyOptions });
		await register({ targetUrl, isFirst: true, campaignId: SANDBOX_CAMPAIGN });
		expect(sandbox.hooks[0]).toMatchObject(expected);
		expect(sandbox.hooks[0]?.campaignId).toBe(expected.campaignId);
	});

	test('URLs that differ in the query are different', async () => {
		await register({ targetUrl });
		expect((await register({ targetUrl: `${targetUrl}2` })).status).toBe(200);
	});

	test('deletes once', async () => {
		const { _id, targetUrl: url } = sandbox.addHook();
		const first = await ask(`/hooks/${_id}`, { method: 'DELETE' });
		expect(first.json()).toMatchObject({ _id, targetUrl: url });
		const again = await ask(`/hooks/${_id}`, { method: 'DELETE' });
		expect([again.status, again.text]).toEqual([404, 'Not found']);
	});
});
