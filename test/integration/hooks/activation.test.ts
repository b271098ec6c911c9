/** Activation of the built node: what it registers, what it gets through, what it refuses. */
import { inspect } from 'node:util';
import type { IDataObject } from 'n8n-workflow';
import { clock } from '../../../nodes/LemlistTrigger/process/clock';
import { EVENT_GROUPS } from '../../../nodes/LemlistTrigger/settings/events';
import type { Fault, FaultTrigger, RequestRecord } from '../../sandbox';
import { DELETE, EVENTS, GET, MARKUP, pause, pausesPassAtOnce, POST, Stage, status } from '../stage';

const LINKEDIN_EVENTS = EVENT_GROUPS.flatMap((group) => (group.key === 'linkedin' ? group.events.map((event) => event.type) : []));

const stage = new Stage();

/** Finds the POST for one event. */
const ofType = (type: string) => ({ body }: RequestRecord) => (body as { type?: string } | undefined)?.type === type;
pausesPassAtOnce();

describe('activation', () => {
	test('registers one hook an event, each on a URL of its own, with a secret, and is then content', async () => {
		const one = stage.trigger();
		await one.activate();
		expect(stage.types()).toEqual([...EVENTS].sort());
		expect(new Set(stage.lemlist.hooks.map((hook) => hook.targetUrl)).size).toBe(3);
		expect(new Set(stage.lemlist.hooks.map((hook) => hook.secret)).size).toBe(1);
		expect(stage.lemlist.hooks[0]?.secret).toMatch(/^[\w-]{43}$/);
		stage.lemlist.clearRequests();
		await one.activate('update');
		expect(stage.lemlist.requests.map((request) => request.method)).toEqual(['GET']);
		expect(one.log).toEqual([]);
	});

	test('with all hooks there already stores what it needs all the same', async () => {
		const one = stage.trigger();
		await one.activate();
		const before = one.saved;
		await one.stop();
		one.saved = {};
		await one.activate();
		expect(one.saved).toEqual(before);
	});

	test('takes blanks around the Webhook Secret for a slip', async () => {
		const one = stage.trigger({}, { webhookSecret: 'my webhook secret' });
		await one.activate();
		await one.stop();
		Object.assign(one.options.credential.data ?? {}, { webhookSecret: ' my webhook secret\n' });
		stage.lemlist.clearRequests();
		await one.activate();
		expect(stage.lemlist.requests.map((request) => request.method)).toEqual(['GET']);
	});

	test.each([1, 10])('takes %i + 2 requests', async (events) => {
		await stage.trigger({ events: LINKEDIN_EVENTS.slice(0, events) }).activate();
		expect(stage.lemlist.requests).toHaveLength(events + 2);
	});

	test('stores the URL and a fingerprint, no secret and no ids', async () => {
		const one = stage.trigger();
		await one.activate();
		const saved = JSON.stringify(one.saved);
		expect(Object.values(one.saved)).toEqual([{ webhookUrl: one.webhookUrl, fingerprint: expect.stringMatching(/^[\w-]{43}$/) as string }]);
		for (const hidden of [stage.lemlist.apiKey, stage.lemlist.hooks[0]?.secret ?? '', ...stage.lemlist.hooks.map((hook) => hook._id)]) expect(saved).not.toContain(hidden);
	});

	test('sends the key as Basic without user name, a User-Agent of its own, and never the key in a URL', async () => {
		await stage.trigger({}, { apiKey: `  ${stage.lemlist.apiKey}\n` }).activate();
		for (const request of stage.lemlist.requests) {
			expect(request.headers.authorization).toBe(`Basic ${Buffer.from(`:${stage.lemlist.apiKey}`).toString('base64')}`);
			expect(request.headers['user-agent']).toMatch(/^n8n-nodes-lemlist\/\d/);
			expect(JSON.stringify([request.path, request.query])).not.toContain(stage.lemlist.apiKey);
		}
	});

	test.each<[string, IDataObject, object[]]>([
		['All Events: one hook without type', { events: ['*', 'emailsSent'] }, [{ isFirst: false }]],
		['one campaign: lemlist filters, alerts excepted', { events: ['emailsSent', 'connectionIssue'], campaigns: ['@0'] }, [{ type: 'emailsSent', campaignId: '@0', isFirst: false }, { type: 'connectionIssue', isFirst: false }]],
		['several campaigns: for the whole team', { events: ['emailsSent'], campaigns: ['@0', '@1'] }, [{ type: 'emailsSent', isFirst: false }]],
		['one campaign as a string', { events: 'emailsSent', campaigns: '@0' }, [{ type: 'emailsSent', campaignId: '@0', isFirst: false }]],
		['one campaign, named twice and with blanks', { events: ['emailsSent'], campaigns: [' @0', '@0 '] }, [{ type: 'emailsSent', campaignId: '@0', isFirst: false }]],
		['first activities by a text in place of a yes: not', { events: ['emailsSent'], options: { firstActivityOnly: 'false' } }, [{ type: 'emailsSent', isFirst: false }]],
		['first activities only', { events: ['emailsSent'], options: { firstActivityOnly: true } }, [{ type: 'emailsSent', isFirst: true }]],
		['the row about older campaigns is no campaign', { events: ['emailsSent'], campaigns: ['more'] }, [{ type: 'emailsSent', isFirst: false }]],
	])('%s', async (_, parameters, expected) => {
		const named = (value: unknown) => JSON.parse(JSON.stringify(value).replace(/@(\d)/g, (_match, index: string) => stage.lemlist.campaigns[Number(index)]?._id ?? '')) as never;
		await stage.trigger(named(parameters)).activate();
		expect(stage.lemlist.hooks.map(({ type, campaignId, isFirst }) => ({ ...(type && { type }), ...(campaignId && { campaignId }), isFirst }))).toEqual(named(expected));
	});

	test('of two workflows at once does not mix them up', async () => {
		const [one, two] = [stage.trigger(), stage.trigger({ events: ['emailsSent'] })];
		await Promise.all([one.activate(), two.activate()]);
		expect(stage.lemlist.hooks).toHaveLength(4);
		await one.deactivate();
		expect(stage.types()).toEqual(['emailsSent']);
		await two.deactivate();
		expect(stage.lemlist.hooks).toEqual([]);
	});
});

describe('activation gets through', () => {
	test.each<[string, FaultTrigger, Fault['effect'], number]>([
		['a POST whose answer is lost after lemlist acted', { ...POST, nth: 2 }, 'resetAfter', 1],
		['a POST that is lost before lemlist acted', { ...POST, nth: 2 }, 'resetBefore', 1],
		['every POST losing its answer', POST, 'resetAfter', 3],
		['a 500 after lemlist acted', { ...POST, nth: 1 }, status(500, { acts: true }), 1],
		['a 502 with a page of markup before lemlist acted', { ...POST, nth: 1 }, status(502, {  body: '<html>Bad gateway</html>' }), 1],
		['a 503', POST, status(503), 2],
		['every POST failing twice', POST, status(503), 6],
		['an empty answer', { ...POST, nth: 1 }, 'emptyBody', 1],
		['broken JSON', { ...POST, nth: 1 }, 'brokenJson', 1],
		['JSON of another shape', { ...POST, nth: 1 }, 'otherShape', 1],
		['a 409 for a hook that is ours', { ...POST, nth: 1 }, status(409, { acts: true }), 1],
		['a list that fails twice', GET, status(500), 2],
		['a list that is not one', GET, 'otherShape', 1],
		['a list that is reset', GET, 'resetBefore', 1],
	])('%s', async (_, on, effect, times) => {
		stage.lemlist.fault({ on, effect, times });
		await stage.trigger().activate();
		expect(stage.types()).toEqual([...EVENTS].sort());
	});

	test('a POST that is lost twice and then made without an answer, only after looking each time', async () => {
		const on = { ...POST, match: ofType('interested') };
		stage.lemlist.fault({ on, effect: 'resetBefore', times: 2 });
		stage.lemlist.fault({ on, effect: 'resetAfter' });
		await stage.trigger().activate();
		expect(stage.types()).toEqual([...EVENTS].sort());
		expect(stage.lemlist.requests.map((request) => request.method).join(' ')).toBe('GET GET POST POST POST GET POST GET POST GET');
	});

	test('lemlist that allows two hooks on one URL: a lost answer makes none twice', async () => {
		stage.lemlist.rules.takenTargetUrl = 'allow';
		stage.lemlist.fault({ on: POST, effect: 'resetAfter', times: 2 });
		await stage.trigger().activate();
		expect(stage.types()).toEqual([...EVENTS].sort());
	});

	test('a list of hooks in pages', async () => {
		stage.lemlist.rules.hookPages = { size: 100 };
		stage.lemlist.rules.hooksPerTeam = 500;
		for (let index = 0; index < 250; index += 1) stage.lemlist.addHook({ targetUrl: `https://other.example.org/${String(index)}` });
		const one = stage.trigger();
		await one.activate();
		expect(stage.lemlist.hooks).toHaveLength(253);
		await one.deactivate();
		expect(stage.lemlist.hooks).toHaveLength(250);
	});

	test.each([400, 404, 405])('a team with exactly 100 hooks whose list has no further pages: %i', async (code) => {
		for (let index = 0; index < 100; index += 1) stage.lemlist.addHook({ targetUrl: `https://other.example.org/${String(index)}` });
		stage.lemlist.fault({ on: { ...GET, match: (request) => 'offset' in request.query }, effect: status(code), times: Infinity });
		const one = stage.trigger();
		await one.activate();
		await one.deactivate();
		expect(stage.lemlist.hooks).toHaveLength(100);
	});

	test('a team with exactly 100 hooks whose list is the same whatever page is asked for', async () => {
		for (let index = 0; index < 100; index += 1) stage.lemlist.addHook({ targetUrl: `https://other.example.org/${String(index)}` });
		await stage.trigger().activate();
		expect(stage.requests('GET').length).toBeLessThanOrEqual(4);
		expect(stage.lemlist.hooks).toHaveLength(103);
	});

	test('trouble on lemlist\'s side only after pauses that grow', async () => {
		stage.lemlist.fault({ on: GET, effect: status(500), times: 3 });
		const began = clock.now();
		await stage.trigger().activate();
		expect(clock.now() - began).toBeGreaterThanOrEqual(400 + 800 + 1_600);
	});

	test('a list that does not show yet what was made: only what is unsettled is posted again', async () => {
		stage.lemlist.rules.takenTargetUrl = 'allow';
		stage.lemlist.fault({ on: { ...POST, nth: 1 }, effect: 'resetBefore' });
		stage.lemlist.fault({ on: { ...GET, nth: 3 }, effect: { name: 'otherShape', body: [] } });
		await stage.trigger().activate();
		expect(stage.types()).toEqual([...EVENTS].sort());
		expect(stage.requests('POST')).toHaveLength(4);
	});

	test('a left-over that turns up while it posts', async () => {
		const one = stage.trigger();
		const turnUp = () => {
			if (stage.lemlist.hooks.length === 2) stage.lemlist.addHook({ targetUrl: `${one.webhookUrl}?hook=late` });
			return false;
		};
		stage.lemlist.fault({ on: { ...POST, nth: 3 }, effect: 'resetBefore' });
		stage.lemlist.fault({ on: { ...GET, match: turnUp }, effect: status(500) });
		await one.activate();
		expect(stage.lemlist.hooks.map(({ targetUrl }) => targetUrl).filter((url) => url.endsWith('late'))).toEqual([]);
		expect(stage.types()).toEqual([...EVENTS].sort());
	});

	test('left-overs on its URL, a double, and hooks of others', async () => {
		const one = stage.trigger();
		await one.activate();
		await one.stop();
		stage.lemlist.addHook({ targetUrl: one.webhookUrl });
		stage.lemlist.addHook({ targetUrl: `${one.webhookUrl}?hook=emailsSent.AAAAAAAAAAAAAAAA`, type: 'emailsSent' });
		stage.lemlist.addHook({ ...stage.lemlist.hooks[0], _id: 'hoo_double0000000000' });
		const foreign = [stage.lemlist.addHook({ targetUrl: `${one.webhookUrl}2` }), stage.lemlist.addHook({ targetUrl: 'https://zapier.example.org/' })];
		await one.activate();
		expect(stage.lemlist.hooks).toHaveLength(3 + foreign.length);
		expect(stage.lemlist.hooks).toEqual(expect.arrayContaining(foreign));
	});
});

describe('a POST that lemlist acts on late', () => {
	test('is not made twice, even where lemlist would allow it', async () => {
		stage.lemlist.rules.takenTargetUrl = 'allow';
		stage.lemlist.fault({ on: { ...POST, nth: 1 }, effect: { name: 'actLate', ms: 100 } });
		const real = clock.sleep;
		clock.sleep = pause;
		await stage.trigger().activate().finally(() => { clock.sleep = real; });
		expect(stage.types()).toEqual([...EVENTS].sort());
	});

	/** Lets the first POST arrive while the node waits. Its connection has to be lost. @returns how often it did, and the way back */
	function arrivingLate() {
		const { sleep } = clock;
		const late = { arrivals: 0, restore: () => { clock.sleep = sleep; } };
		clock.sleep = async (ms) => {
			const [posted] = stage.requests('POST');
			if (posted !== undefined && late.arrivals === 0) {
				stage.lemlist.addHook(posted.body as { targetUrl: string });
				late.arrivals += 1;
			}
			await sleep(ms);
		};
		return late;
	}

	test('is waited for before lemlist is asked: it is not made twice, even where lemlist would allow it', async () => {
		stage.lemlist.rules.takenTargetUrl = 'allow';
		stage.lemlist.fault({ on: { ...POST, nth: 1 }, effect: 'resetBefore' });
		const late = arrivingLate();
		await stage.trigger().activate().finally(late.restore);
		expect(late.arrivals).toBe(1);
		expect(stage.types()).toEqual([...EVENTS].sort());
		expect(stage.requests('POST')).toHaveLength(3);
	});

	test('is found by the delete that follows, also when its connection was lost before', async () => {
		stage.lemlist.fault({ on: { ...POST, nth: 1 }, effect: 'resetBefore' });
		stage.lemlist.fault({ on: { ...POST, nth: 2 }, effect: status(400) });
		let late: ReturnType<typeof arrivingLate> | undefined;
		const restore = stage.before('delete', async () => { late = await Promise.resolve(arrivingLate()); });
		await expect(stage.trigger().activate()).rejects.toThrow(/refused to send/).finally(() => { restore(); late?.restore(); });
		expect(late?.arrivals).toBe(1);
		expect(stage.lemlist.hooks).toEqual([]);
	});

	test('is found by the delete that follows a failed activation', async () => {
		stage.lemlist.fault({ on: { ...POST, nth: 1 }, effect: { name: 'actLate', ms: 400 } });
		stage.lemlist.fault({ on: { ...POST, nth: 2 }, effect: status(400) });
		const real = clock.sleep;
		clock.sleep = pause;
		await expect(stage.trigger().activate().finally(() => { clock.sleep = real; })).rejects.toThrow(/refused to send/);
		await pause(500);
		expect(stage.lemlist.hooks).toEqual([]);
	});
});

describe('activation that cannot succeed says why and leaves nothing behind', () => {
	const last = { ...POST, nth: 3 };
	const first = { ...POST, nth: 1 };
	test.each<[string, FaultTrigger, Fault['effect'], number, RegExp]>([
		['401 in the middle of several', last, status(401), 1, /rejected the API key\. Create a new one in lemlist under Settings > Integrations/],
		['401 for the first of several', first, status(401), 1, /rejected the API key/],
		['403 in the middle of several', last, status(403), 1, /denied access.*blocked.*Ask the owner/],
		['400 for too many hooks', last, status(400, {  body: 'Too many hooks' }), 1, /allows about 200 webhooks a team, and this team has 2\. Delete webhooks that nobody needs/],
		...['Hook limit exceeded', 'The maximum is reached', 'Quota exceeded', 'LIMIT'].map((body): [string, FaultTrigger, Fault['effect'], number, RegExp] => [`400 with "${body}"`, last, status(400, { body }), 1, /allows about 200 webhooks a team, and this team has 2\./]),
		['the same in JSON', last, status(400, { body: '{"error":"Too many hooks"}', contentType: 'application/json' }), 1, /allows about 200 webhooks a team, and this team has 2\./],
		['and beside the name of the status', last, status(400, { body: '{"statusCode":400,"error":"Bad Request","message":"Too many hooks"}', contentType: 'application/json' }), 1, /allows about 200 webhooks a team, and this team has 2\./],
		['403 with a page of markup', last, status(403, { body: '<html>Blocked</html>' }), 1, /did not come from lemlist/],
		['400 with a page of markup', last, status(400, { body: '<html>Bad request</html>' }), 1, /did not come from lemlist/],
		['400 for an event', last, status(400, {  body: 'Bad params' }), 1, /refused to send the event "[A-Z].*Remove it from Events/],
		['409 for a hook that is not shown', last, status(409), Infinity, /already has a webhook on this trigger's address.*add a new one from the node panel/],
		['500 without end', last, status(500), Infinity, /problem on its side\. Try again/],
		['a redirect to another host', last, { name: 'redirect', location: 'https://evil.example.org/' }, 1, /sent the request on to another address.*not passed on/],
		['an answer from no API', POST, MARKUP, Infinity, /did not come from lemlist/],
		['a list without end of 500', GET, status(500), Infinity, /problem on its side/],
		['a list of markup', GET, MARKUP, Infinity, /did not come from lemlist/],
		['a connection that is reset', GET, 'resetBefore', Infinity, /could not be reached/],
		['429 for longer than publishing may take', POST, status(429, { headers: { 'retry-after': '35' } }), 1, /too many/],
		['429 for an hour', POST, status(429, {  headers: { 'retry-after': '3600' } }), Infinity, /too many/],
		['a teapot', last, status(418), 1, /refused the request \(HTTP 418\)\. If it does so again/],
		['a plan without webhooks', last, status(402, { body: 'route is available starting emailPro plan' }), 1, /plan of this team does not include this.*"route is available starting emailPro plan".*Change the plan/],
		['a plan without webhooks, in words of a limit', last, status(402, { body: 'webhooks limit of your plan' }), 1, /plan of this team does not include this/],
		['a plan that does not even list them', GET, status(402, { body: 'route is available starting emailPro plan' }), Infinity, /plan of this team does not include this.*"route is available starting emailPro plan"/],
		['422 for an event', last, status(422, { body: 'Unknown type' }), 1, /refused to send the event "[A-Z].*Remove it from Events/],
		['404 for an event, whose list of webhooks was there just now', last, status(404, { body: 'Not found' }), 1, /refused to send the event "[A-Z]/],
		['400 for the team of the key', last, status(400, { body: 'Bad team' }), 1, /does not know the team of this API key.*Create a new API key/],
		['400 for the address', last, status(400, { body: 'Invalid targetUrl' }), 1, /does not accept the webhook address.*WEBHOOK_URL/],
		['a method that is not allowed', last, status(405, { body: 'Method not allowed' }), 1, /refused the request \(HTTP 405: "Method not allowed"\)/],
		['a proxy that wants a password', last, status(407, { body: '<html>Log in</html>' }), 1, /proxy between n8n and lemlist wants n8n to log in/],
		['a network that wants a log-in', GET, status(511, { body: '<html>Log in</html>' }), Infinity, /network that n8n is in wants somebody to log in/],
		['a redirect with a page', last, status(302, { body: '<html>Moved</html>', headers: { location: 'https://evil.example.org/' } }), 1, /sent the request on to another address/],
		['too many requests, on a page', POST, status(429, { body: '<html>Slow down</html>', headers: { 'retry-after': '35' } }), 1, /turning requests away/],
	])('%s', async (_, on, effect, times, words) => {
		stage.lemlist.fault({ on, effect, times });
		const one = stage.trigger();
		const error = await one.activate().catch((thrown: unknown) => thrown);
		expect(error).toHaveProperty('message', expect.stringMatching(words));
		expect((error as Error).constructor.name).toMatch(/^Node(Api|Operation)Error$/);
		expect(one.cleanUpError).toBeUndefined();
		stage.lemlist.clearFaults();
		expect(stage.lemlist.hooks).toEqual([]);
		expect(one.saved).toEqual({});
	});

	test('a list whose second page fails: what is not seen is not taken for gone', async () => {
		stage.lemlist.rules.hookPages = { size: 100 };
		for (let index = 0; index < 100; index += 1) stage.lemlist.addHook({ targetUrl: `https://other.example.org/${String(index)}` });
		const one = stage.trigger();
		await one.activate();
		stage.lemlist.fault({ on: { ...GET, match: (request) => 'offset' in request.query }, effect: status(500), times: Infinity });
		await expect(one.deactivate()).rejects.toThrow(/problem on its side/);
		stage.lemlist.clearFaults();
		await one.deactivate();
		expect(stage.lemlist.hooks).toHaveLength(100);
	});

	test('lemlist that refuses All Events', async () => {
		stage.lemlist.fault({ on: POST, effect: status(400, { body: 'Bad params' }) });
		await expect(stage.trigger({ events: ['*'] }).activate()).rejects.toThrow(/refused the request \(HTTP 400: "Bad params"\)/);
	});

	test('an address that stays taken, while lemlist has a problem with another: says what the user can do', async () => {
		stage.lemlist.fault({ on: { ...POST, match: ofType('emailsReplied') }, effect: status(500), times: Infinity });
		stage.lemlist.fault({ on: { ...POST, match: ofType('interested') }, effect: status(409), times: Infinity });
		await expect(stage.trigger().activate()).rejects.toThrow(/already has a webhook on this trigger's address/);
	});

	test('because the team became full counts the hooks made before an answer was lost', async () => {
		for (let index = 0; index < 198; index += 1) stage.lemlist.addHook({ targetUrl: `https://other.example.org/${String(index)}` });
		stage.lemlist.fault({ on: { ...POST, nth: 1 }, effect: 'resetBefore' });
		stage.lemlist.fault({ on: { ...POST, nth: 4 }, effect: status(400, { body: 'Bad params' }) });
		await expect(stage.trigger().activate()).rejects.toThrow(/about 200 webhooks a team, and this team has 200/);
		expect(stage.lemlist.hooks).toHaveLength(198);
	});

	test('and undo removes only what this activation made', async () => {
		const one = stage.trigger();
		await one.activate();
		await one.stop();
		stage.removeHook(0);
		stage.removeHook(1);
		const before = [...stage.lemlist.hooks];
		stage.lemlist.fault({ on: { ...POST, nth: 2 }, effect: status(400) });
		const restore = stage.before('delete', async () => { throw await Promise.resolve(new Error('n8n ended before it called delete')); });
		await expect(one.activate()).rejects.toThrow(/refused to send/).finally(restore);
		expect(stage.lemlist.hooks).toEqual(before);
	});

	test('and throws no second error from delete when nothing can be removed: n8n would keep its route', async () => {
		const one = stage.trigger();
		await one.activate();
		await one.stop();
		for (const hook of [...stage.lemlist.hooks]) stage.lemlist.removeHook(hook._id);
		stage.lemlist.fault({ on: { ...POST, nth: 3 }, effect: status(400) });
		stage.lemlist.fault({ on: DELETE, effect: status(500), times: Infinity });
		await expect(one.activate()).rejects.toThrow(/refused to send/);
		expect(one.cleanUpError).toBeUndefined();
		expect(one.log.join()).toContain('could not be removed');
	});

	test.each<[string, boolean, number]>([['takes its time when undo failed', true, 20_000], ['is soon over when nothing is left', false, 5_000]])('and the delete after it %s', async (_, isUndoBroken, withinMs) => {
		const busy = status(429, { headers: { 'retry-after': '10' } });
		stage.lemlist.fault({ on: { ...POST, nth: 3 }, effect: status(400) });
		stage.lemlist.fault({ on: { ...GET, nth: 3, match: () => isUndoBroken }, effect: status(401) });
		// A request that one fault hits is not counted by the next.
		stage.lemlist.fault({ on: { ...GET, nth: isUndoBroken ? 3 : 4 }, effect: busy });
		let began = 0;
		const restore = stage.before('delete', async () => { began = await Promise.resolve(clock.now()); });
		await expect(stage.trigger().activate()).rejects.toThrow(/refused to send/).finally(restore);
		expect(clock.now() - began).toBeLessThan(withinMs);
		expect(stage.lemlist.hooks).toEqual([]);
	});

	test('a left-over that cannot be removed: what was made is undone', async () => {
		const one = stage.trigger();
		const stale = stage.lemlist.addHook({ targetUrl: `${one.webhookUrl}?hook=x` });
		stage.lemlist.fault({ on: { method: 'DELETE', path: `/hooks/${stale._id}` }, effect: status(500), times: Infinity });
		await expect(one.activate()).rejects.toThrow(/still at lemlist.*problem on its side/);
		expect(stage.lemlist.hooks).toEqual([stale]);
	});

	test('lemlist down', async () => {
		await stage.lemlist.stopListening();
		await expect(stage.trigger().activate()).rejects.toMatchObject({ message: expect.stringMatching(/could not be reached/) as string, description: expect.stringMatching(/ The connection failed with "ECONNREFUSED"\.$/) as string });
		await stage.lemlist.startListening();
	});

	test('the 201st hook of a team', async () => {
		for (let index = 0; index < 199; index += 1) stage.lemlist.addHook({ targetUrl: `https://other.example.org/${String(index)}` });
		stage.lemlist.rules.pastHooksPerTeam = { status: 403, body: 'Forbidden' };
		await expect(stage.trigger().activate()).rejects.toThrow(/this team has 200\. Delete webhooks/);
		expect(stage.lemlist.hooks).toHaveLength(199);
	});

	test('a campaign of another team', async () => {
		await expect(stage.trigger({ events: ['emailsSent'], campaigns: ['cam_ofAnotherTeam0000'] }).activate()).rejects.toThrow(/does not accept the campaign "cam_ofAnotherTeam0000".*Pick the campaign again/);
		expect(stage.lemlist.hooks).toEqual([]);
	});
});

describe('what lemlist answers is quoted', () => {
	async function errorWith(body: string) {
		stage.lemlist.fault({ on: POST, effect: status(400, { body }) });
		return (await stage.trigger({}, { webhookSecret: 'my webhook secret' }).activate().catch((error: unknown) => error)) as Error & { description?: string };
	}

	test('when it is short and plain', async () => {
		expect((await errorWith('Bad params')).description).toMatch(/ lemlist answered HTTP 400 with "Bad params"\.$/);
	});

	test('shortened when it is long', async () => {
		expect((await errorWith('x'.repeat(10_000))).description?.length).toBeLessThan(350);
	});

	test.each<[string, () => string]>([
		['markup', () => '<html>Bad</html>'],
		['several lines', () => 'a\nb'],
		['the API key', () => `Bad key ${stage.lemlist.apiKey}`],
		['the API key as it travels', () => `Bad header Basic ${Buffer.from(`:${stage.lemlist.apiKey}`).toString('base64')}`],
		['the Webhook Secret', () => 'Bad my webhook secret!'],
		['nothing', () => ' '],
	])('but not %s', async (_, body) => {
		const error = await errorWith(body());
		expect(error.description ?? '').not.toContain('lemlist answered');
		expect(error.message).toMatch(/refused to send the event|did not come from lemlist/);
	});

	test('but not the secret of the hook, and no error carries the request', async () => {
		const trigger = stage.trigger();
		await trigger.activate();
		const secret = stage.lemlist.hooks[0]?.secret ?? '';
		await trigger.deactivate();
		stage.lemlist.fault({ on: POST, effect: status(400, { body: `secret ${secret} is bad` }) });
		const error = await trigger.activate().catch((thrown: unknown) => thrown);
		expect(error).toBeInstanceOf(Error);
		const told = inspect(error, { depth: 20, showHidden: true, getters: true });
		for (const hidden of [secret, stage.lemlist.apiKey, Buffer.from(`:${stage.lemlist.apiKey}`).toString('base64')]) expect(told).not.toContain(hidden);
	});
});

describe('a budget that is used up for longer than n8n waits', () => {
	test('is said at once', async () => {
		stage.lemlist.rules.rateLimit.windowMs = 120_000;
		stage.lemlist.spend(17);
		await expect(stage.trigger().activate()).rejects.toThrow(/too many/);
	});
});

describe('bad input is refused in words before anything is registered', () => {
	test.each<[string, IDataObject, IDataObject, RegExp]>([
		['no event', { events: [] }, {}, /No event is picked/],
		['an unknown event', { events: ['emailReplied'] }, {}, /no event called "emailReplied"/],
		['a removed event', { events: ['emailsSendFailed'] }, {}, /Use "emailsFailed"/],
		['no campaign id', { campaigns: ['My campaign'] }, {}, /"My campaign" is not the ID of a lemlist campaign/],
		['a campaign that is no text', { campaigns: [{ id: 1 }] }, {}, /is not the ID of a lemlist campaign/],
		['campaigns in one text', { campaigns: 'cam_1,cam_2' }, {}, /"cam_1,cam_2" is several campaigns in one text\. Pick them/],
		['campaigns in one text under All Events', { events: ['*'], campaigns: ['cam_1; cam_2', 'cam_3'] }, {}, /several campaigns in one text/],
		['an unknown choice for replies', { options: { thirdPartyReplies: 'sometimes' } }, {}, /not a choice for Replies From Other People/],
		['an empty key', {}, { apiKey: ' ' }, /API key of the credential is empty/],
		['a key that is none', {}, { apiKey: 7 }, /API key of the credential is empty/],
		['a key with a line break in it', {}, { apiKey: 'abc\ndef' }, /a space, a line break or an odd character/],
		['a base URL that is none', {}, { baseUrl: 'lemlist' }, /credential holds a wrong address for lemlist\. Make a new credential/],
		['a base URL of another kind', {}, { baseUrl: 'ftp://api.lemlist.com' }, /credential holds a wrong address for lemlist\. Make a new credential/],
	])('%s', async (_, parameters, credential, words) => {
		const one = stage.trigger(parameters, credential);
		await expect(one.activate()).rejects.toThrow(words);
		expect(stage.requests('POST')).toEqual([]);
		expect(one.cleanUpError).toBeUndefined();
	});

	test.each(['http://localhost:5678', 'http://192.168.1.7:5678', 'http://n8n:5678', 'n8n.example.org', 'htp://n8n.example.org'])('a webhook address that lemlist cannot reach: %s', async (base) => {
		const one = stage.trigger({}, { baseUrl: 'https://api.lemlist.example.com/api' });
		one.options.webhookBaseUrl = `${base}/webhook`;
		await expect(one.activate()).rejects.toThrow(/lemlist cannot reach the webhook address.*Set WEBHOOK_URL/);
		expect(one.cleanUpError).toBeUndefined();
		expect(one.log).toEqual([]);
	});

	test('an address of the editor that lemlist cannot reach, in a test run: says why n8n gives that one', async () => {
		const one = stage.trigger({}, { baseUrl: 'https://api.lemlist.example.com/api' });
		one.options.webhookBaseUrl = 'http://10.0.0.7:5678/webhook';
		await expect(one.testRun().listen()).rejects.toThrow(/lemlist cannot reach the webhook address http:\/\/10\.0\.0\.7:5678\/webhook-test.*In a test run, n8n 2 gives the address of its editor \(N8N_EDITOR_BASE_URL\), even where WEBHOOK_URL is set\. Set N8N_WEBHOOK_URL/);
	});

	test('a node without a webhook ID, at whose address n8n answers 404 to everything', async () => {
		const one = stage.trigger({}, {}, { hasNoWebhookId: true });
		await expect(one.activate()).rejects.toThrow(/n8n does not answer at the address of this trigger.*Delete the trigger and add it again/);
		expect(stage.lemlist.hooks).toEqual([]);
		expect(one.cleanUpError).toBeUndefined();
	});

	test('a base URL with slashes and blanks around it is taken', async () => {
		await stage.trigger({}, { baseUrl: ` ${stage.lemlist.apiUrl}// ` }).activate();
		expect(new Set(stage.lemlist.requests.map(({ path }) => path))).toEqual(new Set(['/hooks']));
	});

	test('an empty base URL means lemlist itself', async () => {
		const one = stage.trigger({}, { baseUrl: '' });
		await expect(one.activate()).rejects.toThrow(/lemlist cannot reach the webhook address/);
	});
});
