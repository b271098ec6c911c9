/** Starts of n8n: they mend what they can, and never throw. */
import { fingerprintOf } from '../../../nodes/LemlistTrigger/secrets/webhookSecret';
import { activityOf } from '../../sandbox';
import { EVENTS, eventually, pausesPassAtOnce, POST, Stage, status } from '../stage';
import { LINKEDIN_EVENTS } from './events';

const stage = new Stage();
pausesPassAtOnce();

describe('a start of n8n', () => {
	test('with all hooks there asks once and changes nothing', async () => {
		const one = stage.trigger();
		await one.activate();
		stage.lemlist.clearRequests();
		await one.restart();
		expect(stage.requests().map((request) => request.method)).toEqual(['GET']);
	});

	test('mends hooks that lemlist removed meanwhile', async () => {
		const one = stage.trigger();
		await one.activate();
		await one.stop();
		const answers = await stage.lemlist.deliver(activityOf('emailsReplied'));
		expect(answers.map((answer) => [answer.status, answer.hookRemoved])).toEqual([[404, true]]);
		await one.restart();
		expect(stage.types()).toEqual([...EVENTS].sort());
	});

	test('with half of its hooks and no static data, as a crash leaves it, makes the rest', async () => {
		stage.lemlist.rules.rateLimit.requests = 1_000;
		const one = stage.trigger({ events: ['group:linkedin'] });
		await one.activate();
		for (const hook of stage.lemlist.hooks.slice(0, LINKEDIN_EVENTS.length / 2))
			stage.lemlist.removeHook(hook._id);
		one.saved = {};
		await one.restart();
		expect(stage.lemlist.hooks).toHaveLength(LINKEDIN_EVENTS.length);
	});

	test.each<[string, () => void]>([
		[
			'lemlist is down',
			() => {
				stage.lemlist.fault({ effect: status(500), times: Infinity });
			},
		],
		[
			'lemlist rejects the key',
			() => {
				stage.lemlist.fault({ effect: status(401), times: Infinity });
			},
		],
		[
			'a hook cannot be made',
			() => {
				stage.lemlist.fault({ on: POST, effect: status(400), times: Infinity });
			},
		],
	])('never throws while %s; the next check goes on', async (_, brokenBy) => {
		const one = stage.trigger();
		await one.activate();
		await one.stop();
		stage.lemlist.removeHook(stage.lemlist.hooks[0]?._id ?? '');
		brokenBy();
		await one.restart();
		expect(one.log.join()).toMatch(
			/could be checked or made while n8n starts; the next check tries again/,
		);
		stage.lemlist.clearFaults();
		one.check();
		await eventually(() => stage.lemlist.hooks.length === 3);
	});

	test('never throws with a parameter or a credential that went wrong', async () => {
		const one = stage.trigger();
		await one.activate();
		one.options.parameters.events = ['skipped'];
		await one.restart();
		one.options.parameters.events = EVENTS;
		one.options.credential.data = undefined;
		await one.restart();
		expect(stage.lemlist.hooks).toHaveLength(3);
	});

	test.each<[string, number]>([
		['answers', 0],
		['is down', Infinity],
	])('with static data lost stores it again while lemlist %s', async (_, times) => {
		const one = stage.trigger();
		await one.activate();
		const before = one.saved;
		one.saved = {};
		stage.lemlist.fault({ effect: status(500), times });
		await one.restart();
		expect(one.saved).toEqual(before);
		expect(stage.lemlist.hooks).toHaveLength(3);
	});

	test.each<[string, number]>([
		['answers', 0],
		['is down', Infinity],
	])(
		'with a secret that was rotated meanwhile stores the fingerprint of the one that the hooks have while lemlist %s',
		async (_, times) => {
			const one = stage.trigger();
			await one.activate();
			await one.stop();
			Object.assign(one.options.credential.data ?? {}, { webhookSecret: 'rotated' });
			stage.lemlist.fault({ effect: status(500), times });
			await one.restart();
			const [hook] = stage.lemlist.hooks;
			expect(Object.values(one.saved)).toEqual([
				{
					hooksAt: one.webhookUrl,
					fingerprint: fingerprintOf(hook?.secret ?? ''),
					since: expect.any(Object) as object,
				},
			]);
		},
	);

	test('as a new leader behaves like a start', async () => {
		const one = stage.trigger();
		await one.activate();
		await one.stop();
		stage.lemlist.fault({ effect: status(500), times: 8 });
		await one.activate('leadershipChange');
		expect(one.log.join()).toContain('next check tries again');
	});
});
