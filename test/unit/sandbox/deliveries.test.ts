// Which hooks get an event, what is posted to them, and what is kept of the answer.
import {
	activityOf,
	SANDBOX_CAMPAIGN,
	thirdPartyReply,
	type Activity,
	type DeliverOptions,
	type RulesOptions,
	type StoredHook,
} from '../../sandbox';
import { obey, receiver, sandbox, useStandIn } from './stage';

useStandIn();

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
