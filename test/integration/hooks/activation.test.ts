/** Activation of the built node: what it registers, and with how many requests. */
import type { IDataObject } from 'n8n-workflow';
import { EVENTS, pausesPassAtOnce, Stage } from '../stage';
import { LINKEDIN_EVENTS } from './events';

const stage = new Stage();
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
		expect(stage.requests().map((request) => request.method)).toEqual(['GET']);
		expect(one.log).toEqual([]);
	});

	test('with all hooks there already stores what it needs all the same', async () => {
		const one = stage.trigger();
		await one.activate();
		const before = one.saved;
		await one.stop();
		one.saved = {};
		await one.activate('update');
		expect(one.saved).toEqual(before);
	});

	test('takes blanks around the Webhook Secret for a slip', async () => {
		const one = stage.trigger({}, { webhookSecret: 'my webhook secret' });
		await one.activate();
		await one.stop();
		Object.assign(one.options.credential.data ?? {}, { webhookSecret: ' my webhook secret\n' });
		stage.lemlist.clearRequests();
		await one.activate();
		expect(stage.requests().map((request) => request.method)).toEqual(['GET']);
	});

	test.each([1, 10])('takes %i + 3 requests', async (events) => {
		await stage.trigger({ events: LINKEDIN_EVENTS.slice(0, events) }).activate();
		expect(stage.lemlist.requests).toHaveLength(events + 3);
	});

	test('stores the URL, a fingerprint and since when what was picked is wanted, no secret and no ids of hooks', async () => {
		const one = stage.trigger();
		await one.activate();
		const saved = JSON.stringify(one.saved);
		expect(Object.values(one.saved)).toEqual([
			{
				hooksAt: one.webhookUrl,
				fingerprint: expect.stringMatching(/^[\w-]{43}$/) as string,
				since: {
					owner: expect.any(String) as string,
					team: stage.lemlist.teamId,
					wanted: expect.objectContaining({
						'event emailsReplied': expect.any(Number) as number,
					}) as object,
				},
			},
		]);
		for (const hidden of [
			stage.lemlist.apiKey,
			stage.lemlist.hooks[0]?.secret ?? '',
			...stage.lemlist.hooks.map((hook) => hook._id),
		])
			expect(saved).not.toContain(hidden);
	});

	test('sends the key as Basic without user name, a User-Agent of its own, and never the key in a URL', async () => {
		await stage.trigger({}, { apiKey: `  ${stage.lemlist.apiKey}\n` }).activate();
		for (const request of stage.lemlist.requests) {
			expect(request.headers.authorization).toBe(
				`Basic ${Buffer.from(`:${stage.lemlist.apiKey}`).toString('base64')}`,
			);
			expect(request.headers['user-agent']).toMatch(/^n8n-nodes-lemlist\/\d/);
			expect(JSON.stringify([request.path, request.query])).not.toContain(stage.lemlist.apiKey);
		}
	});

	test.each<[string, IDataObject, object[]]>([
		['All Events: one hook without type', { events: ['*', 'emailsSent'] }, [{ isFirst: false }]],
		[
			'one campaign: lemlist filters, alerts excepted',
			{ events: ['emailsSent', 'connectionIssue'], campaigns: ['@0'] },
			[
				{ type: 'emailsSent', campaignId: '@0', isFirst: false },
				{ type: 'connectionIssue', isFirst: false },
			],
		],
		[
			'several campaigns: for the whole team',
			{ events: ['emailsSent'], campaigns: ['@0', '@1'] },
			[{ type: 'emailsSent', isFirst: false }],
		],
		[
			'one campaign as a string',
			{ events: 'emailsSent', campaigns: '@0' },
			[{ type: 'emailsSent', campaignId: '@0', isFirst: false }],
		],
		[
			'one campaign, named twice and with blanks',
			{ events: ['emailsSent'], campaigns: [' @0', '@0 '] },
			[{ type: 'emailsSent', campaignId: '@0', isFirst: false }],
		],
		[
			'first activities by a text in place of a yes: not',
			{ events: ['emailsSent'], options: { firstActivityOnly: 'false' } },
			[{ type: 'emailsSent', isFirst: false }],
		],
		[
			'first activities only',
			{ events: ['emailsSent'], options: { firstActivityOnly: true } },
			[{ type: 'emailsSent', isFirst: true }],
		],
		[
			'the row about older campaigns is no campaign',
			{ events: ['emailsSent'], campaigns: ['more'] },
			[{ type: 'emailsSent', isFirst: false }],
		],
	])('%s', async (_, parameters, expected) => {
		const named = (value: unknown) =>
			JSON.parse(
				JSON.stringify(value).replace(
					/@(\d)/g,
					(_match, index: string) => stage.lemlist.campaigns[Number(index)]?._id ?? '',
				),
			) as never;
		await stage.trigger(named(parameters)).activate();
		expect(
			stage.lemlist.hooks.map(({ type, campaignId, isFirst }) => ({
				...(type && { type }),
				...(campaignId && { campaignId }),
				isFirst,
			})),
		).toEqual(named(expected));
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
