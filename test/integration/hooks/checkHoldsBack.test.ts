/** The check beside other calls of the node: it does nothing once the workflow is off, or is about to be. */
import { EVENTS as CATALOGUE } from '../../../nodes/LemlistTrigger/settings/events';
import type { Trigger } from '../host';
import { DELETE, eventually, GET, pause, pausesPassAtOnce, POST, Stage, status } from '../stage';

const stage = new Stage();
pausesPassAtOnce();

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

describe('the check', () => {
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

	test.each(['create', 'delete'] as const)(
		'does nothing in an activation that fails, before n8n calls %s',
		async (method) => {
			const one = await aboutToFail();
			let requests: readonly unknown[] | undefined;
			const restore = stage.before(method, async () => {
				stage.lemlist.clearRequests();
				one.check();
				await pause(200);
				requests = [...stage.lemlist.requests];
			});
			await expect(one.activate())
				.rejects.toThrow(/refused to send/)
				.finally(restore);
			expect(requests).toEqual([]);
		},
	);

	test('does nothing when it waited behind the delete of an activation that failed', async () => {
		const one = await aboutToFail();
		const restore = stage.before('delete', async () => {
			stage.lemlist.fault({ on: GET, effect: { name: 'delay', ms: 300 } });
			await Promise.resolve();
		});
		const activation = expect(
			one.activate('activate', async () => {
				await pause(200);
			}),
		)
			.rejects.toThrow(/refused to send/)
			.finally(restore);
		await eventually(() => stage.requests('GET').some((request) => request.status === 'none'));
		one.check();
		await activation;
		expect(stage.lemlist.hooks).toEqual([]);
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

	test('says and does nothing before anything was registered', async () => {
		const one = stage.trigger();
		await one.startTrigger('activate');
		one.check();
		await pause(200);
		expect(stage.lemlist.requests).toEqual([]);
		expect(one.log).toEqual([]);
	});

	test('gives way to a deactivation of n8n 1.x, which calls delete first', async () => {
		stage.lemlist.rules.rateLimit.requests = 1_000;
		const one = stage.trigger({ events: CATALOGUE.map(({ type }) => type) });
		await one.activate();
		for (const hook of [...stage.lemlist.hooks]) stage.lemlist.removeHook(hook._id);
		stage.lemlist.fault({ on: POST, effect: { name: 'delay', ms: 300 }, times: Infinity });
		stage.lemlist.clearRequests();
		one.check();
		await eventually(() => stage.requests('POST').length > 0);
		await one.deactivate('delete first');
		expect(stage.requests('POST').length).toBeLessThan(CATALOGUE.length);
		expect(stage.lemlist.hooks).toEqual([]);
	});

	test('gives way to a deactivation without a word while it removes left-overs', async () => {
		const one = stage.trigger();
		await one.activate();
		for (let index = 0; index < 8; index += 1)
			stage.lemlist.addHook({ targetUrl: `${one.webhookUrl}?hook=${String(index)}` });
		stage.lemlist.fault({ on: DELETE, effect: { name: 'delay', ms: 100 }, times: 4 });
		one.check();
		await eventually(() => stage.requests('DELETE').length > 0);
		await one.deactivate();
		expect(stage.lemlist.hooks).toEqual([]);
		expect(one.log).toEqual([]);
	});
});
