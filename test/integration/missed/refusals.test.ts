/** A lemlist that does not tell what happened: nothing is lost where it does later, and hooks are never affected. */
import type { IDataObject } from 'n8n-workflow';
import type { Fault } from '../../sandbox';
import { GET, MARKUP, status } from '../stage';
import { HOUR_MS, MINUTE_MS } from '../time';
import { Ground } from './ground';

const ground = new Ground();
const { stage, time } = ground;

const LIST = { method: 'GET', path: '/activities' };

test.each<[string, Fault['effect']]>([
	['402', status(402, { body: 'route is available starting emailPro plan' })],
	['403', status(403, { body: 'Forbidden' })],
])('%s is told in one line, and asked again every hour', async (_, effect) => {
	const trigger = await ground.published();
	stage.lemlist.fault({ on: LIST, effect, times: Infinity });
	const id = ground.missed();
	await ground.hourly(trigger);
	stage.lemlist.clearRequests();
	await time.later(5 * MINUTE_MS, trigger);
	expect(stage.looks()).toEqual([]);
	await ground.hourly(trigger);
	expect(stage.looks()).not.toEqual([]);
	expect(trigger.log).toEqual([
		expect.stringContaining('lemlist does not tell which events happened'),
	]);
	// Hooks are looked after all the same.
	stage.removeHook(0);
	await ground.hourly(trigger);
	expect(stage.lemlist.hooks).toHaveLength(1);
	stage.lemlist.clearFaults();
	await ground.hourly(trigger);
	expect(ground.ids).toEqual([id]);
});

test.each<[string, Fault['effect'], Fault['on']?]>([
	['401', status(401)],
	['401 for whose key it is', status(401), { method: 'GET', path: '/team' }],
	['500', status(500)],
	['503 with a page', status(503, { body: '<h1>Back soon</h1>', contentType: 'text/html' })],
	['a page', MARKUP],
	['a page that says 404', status(404, { body: '<html>No</html>', contentType: 'text/html' })],
	['a lost connection', 'resetBefore'],
	['broken JSON', 'brokenJson'],
	['an empty answer', 'emptyBody'],
])('%s: the check after that looks again, and nothing is lost', async (_, effect, on = LIST) => {
	const trigger = await ground.published();
	stage.lemlist.fault({ on, effect, times: Infinity });
	const id = ground.missed();
	await ground.hourly(trigger);
	expect(ground.ids).toEqual([]);
	expect(trigger.log).toEqual([
		expect.stringContaining('it could not be looked up in lemlist which events happened'),
	]);
	stage.lemlist.clearFaults();
	await time.later(5 * MINUTE_MS, trigger);
	expect(ground.ids).toEqual([id]);
});

test.each<[string, Fault]>([
	['429', { on: LIST, effect: status(429, { headers: { 'retry-after': '7' } }), times: 3 }],
	['a single 500', { on: LIST, effect: status(500) }],
	['a single lost connection', { on: LIST, effect: 'resetBefore' }],
	[
		'a team that is not told at once',
		{ on: { method: 'GET', path: '/team' }, effect: status(500) },
	],
])('%s is waited out, without a line', async (_, fault) => {
	const trigger = await ground.published();
	stage.lemlist.fault(fault);
	const id = ground.missed();
	await ground.hourly(trigger);
	expect(ground.ids).toEqual([id]);
	expect(trigger.log).toEqual([expect.stringContaining('1 event that lemlist did not deliver')]);
});

test.each([400, 404])('%i for one event concerns that event alone', async (code) => {
	const trigger = await ground.published({ events: ['emailsReplied', 'smsReplied'] });
	const on = { ...LIST, query: { type: 'smsReplied' } };
	stage.lemlist.fault({ on, effect: status(code, { body: 'Bad params' }), times: Infinity });
	ground.missed(ground.activity('smsReplied'));
	const id = ground.missed();
	await ground.hourly(trigger);
	await ground.hourly(trigger);
	expect(ground.ids).toEqual([id]);
	expect(trigger.log.filter((line) => line.includes('lemlist does not list'))).toEqual([
		expect.stringContaining('"SMS Replied"'),
	]);
});

test.each<[string, IDataObject, number, number]>([
	['by webhook, within a day', {}, 25, HOUR_MS],
	['looked up, within an hour', { arrival: 'lookUp' }, 62, MINUTE_MS],
])('a 400 by mistake, %s, loses nothing', async (_, options, times, everyMs) => {
	const trigger = await ground.published({ options });
	stage.lemlist.fault({ on: LIST, effect: status(400), times: 1 });
	const activity = ground.activity();
	stage.lemlist.happen(activity);
	for (let count = 0; count < times; count += 1) await time.later(everyMs, trigger);
	expect(ground.ids).toEqual([activity._id]);
	expect(trigger.log.filter((line) => line.includes('lemlist does not list'))).toHaveLength(1);
});

test('a page of the middle that fails: what was missed starts once, all of it', async () => {
	const trigger = await ground.published();
	const all = Array.from({ length: 120 }, () => {
		const activity = ground.activity();
		stage.lemlist.happen(activity);
		time.pass(1_000);
		return activity._id as string;
	});
	time.pass(5 * MINUTE_MS);
	const on = { ...LIST, query: { offset: '90' } };
	stage.lemlist.fault({ on, effect: status(500), times: 4 });
	await ground.hourly(trigger);
	await time.later(5 * MINUTE_MS, trigger);
	expect(ground.ids).toEqual(all);
});

test('nothing of it fails a publication, however lemlist answers', async () => {
	stage.lemlist.fault({ on: LIST, effect: status(500), times: Infinity });
	stage.lemlist.fault({
		on: { method: 'GET', path: '/team' },
		effect: status(500),
		times: Infinity,
	});
	const trigger = await ground.published();
	expect(stage.lemlist.hooks).toHaveLength(1);
	await trigger.deactivate();
	expect(stage.lemlist.hooks).toEqual([]);
	expect(stage.requests(GET.method).every((request) => request.status === 200)).toBe(true);
});
