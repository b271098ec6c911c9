/** How long the built node waits when lemlist asks it to, within the time that n8n gives it; no real time passes. */
import { clock } from '../../../nodes/LemlistTrigger/process/clock';
import { DELETE, EVENTS, eventually, GET, pausesPassAtOnce, POST, Stage, status } from '../stage';

const stage = new Stage();
pausesPassAtOnce();

/** What lemlist answers to too many requests. */
const busy = (seconds: number) => status(429, { headers: { 'retry-after': String(seconds) } });

/** @returns how long this work takes by the node's clock, in seconds */
async function secondsOf(work: () => Promise<unknown>): Promise<number> {
	const began = clock.now();
	await work();
	return (clock.now() - began) / 1_000;
}

describe('an activation', () => {
	test('waits for a quarter of a minute until it may ask for a hook', async () => {
		stage.lemlist.fault({ on: POST, effect: busy(15) });
		await stage.trigger().activate();
		expect(stage.types()).toEqual([...EVENTS].sort());
	});

	test('waits for some seconds until it may look', async () => {
		stage.lemlist.fault({ on: GET, effect: busy(6) });
		await stage.trigger().activate();
		expect(stage.types()).toEqual([...EVENTS].sort());
	});

	test.each([5, 10, 14, 20])(
		'is over within half a minute when lemlist keeps asking for %i seconds',
		async (seconds) => {
			stage.lemlist.fault({ on: { ...POST, nth: 2 }, effect: busy(seconds), times: Infinity });
			expect(
				await secondsOf(async () => {
					await expect(stage.trigger().activate()).rejects.toThrow(/too many/);
				}),
			).toBeLessThanOrEqual(30);
			expect(stage.lemlist.hooks).toEqual([]);
		},
	);

	test('has time left to undo what it made, however long lemlist let it wait', async () => {
		stage.lemlist.fault({ on: { ...POST, nth: 2 }, effect: busy(14), times: Infinity });
		stage.lemlist.fault({ on: { ...GET, nth: 3 }, effect: busy(5) });
		const restore = stage.before('delete', async () => {
			throw await Promise.resolve(new Error('n8n ended before it called delete'));
		});
		await expect(stage.trigger().activate())
			.rejects.toThrow(/too many/)
			.finally(restore);
		expect(stage.lemlist.hooks).toEqual([]);
	});
});

describe('a start of n8n, which may start one workflow after the other', () => {
	test('waits for some seconds until it may look', async () => {
		const one = stage.trigger();
		await one.activate();
		stage.removeHook(0);
		stage.lemlist.fault({ on: GET, effect: busy(6) });
		await one.restart();
		expect(stage.types()).toEqual([...EVENTS].sort());
		expect(one.log).toEqual([]);
	});

	test('leaves the look to the next check when lemlist asks for more', async () => {
		const one = stage.trigger();
		await one.activate();
		stage.removeHook(0);
		stage.lemlist.fault({ on: GET, effect: busy(10) });
		expect(
			await secondsOf(async () => {
				await one.restart();
			}),
		).toBeLessThan(10);
		expect(one.log.join()).toContain('while n8n starts; the next check tries again');
		one.check();
		await eventually(() => stage.lemlist.hooks.length === 3);
	});

	test('takes its time for hooks that are missing', async () => {
		const one = stage.trigger();
		await one.activate();
		stage.removeHook(0);
		stage.lemlist.fault({ on: POST, effect: busy(15) });
		await one.restart();
		expect(stage.types()).toEqual([...EVENTS].sort());
	});
});

describe('a deactivation', () => {
	test('waits for a quarter of a minute until it may delete', async () => {
		const one = stage.trigger();
		await one.activate();
		stage.lemlist.fault({ on: DELETE, effect: busy(15) });
		await one.deactivate();
		expect(stage.lemlist.hooks).toEqual([]);
	});

	test('is over within twenty seconds when lemlist asks for more, and says what is left', async () => {
		const one = stage.trigger();
		await one.activate();
		stage.lemlist.fault({ on: DELETE, effect: busy(12), times: Infinity });
		expect(
			await secondsOf(async () => {
				await expect(one.deactivate()).rejects.toThrow(
					/3 webhooks of this trigger are still at lemlist\. .*too many/,
				);
			}),
		).toBeLessThanOrEqual(20);
	});
});

test('the delete after an activation that failed finds a hook whose POST lemlist carried out after more than two seconds', async () => {
	stage.lemlist.fault({ on: { ...POST, nth: 1 }, effect: 'resetBefore' });
	stage.lemlist.fault({ on: { ...POST, nth: 2 }, effect: status(400) });
	const one = stage.trigger();
	const { sleep } = clock;
	let arrivesAt = Infinity;
	let arrivals = 0;
	const restore = stage.before('delete', async () => {
		arrivesAt = await Promise.resolve(clock.now() + 2_250);
	});
	clock.sleep = async (ms) => {
		await sleep(ms);
		if (clock.now() < arrivesAt) return;
		arrivesAt = Infinity;
		arrivals += 1;
		stage.lemlist.addHook({ targetUrl: `${one.webhookUrl}?hook=late` });
	};
	await expect(one.activate())
		.rejects.toThrow(/refused to send/)
		.finally(() => {
			restore();
			clock.sleep = sleep;
		});
	expect(arrivals).toBe(1);
	expect(stage.lemlist.hooks).toEqual([]);
});

describe('a budget that is used up for longer than n8n waits', () => {
	test('is said at once', async () => {
		stage.lemlist.rules.rateLimit.windowMs = 120_000;
		stage.lemlist.spend(17);
		await expect(stage.trigger().activate()).rejects.toThrow(/too many/);
	});
});
