/** A check in which lemlist refuses one hook: the others are mended, and no event falls between. */
import type { Fault } from '../../sandbox';
import type { Trigger } from '../host';
import { EVENTS, eventually, pause, pausesPassAtOnce, POST, Stage, status } from '../stage';
import { LINKEDIN_EVENTS, ofType } from './events';

const stage = new Stage();
pausesPassAtOnce();

describe('a check in which lemlist refuses one hook', () => {
	const REFUSED = 'linkedinReplied';
	const REFUSAL = status(400, { body: 'Bad params' });
	function refuse(effect: Fault['effect'] = REFUSAL): void {
		stage.lemlist.fault({ on: { ...POST, match: ofType(REFUSED) }, effect, times: Infinity });
	}

	/** Lets a check happen and waits for what it says in the log, which is the last that it does. */
	async function failingCheck(one: Trigger): Promise<void> {
		const said = one.log.length;
		one.check();
		await eventually(() => one.log.length > said);
		expect(one.log.at(-1)).toContain('refused to send the event "LinkedIn Message Replied"');
	}

	test.each(['once', 'twice'])(
		'after the secret was rotated, %s, has one hook for each event: the old one for the refused, new ones for the others',
		async (times) => {
			const one = stage.trigger();
			await one.activate();
			const { secret: old } = stage.lemlist.hooks[0] ?? {};
			Object.assign(one.options.credential.data ?? {}, { webhookSecret: 'rotated' });
			refuse();
			await failingCheck(one);
			if (times === 'twice') await failingCheck(one);
			expect(stage.types()).toEqual([...EVENTS].sort());
			expect(
				stage.lemlist.hooks.filter(({ secret }) => secret === old).map(({ type }) => type),
			).toEqual([REFUSED]);
			stage.lemlist.clearFaults();
			one.check();
			await eventually(() => stage.lemlist.hooks.every(({ secret }) => secret !== old));
			expect(stage.types()).toEqual([...EVENTS].sort());
		},
	);

	test('leaves a hook alone that may be the only one for the refused event', async () => {
		const one = stage.trigger();
		await one.activate();
		for (const hook of [...stage.lemlist.hooks]) stage.lemlist.removeHook(hook._id);
		const { _id } = stage.lemlist.addHook({ targetUrl: one.webhookUrl, type: REFUSED });
		refuse();
		await failingCheck(one);
		expect(stage.types()).toEqual([...EVENTS].sort());
		stage.lemlist.clearFaults();
		one.check();
		await eventually(() => stage.lemlist.hooks.every((hook) => hook._id !== _id));
		expect(stage.types()).toEqual([...EVENTS].sort());
	});

	test.each<[string, readonly string[], Fault['effect'], readonly string[]]>([
		['an event that was unpicked does not stay', ['emailsSent', REFUSED], REFUSAL, []],
		[
			'an event that was unpicked does not stay while lemlist is down',
			['emailsSent', REFUSED],
			status(500),
			[],
		],
		['All Events does not stay for an event that lemlist refuses', ['*'], REFUSAL, []],
		['All Events stays while lemlist is down', ['*'], status(500), ['*']],
		[
			'All Events stays while lemlist speaks of a limit',
			['*'],
			status(400, { body: 'Too many hooks' }),
			['*'],
		],
	])(
		'after others were picked without a publication, the hook for %s',
		async (_, before, effect, stays) => {
			const one = stage.trigger({ events: before });
			await one.activate();
			await one.stop();
			one.options.parameters.events = EVENTS;
			refuse(effect);
			await one.activate('init');
			const kept = before.includes(REFUSED) ? [REFUSED] : [];
			expect(stage.types()).toEqual(
				[...EVENTS.filter((type) => type !== REFUSED), ...kept, ...stays].sort(),
			);
			stage.lemlist.clearFaults();
			one.check();
			await eventually(() => stage.types().join() === [...EVENTS].sort().join());
		},
	);

	test('the hook for All Events stays when lemlist refuses every event', async () => {
		const one = stage.trigger({ events: ['*'] });
		await one.activate();
		await one.stop();
		one.options.parameters.events = [REFUSED];
		refuse();
		await one.activate('init');
		expect(stage.types()).toEqual(['*']);
	});

	test('hooks for single events stay when lemlist refuses All Events', async () => {
		const one = stage.trigger();
		await one.activate();
		await one.stop();
		one.options.parameters.events = ['*'];
		stage.lemlist.fault({ on: POST, effect: REFUSAL, times: Infinity });
		await one.activate('init');
		expect(stage.types()).toEqual([...EVENTS].sort());
	});

	test('makes the others that vanished, however many come before and after it', async () => {
		const one = stage.trigger({ events: ['group:linkedin'] });
		stage.lemlist.rules.rateLimit.requests = 1_000;
		await one.activate();
		for (const hook of [...stage.lemlist.hooks]) stage.lemlist.removeHook(hook._id);
		refuse();
		await failingCheck(one);
		expect(stage.lemlist.hooks).toHaveLength(LINKEDIN_EVENTS.length - 1);
		await failingCheck(one);
		expect(stage.lemlist.hooks).toHaveLength(LINKEDIN_EVENTS.length - 1);
	});

	test('makes the others that vanished, also where lemlist speaks of a limit that the team has not reached', async () => {
		const one = stage.trigger({ events: ['group:linkedin'] });
		stage.lemlist.rules.rateLimit.requests = 1_000;
		await one.activate();
		for (const hook of [...stage.lemlist.hooks]) stage.lemlist.removeHook(hook._id);
		refuse(status(400, { body: 'Too many hooks' }));
		one.check();
		await eventually(() => one.log.length > 0);
		expect(one.log.join()).toMatch(/allows about 200 webhooks a team, and this team has \d+\./);
		expect(stage.lemlist.hooks).toHaveLength(LINKEDIN_EVENTS.length - 1);
	});

	test('because the team is full takes up a rotated secret nevertheless, a few hooks a check', async () => {
		const one = stage.trigger();
		await one.activate();
		const { secret: old } = stage.lemlist.hooks[0] ?? {};
		stage.lemlist.rules.hooksPerTeam = EVENTS.length + 1;
		Object.assign(one.options.credential.data ?? {}, { webhookSecret: 'rotated' });
		for (let checks = 1; stage.lemlist.hooks.some(({ secret }) => secret === old); checks += 1) {
			expect(checks).toBeLessThanOrEqual(EVENTS.length);
			stage.lemlist.clearRequests();
			one.check();
			await eventually(() => stage.requests('DELETE').some((request) => request.status !== 'none'));
			await pause(100);
		}
		expect(stage.types()).toEqual([...EVENTS].sort());
	});
});
