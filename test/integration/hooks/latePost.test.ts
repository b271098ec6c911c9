/** A POST that lemlist acts on after the node has given up on it: no hook is made twice, and none is left. */
import { clock } from '../../../nodes/LemlistTrigger/process/clock';
import { EVENTS, pause, pausesPassAtOnce, POST, Stage, status } from '../stage';

const stage = new Stage();
pausesPassAtOnce();

describe('a POST that lemlist acts on late', () => {
	test('is not made twice, even where lemlist would allow it', async () => {
		stage.lemlist.rules.takenTargetUrl = 'allow';
		stage.lemlist.fault({ on: { ...POST, nth: 1 }, effect: { name: 'actLate', ms: 100 } });
		const real = clock.sleep;
		clock.sleep = pause;
		await stage
			.trigger()
			.activate()
			.finally(() => {
				clock.sleep = real;
			});
		expect(stage.types()).toEqual([...EVENTS].sort());
	});

	/** Lets the first POST arrive while the node waits. Its connection has to be lost. @returns how often it did, and the way back */
	function arrivingLate() {
		const { sleep } = clock;
		const late = {
			arrivals: 0,
			restore: () => {
				clock.sleep = sleep;
			},
		};
		clock.sleep = async (ms) => {
			const [posted] = stage.requests('POST');
			if (posted !== undefined && late.arrivals === 0) {
				stage.lemlist.addHook(posted.body as { targetUrl: string });
				late.arrivals += 1;
			}
			await sleep(ms);
		};
		return late;
	}

	test('is waited for before lemlist is asked: it is not made twice, even where lemlist would allow it', async () => {
		stage.lemlist.rules.takenTargetUrl = 'allow';
		stage.lemlist.fault({ on: { ...POST, nth: 1 }, effect: 'resetBefore' });
		const late = arrivingLate();
		await stage.trigger().activate().finally(late.restore);
		expect(late.arrivals).toBe(1);
		expect(stage.types()).toEqual([...EVENTS].sort());
		expect(stage.requests('POST')).toHaveLength(3);
	});

	test('is found by the delete that follows, also when its connection was lost before', async () => {
		stage.lemlist.fault({ on: { ...POST, nth: 1 }, effect: 'resetBefore' });
		stage.lemlist.fault({ on: { ...POST, nth: 2 }, effect: status(400) });
		let late: ReturnType<typeof arrivingLate> | undefined;
		const restore = stage.before('delete', async () => {
			late = await Promise.resolve(arrivingLate());
		});
		await expect(stage.trigger().activate())
			.rejects.toThrow(/refused to send/)
			.finally(() => {
				restore();
				late?.restore();
			});
		expect(late?.arrivals).toBe(1);
		expect(stage.lemlist.hooks).toEqual([]);
	});

	test('is found by the delete that follows a failed activation', async () => {
		stage.lemlist.fault({ on: { ...POST, nth: 1 }, effect: { name: 'actLate', ms: 400 } });
		stage.lemlist.fault({ on: { ...POST, nth: 2 }, effect: status(400) });
		const real = clock.sleep;
		clock.sleep = pause;
		await expect(
			stage
				.trigger()
				.activate()
				.finally(() => {
					clock.sleep = real;
				}),
		).rejects.toThrow(/refused to send/);
		await pause(500);
		expect(stage.lemlist.hooks).toEqual([]);
	});
});
