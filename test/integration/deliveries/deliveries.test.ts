/** Deliveries through the built node's webhook, over real HTTP: the genuine start a workflow, nothing else does. */
import { activityOf, byBot, thirdPartyReply, EVENT_TYPES } from '../../sandbox';
import type { Trigger } from '../host';
import { deriveSecret } from '../../../nodes/LemlistTrigger/secrets/webhookSecret';
import { eventually, pausesPassAtOnce, Stage } from '../stage';

const stage = new Stage();
pausesPassAtOnce();

const secretOf = () => stage.lemlist.hooks[0]?.secret ?? '';
const items = () => stage.host.executions.map((execution) => execution.map((item) => item.json));

async function active(parameters = {}, credential = {}): Promise<Trigger> {
	const trigger = stage.trigger({ events: ['emailsReplied'], ...parameters }, credential);
	await trigger.activate();
	return trigger;
}

/** Posts a body to a trigger's hook. */
async function send(
	trigger: Trigger,
	body: unknown,
	options: Parameters<typeof stage.lemlist.send>[2] = {},
) {
	return await stage.lemlist.send(
		stage.lemlist.hooks[0]?.targetUrl ?? trigger.webhookUrl,
		body,
		options,
	);
}

describe('genuine deliveries', () => {
	test.each(EVENT_TYPES.map((type) => [type]))(
		'%s starts the workflow with the activity, without the secret',
		async (type) => {
			await active({ events: [type] });
			const activity = activityOf(type, {
				'My own variable': 'stays',
				nested: { secret: 'stays' },
			});
			expect((await stage.lemlist.deliver(activity)).map((answer) => answer.status)).toEqual([200]);
			expect(items()).toEqual([[activity]]);
		},
	);

	test('a list gives one item each', async () => {
		const trigger = await active();
		const answer = await send(trigger, [
			{ _id: 'act_1', secret: secretOf() },
			{ _id: 'act_2', secret: secretOf() },
		]);
		expect(answer.status).toBe(200);
		expect(items()).toEqual([[{ _id: 'act_1' }, { _id: 'act_2' }]]);
	});

	test.each<[string, Parameters<typeof stage.lemlist.send>[2]]>([
		['with a changed query', {}],
		['as a form', { raw: true, headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
	])('%s are genuine all the same', async (_, options) => {
		const trigger = await active();
		const body =
			options?.raw === true
				? `_id=act_1&secret=${secretOf()}`
				: { _id: 'act_1', secret: secretOf() };
		const answer = await stage.lemlist.send(`${trigger.webhookUrl}?hook=all.wrong`, body, options);
		expect(answer.status).toBe(200);
		expect(items()).toEqual([[{ _id: 'act_1' }]]);
	});

	test('that come before static data is saved are not lost', async () => {
		const trigger = await active();
		trigger.saved = {};
		expect(
			(await stage.lemlist.deliver(activityOf('emailsReplied'))).map((answer) => answer.status),
		).toEqual([200]);
		expect(items()).toHaveLength(1);
	});

	test('need no credential', async () => {
		const trigger = await active();
		trigger.options.credential.data = undefined;
		await stage.lemlist.deliver(activityOf('emailsReplied'));
		expect(items()).toHaveLength(1);
	});

	test('with the old and the new secret pass while a rotation is taken up; after another activation only the new one does', async () => {
		const trigger = await active();
		const before = secretOf();
		const { data } = trigger.options.credential;
		if (data) data.webhookSecret = 'rotated';
		expect((await send(trigger, { secret: before })).status).toBe(200);
		trigger.check();
		await eventually(() => stage.lemlist.hooks.length === 1 && secretOf() !== before);
		expect((await send(trigger, { secret: secretOf() })).status).toBe(200);
		expect((await send(trigger, { secret: before })).status).toBe(200);
		await trigger.deactivate();
		await trigger.activate();
		expect((await send(trigger, { secret: before })).status).toBe(401);
		expect((await send(trigger, { secret: secretOf() })).status).toBe(200);
	});

	test('with a secret that another process took up start the workflow in one that has yet to look it up', async () => {
		const place = { workflowId: 'elsewhere', webhookId: '00000000-0000-4000-8000-0000000000ff' };
		const trigger = stage.trigger({}, {}, place);
		trigger.saved = {
			'node:Lemlist Events Trigger': {
				hooksAt: trigger.webhookUrl,
				fingerprint: 'of the secret before',
			},
		};
		await trigger.startTrigger('leadershipChange');
		const secret = deriveSecret({ apiKey: stage.lemlist.apiKey, webhookSecret: '', ...place });
		expect((await stage.lemlist.send(trigger.webhookUrl, { _id: 'act_1', secret })).status).toBe(
			200,
		);
		expect(items()).toEqual([[{ _id: 'act_1' }]]);
	});

	test('that carry a secret which was rotated away and activated over are refused, whether deliveries came in between or not', async () => {
		const trigger = await active();
		const leaked = secretOf();
		const { data } = trigger.options.credential;
		if (data) data.webhookSecret = 'rotated';
		await trigger.deactivate();
		await trigger.activate();
		expect((await send(trigger, { secret: leaked })).status).toBe(401);
	});

	test('that carry a secret which was shut out stay refused when n8n saves what it had read of the trigger before', async () => {
		const trigger = await active();
		const leaked = secretOf();
		expect((await send(trigger, { secret: leaked })).status).toBe(200);
		const readBefore = structuredClone(trigger.saved);
		const { data } = trigger.options.credential;
		if (data) data.webhookSecret = 'rotated';
		await trigger.deactivate();
		await trigger.activate();
		trigger.saved = readBefore;
		expect((await send(trigger, { secret: leaked })).status).toBe(401);
		expect((await send(trigger, { secret: secretOf() })).status).toBe(200);
	});

	test('after a second rotation still pass with the secret of the hook that exists', async () => {
		const trigger = await active();
		const { data } = trigger.options.credential;
		const first = secretOf();
		if (data) data.webhookSecret = 'second';
		trigger.check();
		await eventually(() => stage.lemlist.hooks.length === 1 && secretOf() !== first);
		if (data) data.webhookSecret = 'third';
		expect((await send(trigger, { secret: secretOf() })).status).toBe(200);
	});

	test('pass after a start at which lemlist was down, with the registered secret', async () => {
		const trigger = await active();
		const { data } = trigger.options.credential;
		if (data) data.apiKey = 'rejected-key';
		await trigger.restart();
		expect(
			(await stage.lemlist.deliver(activityOf('emailsReplied'))).map((answer) => answer.status),
		).toEqual([200]);
	});
});

describe('forged deliveries', () => {
	test.each<[string, (secret: string) => unknown, number]>([
		['no secret', () => ({ type: 'emailsReplied' }), 401],
		['a wrong one', () => ({ secret: 'wrong' }), 401],
		[
			'a wrong one of the same length',
			(secret) => ({ secret: secret.split('').reverse().join('') }),
			401,
		],
		['an empty one', () => ({ secret: '' }), 401],
		['null', () => ({ secret: null }), 401],
		['a list', (secret) => ({ secret: [secret] }), 401],
		['an object', (secret) => ({ secret: { secret } }), 401],
		['nested', (secret) => ({ body: { secret } }), 401],
		['a list with one forged', (secret) => [{ secret }, { secret: 'x' }], 401],
		['an empty object', () => ({}), 401],
		['an empty list', () => [], 400],
		['a list of texts', (secret) => [secret], 400],
		['a text', (secret) => secret, 400],
		['a number', () => 7, 400],
		['null as body', () => null, 400],
	])('%s: refused, nothing starts', async (_, forge, status) => {
		const trigger = await active();
		const answer = await send(trigger, forge(secretOf()));
		expect(answer.status).toBe(status);
		expect(JSON.parse(answer.body)).toEqual({
			message: expect.stringMatching(/^[A-Z].*\.$/) as string,
		});
		expect(items()).toEqual([]);
		expect(trigger.log).toHaveLength(1);
		expect(trigger.log.join()).not.toContain(secretOf());
	});

	test('what a stranger sends stays out of the log', async () => {
		const trigger = await active();
		await send(trigger, { secret: 'a guess', note: 'confidential' });
		await send(trigger, 'confidential');
		expect(trigger.log).toHaveLength(2);
		expect(trigger.log.join()).not.toMatch(/a guess|confidential/);
		expect(trigger.log[0]).toMatch(
			/^Lemlist Events Trigger: refused a delivery with 401\. The secret is missing or wrong\. \{/,
		);
		expect(trigger.log[1]).toMatch(
			/^Lemlist Events Trigger: refused a delivery with 400\. The body has to be a JSON object, or a list of them\. \{/,
		);
	});

	test('is refused before any setting of the trigger leaves it out', async () => {
		const trigger = await active({ options: { thirdPartyReplies: 'exclude' } });
		expect(
			(await send(trigger, { ...thirdPartyReply('emailsReplied'), secret: 'wrong' })).status,
		).toBe(401);
		expect(
			(await send(trigger, { ...thirdPartyReply('emailsReplied'), secret: secretOf() })).status,
		).toBe(200);
	});

	test.each<[string, Record<string, string>, string]>([
		['in the query', {}, '&secret='],
		['in a header', { secret: '@' }, ''],
	])('the secret %s does not count', async (_, headers, query) => {
		await active();
		const named = Object.fromEntries(Object.entries(headers).map(([name]) => [name, secretOf()]));
		const answer = await stage.lemlist.send(
			`${stage.lemlist.hooks[0]?.targetUrl ?? ''}${query === '' ? '' : query + secretOf()}`,
			{ type: 'emailsReplied' },
			{ headers: named },
		);
		expect(answer.status).toBe(401);
		expect(items()).toEqual([]);
	});

	test('an empty body', async () => {
		const trigger = await active();
		// It depends on the headers whether the host makes an empty object of it.
		expect([400, 401]).toContain((await send(trigger, '', { raw: true })).status);
		expect(items()).toEqual([]);
	});

	test("a genuine delivery to another workflow's URL", async () => {
		await active();
		const secret = secretOf();
		const other = await active();
		expect((await stage.lemlist.send(other.webhookUrl, { secret })).status).toBe(401);
		expect(items()).toEqual([]);
	});

	test('a flood reads the credential every few seconds at most', async () => {
		const trigger = await active();
		let reads = 0;
		const { data } = trigger.options.credential;
		Object.defineProperty(trigger.options.credential, 'data', {
			get: () => {
				reads += 1;
				return data;
			},
		});
		for (let index = 0; index < 30; index += 1) await send(trigger, { secret: 'forged' });
		// The node itself looks whether it has a credential, without reading it.
		const looks = 30 * 2;
		expect(reads - looks).toBeLessThanOrEqual(2);
	});

	test('when the credential cannot be read: try again later, and nothing starts', async () => {
		const trigger = await active();
		trigger.options.credential.data = undefined;
		const { status, body } = await send(trigger, { secret: 'x'.repeat(43) });
		expect(status).toBe(503);
		// Why is for the log: the sender may be anybody.
		expect(JSON.parse(body)).toEqual({
			message: 'The delivery cannot be checked right now. Send it again later.',
		});
		expect(trigger.log.join()).toContain('No credential is picked');
		expect(items()).toEqual([]);
	});
});

describe('filtered deliveries are answered 200 and start nothing', () => {
	const campaign = (index: number) => stage.lemlist.campaigns[index]?._id ?? '';
	test.each<[string, () => object, () => object, boolean]>([
		[
			'another campaign',
			() => ({ campaigns: [campaign(0), campaign(1)] }),
			() => activityOf('emailsReplied', { campaignId: campaign(2) }),
			false,
		],
		[
			'a picked campaign',
			() => ({ campaigns: [campaign(0), campaign(1)] }),
			() => activityOf('emailsReplied', { campaignId: campaign(1) }),
			true,
		],
		[
			'a reply of somebody else, with several campaigns',
			() => ({ campaigns: [campaign(0), campaign(1)] }),
			() => thirdPartyReply('emailsReplied'),
			true,
		],
		[
			'a reply of somebody else, left out',
			() => ({ options: { thirdPartyReplies: 'exclude' } }),
			() => thirdPartyReply('emailsReplied'),
			false,
		],
		[
			'a reply of the lead, where only others count',
			() => ({ options: { thirdPartyReplies: 'only' } }),
			() => activityOf('emailsReplied'),
			false,
		],
		[
			'a reply of somebody else, where only those count, with a campaign',
			() => ({ campaigns: [campaign(0)], options: { thirdPartyReplies: 'only' } }),
			() => thirdPartyReply('emailsReplied'),
			true,
		],
		[
			'an open by a bot',
			() => ({ events: ['emailsOpened'], options: { ignoreBots: true } }),
			() => byBot(activityOf('emailsOpened')),
			false,
		],
		[
			'an open by a bot, with a text in place of a yes',
			() => ({ events: ['emailsOpened'], options: { ignoreBots: 'false' } }),
			() => byBot(activityOf('emailsOpened')),
			true,
		],
		[
			'an open by a bot, where bots count',
			() => ({ events: ['emailsOpened'] }),
			() => byBot(activityOf('emailsOpened')),
			true,
		],
	])('%s', async (_, parameters, activity, isStarted) => {
		await active(parameters());
		const answers = await stage.lemlist.deliver(activity() as never);
		expect(answers.map((answer) => answer.status)).toEqual([200]);
		expect(items()).toHaveLength(isStarted ? 1 : 0);
	});

	test('a reply passes when the choice for it is none any more: an expression may give anything by now', async () => {
		const trigger = await active();
		trigger.options.parameters.options = { thirdPartyReplies: '={{ undefined }}' };
		await stage.lemlist.deliver(thirdPartyReply('emailsReplied'));
		expect(items()).toHaveLength(1);
	});

	test('in a list beside others are the only ones left out', async () => {
		const trigger = await active({ options: { thirdPartyReplies: 'exclude' } });
		const [own, others] = [{ _id: 'act_own' }, { _id: 'act_others', isThirdPartyReply: true }];
		const type = 'emailsReplied';
		await send(
			trigger,
			[own, others].map((activity) => ({ ...activity, type, secret: secretOf() })),
		);
		expect(items()).toEqual([[{ ...own, type }]]);
	});
});
