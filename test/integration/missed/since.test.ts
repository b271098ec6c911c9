/** Since when something is wanted: another key, another version, another node, a clock that is off. */
import type { IDataObject } from 'n8n-workflow';
import type { Fault } from '../../sandbox';
import { POST, status } from '../stage';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../time';
import { Ground } from './ground';

const ground = new Ground();
const { stage, time } = ground;

const NODE = 'node:Lemlist Events Trigger';
const REPLIES_AND_SMS = ['emailsReplied', 'smsReplied'];

test("with another team's key, what happened there before starts nothing, what is missed afterwards does", async () => {
	const trigger = await ground.published();
	const other = { apiKey: 'another-key', teamId: 'tea_another00000000' };
	stage.lemlist.keys.set(other.apiKey, { state: 'valid', teamId: other.teamId });
	const reply = () => ground.activity('emailsReplied', { teamId: other.teamId });
	ground.missed(reply());
	Object.assign(trigger.options.credential.data ?? {}, { apiKey: other.apiKey });
	await ground.hourly(trigger);
	await time.startAnew(trigger);
	expect(ground.ids).toEqual([]);
	const id = ground.missed(reply());
	await ground.hourly(trigger);
	await time.startAnew(trigger);
	expect(ground.ids).toEqual([id]);
});

test("with another team's key, what the first team's hooks delivered is no proof that anything is wrong", async () => {
	const trigger = await ground.published();
	const first = await ground.delivered();
	await trigger.deactivate();
	const other = { apiKey: 'another-key', teamId: 'tea_another00000000' };
	stage.lemlist.keys.set(other.apiKey, { state: 'valid', teamId: other.teamId });
	Object.assign(trigger.options.credential.data ?? {}, { apiKey: other.apiKey });
	await trigger.activate('activate');
	await time.settled();
	time.pass(5 * MINUTE_MS);
	const id = ground.missed(ground.activity('emailsReplied', { teamId: other.teamId }));
	await time.startAnew(trigger);
	expect(ground.ids).toEqual([first, id]);
});

test('while lemlist does not name the team, what another one did starts nothing, and what is missed does', async () => {
	const trigger = await ground.published();
	const answer = {
		on: { path: '/team' },
		effect: { name: 'otherShape' },
		times: Infinity,
	} as const;
	stage.lemlist.fault(answer);
	time.pass(HOUR_MS);
	const teamId = 'tea_another00000000';
	stage.lemlist.happen(ground.activity('emailsReplied', { teamId }), 0, {
		teamId: stage.lemlist.teamId,
	});
	const id = ground.missed();
	await ground.hourly(trigger);
	expect(ground.ids).toEqual([id]);
});

test('with another key of the same team, nothing is lost', async () => {
	const trigger = await ground.published();
	const id = ground.missed();
	stage.lemlist.keys.set('another-key', { state: 'valid', teamId: stage.lemlist.teamId });
	Object.assign(trigger.options.credential.data ?? {}, { apiKey: 'another-key' });
	await ground.hourly(trigger);
	expect(ground.ids).toEqual([id]);
});

test.each<[string, (stored: IDataObject, url: string) => IDataObject]>([
	['an older package', ({ fingerprint }, webhookUrl) => ({ fingerprint, webhookUrl })],
	[
		'an older package, which had come back for a while',
		({ fingerprint, since }, webhookUrl) => ({ fingerprint, since: since ?? {}, webhookUrl }),
	],
	['nobody', () => ({})],
])(
	'with what %s stored, nothing from before the start starts the workflow, and what is missed afterwards does',
	async (_, rewritten) => {
		const trigger = await ground.published();
		await time.stop(trigger);
		ground.missed();
		const stored = trigger.saved[NODE] as IDataObject;
		trigger.saved = { [NODE]: rewritten(stored, trigger.webhookUrl) };
		await time.start(trigger);
		expect(ground.ids).toEqual([]);
		const id = ground.missed();
		await ground.hourly(trigger);
		await time.startAnew(trigger);
		expect(ground.ids).toEqual([id]);
	},
);

test.each<[string, number]>([
	['ahead', 5 * MINUTE_MS],
	['behind', -5 * MINUTE_MS],
])(
	"lemlist's clock five minutes %s: what an older package let pass before an update does not start again",
	async (_, aheadMs) => {
		time.aheadMs = aheadMs;
		time.pass(0);
		const trigger = await ground.published();
		await time.stop(trigger);
		const { fingerprint } = trigger.saved[NODE] as IDataObject;
		trigger.saved = { [NODE]: { fingerprint, webhookUrl: trigger.webhookUrl } };
		// The older package had it, and noted nothing of it.
		stage.lemlist.happen(ground.activity());
		time.pass(MINUTE_MS);
		await time.start(trigger);
		time.pass(MINUTE_MS);
		stage.lemlist.happen(ground.activity());
		await ground.hourly(trigger);
		expect(ground.ids).toHaveLength(1);
	},
);

test('after a start at which lemlist was down, the next start goes on from the first, not from itself', async () => {
	const trigger = await ground.published();
	await time.stop(trigger);
	const { fingerprint } = trigger.saved[NODE] as IDataObject;
	trigger.saved = { [NODE]: { fingerprint: fingerprint ?? '', webhookUrl: trigger.webhookUrl } };
	stage.lemlist.fault({ effect: { name: 'status', status: 500 }, times: Infinity });
	await time.start(trigger);
	time.pass(MINUTE_MS);
	const id = ground.missed();
	await time.stop(trigger);
	stage.lemlist.clearFaults();
	await time.start(trigger);
	expect(ground.ids).toEqual([id]);
});

test('a node that got another webhook ID goes on: what it had seen does not start again', async () => {
	const place = { workflowId: 'w1', nodeId: 'n1' };
	const before = await ground.published({}, place);
	const all = [await ground.delivered(), ground.missed(), await ground.delivered()];
	await ground.hourly(before);
	await before.deactivate();
	const trigger = stage.trigger({ events: ['emailsReplied'] }, {}, place);
	trigger.saved = before.saved;
	await trigger.activate('update');
	await time.settled();
	time.pass(5 * MINUTE_MS);
	all.push(await ground.delivered(), ground.missed());
	await ground.hourly(trigger);
	await time.startAnew(trigger);
	expect([...ground.ids].sort()).toEqual([...all].sort());
});

test('a node that was cut and pasted begins anew: what the other had seen does not start again', async () => {
	const trigger = await ground.published();
	await ground.delivered();
	const before = ground.ids;
	await trigger.deactivate();
	trigger.options.nodeId = 'another node';
	await trigger.activate('update');
	await time.settled();
	await ground.hourly(trigger);
	expect(ground.ids).toEqual(before);
	const id = ground.missed();
	await ground.hourly(trigger);
	expect(ground.ids).toEqual([...before, id]);
});

test('an answer that is long on its way: nothing from just before publishing starts', async () => {
	const trigger = stage.trigger({ events: ['emailsReplied'] });
	stage.lemlist.happen(ground.activity());
	const slow = stage.lemlist.fault({
		on: { match: ({ path }) => path === '/team' },
		effect: { name: 'delay', ms: 3_000 },
		times: Infinity,
	});
	await trigger.activate();
	slow.remove();
	await time.settled();
	time.pass(5 * MINUTE_MS);
	const id = ground.missed();
	await ground.hourly(trigger);
	expect(ground.ids).toEqual([id]);
});

test.each<[string, number]>([
	['ahead', 5 * MINUTE_MS],
	['behind', -5 * MINUTE_MS],
])(
	"lemlist's clock five minutes %s: nothing from before, nothing twice, nothing lost",
	async (_, aheadMs) => {
		time.aheadMs = aheadMs;
		time.pass(0);
		ground.missed();
		const trigger = await ground.published();
		expect(ground.ids).toEqual([]);
		const all = [await ground.delivered(), ground.missed()];
		await ground.hourly(trigger);
		expect(ground.ids).toEqual(all);
		await time.startAnew(trigger, () => {
			all.push(ground.missed());
		});
		await ground.hourly(trigger);
		expect(ground.ids).toEqual(all);
	},
);

test('Leave Out, then Start Late: nothing from before starts', async () => {
	const trigger = await ground.published({ options: { missedEvents: 'ignore' } });
	ground.missed();
	await trigger.deactivate();
	trigger.options.parameters.options = {};
	await trigger.activate('update');
	await time.settled();
	await ground.hourly(trigger);
	expect(ground.ids).toEqual([]);
	const id = ground.missed();
	await ground.hourly(trigger);
	expect(ground.ids).toEqual([id]);
});

describe.each<[string, Pick<Fault, 'on' | 'effect'>, IDataObject]>([
	['lemlist refuses the hooks', { on: POST, effect: status(402, { body: 'upgrade' }) }, {}],
	['lemlist is away', { on: {}, effect: 'resetBefore' }, {}],
	['lemlist is away', { on: {}, effect: 'resetBefore' }, { arrival: 'lookUp' }],
])('an edit that fails because %s', (_, fault, options) => {
	test.each<[string, number, boolean]>([
		['within two minutes loses nothing', 100 * SECOND_MS, true],
		['later begins anew', 3 * MINUTE_MS, false],
	])(`published %s, with ${JSON.stringify(options)}`, async (__, laterMs, isKept) => {
		const trigger = await ground.published({ options });
		const removing = stage.lemlist.fault({ ...fault, times: Infinity });
		// n8n 1 goes on without what could not be removed.
		await trigger.deactivate('delete first').catch(() => undefined);
		await trigger.stop();
		const activity = ground.activity();
		stage.lemlist.happen(activity);
		trigger.options.parameters.events = REPLIES_AND_SMS;
		await expect(trigger.activate('update')).rejects.toThrow();
		removing.remove();
		time.pass(laterMs);
		await trigger.activate('activate');
		await time.settled();
		await ground.hourly(trigger);
		expect(ground.ids).toEqual(isKept ? [activity._id] : []);
	});
});

test('what is stored survives what n8n does with it, and does not grow', async () => {
	const trigger = await ground.published({ events: ['*'] });
	const { saved } = trigger;
	for (let start = 0; start < 2; start += 1) {
		time.pass(HOUR_MS);
		await time.startAnew(trigger);
	}
	expect(trigger.saved).toEqual(saved);
});
