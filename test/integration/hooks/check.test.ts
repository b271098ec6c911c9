/** The check while a workflow is active: it mends, and says in the log what it could not. */
import { activityOf, type Fault } from '../../sandbox';
import {
	DELETE,
	EVENTS,
	eventually,
	GET,
	MARKUP,
	pause,
	pausesPassAtOnce,
	POST,
	Stage,
	status,
} from '../stage';

const stage = new Stage();
pausesPassAtOnce();

describe('the check', () => {
	test('changes nothing while all is well', async () => {
		const one = stage.trigger();
		await one.activate();
		stage.lemlist.clearRequests();
		await stage.checkTwice(one);
		expect(
			stage
				.requests()
				.slice(0, 2)
				.map((request) => request.method),
		).toEqual(['GET', 'GET']);
	});

	test('mends a hook that vanished, removes a stale one and a double, and leaves those of others', async () => {
		const one = stage.trigger();
		await one.activate();
		const before = stage.types();
		stage.lemlist.removeHook(stage.lemlist.hooks[0]?._id ?? '');
		stage.lemlist.addHook({ ...stage.lemlist.hooks[1], _id: 'hoo_double0000000000' });
		stage.lemlist.addHook({ targetUrl: one.webhookUrl });
		const foreign = stage.lemlist.addHook({
			targetUrl: 'https://zapier.example.org/',
			type: 'smsSent',
		});
		one.check();
		await eventually(() => stage.lemlist.hooks.length === 4);
		expect(stage.types()).toEqual([...before, 'smsSent'].sort());
		expect(stage.lemlist.hooks).toContainEqual(foreign);
	});

	test.each<[string, Fault['effect']]>([
		['answers 500', status(500)],
		['resets connections', 'resetBefore'],
		['rejects the key', status(401)],
		['sends markup', MARKUP],
	])('never throws while lemlist %s, says so in the log, and mends later', async (_, effect) => {
		const one = stage.trigger();
		await one.activate();
		stage.lemlist.removeHook(stage.lemlist.hooks[0]?._id ?? '');
		stage.lemlist.fault({ on: GET, effect, times: Infinity });
		one.check();
		await eventually(() => one.log.length > 0);
		expect(one.log.join()).toMatch(
			/could be checked or made; the next check tries again\. .*lemlist/,
		);
		stage.lemlist.clearFaults();
		one.check();
		await eventually(() => stage.lemlist.hooks.length === 3);
	});

	test.each<[string, number, boolean]>([
		['half a minute', 30, true],
		['longer than a minute', 70, false],
	])(
		'asked by lemlist to wait for %s, waits or leaves it to the next one',
		async (_, seconds, isMended) => {
			const one = stage.trigger();
			await one.activate();
			stage.removeHook(0);
			stage.lemlist.fault({
				on: GET,
				effect: status(429, { headers: { 'retry-after': String(seconds) } }),
			});
			one.check();
			await eventually(() => one.log.length > 0 || stage.lemlist.hooks.length === 3);
			expect(stage.lemlist.hooks).toHaveLength(isMended ? 3 : 2);
			one.check();
			await eventually(() => stage.lemlist.hooks.length === 3);
		},
	);

	test('goes on with the publication that worked, where n8n 2 keeps the schedule of one that failed', async () => {
		const one = stage.trigger();
		stage.lemlist.fault({ on: POST, effect: status(400) });
		await expect(one.activate('activate', undefined, { keepsSchedule: true })).rejects.toThrow(
			/refused to send/,
		);
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
		await stage.checkTwice(one);
		expect(stage.types()).toEqual(['smsReplied']);
	});

	test('goes by static data when it comes before checkExists was called', async () => {
		const one = stage.trigger();
		one.saved = { 'node:Lemlist Events Trigger': { hooksAt: one.webhookUrl } };
		await one.startTrigger('init');
		one.check();
		await eventually(() => stage.lemlist.hooks.length === 3);
	});

	test('that cannot remove a left-over says so in the log', async () => {
		const one = stage.trigger();
		await one.activate();
		stage.lemlist.addHook({ targetUrl: `${one.webhookUrl}?hook=x` });
		stage.lemlist.fault({ on: DELETE, effect: status(403), times: Infinity });
		one.check();
		await eventually(() => one.log.length > 0);
		expect(one.log.join()).toMatch(
			/1 webhook of this trigger is still at lemlist\. lemlist denied access/,
		);
	});

	test('with a deleted credential only says so', async () => {
		const one = stage.trigger();
		await one.activate();
		one.options.credential.data = undefined;
		one.check();
		await eventually(() => one.log.length > 0);
		expect(one.log.join()).toMatch(
			/n8n could not read the credential of this trigger\. Pick one at the top of the trigger.*The credential was deleted/,
		);
		expect(stage.lemlist.hooks).toHaveLength(3);
	});

	test.each(['Mars/Olympus Mons', 'Not a zone', ' '])(
		'is all that is missing in a workflow whose time zone n8n does not know, and the log says so: %j',
		async (timezone) => {
			const one = stage.trigger({}, {}, { timezone });
			await one.activate();
			expect(stage.lemlist.hooks).toHaveLength(EVENTS.length);
			expect(one.log.join()).toMatch(
				/n8n does not run the check of the webhooks.*Set the time zone in the settings of the workflow.*n8n says: ./,
			);
			await stage.lemlist.deliver(activityOf('emailsReplied'));
			expect(stage.host.executions).toHaveLength(1);
			expect(one.closeFunction).toBeDefined();
			await one.deactivate();
			expect(stage.lemlist.hooks).toEqual([]);
		},
	);

	test('goes on with the publication that worked, when n8n ends an earlier one only then', async () => {
		const one = stage.trigger();
		await one.activate();
		const { closeFunction } = one;
		await one.activate('update');
		expect(closeFunction).not.toBe(one.closeFunction);
		await closeFunction?.();
		stage.removeHook(0);
		one.check();
		await eventually(() => stage.lemlist.hooks.length === 3);
	});

	test('twice at once is one check', async () => {
		const one = stage.trigger();
		await one.activate();
		stage.lemlist.clearRequests();
		one.check();
		one.check();
		await eventually(() => stage.requests('GET').some((request) => request.status === 200));
		await pause(100);
		expect(stage.requests()).toHaveLength(1);
	});
});
