/** Deactivation of the built node: nothing is left at lemlist, or it is said what is. And test runs. */
import { clock } from '../../../nodes/LemlistTrigger/process/clock';
import { EVENT_GROUPS } from '../../../nodes/LemlistTrigger/settings/events';
import type { Fault, FaultTrigger } from '../../sandbox';
import { DELETE, eventually, GET, pausesPassAtOnce, Stage, status } from '../stage';

const stage = new Stage();
pausesPassAtOnce();

describe('deactivation', () => {
	test('removes every hook on its URL, also one that is not known, and clears static data', async () => {
		const one = stage.trigger();
		await one.activate();
		stage.lemlist.addHook({ targetUrl: `${one.webhookUrl}?left=over` });
		const foreign = stage.lemlist.addHook({ targetUrl: 'https://zapier.example.org/' });
		await one.deactivate();
		expect(stage.lemlist.hooks).toEqual([foreign]);
		expect(Object.values(one.saved)).toEqual([{ since: expect.any(Object) as object }]);
	});

	test.each<[string, FaultTrigger, Fault['effect'], number]>([
		['a deletion that fails once', DELETE, status(500), 1],
		['a deletion whose answer is lost', DELETE, 'resetAfter', 2],
		['a hook that is gone already', DELETE, status(404, { acts: true }), 1],
		['a list that fails once', GET, status(503), 1],
	])('gets through %s', async (_, on, effect, times) => {
		const one = stage.trigger();
		await one.activate();
		stage.lemlist.fault({ on, effect, times });
		await one.deactivate();
		expect(stage.lemlist.hooks).toEqual([]);
	});

	test('that fails throws, naming what is left, removes the rest, and succeeds when tried again', async () => {
		stage.lemlist.rules.rateLimit.requests = 1_000;
		const one = stage.trigger({ events: ['group:linkedin'] });
		await one.activate();
		// As many as it removes at a time: none of the others may be left because of them.
		const stubborn = stage.lemlist.hooks.slice(0, 4);
		const paths = stubborn.map(({ _id }) => `/hooks/${_id}`);
		stage.lemlist.fault({
			on: { ...DELETE, match: (request) => paths.includes(request.path) },
			effect: status(500),
			times: Infinity,
		});
		const began = clock.now();
		await expect(one.deactivate()).rejects.toThrow(
			/4 webhooks of this trigger are still at lemlist\. lemlist has a problem/,
		);
		expect(clock.now() - began).toBeLessThan(20_000);
		expect(stage.lemlist.hooks).toEqual(stubborn);
		stage.lemlist.clearFaults();
		await one.deactivate();
		expect(stage.lemlist.hooks).toEqual([]);
	});

	test.each([200, 404])(
		'throws when pages of markup answer, with status %i: nothing was removed',
		async (code) => {
			const one = stage.trigger();
			await one.activate();
			stage.lemlist.fault({
				on: DELETE,
				effect: status(code, { body: '<html>Back soon</html>', contentType: 'text/html' }),
				times: Infinity,
			});
			await expect(one.deactivate()).rejects.toThrow(
				/3 webhooks of this trigger are still at lemlist\. The answer did not come from lemlist/,
			);
			expect(stage.lemlist.hooks).toHaveLength(3);
		},
	);

	test('throws when something in between says OK to every deletion: nothing was removed', async () => {
		const one = stage.trigger();
		await one.activate();
		stage.lemlist.fault({
			on: DELETE,
			effect: status(200, { body: 'OK', contentType: 'text/plain' }),
			times: Infinity,
		});
		await expect(one.deactivate()).rejects.toThrow(
			/3 webhooks of this trigger are still at lemlist\. The answer did not come from lemlist/,
		);
		expect(stage.lemlist.hooks).toHaveLength(3);
	});

	test('takes a deletion that is confirmed in plain words, once lemlist knows the hook no more', async () => {
		const one = stage.trigger();
		await one.activate();
		stage.lemlist.fault({
			on: DELETE,
			effect: status(200, { acts: true, body: 'OK', contentType: 'text/plain' }),
			times: 3,
		});
		await one.deactivate();
		expect(stage.lemlist.hooks).toEqual([]);
	});

	test('that fails throws also when n8n has overwritten what it had saved of the trigger', async () => {
		stage.lemlist.rules.rateLimit.requests = 1_000;
		const one = stage.trigger();
		await one.activate();
		await one.stop();
		one.saved = {};
		stage.lemlist.fault({ on: DELETE, effect: status(500), times: Infinity });
		await expect(one.deactivate()).rejects.toThrow(
			/3 webhooks of this trigger are still at lemlist/,
		);
		stage.lemlist.clearFaults();
		await one.deactivate();
		expect(stage.lemlist.hooks).toEqual([]);
	});

	test('that fails throws also when lemlist has been down since n8n started', async () => {
		const one = stage.trigger();
		one.saved = {
			'node:Lemlist Events Trigger': {
				hooksAt: one.webhookUrl,
				fingerprint: 'of the process before',
			},
		};
		const { _id } = stage.lemlist.addHook({ targetUrl: `${one.webhookUrl}?hook=emailsReplied.x` });
		stage.lemlist.fault({ effect: status(500), times: Infinity });
		await one.restart();
		await expect(one.deactivate()).rejects.toThrow(/problem on its side/);
		stage.lemlist.clearFaults();
		expect(stage.lemlist.hooks.map((hook) => hook._id)).toEqual([_id]);
		await one.deactivate();
		expect(stage.lemlist.hooks).toEqual([]);
	});

	test.each([
		['this version', 'hooksAt'],
		['a version without the gate', 'webhookUrl'],
	])(
		'removes the hooks also in a process that has not activated the workflow, with what %s stored',
		async (_, name) => {
			const one = stage.trigger();
			one.saved = {
				'node:Lemlist Events Trigger': {
					[name]: one.webhookUrl,
					fingerprint: 'of another process',
				},
			};
			stage.lemlist.addHook({ targetUrl: `${one.webhookUrl}?hook=emailsReplied.x` });
			await one.deactivate();
			expect(stage.lemlist.hooks).toEqual([]);
		},
	);

	test('of a copy that n8n never let in leaves the original alone, which goes on checking', async () => {
		const original = stage.trigger();
		await original.activate();
		const copy = stage.trigger({}, {}, { workflowId: 'copy', webhookId: original.webhookId });
		await copy.deactivate();
		expect(stage.lemlist.hooks).toHaveLength(3);
		stage.removeHook(0);
		original.check();
		await eventually(() => stage.lemlist.hooks.length === 3);
	});

	test('of an original does not keep its copy from having the address afterwards', async () => {
		stage.lemlist.rules.rateLimit.requests = 1_000;
		const original = stage.trigger();
		await original.activate();
		const copy = stage.trigger({}, {}, { workflowId: 'copy', webhookId: original.webhookId });
		await original.deactivate();
		await copy.activate();
		expect(stage.lemlist.hooks).toHaveLength(3);
		await copy.deactivate();
		expect(stage.lemlist.hooks).toEqual([]);
	});

	test('without its credential says that webhooks may be left, and what to do', async () => {
		const one = stage.trigger();
		await one.activate();
		one.options.credential.data = undefined;
		await expect(one.deactivate()).rejects.toThrow(
			/^Webhooks of this trigger may still be at lemlist: they cannot be deleted without the credential\. .*The docs of this node say how to delete/,
		);
	});

	test('with a revoked key throws in words', async () => {
		const one = stage.trigger();
		await one.activate();
		stage.lemlist.keys.set(stage.lemlist.apiKey, {
			state: 'revoked',
			teamId: stage.lemlist.teamId,
		});
		await expect(one.deactivate()).rejects.toThrow(/rejected the API key/);
	});

	test('during an activation stops it, and nothing is left', async () => {
		const one = stage.trigger({ events: EVENT_GROUPS.map((group) => `group:${group.key}`) });
		// So slow that it cannot be over before it is noticed, however busy the machine is.
		stage.lemlist.rules.latencyMs = 300;
		const activation = one.activate().catch((error: unknown) => error);
		await eventually(() => stage.lemlist.hooks.length > 5);
		await one.deactivate();
		expect(await activation).toHaveProperty('message', expect.stringContaining('switched off'));
		expect(stage.lemlist.hooks).toEqual([]);
	});
});

describe('deactivation between checkExists and create', () => {
	test('calls the activation off, and the next one works', async () => {
		const one = stage.trigger();
		const restore = stage.before('create', async () => {
			await one.deactivate();
		});
		await expect(one.activate())
			.rejects.toThrow(/switched off/)
			.finally(restore);
		expect(stage.requests('POST')).toEqual([]);
		await one.activate();
		expect(stage.lemlist.hooks).toHaveLength(3);
	});
});

describe('test runs', () => {
	test('register on the test URL and clean up, next to the active workflow', async () => {
		const one = stage.trigger({ events: ['emailsSent'] });
		await one.activate();
		const run = one.testRun();
		await run.listen();
		expect(
			stage.lemlist.hooks.map((hook) => new URL(hook.targetUrl).pathname.split('/')[1]),
		).toEqual(['webhook', 'webhook-test']);
		expect(new Set(stage.lemlist.hooks.map((hook) => hook.secret)).size).toBe(1);
		await run.stop();
		expect(
			stage.lemlist.hooks.map((hook) => new URL(hook.targetUrl).pathname.split('/')[1]),
		).toEqual(['webhook']);
	});

	test('that fail do not throw when they end either, and the next one works', async () => {
		const one = stage.trigger({ events: ['emailsSent'] });
		stage.lemlist.keys.set(stage.lemlist.apiKey, {
			state: 'revoked',
			teamId: stage.lemlist.teamId,
		});
		const run = one.testRun();
		await expect(run.listen()).rejects.toThrow(/rejected the API key/);
		await run.stop();
		stage.lemlist.keys.set(stage.lemlist.apiKey, { state: 'valid', teamId: stage.lemlist.teamId });
		await run.listen();
		expect(stage.lemlist.hooks).toHaveLength(1);
		await run.stop();
		expect(stage.lemlist.hooks).toEqual([]);
	});

	test('do not throw when the hooks cannot be removed: n8n would not handle it', async () => {
		const one = stage.trigger({ events: ['emailsSent'] });
		const run = one.testRun();
		await run.listen();
		stage.lemlist.fault({ on: DELETE, effect: status(500), times: Infinity });
		await run.stop();
		expect(one.log.join()).toMatch(
			/test run or of a failed activation could not be removed\. 1 webhook of this trigger is still at lemlist/,
		);
	});
});
