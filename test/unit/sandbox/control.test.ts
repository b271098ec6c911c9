// The stand-in's own API: what its page and tests in other processes see and order.
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';

import { EFFECT_NAMES, SANDBOX_CAMPAIGN, type LogEntry } from '../../sandbox';
import { CALL_CHOICES, FAULT_CHOICES } from '../../sandbox/faultChoices';
import { ask, control, receiver, sandbox, useStandIn } from './stage';

useStandIn();

describe('control API', () => {
	test('the page', async () => {
		const { headers, text } = await control('GET', '/');
		expect(headers.get('content-type')).toContain('text/html');
		expect(text).toContain('<title>lemlist sandbox</title>');
	});

	test('everything that the page links to', async () => {
		const { text } = await control('GET', '/');
		const files = [...text.matchAll(/(?:href|src)="(page\/[^"]+)"/g)].map(([, file = '']) => file);
		expect(files.length).toBeGreaterThan(1);
		for (const file of files)
			expect([file, (await control('GET', `/${file}`)).status]).toEqual([file, 200]);
	});

	test.each([
		['/page/base.css', 200, 'text/css; charset=utf-8'],
		['/page/main.js', 200, 'text/javascript; charset=utf-8'],
		['/page/jsconfig.json', 404, 'text/plain'],
		['/page/nothing.js', 404, 'text/plain'],
		['/page/..%2Findex.js', 404, 'text/plain'],
	])("the page's files: %s", async (path, status, contentType) => {
		const answer = await control('GET', path);
		expect([answer.status, answer.headers.get('content-type')]).toEqual([status, contentType]);
	});

	test.each([
		['emailsReplied', '', { campaignId: SANDBOX_CAMPAIGN }],
		['emailsReplied', '?campaignId=cam_x', { campaignId: 'cam_x' }],
		['lemwarmPaused', '?campaignId=cam_x', { campaignId: undefined }],
		[
			'emailsReplied',
			'?thirdParty=true&campaignId=cam_x',
			{ isThirdPartyReply: true, campaignId: undefined },
		],
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
		const offered = FAULT_CHOICES.map(({ effect }) =>
			typeof effect === 'string' ? effect : effect.name,
		);
		expect(new Set(offered)).toEqual(new Set(EFFECT_NAMES));
		for (const choices of [FAULT_CHOICES, CALL_CHOICES]) {
			expect(new Set(choices.map(({ label }) => label)).size).toBe(choices.length);
		}
	});

	test.each(FAULT_CHOICES.map(({ key, label }) => [key, label]))(
		'fault %s, by name, is told as such and goes again',
		async (fault, label) => {
			const on = await control('POST', '/sandbox/faults', {
				fault,
				call: 'registerHook',
				times: 'always',
			});
			expect(on.json()).toMatchObject({
				label: `${label}: Registering a hook`,
				remaining: 'always',
			});
			const { id } = on.json() as { id: string };
			expect((await ask('/team')).status).toBe(200);
			await control('DELETE', `/sandbox/faults/${id}`);
			expect(sandbox.faults).toEqual([]);
		},
	);

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
		['POST', '/sandbox/events', { type: 'paused', count: 0 }],
		['POST', '/sandbox/events', { type: 'paused', count: 'many' }],
		['POST', '/sandbox/events', { type: 'paused', times: 1.5 }],
		['POST', '/sandbox/events', { type: 'paused', undelivered: true, lateMs: -1 }],
		['POST', '/sandbox/events', { type: 'paused', lateMs: 1 }],
		['POST', '/sandbox/events', { type: 'paused', undelivered: true, forged: true }],
		['DELETE', '/sandbox/activities/act_none', undefined],
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
