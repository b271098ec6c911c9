// The stand-in for lemlist keeps to what is known of lemlist, and misbehaves exactly when told to.
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { setTimeout as sleep } from 'node:timers/promises';

import {
	activityOf,
	campaignOf,
	EFFECT_NAMES,
	SANDBOX_CAMPAIGN,
	startSandbox,
	thirdPartyReply,
	type Activity,
	type DeliverOptions,
	type Effect,
	type EffectName,
	type LogEntry,
	type RateLimitRule,
	type RulesOptions,
	type Sandbox,
	type StoredHook,
} from '../sandbox';
import { CALL_CHOICES, FAULT_CHOICES } from '../sandbox/faultChoices';
import { startReceiver, type Receiver } from '../sandbox/receiver';

const AGENT = 'sandbox-test/1.0';
const WINDOW_MS = 500;

interface Answer {
	status: number;
	headers: Headers;
	text: string;
	json: () => unknown;
}

interface Ask {
	method?: string;
	headers?: Record<string, string>;
	body?: unknown;
	key?: string;
	signal?: AbortSignal;
	redirect?: 'manual';
}

interface ToldHook {
	_id: string;
}

let sandbox: Sandbox;
let receiver: Receiver;

beforeAll(async () => {
	sandbox = await startSandbox({ rules: { rateLimit: { requests: 1000 } } });
	receiver = await startReceiver();
});

beforeEach(() => {
	sandbox.reset();
	receiver.reset();
});

afterAll(async () => {
	await Promise.all([sandbox.close(), receiver.close()]);
});

async function ask(path: string, options: Ask = {}): Promise<Answer> {
	const { method = 'GET', headers = {}, body, key = sandbox.apiKey, ...rest } = options;
	const answer = await fetch(sandbox.apiUrl + path, {
		method,
		headers: { authorization: basic('', key), 'user-agent': AGENT, ...headers },
		...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
		...rest,
	});
	const text = await answer.text();
	return {
		status: answer.status,
		headers: answer.headers,
		text,
		json: () => JSON.parse(text) as unknown,
	};
}

function basic(user: string, password: string): string {
	return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

function register(body: unknown, query = '', key = sandbox.apiKey): Promise<Answer> {
	return ask(`/hooks${query}`, { method: 'POST', body, key });
}

function obey(rules: RulesOptions): void {
	const { rateLimit, ...others } = rules;
	Object.assign(sandbox.rules, others);
	Object.assign(sandbox.rules.rateLimit, rateLimit);
}

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

describe('routes', () => {
	test.each([
		['PUT', '/hooks', 405, 'Method not allowed'],
		['GET', '/hooks/hoo_1', 405, 'Method not allowed'],
		['DELETE', '/hooks/hoo_1', 404, 'Not found'],
		['GET', '/leads/nobody', 404, 'Not found'],
		['GET', '/leads/ada%40example.com', 200, undefined],
		['GET', '/leads?version=v2&id=lea_a1B2c3D4e5F6g7H8i', 200, undefined],
		['GET', '/leads?version=v2', 404, 'Not found'],
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

describe('rate limit', () => {
	const limit = { requests: 3, windowMs: WINDOW_MS };

	async function statuses(count: number): Promise<number[]> {
		const found: number[] = [];
		for (let made = 0; made < count; made += 1) found.push((await ask('/team')).status);
		return found;
	}

	test.each(['fixed', 'sliding'] as const)('%s: past it 429, and it opens again', async (style) => {
		obey({ rateLimit: { ...limit, style } });
		expect(await statuses(5)).toEqual([200, 200, 200, 429, 429]);
		await sleep(WINDOW_MS + 20);
		expect(await statuses(1)).toEqual([200]);
	});

	test.each([
		// A fixed window opens for all at once; a sliding one only for what is old enough.
		['fixed', [200, 200, 200]],
		['sliding', [200, 429, 429]],
	] as const)('%s: when the first request is out of the window', async (style, expected) => {
		obey({ rateLimit: { ...limit, style } });
		await statuses(1);
		await sleep(WINDOW_MS * 0.6);
		await statuses(2);
		await sleep(WINDOW_MS * 0.5);
		expect(await statuses(3)).toEqual(expected);
	});

	test('every answer tells of it, refusals too', async () => {
		obey({ rateLimit: { ...limit, windowMs: 2000 } });
		const answers = [
			await ask('/team'),
			await ask('/leads/nobody'),
			await ask('/hooks'),
			await ask('/hooks'),
		];
		const told = answers.map(({ headers }) => headers.get('x-ratelimit-remaining'));
		expect(told).toEqual(['2', '1', '0', '0']);
		for (const { headers } of answers) {
			expect(headers.get('x-ratelimit-limit')).toBe('3');
			expect(headers.get('x-ratelimit-reset')).toMatch(/^[A-Z][a-z]{2}, \d\d /);
		}
	});

	test.each<[Partial<RateLimitRule>, string | null, RegExp]>([
		[{}, '3', /^0\.\d{3}$/],
		[{ headers: false }, null, /^0\.\d{3}$/],
		[{ retryAfter: 'whole' }, '3', /^1$/],
		[{ retryAfter: 'absent' }, '3', /^null$/],
	])('headers: %j', async (rule, limitTold, retryAfter) => {
		obey({ rateLimit: { ...limit, ...rule } });
		const { headers } = await ask('/team');
		expect(headers.get('x-ratelimit-limit')).toBe(limitTold);
		expect(String(headers.get('retry-after'))).toMatch(retryAfter);
	});

	test.each(['fixed', 'sliding'] as const)('%s: Retry-After, on 200 and 429, is the rest of the window to the millisecond', async (style) => {
		obey({ rateLimit: { requests: 2, windowMs: 1_500, style } });
		const before = Date.now();
		await ask('/team');
		const after = Date.now();
		await sleep(150);
		for (const status of [200, 429]) {
			const asked = Date.now();
			const answer = await ask('/team');
			expect(answer.status).toBe(status);
			const told = answer.headers.get('retry-after') ?? '';
			expect(told).toMatch(/^[01]\.\d{3}$/);
			expect(Number(told) * 1_000).toBeLessThanOrEqual(after + 1_500 - asked);
			expect(Number(told) * 1_000).toBeGreaterThanOrEqual(before + 1_500 - Date.now());
		}
		await sleep(1_500 - (Date.now() - before) + 20);
		expect((await ask('/team')).status).toBe(200);
	});

	test('others with the same key use the same budget; another key has its own', async () => {
		obey({ rateLimit: limit });
		sandbox.keys.set('other-key', { state: 'valid', teamId: 'tea_other' });
		sandbox.spend(7);
		const refused = await register({ targetUrl: 'https://example.com/' });
		expect(refused.status).toBe(429);
		expect(sandbox.hooks).toEqual([]);
		expect((await ask('/team', { key: 'other-key' })).status).toBe(200);
	});
});

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

describe('lists', () => {
	function addHooks(count: number): string[] {
		return Array.from({ length: count }, () => sandbox.addHook()._id);
	}

	async function listHooks(query = ''): Promise<string[]> {
		const answer = await ask(`/hooks${query}`);
		return (answer.json() as ToldHook[]).map(({ _id }) => _id);
	}

	test('hooks in each order', async () => {
		const ids = addHooks(30);
		expect(await listHooks()).toEqual(ids);
		obey({ hookOrder: 'newest' });
		expect(await listHooks()).toEqual([...ids].reverse());
		obey({ hookOrder: 'random' });
		const shuffled = await listHooks();
		expect(shuffled).not.toEqual(ids);
		expect(shuffled.sort()).toEqual([...ids].sort());
	});

	test('hooks at once or in pages', async () => {
		const ids = addHooks(5);
		expect(await listHooks('?limit=2&offset=1')).toEqual(ids);
		obey({ hookPages: { size: 2 } });
		expect(await listHooks()).toEqual(ids.slice(0, 2));
		expect(await listHooks('?offset=2&limit=9')).toEqual(ids.slice(2, 4));
		expect(await listHooks('?offset=4')).toEqual(ids.slice(4));
		expect(await listHooks('?offset=6')).toEqual([]);
	});

	test.each([true, false])('isFirst listed: %s', async (listIsFirst) => {
		obey({ listIsFirst });
		sandbox.addHook({ isFirst: true });
		const [hook] = (await ask('/hooks')).json() as object[];
		expect(hook && 'isFirst' in hook).toBe(listIsFirst);
	});

	test.each([
		['campaigns', '?version=v2', 'campaigns'],
		['data', '?version=v2', 'data'],
		['results', '?version=v2', 'results'],
	] as const)('campaigns under %s', async (campaignShape, query, field) => {
		obey({ campaignShape });
		const page = (await ask(`/campaigns${query}`)).json() as Record<string, unknown>;
		expect(page[field]).toHaveLength(12);
		expect(page.pagination).toEqual({
			totalRecords: 12,
			currentPage: 1,
			nextPage: null,
			totalPage: 1,
		});
	});

	test.each([
		['array', '?version=v2'],
		['campaigns', ''],
	] as const)('campaigns as a bare list: %s, query "%s"', async (campaignShape, query) => {
		obey({ campaignShape });
		expect((await ask(`/campaigns${query}`)).json()).toHaveLength(12);
	});

	test.each([
		['?limit=5', [1, 2, 3, 4, 5]],
		['?limit=5&offset=10', [11, 12]],
		['?limit=5&page=2', [6, 7, 8, 9, 10]],
		['?limit=3&sortBy=createdAt&sortOrder=desc', [12, 11, 10]],
		['?offset=50', []],
	])('campaigns %s', async (query, numbers) => {
		const list = (await ask(`/campaigns${query}`)).json() as Array<{ _id: string }>;
		expect(list.map(({ _id }) => Number(_id.slice(-3)))).toEqual(numbers);
	});

	test('at most 100 campaigns a page, and pages that repeat when told to', async () => {
		const large = await startSandbox({ campaigns: 250 });
		const { apiUrl: url } = large;
		large.rules.campaignPages = 'ignore';
		const headers = { authorization: basic('', large.apiKey), 'user-agent': AGENT };
		const pages = await Promise.all(
			['?limit=500', '?limit=500&offset=100'].map(async (query) => {
				return (await fetch(`${url}/campaigns${query}`, { headers })).json() as Promise<unknown[]>;
			}),
		);
		expect(pages[0]).toHaveLength(100);
		expect(pages[1]).toEqual(pages[0]);
		await large.close();
	});

	test('campaigns without status', async () => {
		obey({ campaignStatus: 'absent' });
		expect((await ask('/campaigns')).text).not.toContain('status');
	});
});

describe('deliveries', () => {
	const campaignId = SANDBOX_CAMPAIGN;
	const first: Partial<StoredHook> = { isFirst: true };

	test.each<[string, Partial<StoredHook>, Activity, RulesOptions, boolean]>([
		['all events', {}, activityOf('paused'), {}, true],
		['its type', { type: 'paused' }, activityOf('paused'), {}, true],
		['another type', { type: 'resumed' }, activityOf('paused'), {}, false],
		['its campaign', { campaignId }, activityOf('paused'), {}, true],
		['another campaign', { campaignId: 'cam_x' }, activityOf('paused'), {}, false],
		['a team event for a campaign hook', { campaignId }, activityOf('lemwarmPaused'), {}, false],
		['a third-party reply for a campaign hook', { campaignId }, thirdPartyReply(), {}, false],
		[
			'the same where they pass',
			{ campaignId },
			thirdPartyReply(),
			{ thirdPartyThroughCampaignHook: true },
			true,
		],
		['a third-party reply for a team hook', {}, thirdPartyReply(), {}, true],
		['a first activity', first, activityOf('emailsOpened'), {}, true],
		['a later activity', first, activityOf('emailsOpened', { isFirst: false }), {}, false],
		['neither first nor later', first, activityOf('lemwarmPaused'), {}, false],
		[
			'the same where they pass',
			first,
			activityOf('lemwarmPaused'),
			{ unflaggedThroughFirstHook: true },
			true,
		],
		['another team', { teamId: 'tea_other' }, activityOf('paused'), {}, false],
		['an event without team', {}, activityOf('enrichmentDone'), {}, true],
	])('%s', async (_name, hook, activity, rules, arrives) => {
		obey(rules);
		sandbox.addHook({ targetUrl: receiver.url, ...hook });
		const results = await sandbox.deliver(activity);
		expect(results).toHaveLength(arrives ? 1 : 0);
		expect(receiver.bodies).toEqual(arrives ? [activity] : []);
	});

	test.each<[string, Partial<StoredHook>, Activity, DeliverOptions, unknown]>([
		['the hook has one', { secret: 's' }, activityOf('paused'), {}, 's'],
		['the hook has none', {}, activityOf('paused'), {}, undefined],
		['forged', { secret: 's' }, activityOf('paused'), { secret: 'x' }, 'x'],
		['left out', { secret: 's' }, activityOf('paused'), { secret: null }, undefined],
		['a variable of that name', { secret: 's' }, activityOf('paused', { secret: 'v' }), {}, 's'],
		['a variable and no secret', {}, activityOf('paused', { secret: 'v' }), {}, 'v'],
	])('secret: %s', async (_name, hook, activity, options, secret) => {
		sandbox.addHook({ targetUrl: receiver.url, ...hook });
		await sandbox.deliver(activity, options);
		expect(receiver.bodies).toMatchObject([{ type: 'paused' }]);
		expect(receiver.bodies[0]?.secret).toBe(secret);
	});

	test.each([
		['state', 'warmed'],
		['activity', 'emailsReplied'],
	] as const)('a lead-state event names the %s', async (deliveryTypeOfStateEvents, type) => {
		obey({ deliveryTypeOfStateEvents });
		sandbox.addHook({ targetUrl: receiver.url, type: 'warmed' });
		await sandbox.deliver(activityOf('warmed'));
		expect(receiver.bodies).toMatchObject([{ type }]);
	});

	test('the lead state that an activity adds up to, and doubles', async () => {
		sandbox.addHook({ targetUrl: receiver.url });
		await sandbox.deliver(activityOf('smsReplied'), { alsoState: true, times: 2 });
		const types = receiver.bodies.map(({ type }) => type);
		expect(types).toEqual(['smsReplied', 'smsReplied', 'warmed', 'warmed']);
	});

	test('the lead state that names what caused it', async () => {
		obey({ deliveryTypeOfStateEvents: 'activity' });
		sandbox.addHook({ targetUrl: receiver.url, type: 'warmed' });
		await sandbox.deliver(activityOf('smsReplied'), { alsoState: true });
		expect(receiver.bodies).toMatchObject([{ type: 'smsReplied' }]);
	});

	test('what came back is returned and kept', async () => {
		receiver.answer = { status: 401, body: 'No' };
		const hook = sandbox.addHook({ targetUrl: receiver.url, secret: 's' });
		const [result] = await sandbox.deliver(activityOf('paused', { _id: 'act_1' }));
		expect(result).toMatchObject({
			hookId: hook._id,
			targetUrl: receiver.url,
			status: 401,
			body: 'No',
			attempts: 1,
			hookRemoved: false,
		});
		expect(sandbox.deliveries).toMatchObject([{ ...result, sent: { _id: 'act_1', secret: 's' } }]);
	});

	test.each<[number, RulesOptions, boolean]>([
		[404, {}, false],
		[410, {}, false],
		[404, { deadHook: 'keep' }, true],
		[500, {}, true],
		[401, {}, true],
		[200, {}, true],
	])('a hook whose URL answers %i with %j', async (status, rules, stays) => {
		obey(rules);
		receiver.answer = { status, body: '' };
		sandbox.addHook({ targetUrl: receiver.url });
		const [result] = await sandbox.deliver(activityOf('paused'));
		expect(result?.hookRemoved).toBe(!stays);
		expect(sandbox.hooks).toHaveLength(stays ? 1 : 0);
	});

	test('a receiver that is not there, or does not answer', async () => {
		obey({ deliveryTimeoutMs: 100 });
		receiver.answer = 'none';
		const results = await Promise.all([
			sandbox.send('http://127.0.0.1:1/', {}),
			sandbox.send(receiver.url, {}),
		]);
		expect(results.map(({ status }) => status)).toEqual(['none', 'none']);
		expect(results[0].error).toContain('ECONNREFUSED');
		expect(results[1].error).toBe('No answer within 100 ms');
	});

	test('anything can be sent', async () => {
		const headers = { 'content-type': 'text/plain', 'x-own': 'yes' };
		await sandbox.send(receiver.url, 'not { json', { method: 'PUT', headers, raw: true });
		expect(receiver.calls).toMatchObject([{ method: 'PUT', text: 'not { json', headers }]);
	});
});

describe('faults', () => {
	const SHORT_MS = 250;

	/** What the client of a POST sees, and whether the hook is there in the end. */
	const CASES: { [N in EffectName]: { effect: Effect<N>; sees: string | RegExp; acted: boolean } } =
		{
			resetBefore: { effect: { name: 'resetBefore' }, sees: /lost/, acted: false },
			resetAfter: { effect: { name: 'resetAfter' }, sees: /lost/, acted: true },
			hangBefore: { effect: { name: 'hangBefore' }, sees: /timeout/, acted: false },
			hangAfter: { effect: { name: 'hangAfter' }, sees: /timeout/, acted: true },
			status: {
				effect: { name: 'status', status: 502, body: 'Bad' },
				sees: '502 Bad',
				acted: false,
			},
			emptyBody: { effect: { name: 'emptyBody' }, sees: '200 ', acted: true },
			brokenJson: { effect: { name: 'brokenJson' }, sees: /^200 \{"_id":"hoo[^}]*$/, acted: true },
			otherShape: {
				effect: { name: 'otherShape' },
				sees: '200 {"unexpected":"shape"}',
				acted: true,
			},
			redirect: { effect: { name: 'redirect', location: '/x' }, sees: '302 ', acted: false },
			hugeAnswer: {
				effect: { name: 'hugeAnswer', bytes: 20_000 },
				sees: /^200 "x{19998}"$/,
				acted: true,
			},
			slowAnswer: {
				effect: { name: 'slowAnswer', bytesPerSecond: 20 },
				sees: /timeout/,
				acted: true,
			},
			cutShort: { effect: { name: 'cutShort' }, sees: /lost/, acted: true },
			delay: { effect: { name: 'delay', ms: 10 * SHORT_MS }, sees: /timeout/, acted: true },
			actLate: { effect: { name: 'actLate', ms: 2 * SHORT_MS }, sees: /timeout/, acted: true },
		};

	async function seen(options: Ask = {}): Promise<string> {
		try {
			const body = { targetUrl: 'https://example.com/' };
			const signal = AbortSignal.timeout(SHORT_MS);
			const answer = await ask('/hooks', {
				method: 'POST',
				body,
				signal,
				redirect: 'manual',
				...options,
			});
			return `${String(answer.status)} ${answer.text}`;
		} catch (error) {
			return (error as Error).name === 'TimeoutError' ? 'timeout' : 'lost';
		}
	}

	test.each(EFFECT_NAMES)('%s', async (name) => {
		const { effect, sees, acted } = CASES[name];
		sandbox.fault({ effect });
		expect(await seen()).toEqual(
			expect.stringMatching(typeof sees === 'string' ? `^${escaped(sees)}$` : sees),
		);
		if (name === 'actLate') {
			expect(sandbox.hooks).toHaveLength(0);
			await sleep(2 * SHORT_MS);
		}
		expect(sandbox.hooks).toHaveLength(acted ? 1 : 0);
		expect(sandbox.requests).toMatchObject([{ acted }]);
	});

	function escaped(text: string): string {
		return text.replace(/[{}]/g, '\\$&');
	}

	test('a slow answer arrives whole in the end', async () => {
		sandbox.fault({ effect: { name: 'slowAnswer', bytesPerSecond: 500 } });
		expect((await ask('/team')).json()).toMatchObject({ _id: sandbox.teamId });
	});

	test.each([
		[500, 'Internal error', 'text/plain', false],
		[502, '<h1>Bad gateway</h1>', 'text/html', false],
		[503, '{"message":"later"}', 'application/json', true],
		[401, 'No', 'text/plain', false],
		[403, 'No', 'text/plain', true],
		[409, 'Taken', 'text/plain', true],
		[429, 'Wait', 'text/plain', false],
	])('status %i', async (status, body, contentType, acts) => {
		sandbox.fault({ effect: { name: 'status', status, body, contentType, acts } });
		const answer = await register({ targetUrl: 'https://example.com/' });
		expect([answer.status, answer.text]).toEqual([status, body]);
		expect(answer.headers.get('content-type')).toBe(contentType);
		expect(sandbox.hooks).toHaveLength(acts ? 1 : 0);
	});

	test.each([
		['9', '9'],
		[null, null],
	])('429 with Retry-After %s', async (value, expected) => {
		const effect = { name: 'status', status: 429, headers: { 'Retry-After': value } } as const;
		sandbox.fault({ effect });
		const { headers } = await ask('/team');
		expect(headers.get('retry-after')).toBe(expected);
		expect(headers.get('x-ratelimit-limit')).toBe('1000');
	});

	test.each([
		['every request', {}, [500, 500, 500]],
		['a method', { method: 'post' }, [200, 500, 200]],
		['a path', { path: '/hooks' }, [200, 500, 500]],
		['a pattern', { path: /^\/t/g }, [500, 200, 200]],
		['the second of them', { nth: 2 }, [200, 500, 500]],
		['a condition', { match: ({ query }: { query: object }) => 'limit' in query }, [200, 200, 500]],
	])('hits %s', async (_name, on, expected) => {
		sandbox.fault({ on, times: Infinity, effect: { name: 'status', status: 500 } });
		const answers = [
			await ask('/team'),
			await register({ targetUrl: 'https://example.com/' }),
			await ask('/hooks?limit=1'),
		];
		expect(answers.map(({ status }) => status)).toEqual(expected);
	});

	test('so many times, until removed', async () => {
		const fault = sandbox.fault({ times: 3, effect: { name: 'status', status: 500 } });
		await ask('/team');
		expect([fault.remaining, fault.hits]).toEqual([2, 1]);
		expect(sandbox.faults).toHaveLength(1);
		fault.remove();
		expect((await ask('/team')).status).toBe(200);
		sandbox.fault({ effect: 'resetBefore' });
		sandbox.clearFaults();
		expect((await ask('/team')).status).toBe(200);
	});

	test('refused connections, and back on the same port', async () => {
		const { url } = sandbox;
		await sandbox.stopListening();
		expect(await seen()).toBe('lost');
		await sandbox.startListening();
		expect(sandbox.url).toBe(url);
		expect((await ask('/team')).status).toBe(200);
	});

	test('what began before a reset does not act after it', async () => {
		sandbox.fault({ effect: { name: 'actLate', ms: SHORT_MS } });
		const answer = seen();
		await sleep(SHORT_MS / 2);
		sandbox.reset();
		await answer;
		await sleep(SHORT_MS);
		expect(sandbox.hooks).toEqual([]);
	});
});

describe('the sandbox itself', () => {
	test('reset puts everything back', async () => {
		sandbox.rules.deadHook = 'keep';
		sandbox.rules.rateLimit.requests = 1;
		sandbox.campaigns.pop();
		sandbox.keys.clear();
		sandbox.addHook();
		sandbox.spend(1);
		sandbox.reset();
		expect(sandbox.rules).toMatchObject({ deadHook: 'remove', rateLimit: { requests: 1000 } });
		expect(sandbox.campaigns).toHaveLength(12);
		expect(sandbox.hooks).toEqual([]);
		expect((await ask('/team')).status).toBe(200);
	});

	test('closes at once, with requests and deliveries that hang', async () => {
		const lines: LogEntry[] = [];
		const other = await startSandbox({
			apiKey: 'k',
			latencyMs: 20,
			log: (line) => lines.push(line),
		});
		receiver.answer = 'none';
		other.fault({ effect: 'hangBefore' });
		const headers = { authorization: basic('', 'k'), 'user-agent': AGENT };
		const hanging = fetch(`${other.apiUrl}/team`, { headers }).catch(() => 'lost');
		const delivery = other.send(receiver.url, {});
		await sleep(150);
		const began = Date.now();
		await other.close();
		expect(await hanging).toBe('lost');
		expect((await delivery).status).toBe('none');
		expect(Date.now() - began).toBeLessThan(500);
		expect(lines.map(({ kind }) => kind)).toEqual(['reset', 'fault', 'fault', 'request']);
	});
});

describe('control API', () => {
	async function control(method: string, path: string, order?: unknown): Promise<Answer> {
		const answer = await fetch(sandbox.url + path, {
			method,
			...(order !== undefined && { body: JSON.stringify(order) }),
		});
		const text = await answer.text();
		const json = (): unknown => JSON.parse(text);
		return { status: answer.status, headers: answer.headers, text, json };
	}

	test('the page', async () => {
		const { headers, text } = await control('GET', '/');
		expect(headers.get('content-type')).toContain('text/html');
		expect(text).toContain('<title>lemlist sandbox</title>');
	});

	test.each([
		['/page/page.css', 200, 'text/css; charset=utf-8'],
		['/page/main.js', 200, 'text/javascript; charset=utf-8'],
		['/page/jsconfig.json', 404, 'text/plain'],
		['/page/nothing.js', 404, 'text/plain'],
		['/page/..%2Findex.js', 404, 'text/plain'],
	])('the page\'s files: %s', async (path, status, contentType) => {
		const answer = await control('GET', path);
		expect([answer.status, answer.headers.get('content-type')]).toEqual([status, contentType]);
	});

	test.each([
		['emailsReplied', '', { campaignId: SANDBOX_CAMPAIGN }],
		['emailsReplied', '?campaignId=cam_x', { campaignId: 'cam_x' }],
		['lemwarmPaused', '?campaignId=cam_x', { campaignId: undefined }],
		['emailsReplied', '?thirdParty=true&campaignId=cam_x', { isThirdPartyReply: true, campaignId: undefined }],
		['emailsOpened', '?bot=true', { bot: true }],
	])('a sample of %s%s', async (type, query, expected) => {
		const { json } = await control('GET', `/sandbox/samples/${type}${query}`);
		expect({ campaignId: undefined, ...(json() as object) }).toMatchObject({ type, ...expected });
	});

	test('state, without secrets of hooks', async () => {
		sandbox.addHook({ secret: 'never told' });
		await ask('/team');
		const { json, text } = await control('GET', '/sandbox/state');
		expect(json()).toMatchObject({
			apiKey: sandbox.apiKey,
			hooks: [{ hasSecret: true }],
			requests: [{ path: '/team', status: 200 }],
		});
		expect(text).not.toContain('never told');
	});

	test.each([
		[{ type: 'emailsReplied' }, { type: 'emailsReplied', secret: 's' }],
		[{ type: 'emailsReplied', thirdParty: true }, { isThirdPartyReply: true }],
		[{ type: 'emailsOpened', bot: true }, { bot: true }],
		[{ type: 'paused', overrides: { leadId: 'lea_1' } }, { leadId: 'lea_1' }],
		[{ type: 'paused', forged: true }, { secret: expect.stringContaining('forged') as string }],
	])('sends %j', async (order, body) => {
		sandbox.addHook({ targetUrl: receiver.url, secret: 's' });
		const { json } = await control('POST', '/sandbox/events', order);
		expect(json()).toMatchObject({ activity: { type: order.type }, results: [{ status: 200 }] });
		expect(receiver.bodies).toMatchObject([body]);
	});

	test('an activity is sent as it is given, to the hooks for the event', async () => {
		sandbox.addHook({ targetUrl: receiver.url, type: 'emailsReplied' });
		const activity = { type: 'edited', text: 'Édité' };
		await control('POST', '/sandbox/events', { type: 'emailsReplied', activity });
		expect(receiver.bodies).toEqual([activity]);
	});

	test('every effect is offered by a name of its own', () => {
		const offered = FAULT_CHOICES.map(({ effect }) => (typeof effect === 'string' ? effect : effect.name));
		expect(new Set(offered)).toEqual(new Set(EFFECT_NAMES));
		for (const choices of [FAULT_CHOICES, CALL_CHOICES]) {
			expect(new Set(choices.map(({ label }) => label)).size).toBe(choices.length);
		}
	});

	test.each(FAULT_CHOICES.map(({ key, label }) => [key, label]))('fault %s, by name, is told as such and goes again', async (fault, label) => {
		const on = await control('POST', '/sandbox/faults', { fault, call: 'registerHook', times: 'always' });
		expect(on.json()).toMatchObject({ label: `${label}: Registering a hook`, remaining: 'always' });
		const { id } = on.json() as { id: string };
		expect((await ask('/team')).status).toBe(200);
		await control('DELETE', `/sandbox/faults/${id}`);
		expect(sandbox.faults).toEqual([]);
	});

	test('the log is kept, and forgotten when all is reset', async () => {
		await ask('/team');
		const { log } = (await control('GET', '/sandbox/state')).json() as { log: LogEntry[] };
		expect(log.at(-1)).toMatchObject({ kind: 'request', text: 'GET /team: 200, acted' });
		sandbox.reset();
		expect(sandbox.log.map(({ kind }) => kind)).toEqual(['reset']);
		for (let made = 0; made < 250; made += 1) sandbox.addHook();
		expect(sandbox.log).toHaveLength(200);
	});

	test('faults come and go', async () => {
		const order = {
			on: { path: '/team' },
			times: 'always',
			effect: { name: 'status', status: 503 },
		};
		const { json } = await control('POST', '/sandbox/faults', order);
		expect(json()).toMatchObject({ remaining: 'always' });
		expect((await ask('/team')).status).toBe(503);
		await control('DELETE', '/sandbox/faults');
		expect((await ask('/team')).status).toBe(200);
	});

	test('hooks are switched off and removed, and all is reset', async () => {
		const { _id } = sandbox.addHook();
		const { json } = await control('POST', `/sandbox/hooks/${_id}/disable`);
		expect(json()).toMatchObject({ hooks: [{ _id, disabled: true }] });
		expect(sandbox.hooks).toMatchObject([{ _id, disabled: true }]);
		await control('DELETE', `/sandbox/hooks/${_id}`);
		expect(sandbox.hooks).toEqual([]);
		sandbox.addHook();
		await control('POST', '/sandbox/reset');
		expect(sandbox.hooks).toEqual([]);
	});

	test.each([
		['POST', '/sandbox/events', { type: 'skipped' }],
		['POST', '/sandbox/events', { type: 'paused', overrides: [] }],
		['POST', '/sandbox/events', { type: 'paused', activity: [] }],
		['GET', '/sandbox/samples/skipped', undefined],
		['DELETE', '/sandbox/faults/none', undefined],
		['POST', '/sandbox/faults', { fault: 'magic' }],
		['POST', '/sandbox/events', 'text'],
		['POST', '/sandbox/faults', { effect: 'magic' }],
		['POST', '/sandbox/faults', { effect: 'status' }],
		['DELETE', '/sandbox/hooks/hoo_none', undefined],
		['POST', '/sandbox/hooks/hoo_none/disable', undefined],
	])('%s %s with %j is a mistake', async (method, path, order) => {
		expect((await control(method, path, order)).status).toBe(400);
	});

	test('changes are streamed', async () => {
		const stop = new AbortController();
		const stream = await fetch(`${sandbox.url}/sandbox/changes`, { signal: stop.signal });
		sandbox.addHook({ _id: 'hoo_seen' });
		let text = '';
		for await (const piece of Readable.fromWeb(stream.body as ReadableStream)) {
			text += String(piece);
			if (text.includes('hoo_seen')) break;
		}
		stop.abort();
		expect(text).toContain('"kind":"hook"');
	});
});
