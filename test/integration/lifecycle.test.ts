/** Activation, edits, restarts, checks and deactivation of the built node against the stand-in for lemlist. */
import type { IDataObject } from 'n8n-workflow';
import { startSandbox, type FaultTrigger, type Sandbox } from '../sandbox';
import { activityOf } from '../sandbox/activities';
import type { BareEffectName, Effect } from '../sandbox/faults';
import { Host, type Trigger } from './host';

let host: Host;
let lemlist: Sandbox;

beforeAll(async () => {
	host = await Host.start();
	lemlist = await startSandbox();
});
afterAll(async () => {
	await host.close();
	await lemlist.close();
});

const made: Trigger[] = [];
afterEach(async () => {
	for (const trigger of made.splice(0)) await trigger.stop();
	lemlist.reset();
	host.executions.length = 0;
});

const EVENTS = ['emailsReplied', 'linkedinReplied', 'interested'];

function trigger(parameters: IDataObject = {}, credential: IDataObject = {}): Trigger {
	const data = { apiKey: lemlist.apiKey, webhookSecret: '', baseUrl: lemlist.apiUrl, ...credential };
	const one = host.trigger({ parameters: { events: EVENTS, campaigns: [], options: {}, ...parameters }, credential: { data: data as never } });
	made.push(one);
	return one;
}

const types = () => lemlist.hooks.map((hook) => hook.type ?? '*').sort();
const sentTo = (method: string) => lemlist.requests.filter((request) => request.method === method);
const post: FaultTrigger = { method: 'POST', path: '/hooks' };
const get: FaultTrigger = { method: 'GET', path: '/hooks' };
const del: FaultTrigger = { method: 'DELETE' };
const status = (code: number, acts = false, more: { body?: string; headers?: Record<string, string> } = {}): Effect => ({ name: 'status', status: code, acts, ...more });

/** Waits until something holds; fails with what is there instead. */
async function eventually(holds: () => boolean, within = 10_000): Promise<void> {
	const end = Date.now() + within;
	while (!holds()) {
		if (Date.now() > end) throw new Error(`Still not so: ${holds.toString()}`);
		await new Promise((resolve) => { setTimeout(resolve, 20); });
	}
}

async function check(one: Trigger): Promise<void> {
	const before = sentTo('GET').length;
	one.check();
	await eventually(() => sentTo('GET').slice(before).some((request) => request.status !== 'none'));
}

describe('activation', () => {
	test('registers one hook an event, each on a URL of its own, with a secret, and is then content', async () => {
		const one = trigger();
		await one.activate();
		expect(types()).toEqual([...EVENTS].sort());
		expect(new Set(lemlist.hooks.map((hook) => hook.targetUrl)).size).toBe(3);
		expect(new Set(lemlist.hooks.map((hook) => hook.secret)).size).toBe(1);
		expect(lemlist.hooks[0]?.secret).toMatch(/^[\w-]{43}$/);
		lemlist.clearRequests();
		await one.activate('update');
		expect(lemlist.requests.map((request) => request.method)).toEqual(['GET']);
		expect(one.log).toEqual([]);
	});

	test.each([1, 10])('takes %i + 2 requests', async (events) => {
		await trigger({ events: ['group:linkedin'].concat([]).length > 0 ? LINKEDIN.slice(0, events) : [] }).activate();
		expect(lemlist.requests).toHaveLength(events + 2);
	});

	test('stores the URL and a fingerprint, no secret and no ids', async () => {
		const one = trigger();
		await one.activate();
		const saved = JSON.stringify(one.saved);
		expect(Object.values(one.saved)).toEqual([{ webhookUrl: one.webhookUrl, fingerprint: expect.stringMatching(/^[\w-]{43}$/) }]);
		for (const hidden of [lemlist.apiKey, lemlist.hooks[0]?.secret ?? '', ...lemlist.hooks.map((hook) => hook._id)]) expect(saved).not.toContain(hidden);
	});

	test('sends the key as Basic without user name, a User-Agent of its own, and never the key in a URL', async () => {
		await trigger({}, { apiKey: `  ${lemlist.apiKey}\n` }).activate();
		for (const request of lemlist.requests) {
			expect(request.headers.authorization).toBe(`Basic ${Buffer.from(`:${lemlist.apiKey}`).toString('base64')}`);
			expect(request.headers['user-agent']).toMatch(/^n8n-nodes-lemlist\/\d/);
			expect(JSON.stringify([request.path, request.query])).not.toContain(lemlist.apiKey);
		}
	});

	test.each<[string, IDataObject, object[]]>([
		['All Events: one hook without type', { events: ['*', 'emailsSent'] }, [{ isFirst: false }]],
		['one campaign: lemlist filters, alerts excepted', { events: ['emailsSent', 'connectionIssue'], campaigns: ['@0'] }, [{ type: 'emailsSent', campaignId: '@0', isFirst: false }, { type: 'connectionIssue', isFirst: false }]],
		['several campaigns: for the whole team', { events: ['emailsSent'], campaigns: ['@0', '@1'] }, [{ type: 'emailsSent', isFirst: false }]],
		['one campaign as a string', { events: 'emailsSent', campaigns: '@0' }, [{ type: 'emailsSent', campaignId: '@0', isFirst: false }]],
		['first activities only', { events: ['emailsSent'], options: { firstActivityOnly: true } }, [{ type: 'emailsSent', isFirst: true }]],
		['the row about older campaigns is no campaign', { events: ['emailsSent'], campaigns: ['more'] }, [{ type: 'emailsSent', isFirst: false }]],
	])('%s', async (_, parameters, expected) => {
		const named = (value: unknown) => JSON.parse(JSON.stringify(value).replace(/@(\d)/g, (_match, index: string) => lemlist.campaigns[Number(index)]?._id ?? '')) as never;
		await trigger(named(parameters)).activate();
		expect(lemlist.hooks.map(({ type, campaignId, isFirst }) => ({ ...(type && { type }), ...(campaignId && { campaignId }), isFirst }))).toEqual(named(expected));
	});

	test('of every event fits lemlist\'s rate limit without wasting time', async () => {
		const began = Date.now();
		await trigger({ events: ALL_HEADINGS }).activate();
		expect(lemlist.hooks).toHaveLength(75);
		const windows = Math.ceil(lemlist.requests.length / 20);
		expect(Date.now() - began).toBeLessThan(1.1 * 2_000 * windows);
		expect(lemlist.requests.filter((request) => request.status === 429).length).toBeLessThanOrEqual(2);
	});

	test('survives that somebody else uses half of the budget', async () => {
		const spending = setInterval(() => { lemlist.spend(10); }, 2_000);
		lemlist.spend(10);
		await trigger({ events: LINKEDIN }).activate().finally(() => { clearInterval(spending); });
		expect(lemlist.hooks).toHaveLength(24);
	});

	test('of two workflows at once does not mix them up', async () => {
		const [one, two] = [trigger(), trigger({ events: ['emailsSent'] })];
		await Promise.all([one.activate(), two.activate()]);
		expect(lemlist.hooks).toHaveLength(4);
		await one.deactivate();
		expect(types()).toEqual(['emailsSent']);
		await two.deactivate();
		expect(lemlist.hooks).toEqual([]);
	});
});

const LINKEDIN = ['linkedinSent', 'linkedinOpened', 'linkedinReplied', 'linkedinInterested', 'linkedinNotInterested', 'linkedinSendFailed', 'linkedinVisitDone', 'linkedinVisitFailed', 'linkedinFollowDone', 'linkedinFollowFailed', 'linkedinFollowSkipped', 'linkedinInviteDone', 'linkedinInviteFailed', 'linkedinInviteAccepted', 'linkedinEndorseDone', 'linkedinEndorseFailed', 'linkedinEndorseSkipped', 'linkedinVoiceNoteDone', 'linkedinVoiceNoteFailed', 'linkedinLikeLastPostDone', 'linkedinLikeLastPostNoPost', 'linkedinLikeLastPostFailed', 'linkedinWithdrawInvitationDone', 'linkedinWithdrawInvitationFailed'];
const ALL_HEADINGS = ['lead', 'email', 'linkedin', 'whatsapp', 'sms', 'call', 'api', 'manual', 'task', 'workspace', 'enrichment', 'inbox', 'signal', 'deliverability'].map((key) => `group:${key}`);

describe('activation gets through', () => {
	test.each<[string, FaultTrigger, Effect | BareEffectName, number]>([
		['a POST whose answer is lost after lemlist acted', { ...post, nth: 2 }, 'resetAfter', 1],
		['a POST that is lost before lemlist acted', { ...post, nth: 2 }, 'resetBefore', 1],
		['every POST losing its answer', post, 'resetAfter', 3],
		['a 500 after lemlist acted', { ...post, nth: 1 }, status(500, true), 1],
		['a 502 with a page of markup before lemlist acted', { ...post, nth: 1 }, status(502, false, { body: '<html>Bad gateway</html>' }), 1],
		['a 503', post, status(503), 2],
		['an empty answer', { ...post, nth: 1 }, 'emptyBody', 1],
		['broken JSON', { ...post, nth: 1 }, 'brokenJson', 1],
		['JSON of another shape', { ...post, nth: 1 }, 'otherShape', 1],
		['a 409 for a hook that is ours', { ...post, nth: 1 }, status(409, true), 1],
		['a 429 with Retry-After', { ...post, nth: 2 }, status(429, false, { headers: { 'retry-after': '1' } }), 1],
		['a 429 without', { ...post, nth: 2 }, status(429), 1],
		['a list that fails twice', get, status(500), 2],
		['a list that is not one', get, 'otherShape', 1],
		['a list that is reset', get, 'resetBefore', 1],
	])('%s', async (_, on, effect, times) => {
		lemlist.fault({ on, effect, times });
		await trigger().activate();
		expect(types()).toEqual([...EVENTS].sort());
	});

	test('a POST that hangs after lemlist acted, and one that hangs before', async () => {
		lemlist.fault({ on: { ...post, nth: 1 }, effect: 'hangAfter' });
		lemlist.fault({ on: { ...post, nth: 2 }, effect: 'hangBefore' });
		const began = Date.now();
		await trigger().activate();
		expect(types()).toEqual([...EVENTS].sort());
		expect(Date.now() - began).toBeLessThan(15_000);
	});

	test('lemlist that allows two hooks on one URL: a lost answer makes none twice', async () => {
		lemlist.rules.takenTargetUrl = 'allow';
		lemlist.fault({ on: post, effect: 'resetAfter', times: 2 });
		await trigger().activate();
		expect(types()).toEqual([...EVENTS].sort());
	});

	test('a list of hooks in pages', async () => {
		lemlist.rules.hookPages = { size: 100 };
		lemlist.rules.hooksPerTeam = 500;
		for (let index = 0; index < 250; index += 1) lemlist.addHook({ targetUrl: `https://other.example.org/${String(index)}` });
		const one = trigger();
		await one.activate();
		expect(lemlist.hooks).toHaveLength(253);
		await one.deactivate();
		expect(lemlist.hooks).toHaveLength(250);
	});

	test('left-overs on its URL, a double, and hooks of others', async () => {
		const one = trigger();
		await one.activate();
		await one.stop();
		lemlist.addHook({ targetUrl: one.webhookUrl });
		lemlist.addHook({ targetUrl: `${one.webhookUrl}?hook=emailsSent.AAAAAAAAAAAAAAAA`, type: 'emailsSent' });
		lemlist.addHook({ ...lemlist.hooks[0], _id: 'hoo_double0000000000' });
		const foreign = [lemlist.addHook({ targetUrl: `${one.webhookUrl}2` }), lemlist.addHook({ targetUrl: 'https://zapier.example.org/' })];
		await one.activate();
		expect(lemlist.hooks).toHaveLength(3 + foreign.length);
		expect(lemlist.hooks).toEqual(expect.arrayContaining(foreign));
	});
});

describe('activation that cannot succeed says why and leaves nothing behind', () => {
	const last = { ...post, nth: 3 };
	test.each<[string, FaultTrigger, Effect | BareEffectName, number, RegExp]>([
		['401 in the middle of several', last, status(401), 1, /rejected the API key\. Create a new one under Settings > Integrations/],
		['403 in the middle of several', last, status(403), 1, /denied access.*blocked.*Ask the owner/],
		['400 for too many hooks', last, status(400, false, { body: 'Too many hooks' }), 1, /allows about 200 webhooks a team, and this team has 2\. Delete webhooks/],
		['400 for an event', last, status(400, false, { body: 'Bad params' }), 1, /refused to send the event "[A-Z].*Remove it from Events/],
		['409 for a hook that is not shown', last, status(409), Infinity, /already has a webhook on this trigger's address.*duplicate/],
		['500 without end', last, status(500), Infinity, /problem on its side\. Try again/],
		['a redirect to another host', last, { name: 'redirect', location: 'https://evil.example.org/' }, 1, /sent the request on to another address.*not passed on/],
		['an answer from no API', post, { name: 'status', status: 200, body: '<html>', contentType: 'text/html', acts: false }, Infinity, /not from its API/],
		['a list without end of 500', get, status(500), Infinity, /problem on its side/],
		['a list of markup', get, { name: 'status', status: 200, body: '<html>', contentType: 'text/html', acts: false }, Infinity, /not from its API/],
		['a connection that is reset', get, 'resetBefore', Infinity, /could not be reached/],
		['429 for an hour', post, status(429, false, { headers: { 'retry-after': '3600' } }), Infinity, /too many/],
		['a teapot', last, status(418), 1, /refused to send the event/],
	])('%s', async (_, on, effect, times, words) => {
		lemlist.fault({ on, effect, times });
		const one = trigger();
		const error = await one.activate().catch((thrown: unknown) => thrown);
		expect(error).toHaveProperty('message', expect.stringMatching(words));
		expect((error as Error).constructor.name).toMatch(/^Node(Api|Operation)Error$/);
		lemlist.clearFaults();
		expect(lemlist.hooks).toEqual([]);
		expect(one.saved).toEqual({});
	});

	test('a left-over that cannot be removed: what was made is undone', async () => {
		const one = trigger();
		const stale = lemlist.addHook({ targetUrl: `${one.webhookUrl}?hook=x` });
		lemlist.fault({ on: { method: 'DELETE', path: `/hooks/${stale._id}` }, effect: status(500), times: Infinity });
		await expect(one.activate()).rejects.toThrow(/still at lemlist.*problem on its side/);
		expect(lemlist.hooks).toEqual([stale]);
	});

	test('lemlist down', async () => {
		await lemlist.stopListening();
		await expect(trigger().activate()).rejects.toMatchObject({ message: expect.stringMatching(/could not be reached/), description: expect.stringContaining('ECONNREFUSED') });
		await lemlist.startListening();
	});

	test('lemlist silent: within the time that n8n gives', async () => {
		lemlist.fault({ on: get, effect: 'hangBefore', times: Infinity });
		const began = Date.now();
		await expect(trigger().activate()).rejects.toThrow(/could not be reached|took too long/);
		// checkExists and n8n's delete after it, each with a bound of its own
		expect(Date.now() - began).toBeLessThan(30_000);
	}, 40_000);

	test('the 201st hook of a team', async () => {
		for (let index = 0; index < 199; index += 1) lemlist.addHook({ targetUrl: `https://other.example.org/${String(index)}` });
		lemlist.rules.pastHooksPerTeam = { status: 403, body: 'Forbidden' };
		await expect(trigger().activate()).rejects.toThrow(/this team has 200\. Delete webhooks/);
		expect(lemlist.hooks).toHaveLength(199);
	});

	test('a campaign of another team', async () => {
		await expect(trigger({ events: ['emailsSent'], campaigns: ['cam_ofAnotherTeam0000'] }).activate()).rejects.toThrow(/does not accept the campaign "cam_ofAnotherTeam0000".*Pick the campaign again/);
		expect(lemlist.hooks).toEqual([]);
	});
});

describe('bad input is refused in words before anything is sent', () => {
	test.each<[string, IDataObject, IDataObject, RegExp]>([
		['no event', { events: [] }, {}, /No event is picked/],
		['an unknown event', { events: ['emailReplied'] }, {}, /no event called "emailReplied"/],
		['a removed event', { events: ['emailsSendFailed'] }, {}, /Use "emailsFailed"/],
		['no campaign id', { campaigns: ['My campaign'] }, {}, /"My campaign" is not the ID of a lemlist campaign/],
		['a campaign that is no text', { campaigns: [{ id: 1 }] }, {}, /is not the ID of a lemlist campaign/],
		['an unknown choice for replies', { options: { thirdPartyReplies: 'sometimes' } }, {}, /no choice for Replies From Other People/],
		['an empty key', {}, { apiKey: ' ' }, /API key of the credential is empty/],
		['a key that is none', {}, { apiKey: 7 }, /API key of the credential is empty/],
		['a key with a line break in it', {}, { apiKey: 'abc\ndef' }, /a space, a line break or an odd character/],
		['a base URL that is none', {}, { baseUrl: 'lemlist' }, /base URL of the credential is no web address/],
		['a base URL of another kind', {}, { baseUrl: 'ftp://api.lemlist.com' }, /base URL of the credential is no web address/],
	])('%s', async (_, parameters, credential, words) => {
		await expect(trigger(parameters, credential).activate()).rejects.toThrow(words);
		expect(lemlist.requests).toEqual([]);
	});

	test.each(['http://localhost:5678', 'http://192.168.1.7:5678', 'http://n8n:5678'])('a webhook address that lemlist cannot reach: %s', async (base) => {
		const one = trigger({}, { baseUrl: 'https://api.lemlist.example.com/api' });
		one.options.webhookBaseUrl = `${base}/webhook`;
		await expect(one.activate()).rejects.toThrow(/lemlist cannot reach the webhook address.*Set WEBHOOK_URL/);
	});

	test('an empty base URL means lemlist itself', async () => {
		const one = trigger({}, { baseUrl: '' });
		await expect(one.activate()).rejects.toThrow(/lemlist cannot reach the webhook address/);
	});
});

describe('deactivation', () => {
	test('removes every hook on its URL, also one that is not known, and clears static data', async () => {
		const one = trigger();
		await one.activate();
		lemlist.addHook({ targetUrl: `${one.webhookUrl}?left=over` });
		const foreign = lemlist.addHook({ targetUrl: 'https://zapier.example.org/' });
		await one.deactivate();
		expect(lemlist.hooks).toEqual([foreign]);
		expect(one.saved).toEqual({ 'node:Lemlist Events Trigger': {} });
	});

	test.each<[string, FaultTrigger, Effect | BareEffectName, number]>([
		['a deletion that fails once', del, status(500), 1],
		['a deletion whose answer is lost', del, 'resetAfter', 2],
		['a hook that is gone already', del, status(404, true), 1],
		['a 429', del, status(429, false, { headers: { 'retry-after': '1' } }), 2],
		['a list that fails once', get, status(503), 1],
	])('gets through %s', async (_, on, effect, times) => {
		const one = trigger();
		await one.activate();
		lemlist.fault({ on, effect, times });
		await one.deactivate();
		expect(lemlist.hooks).toEqual([]);
	});

	test('that fails throws, naming what is left, removes the rest, and succeeds when tried again', async () => {
		const one = trigger();
		await one.activate();
		const stubborn = lemlist.hooks[1];
		lemlist.fault({ on: { method: 'DELETE', path: `/hooks/${String(stubborn?._id)}` }, effect: status(500), times: Infinity });
		const began = Date.now();
		await expect(one.deactivate()).rejects.toThrow(/1 webhook of this trigger is still at lemlist\. lemlist has a problem/);
		expect(Date.now() - began).toBeLessThan(20_000);
		expect(lemlist.hooks).toEqual([stubborn]);
		lemlist.clearFaults();
		await one.deactivate();
		expect(lemlist.hooks).toEqual([]);
	});

	test('with a revoked key throws in words', async () => {
		const one = trigger();
		await one.activate();
		lemlist.keys.set(lemlist.apiKey, { state: 'revoked', teamId: lemlist.teamId });
		await expect(one.deactivate()).rejects.toThrow(/rejected the API key/);
	});

	test('while lemlist is silent ends within 20 seconds', async () => {
		const one = trigger();
		await one.activate();
		lemlist.fault({ on: get, effect: 'hangBefore', times: Infinity });
		const began = Date.now();
		await expect(one.deactivate()).rejects.toThrow(/could not be reached|took too long/);
		expect(Date.now() - began).toBeLessThan(20_500);
	});

	test('during an activation stops it, and nothing is left', async () => {
		const one = trigger({ events: LINKEDIN });
		const activation = one.activate().catch((error: unknown) => error);
		await eventually(() => lemlist.hooks.length > 5);
		await one.deactivate();
		expect(await activation).toHaveProperty('message', expect.stringContaining('switched off'));
		expect(lemlist.hooks).toEqual([]);
	});
});

describe('test runs', () => {
	test('register on the test URL and clean up, next to the active workflow', async () => {
		const one = trigger({ events: ['emailsSent'] });
		await one.activate();
		const run = one.testRun();
		await run.listen();
		expect(lemlist.hooks.map((hook) => new URL(hook.targetUrl).pathname.split('/')[1])).toEqual(['webhook', 'webhook-test']);
		expect(new Set(lemlist.hooks.map((hook) => hook.secret)).size).toBe(1);
		await run.stop();
		expect(lemlist.hooks.map((hook) => new URL(hook.targetUrl).pathname.split('/')[1])).toEqual(['webhook']);
	});

	test('do not throw when the hooks cannot be removed: n8n would not handle it', async () => {
		const one = trigger({ events: ['emailsSent'] });
		const run = one.testRun();
		await run.listen();
		lemlist.fault({ on: del, effect: status(500), times: Infinity });
		await run.stop();
		expect(one.log.join()).toMatch(/test run could not be removed\. 1 webhook.*still at lemlist/);
	});
});

describe('the check', () => {
	test('changes nothing while all is well', async () => {
		const one = trigger();
		await one.activate();
		lemlist.clearRequests();
		await check(one);
		expect(lemlist.requests.map((request) => request.method)).toEqual(['GET']);
	});

	test('mends a hook that vanished, removes a stale one and a double, and leaves those of others', async () => {
		const one = trigger();
		await one.activate();
		const before = types();
		lemlist.removeHook(lemlist.hooks[0]?._id ?? '');
		lemlist.addHook({ ...lemlist.hooks[1], _id: 'hoo_double0000000000' });
		lemlist.addHook({ targetUrl: one.webhookUrl });
		const foreign = lemlist.addHook({ targetUrl: 'https://zapier.example.org/', type: 'smsSent' });
		one.check();
		await eventually(() => lemlist.hooks.length === 4);
		expect(types()).toEqual([...before, 'smsSent'].sort());
		expect(lemlist.hooks).toContainEqual(foreign);
	});

	test.each<[string, Effect | BareEffectName]>([['answers 500', status(500)], ['resets connections', 'resetBefore'], ['rejects the key', status(401)], ['sends markup', { name: 'status', status: 200, body: '<html>', acts: false }]])('never throws while lemlist %s, says so in the log, and mends later', async (_, effect) => {
		const one = trigger();
		await one.activate();
		lemlist.removeHook(lemlist.hooks[0]?._id ?? '');
		lemlist.fault({ on: get, effect, times: Infinity });
		one.check();
		await eventually(() => one.log.length > 0);
		expect(one.log.join()).toMatch(/could not be checked; the next check tries again\. lemlist/);
		lemlist.clearFaults();
		one.check();
		await eventually(() => lemlist.hooks.length === 3);
	});

	test('does nothing for a workflow that is off, even when a check was under way', async () => {
		const one = trigger();
		await one.activate();
		for (const hook of [...lemlist.hooks]) lemlist.removeHook(hook._id);
		lemlist.fault({ on: get, effect: { name: 'delay', ms: 300 } });
		one.check();
		await eventually(() => sentTo('GET').some((request) => request.status === 'none'));
		await one.deactivate();
		await new Promise((resolve) => { setTimeout(resolve, 500); });
		expect(lemlist.hooks).toEqual([]);
	});

	test('does nothing after an activation that failed', async () => {
		const one = trigger();
		await one.activate();
		await one.stop();
		lemlist.keys.set(lemlist.apiKey, { state: 'blocked', teamId: lemlist.teamId });
		await expect(one.activate()).rejects.toThrow(/denied access/);
		lemlist.keys.set(lemlist.apiKey, { state: 'valid', teamId: lemlist.teamId });
		lemlist.clearRequests();
		one.check();
		await new Promise((resolve) => { setTimeout(resolve, 200); });
		expect(lemlist.requests).toEqual([]);
	});

	test('takes up a rotated secret: new hooks first, then the old ones go', async () => {
		const one = trigger();
		await one.activate();
		const before = lemlist.hooks[0]?.secret;
		const { data } = one.options.credential;
		if (data) data.webhookSecret = 'rotated';
		lemlist.clearRequests();
		one.check();
		await eventually(() => lemlist.hooks.length === 3 && lemlist.hooks.every((hook) => hook.secret !== before));
		expect(lemlist.requests.map((request) => request.method)).toEqual(['GET', 'POST', 'POST', 'POST', 'DELETE', 'DELETE', 'DELETE']);
	});

	test('with a deleted credential only says so', async () => {
		const one = trigger();
		await one.activate();
		one.options.credential.data = undefined;
		one.check();
		await eventually(() => one.log.length > 0);
		expect(lemlist.hooks).toHaveLength(3);
	});

	test('twice at once is one check', async () => {
		const one = trigger();
		await one.activate();
		lemlist.clearRequests();
		one.check();
		one.check();
		await eventually(() => sentTo('GET').some((request) => request.status === 200));
		await new Promise((resolve) => { setTimeout(resolve, 100); });
		expect(lemlist.requests).toHaveLength(1);
	});
});

describe('a start of n8n', () => {
	test('with all hooks there asks once and changes nothing', async () => {
		const one = trigger();
		await one.activate();
		lemlist.clearRequests();
		await one.restart();
		expect(lemlist.requests.map((request) => request.method)).toEqual(['GET']);
	});

	test('mends hooks that lemlist removed meanwhile', async () => {
		const one = trigger();
		await one.activate();
		await one.stop();
		const answers = await lemlist.deliver(activityOf('emailsReplied'));
		expect(answers.map((answer) => [answer.status, answer.hookRemoved])).toEqual([[404, true]]);
		await one.restart();
		expect(types()).toEqual([...EVENTS].sort());
	});

	test('after a crash in the middle of an activation finishes it', async () => {
		const one = trigger({ events: LINKEDIN });
		const activation = one.activate().catch(() => undefined);
		await eventually(() => lemlist.hooks.length > 3);
		one.saved = {};
		await activation;
		for (const hook of lemlist.hooks.slice(0, 12)) lemlist.removeHook(hook._id);
		one.saved = {};
		await one.restart();
		expect(lemlist.hooks).toHaveLength(24);
	});

	test.each<[string, () => void]>([
		['lemlist is down', () => { lemlist.fault({ effect: status(500), times: Infinity }); }],
		['lemlist rejects the key', () => { lemlist.fault({ effect: status(401), times: Infinity }); }],
		['a hook cannot be made', () => { lemlist.fault({ on: post, effect: status(400), times: Infinity }); }],
	])('never throws while %s; the next check goes on', async (_, brokenBy) => {
		const one = trigger();
		await one.activate();
		await one.stop();
		lemlist.removeHook(lemlist.hooks[0]?._id ?? '');
		brokenBy();
		await one.restart();
		expect(one.log.join()).toMatch(/could not be checked while n8n starts; the next check tries again/);
		lemlist.clearFaults();
		one.check();
		await eventually(() => lemlist.hooks.length === 3);
	});

	test('never throws with a parameter or a credential that went wrong', async () => {
		const one = trigger();
		await one.activate();
		one.options.parameters.events = ['skipped'];
		await one.restart();
		one.options.parameters.events = EVENTS;
		one.options.credential.data = undefined;
		await one.restart();
		expect(lemlist.hooks).toHaveLength(3);
	});

	test('with static data lost stores it again', async () => {
		const one = trigger();
		await one.activate();
		const before = one.saved;
		one.saved = {};
		await one.restart();
		expect(one.saved).toEqual(before);
		expect(lemlist.hooks).toHaveLength(3);
	});

	test('as a new leader behaves like a start', async () => {
		const one = trigger();
		await one.activate();
		await one.stop();
		lemlist.fault({ effect: status(500), times: 8 });
		await one.activate('leadershipChange');
		expect(one.log.join()).toContain('next check tries again');
	});
});
