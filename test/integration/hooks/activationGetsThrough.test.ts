/** Activation while lemlist answers badly, late or not at all, pages its list, or has left-overs: all hooks are there in the end, once each. */
import { clock } from '../../../nodes/LemlistTrigger/process/clock';
import type { Fault, FaultTrigger } from '../../sandbox';
import { EVENTS, GET, pausesPassAtOnce, POST, Stage, status } from '../stage';
import { ofType } from './events';

const stage = new Stage();
pausesPassAtOnce();

describe('activation gets through', () => {
	test.each<[string, FaultTrigger, Fault['effect'], number]>([
		['a POST whose answer is lost after lemlist acted', { ...POST, nth: 2 }, 'resetAfter', 1],
		['a POST that is lost before lemlist acted', { ...POST, nth: 2 }, 'resetBefore', 1],
		['every POST losing its answer', POST, 'resetAfter', 3],
		['a 500 after lemlist acted', { ...POST, nth: 1 }, status(500, { acts: true }), 1],
		[
			'a 502 with a page of markup before lemlist acted',
			{ ...POST, nth: 1 },
			status(502, { body: '<html>Bad gateway</html>' }),
			1,
		],
		['a 503', POST, status(503), 2],
		['every POST failing twice', POST, status(503), 6],
		['an empty answer', { ...POST, nth: 1 }, 'emptyBody', 1],
		['broken JSON', { ...POST, nth: 1 }, 'brokenJson', 1],
		['JSON of another shape', { ...POST, nth: 1 }, 'otherShape', 1],
		['a 409 for a hook that is ours', { ...POST, nth: 1 }, status(409, { acts: true }), 1],
		['a list that fails twice', GET, status(500), 2],
		['a list that is not one', GET, 'otherShape', 1],
		['a list that is reset', GET, 'resetBefore', 1],
	])('%s', async (_, on, effect, times) => {
		stage.lemlist.fault({ on, effect, times });
		await stage.trigger().activate();
		expect(stage.types()).toEqual([...EVENTS].sort());
	});

	test('a POST that is lost twice and then made without an answer, only after looking each time', async () => {
		const on = { ...POST, match: ofType('interested') };
		stage.lemlist.fault({ on, effect: 'resetBefore', times: 2 });
		stage.lemlist.fault({ on, effect: 'resetAfter' });
		await stage.trigger().activate();
		expect(stage.types()).toEqual([...EVENTS].sort());
		expect(
			stage
				.requests()
				.map((request) => request.method)
				.join(' '),
		).toBe('GET GET POST POST POST GET POST GET POST GET');
	});

	test('lemlist that allows two hooks on one URL: a lost answer makes none twice', async () => {
		stage.lemlist.rules.takenTargetUrl = 'allow';
		stage.lemlist.fault({ on: POST, effect: 'resetAfter', times: 2 });
		await stage.trigger().activate();
		expect(stage.types()).toEqual([...EVENTS].sort());
	});

	test('a list of hooks in pages', async () => {
		stage.lemlist.rules.hookPages = { size: 100 };
		stage.lemlist.rules.hooksPerTeam = 500;
		for (let index = 0; index < 250; index += 1)
			stage.lemlist.addHook({ targetUrl: `https://other.example.org/${String(index)}` });
		const one = stage.trigger();
		await one.activate();
		expect(stage.lemlist.hooks).toHaveLength(253);
		await one.deactivate();
		expect(stage.lemlist.hooks).toHaveLength(250);
	});

	test.each([400, 404, 405])(
		'a team with exactly 100 hooks whose list has no further pages: %i',
		async (code) => {
			for (let index = 0; index < 100; index += 1)
				stage.lemlist.addHook({ targetUrl: `https://other.example.org/${String(index)}` });
			stage.lemlist.fault({
				on: { ...GET, match: (request) => 'offset' in request.query },
				effect: status(code),
				times: Infinity,
			});
			const one = stage.trigger();
			await one.activate();
			await one.deactivate();
			expect(stage.lemlist.hooks).toHaveLength(100);
		},
	);

	test('a team with exactly 100 hooks whose list is the same whatever page is asked for', async () => {
		for (let index = 0; index < 100; index += 1)
			stage.lemlist.addHook({ targetUrl: `https://other.example.org/${String(index)}` });
		await stage.trigger().activate();
		expect(stage.requests('GET').length).toBeLessThanOrEqual(4);
		expect(stage.lemlist.hooks).toHaveLength(103);
	});

	test("trouble on lemlist's side only after pauses that grow", async () => {
		stage.lemlist.fault({ on: GET, effect: status(500), times: 3 });
		const began = clock.now();
		await stage.trigger().activate();
		expect(clock.now() - began).toBeGreaterThanOrEqual(400 + 800 + 1_600);
	});

	test('a list that does not show yet what was made: only what is unsettled is posted again', async () => {
		stage.lemlist.rules.takenTargetUrl = 'allow';
		stage.lemlist.fault({ on: { ...POST, nth: 1 }, effect: 'resetBefore' });
		stage.lemlist.fault({ on: { ...GET, nth: 3 }, effect: { name: 'otherShape', body: [] } });
		await stage.trigger().activate();
		expect(stage.types()).toEqual([...EVENTS].sort());
		expect(stage.requests('POST')).toHaveLength(4);
	});

	test('a left-over that turns up while it posts', async () => {
		const one = stage.trigger();
		const turnUp = () => {
			if (stage.lemlist.hooks.length === 2)
				stage.lemlist.addHook({ targetUrl: `${one.webhookUrl}?hook=late` });
			return false;
		};
		stage.lemlist.fault({ on: { ...POST, nth: 3 }, effect: 'resetBefore' });
		stage.lemlist.fault({ on: { ...GET, match: turnUp }, effect: status(500) });
		await one.activate();
		expect(
			stage.lemlist.hooks.map(({ targetUrl }) => targetUrl).filter((url) => url.endsWith('late')),
		).toEqual([]);
		expect(stage.types()).toEqual([...EVENTS].sort());
	});

	test('left-overs on its URL, a double, and hooks of others', async () => {
		const one = stage.trigger();
		await one.activate();
		await one.stop();
		stage.lemlist.addHook({ targetUrl: one.webhookUrl });
		stage.lemlist.addHook({
			targetUrl: `${one.webhookUrl}?hook=emailsSent.AAAAAAAAAAAAAAAA`,
			type: 'emailsSent',
		});
		stage.lemlist.addHook({ ...stage.lemlist.hooks[0], _id: 'hoo_double0000000000' });
		const foreign = [
			stage.lemlist.addHook({ targetUrl: `${one.webhookUrl}2` }),
			stage.lemlist.addHook({ targetUrl: 'https://zapier.example.org/' }),
		];
		await one.activate();
		expect(stage.lemlist.hooks).toHaveLength(3 + foreign.length);
		expect(stage.lemlist.hooks).toEqual(expect.arrayContaining(foreign));
	});
});
