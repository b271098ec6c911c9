/** The check while a workflow is active, and starts of n8n. */
import { clock } from '../../../nodes/LemlistTrigger/process/clock';
import { LOAD_AT_MOST_EVERY_MS } from '../../../nodes/LemlistTrigger/secrets/knownSecrets';
import { activityOf, type Fault, type RequestRecord } from '../../sandbox';
import { DELETE, EVENTS, eventually, GET, MARKUP, pause, pausesPassAtOnce, POST, Stage, status } from '../stage';
import { fingerprintOf } from '../../../nodes/LemlistTrigger/secrets/webhookSecret';
import type { Trigger } from '../host';

const stage = new Stage();
pausesPassAtOnce();

/** @returns when lemlist has answered the next POST, by the node's clock */
async function firstPost(): Promise<number> {
	return await new Promise((resolve) => {
		const forget = stage.lemlist.onChange(({ text }) => {
			if (!text.startsWith('POST /hooks')) return;
			forget();
			resolve(clock.now());
		});
	});
}

/** @returns a trigger whose next activation fails at create; its static data is that of an earlier one */
async function aboutToFail(): Promise<Trigger> {
	const trigger = stage.trigger();
	await trigger.activate();
	await trigger.stop();
	stage.removeHook(0);
	stage.lemlist.fault({ on: POST, effect: status(400) });
	stage.lemlist.clearRequests();
	return trigger;
}

/** Lets a check happen, then another: that one begins only when the first is over. */
async function checkTwice(trigger: Trigger): Promise<void> {
	const before = stage.requests('GET').length;
	await eventually(() => {
		const hasNextBegun = stage.requests('GET').length > before + 1;
		if (!hasNextBegun) trigger.check();
		return hasNextBegun;
	});
}

describe('the check', () => {
	test('changes nothing while all is well', async () => {
		const one = stage.trigger();
		await one.activate();
		stage.lemlist.clearRequests();
		await checkTwice(one);
		expect(stage.lemlist.requests.slice(0, 2).map((request) => request.method)).toEqual(['GET', 'GET']);
	});

	test('mends a hook that vanished, removes a stale one and a double, and leaves those of others', async () => {
		const one = stage.trigger();
		await one.activate();
		const before = stage.types();
		stage.lemlist.removeHook(stage.lemlist.hooks[0]?._id ?? '');
		stage.lemlist.addHook({ ...stage.lemlist.hooks[1], _id: 'hoo_double0000000000' });
		stage.lemlist.addHook({ targetUrl: one.webhookUrl });
		const foreign = stage.lemlist.addHook({ targetUrl: 'https://zapier.example.org/', type: 'smsSent' });
		one.check();
		await eventually(() => stage.lemlist.hooks.length === 4);
		expect(stage.types()).toEqual([...before, 'smsSent'].sort());
		expect(stage.lemlist.hooks).toContainEqual(foreign);
	});

	test.each<[string, Fault['effect']]>([['answers 500', status(500)], ['resets connections', 'resetBefore'], ['rejects the key', status(401)], ['sends markup', MARKUP]])('never throws while lemlist %s, says so in the log, and mends later', async (_, effect) => {
		const one = stage.trigger();
		await one.activate();
		stage.lemlist.removeHook(stage.lemlist.hooks[0]?._id ?? '');
		stage.lemlist.fault({ on: GET, effect, times: Infinity });
		one.check();
		await eventually(() => one.log.length > 0);
		expect(one.log.join()).toMatch(/could be checked or made; the next check tries again\. .*lemlist/);
		stage.lemlist.clearFaults();
		one.check();
		await eventually(() => stage.lemlist.hooks.length === 3);
	});

	test.each<[string, number, boolean]>([['half a minute', 30, true], ['longer than a minute', 70, false]])('asked by lemlist to wait for %s, waits or leaves it to the next one', async (_, seconds, isMended) => {
		const one = stage.trigger();
		await one.activate();
		stage.removeHook(0);
		stage.lemlist.fault({ on: GET, effect: status(429, { headers: { 'retry-after': String(seconds) } }) });
		one.check();
		await eventually(() => one.log.length > 0 || stage.lemlist.hooks.length === 3);
		expect(stage.lemlist.hooks).toHaveLength(isMended ? 3 : 2);
		one.check();
		await eventually(() => stage.lemlist.hooks.length === 3);
	});

	test('does nothing for a workflow that is off, even when a check was under way', async () => {
		const one = stage.trigger();
		await one.activate();
		for (const hook of [...stage.lemlist.hooks]) stage.lemlist.removeHook(hook._id);
		stage.lemlist.fault({ on: GET, effect: { name: 'delay', ms: 300 } });
		one.check();
		await eventually(() => stage.requests('GET').some((request) => request.status === 'none'));
		await one.deactivate();
		await pause(500);
		expect(stage.lemlist.hooks).toEqual([]);
	});

	test('does nothing once n8n 1.x has called delete, even when that failed', async () => {
		const one = stage.trigger();
		await one.activate();
		stage.removeHook(0);
		stage.lemlist.fault({ on: DELETE, effect: status(401), times: Infinity });
		await expect(one.deactivate('delete first')).rejects.toThrow(/still at lemlist/);
		stage.lemlist.clearRequests();
		one.check();
		await pause(200);
		expect(stage.lemlist.requests).toEqual([]);
	});

	test.each(['create', 'delete'] as const)('does nothing in an activation that fails, before n8n calls %s', async (method) => {
		const one = await aboutToFail();
		let requests: readonly unknown[] | undefined;
		const restore = stage.before(method, async () => {
			stage.lemlist.clearRequests();
			one.check();
			await pause(200);
			requests = [...stage.lemlist.requests];
		});
		await expect(one.activate()).rejects.toThrow(/refused to send/).finally(restore);
		expect(requests).toEqual([]);
	});

	test('does nothing when it waited behind the delete of an activation that failed', async () => {
		const one = await aboutToFail();
		const restore = stage.before('delete', async () => {
			stage.lemlist.fault({ on: GET, effect: { name: 'delay', ms: 300 } });
			await Promise.resolve();
		});
		const activation = expect(one.activate('activate', async () => { await pause(200); })).rejects.toThrow(/refused to send/).finally(restore);
		await eventually(() => stage.requests('GET').some((request) => request.status === 'none'));
		one.check();
		await activation;
		expect(stage.lemlist.hooks).toEqual([]);
	});

	test('goes on with the publication that worked, where n8n 2 keeps the schedule of one that failed', async () => {
		const one = stage.trigger();
		stage.lemlist.fault({ on: POST, effect: status(400) });
		await expect(one.activate('activate', undefined, { keepsSchedule: true })).rejects.toThrow(/refused to send/);
		await one.activate();
		stage.removeHook(0);
		one.check();
		await eventually(() => stage.lemlist.hooks.length === 3);
	});

	test('asks for the events that were picked last, where n8n 2 keeps the schedule of a publication that failed', async () => {
		const one = stage.trigger();
		await one.activate();
		one.options.parameters.events = ['smsReplied'];
		await one.activate();
		stage.removeHook(0);
		one.check();
		await eventually(() => stage.types().join() === 'smsReplied');
		await checkTwice(one);
		expect(stage.types()).toEqual(['smsReplied']);
	});

	test('goes by static data when it comes before checkExists was called', async () => {
		const one = stage.trigger();
		one.saved = { 'node:Lemlist Events Trigger': { webhookUrl: one.webhookUrl } };
		await one.startTrigger('init');
		one.check();
		await eventually(() => stage.lemlist.hooks.length === 3);
	});

	test('under way when n8n takes the trigger away ends before its next request', async () => {
		const one = stage.trigger();
		await one.activate();
		stage.removeHook(0);
		stage.lemlist.fault({ on: GET, effect: { name: 'delay', ms: 200 } });
		stage.lemlist.clearRequests();
		one.check();
		await eventually(() => stage.requests('GET').length > 0);
		await one.stop();
		await eventually(() => stage.requests('GET').every((request) => request.status === 200));
		await pause(200);
		expect(stage.requests('POST')).toEqual([]);
		expect(one.log).toEqual([]);
	});

	test('takes up a rotated secret: new hooks first, then the old ones go', async () => {
		const one = stage.trigger();
		await one.activate();
		const before = stage.lemlist.hooks[0]?.secret;
		const { data } = one.options.credential;
		if (data) data.webhookSecret = 'rotated';
		stage.lemlist.clearRequests();
		one.check();
		await eventually(() => stage.lemlist.hooks.length === 3 && stage.lemlist.hooks.every((hook) => hook.secret !== before));
		expect(stage.lemlist.requests.map((request) => request.method)).toEqual(['GET', 'POST', 'POST', 'POST', 'DELETE', 'DELETE', 'DELETE']);
	});

	test.each<[string, (trigger: Trigger) => unknown]>([
		['a check', (trigger) => { trigger.check(); }],
		['a start', async (trigger) => { await trigger.restart(); }],
	])('%s that finds a new secret leaves other processes the time to look it up before lemlist sends it', async (_, happen) => {
		const one = stage.trigger({}, { webhookSecret: 'first' });
		await one.activate();
		Object.assign(one.options.credential.data ?? {}, { webhookSecret: 'second' });
		const began = clock.now();
		const posted = firstPost();
		await happen(one);
		expect((await posted) - began).toBeGreaterThanOrEqual(LOAD_AT_MOST_EVERY_MS);
	});

	test('makes a hook that vanished without waiting', async () => {
		const one = stage.trigger();
		await one.activate();
		stage.removeHook(0);
		const began = clock.now();
		const posted = firstPost();
		one.check();
		expect((await posted) - began).toBeLessThan(LOAD_AT_MOST_EVERY_MS);
	});

	test('that cannot remove a left-over says so in the log', async () => {
		const one = stage.trigger();
		await one.activate();
		stage.lemlist.addHook({ targetUrl: `${one.webhookUrl}?hook=x` });
		stage.lemlist.fault({ on: DELETE, effect: status(403), times: Infinity });
		one.check();
		await eventually(() => one.log.length > 0);
		expect(one.log.join()).toMatch(/1 webhook of this trigger is still at lemlist\. lemlist denied access/);
	});

	test('with a deleted credential only says so', async () => {
		const one = stage.trigger();
		await one.activate();
		one.options.credential.data = undefined;
		one.check();
		await eventually(() => one.log.length > 0);
		expect(one.log.join()).toMatch(/n8n could not read the credential of this trigger\. Pick one at the top of the trigger.*The credential was deleted/);
		expect(stage.lemlist.hooks).toHaveLength(3);
	});

	test('gives way to a deactivation without a word while it removes left-overs', async () => {
		const one = stage.trigger();
		await one.activate();
		for (let index = 0; index < 8; index += 1) stage.lemlist.addHook({ targetUrl: `${one.webhookUrl}?hook=${String(index)}` });
		stage.lemlist.fault({ on: DELETE, effect: { name: 'delay', ms: 100 }, times: 4 });
		one.check();
		await eventually(() => stage.requests('DELETE').length > 0);
		await one.deactivate();
		expect(stage.lemlist.hooks).toEqual([]);
		expect(one.log).toEqual([]);
	});

	test.each(['Mars/Olympus Mons', 'Not a zone', ' '])('is all that is missing in a workflow whose time zone n8n does not know, and the log says so: %j', async (timezone) => {
		const one = stage.trigger({}, {}, { timezone });
		await one.activate();
		expect(stage.lemlist.hooks).toHaveLength(EVENTS.length);
		expect(one.log.join()).toMatch(/n8n does not run the check of the webhooks.*Set the time zone in the settings of the workflow.*n8n says: ./);
		await stage.lemlist.deliver(activityOf('emailsReplied'));
		expect(stage.host.executions).toHaveLength(1);
		await one.deactivate();
		expect(stage.lemlist.hooks).toEqual([]);
	});

	test('twice at once is one check', async () => {
		const one = stage.trigger();
		await one.activate();
		stage.lemlist.clearRequests();
		one.check();
		one.check();
		await eventually(() => stage.requests('GET').some((request) => request.status === 200));
		await pause(100);
		expect(stage.lemlist.requests).toHaveLength(1);
	});
});

describe('a start of n8n', () => {
	test('with all hooks there asks once and changes nothing', async () => {
		const one = stage.trigger();
		await one.activate();
		stage.lemlist.clearRequests();
		await one.restart();
		expect(stage.lemlist.requests.map((request) => request.method)).toEqual(['GET']);
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
		for (const hook of stage.lemlist.hooks.slice(0, 12)) stage.lemlist.removeHook(hook._id);
		one.saved = {};
		await one.restart();
		expect(stage.lemlist.hooks).toHaveLength(24);
	});

	test.each<[string, () => void]>([
		['lemlist is down', () => { stage.lemlist.fault({ effect: status(500), times: Infinity }); }],
		['lemlist rejects the key', () => { stage.lemlist.fault({ effect: status(401), times: Infinity }); }],
		['a hook cannot be made', () => { stage.lemlist.fault({ on: POST, effect: status(400), times: Infinity }); }],
	])('never throws while %s; the next check goes on', async (_, brokenBy) => {
		const one = stage.trigger();
		await one.activate();
		await one.stop();
		stage.lemlist.removeHook(stage.lemlist.hooks[0]?._id ?? '');
		brokenBy();
		await one.restart();
		expect(one.log.join()).toMatch(/could be checked or made while n8n starts; the next check tries again/);
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

	test.each<[string, number]>([['answers', 0], ['is down', Infinity]])('with static data lost stores it again while lemlist %s', async (_, times) => {
		const one = stage.trigger();
		await one.activate();
		const before = one.saved;
		one.saved = {};
		stage.lemlist.fault({ effect: status(500), times });
		await one.restart();
		expect(one.saved).toEqual(before);
		expect(stage.lemlist.hooks).toHaveLength(3);
	});

	test.each<[string, number]>([['answers', 0], ['is down', Infinity]])('with a secret that was rotated meanwhile stores the fingerprint of the one that the hooks have while lemlist %s', async (_, times) => {
		const one = stage.trigger();
		await one.activate();
		await one.stop();
		Object.assign(one.options.credential.data ?? {}, { webhookSecret: 'rotated' });
		stage.lemlist.fault({ effect: status(500), times });
		await one.restart();
		const [hook] = stage.lemlist.hooks;
		expect(Object.values(one.saved)).toEqual([{ webhookUrl: one.webhookUrl, fingerprint: fingerprintOf(hook?.secret ?? '') }]);
	});

	test('as a new leader behaves like a start', async () => {
		const one = stage.trigger();
		await one.activate();
		await one.stop();
		stage.lemlist.fault({ effect: status(500), times: 8 });
		await one.activate('leadershipChange');
		expect(one.log.join()).toContain('next check tries again');
	});
});

describe('a check in which lemlist refuses one hook', () => {
	const REFUSED = 'linkedinReplied';
	const REFUSAL = status(400, { body: 'Bad params' });
	function refuse(effect: Fault['effect'] = REFUSAL): void {
		const match = ({ body }: RequestRecord) => (body as { type?: string } | undefined)?.type === REFUSED;
		stage.lemlist.fault({ on: { ...POST, match }, effect, times: Infinity });
	}

	/** Lets a check happen and waits for what it says in the log, which is the last that it does. */
	async function failingCheck(one: Trigger): Promise<void> {
		const said = one.log.length;
		one.check();
		await eventually(() => one.log.length > said);
		expect(one.log.at(-1)).toContain('refused to send the event "LinkedIn Message Replied"');
	}

	test.each(['once', 'twice'])('after the secret was rotated, %s, has one hook for each event: the old one for the refused, new ones for the others', async (times) => {
		const one = stage.trigger();
		await one.activate();
		const { secret: old } = stage.lemlist.hooks[0] ?? {};
		Object.assign(one.options.credential.data ?? {}, { webhookSecret: 'rotated' });
		refuse();
		await failingCheck(one);
		if (times === 'twice') await failingCheck(one);
		expect(stage.types()).toEqual([...EVENTS].sort());
		expect(stage.lemlist.hooks.filter(({ secret }) => secret === old).map(({ type }) => type)).toEqual([REFUSED]);
		stage.lemlist.clearFaults();
		one.check();
		await eventually(() => stage.lemlist.hooks.every(({ secret }) => secret !== old));
		expect(stage.types()).toEqual([...EVENTS].sort());
	});

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
		['an event that was unpicked does not stay while lemlist is down', ['emailsSent', REFUSED], status(500), []],
		['All Events does not stay for an event that lemlist refuses', ['*'], REFUSAL, []],
		['All Events stays while lemlist is down', ['*'], status(500), ['*']],
		['All Events stays while lemlist speaks of a limit', ['*'], status(400, { body: 'Too many hooks' }), ['*']],
	])('after others were picked without a publication, the hook for %s', async (_, before, effect, stays) => {
		const one = stage.trigger({ events: before });
		await one.activate();
		await one.stop();
		one.options.parameters.events = EVENTS;
		refuse(effect);
		await one.activate('init');
		const kept = before.includes(REFUSED) ? [REFUSED] : [];
		expect(stage.types()).toEqual([...EVENTS.filter((type) => type !== REFUSED), ...kept, ...stays].sort());
		stage.lemlist.clearFaults();
		one.check();
		await eventually(() => stage.types().join() === [...EVENTS].sort().join());
	});

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
		expect(stage.lemlist.hooks).toHaveLength(23);
		await failingCheck(one);
		expect(stage.lemlist.hooks).toHaveLength(23);
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
		expect(stage.lemlist.hooks).toHaveLength(23);
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
