/** A lemlist that takes connections and does not answer, in real time: the bounds that n8n sets are kept. */
import type { Fault } from '../../sandbox';
import { EVENTS, GET, millisecondsOf, POST, Stage } from '../stage';

const stage = new Stage();

describe('silence', () => {
	test('of single POSTs, before and after lemlist acted, is looked into', async () => {
		stage.lemlist.fault({ on: { ...POST, nth: 1 }, effect: 'hangAfter' });
		stage.lemlist.fault({ on: { ...POST, nth: 2 }, effect: 'hangBefore' });
		expect(await millisecondsOf(stage.trigger().activate())).toBeLessThan(15_000);
		expect(stage.types()).toEqual([...EVENTS].sort());
	});

	test("ends an activation, n8n's delete after it included, within 30 seconds", async () => {
		stage.lemlist.fault({ on: GET, effect: 'hangBefore', times: Infinity });
		const activation = stage.trigger().activate();
		await Promise.all([
			expect(activation).rejects.toThrow(/could not be reached|took too long/),
			expect(millisecondsOf(activation.catch(() => undefined))).resolves.toBeLessThan(30_000),
		]);
	}, 40_000);

	test.each<[string, Fault['effect']]>([
		['no answer', 'hangBefore'],
		['one byte a second', { name: 'slowAnswer', bytesPerSecond: 1 }],
	])(
		'ends a deactivation within 20 seconds: %s',
		async (_, effect) => {
			const trigger = stage.trigger();
			await trigger.activate();
			stage.lemlist.fault({ on: GET, effect, times: Infinity });
			const deactivation = trigger.deactivate();
			await Promise.all([
				expect(deactivation).rejects.toThrow(/could not be reached|took too long/),
				expect(millisecondsOf(deactivation.catch(() => undefined))).resolves.toBeLessThan(20_500),
			]);
		},
		40_000,
	);
});
