/** Activation that cannot succeed: in words that say what to do, and with nothing left at lemlist. */
import { clock } from '../../../nodes/LemlistTrigger/process/clock';
import type { Fault, FaultTrigger } from '../../sandbox';
import { DELETE, GET, MARKUP, pausesPassAtOnce, POST, Stage, status } from '../stage';
import { ofType } from './events';

const stage = new Stage();
pausesPassAtOnce();

describe('activation that cannot succeed says why and leaves nothing behind', () => {
	const last = { ...POST, nth: 3 };
	const first = { ...POST, nth: 1 };
	test.each<[string, FaultTrigger, Fault['effect'], number, RegExp]>([
		[
			'401 in the middle of several',
			last,
			status(401),
			1,
			/rejected the API key\. Create a new one in lemlist under Settings > Integrations/,
		],
		['401 for the first of several', first, status(401), 1, /rejected the API key/],
		['403 in the middle of several', last, status(403), 1, /denied access.*blocked.*Ask the owner/],
		[
			'400 for too many hooks',
			last,
			status(400, { body: 'Too many hooks' }),
			1,
			/allows about 200 webhooks a team, and this team has 2\. Delete webhooks that nobody needs/,
		],
		...['Hook limit exceeded', 'The maximum is reached', 'Quota exceeded', 'LIMIT'].map(
			(body): [string, FaultTrigger, Fault['effect'], number, RegExp] => [
				`400 with "${body}"`,
				last,
				status(400, { body }),
				1,
				/allows about 200 webhooks a team, and this team has 2\./,
			],
		),
		[
			'the same in JSON',
			last,
			status(400, { body: '{"error":"Too many hooks"}', contentType: 'application/json' }),
			1,
			/allows about 200 webhooks a team, and this team has 2\./,
		],
		[
			'and beside the name of the status',
			last,
			status(400, {
				body: '{"statusCode":400,"error":"Bad Request","message":"Too many hooks"}',
				contentType: 'application/json',
			}),
			1,
			/allows about 200 webhooks a team, and this team has 2\./,
		],
		[
			'403 with a page of markup',
			last,
			status(403, { body: '<html>Blocked</html>' }),
			1,
			/did not come from lemlist/,
		],
		[
			'400 with a page of markup',
			last,
			status(400, { body: '<html>Bad request</html>' }),
			1,
			/did not come from lemlist/,
		],
		[
			'400 for an event',
			last,
			status(400, { body: 'Bad params' }),
			1,
			/refused to send the event "[A-Z].*Remove it from Events/,
		],
		[
			'409 for a hook that is not shown',
			last,
			status(409),
			Infinity,
			/already has a webhook on this trigger's address.*add a new one from the node panel/,
		],
		['500 without end', last, status(500), Infinity, /problem on its side\. Try again/],
		[
			'a redirect to another host',
			last,
			{ name: 'redirect', location: 'https://evil.example.org/' },
			1,
			/sent the request on to another address.*not passed on/,
		],
		['an answer from no API', POST, MARKUP, Infinity, /did not come from lemlist/],
		['a list without end of 500', GET, status(500), Infinity, /problem on its side/],
		['a list of markup', GET, MARKUP, Infinity, /did not come from lemlist/],
		['a connection that is reset', GET, 'resetBefore', Infinity, /could not be reached/],
		[
			'429 for longer than publishing may take',
			POST,
			status(429, { headers: { 'retry-after': '35' } }),
			1,
			/too many/,
		],
		[
			'429 for an hour',
			POST,
			status(429, { headers: { 'retry-after': '3600' } }),
			Infinity,
			/too many/,
		],
		['a teapot', last, status(418), 1, /refused the request \(HTTP 418\)\. If it does so again/],
		[
			'a plan without webhooks',
			last,
			status(402, { body: 'route is available starting emailPro plan' }),
			1,
			/plan of this team does not include this.*"route is available starting emailPro plan".*Change the plan/,
		],
		[
			'a plan without webhooks, in words of a limit',
			last,
			status(402, { body: 'webhooks limit of your plan' }),
			1,
			/plan of this team does not include this/,
		],
		[
			'a plan that does not even list them',
			GET,
			status(402, { body: 'route is available starting emailPro plan' }),
			Infinity,
			/plan of this team does not include this.*"route is available starting emailPro plan"/,
		],
		[
			'422 for an event',
			last,
			status(422, { body: 'Unknown type' }),
			1,
			/refused to send the event "[A-Z].*Remove it from Events/,
		],
		[
			'404 for an event, whose list of webhooks was there just now',
			last,
			status(404, { body: 'Not found' }),
			1,
			/refused to send the event "[A-Z]/,
		],
		[
			'400 for the team of the key',
			last,
			status(400, { body: 'Bad team' }),
			1,
			/does not know the team of this API key.*Create a new API key/,
		],
		...['Invalid targetUrl', 'targetUrl exceeds the maximum length'].map(
			(body): [string, FaultTrigger, Fault['effect'], number, RegExp] => [
				`400 with "${body}"`,
				last,
				status(400, { body }),
				1,
				/does not accept the webhook address.*WEBHOOK_URL/,
			],
		),
		[
			'a method that is not allowed',
			last,
			status(405, { body: 'Method not allowed' }),
			1,
			/refused the request \(HTTP 405: "Method not allowed"\)/,
		],
		[
			'a proxy that wants a password',
			last,
			status(407, { body: '<html>Log in</html>' }),
			1,
			/proxy between n8n and lemlist wants n8n to log in/,
		],
		[
			'a network that wants a log-in',
			GET,
			status(511, { body: '<html>Log in</html>' }),
			Infinity,
			/network that n8n is in wants somebody to log in/,
		],
		[
			'a redirect with a page',
			last,
			status(302, {
				body: '<html>Moved</html>',
				headers: { location: 'https://evil.example.org/' },
			}),
			1,
			/sent the request on to another address/,
		],
		[
			'too many requests, on a page',
			POST,
			status(429, { body: '<html>Slow down</html>', headers: { 'retry-after': '35' } }),
			1,
			/turning requests away/,
		],
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
		for (let index = 0; index < 100; index += 1)
			stage.lemlist.addHook({ targetUrl: `https://other.example.org/${String(index)}` });
		const one = stage.trigger();
		await one.activate();
		stage.lemlist.fault({
			on: { ...GET, match: (request) => 'offset' in request.query },
			effect: status(500),
			times: Infinity,
		});
		await expect(one.deactivate()).rejects.toThrow(/problem on its side/);
		stage.lemlist.clearFaults();
		await one.deactivate();
		expect(stage.lemlist.hooks).toHaveLength(100);
	});

	test('lemlist that refuses All Events', async () => {
		stage.lemlist.fault({ on: POST, effect: status(400, { body: 'Bad params' }) });
		await expect(stage.trigger({ events: ['*'] }).activate()).rejects.toThrow(
			/refused the request \(HTTP 400: "Bad params"\)/,
		);
	});

	test.each([
		['interested', 'linkedinReplied'],
		['linkedinReplied', 'interested'],
	])(
		'a problem of lemlist with %s and an address that stays taken for %s: says what the user can do',
		async (troubled, taken) => {
			stage.lemlist.fault({
				on: { ...POST, match: ofType(troubled) },
				effect: status(500),
				times: Infinity,
			});
			stage.lemlist.fault({
				on: { ...POST, match: ofType(taken) },
				effect: status(409),
				times: Infinity,
			});
			await expect(stage.trigger().activate()).rejects.toThrow(
				/already has a webhook on this trigger's address/,
			);
		},
	);

	test.each(['activate', 'create', 'update', 'manual'] as const)(
		'in the mode "%s", which is no start of n8n',
		async (mode) => {
			stage.lemlist.fault({ on: POST, effect: status(400) });
			await expect(stage.trigger().activate(mode)).rejects.toThrow(/refused to send the event/);
			expect(stage.lemlist.hooks).toEqual([]);
		},
	);

	test('because the team became full counts the hooks made before an answer was lost', async () => {
		for (let index = 0; index < 198; index += 1)
			stage.lemlist.addHook({ targetUrl: `https://other.example.org/${String(index)}` });
		stage.lemlist.fault({ on: { ...POST, nth: 1 }, effect: 'resetBefore' });
		stage.lemlist.fault({ on: { ...POST, nth: 4 }, effect: status(400, { body: 'Bad params' }) });
		await expect(stage.trigger().activate()).rejects.toThrow(
			/about 200 webhooks a team, and this team has 200/,
		);
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
		const restore = stage.before('delete', async () => {
			throw await Promise.resolve(new Error('n8n ended before it called delete'));
		});
		await expect(one.activate())
			.rejects.toThrow(/refused to send/)
			.finally(restore);
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

	test.each<[string, boolean, number]>([
		['takes its time when undo failed', true, 20_000],
		['is soon over when nothing is left', false, 5_000],
	])('and the delete after it %s', async (_, isUndoBroken, withinMs) => {
		const busy = status(429, { headers: { 'retry-after': '10' } });
		stage.lemlist.fault({ on: { ...POST, nth: 3 }, effect: status(400) });
		stage.lemlist.fault({ on: { ...GET, nth: 3, match: () => isUndoBroken }, effect: status(401) });
		// A request that one fault hits is not counted by the next.
		stage.lemlist.fault({ on: { ...GET, nth: isUndoBroken ? 3 : 4 }, effect: busy });
		let began = 0;
		const restore = stage.before('delete', async () => {
			began = await Promise.resolve(clock.now());
		});
		await expect(stage.trigger().activate())
			.rejects.toThrow(/refused to send/)
			.finally(restore);
		expect(clock.now() - began).toBeLessThan(withinMs);
		expect(stage.lemlist.hooks).toEqual([]);
	});

	test('a left-over that cannot be removed: what was made is undone', async () => {
		const one = stage.trigger();
		const stale = stage.lemlist.addHook({ targetUrl: `${one.webhookUrl}?hook=x` });
		stage.lemlist.fault({
			on: { method: 'DELETE', path: `/hooks/${stale._id}` },
			effect: status(500),
			times: Infinity,
		});
		await expect(one.activate()).rejects.toThrow(/still at lemlist.*problem on its side/);
		expect(stage.lemlist.hooks).toEqual([stale]);
	});

	test('lemlist down', async () => {
		await stage.lemlist.stopListening();
		await expect(stage.trigger().activate()).rejects.toMatchObject({
			message: expect.stringMatching(/could not be reached/) as string,
			description: expect.stringMatching(/ The connection failed with "ECONNREFUSED"\.$/) as string,
		});
		await stage.lemlist.startListening();
	});

	test('the 201st hook of a team', async () => {
		for (let index = 0; index < 199; index += 1)
			stage.lemlist.addHook({ targetUrl: `https://other.example.org/${String(index)}` });
		stage.lemlist.rules.pastHooksPerTeam = { status: 403, body: 'Forbidden' };
		await expect(stage.trigger().activate()).rejects.toThrow(/this team has 200\. Delete webhooks/);
		expect(stage.lemlist.hooks).toHaveLength(199);
	});

	test('a campaign of another team', async () => {
		await expect(
			stage.trigger({ events: ['emailsSent'], campaigns: ['cam_ofAnotherTeam0000'] }).activate(),
		).rejects.toThrow(
			/does not accept the campaign "cam_ofAnotherTeam0000".*Pick the campaign again/,
		);
		expect(stage.lemlist.hooks).toEqual([]);
	});
});
