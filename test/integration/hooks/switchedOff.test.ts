/** Hooks that lemlist has switched off: as good as none at an activation, at a start and in the check. */
import { EVENTS as CATALOGUE } from '../../../nodes/LemlistTrigger/settings/events';
import { activityOf, type RequestRecord, type StoredHook } from '../../sandbox';
import type { Trigger } from '../host';
import { DELETE, EVENTS, eventually, pausesPassAtOnce, POST, Stage, status } from '../stage';

const stage = new Stage();
pausesPassAtOnce();

const EVERY_EVENT = { events: CATALOGUE.map(({ type }) => type) };
const GIVEN_UP =
	/lemlist had switched off (1 webhook|\d+ webhooks) of this trigger, because it could not deliver events/;

function switchOff(...hooks: StoredHook[]): void {
	for (const { _id } of hooks) stage.lemlist.switchOffHook(_id);
}

/** Live hooks, a type each, and no others on the trigger's address. */
function expectOnlyLiveHooks(trigger: Trigger, types: readonly string[]): void {
	const own = stage.lemlist.hooks.filter(({ targetUrl }) =>
		targetUrl.startsWith(trigger.webhookUrl),
	);
	expect(own.filter(({ disabled }) => disabled === true)).toEqual([]);
	expect(own.map(({ type }) => type).sort()).toEqual([...types].sort());
}

const WAYS: Array<[string, (trigger: Trigger) => Promise<void>]> = [
	[
		'a check',
		async (trigger) => {
			await stage.checkTwice(trigger);
		},
	],
	[
		'a start of n8n',
		async (trigger) => {
			await trigger.restart();
		},
	],
	[
		'an activation',
		async (trigger) => {
			await trigger.stop();
			await trigger.activate();
		},
	],
];

describe.each(WAYS)('%s', (_way, happens) => {
	test.each<[string, number]>([
		['one', 1],
		['all', EVENTS.length],
	])('makes %s anew, leaves those of others, and says in words what happened', async (_, count) => {
		const foreign = stage.lemlist.addHook({
			targetUrl: 'https://zapier.example.org/',
			type: 'smsSent',
			disabled: false,
		});
		const trigger = stage.trigger();
		await trigger.activate();
		const others = { ...foreign };
		const off = stage.lemlist.hooks.filter(({ _id }) => _id !== foreign._id).slice(0, count);
		switchOff(...off);
		await happens(trigger);
		expectOnlyLiveHooks(trigger, EVENTS);
		for (const { _id } of off)
			expect(stage.lemlist.hooks.map((hook) => hook._id)).not.toContain(_id);
		expect(stage.lemlist.hooks).toContainEqual(others);
		const told = trigger.log.filter((line) => GIVEN_UP.test(line));
		expect(told).toHaveLength(1);
		expect(told.join()).toContain('Reaching n8n from lemlist');
		const [result] = await stage.lemlist.deliver(activityOf('emailsReplied'));
		expect(result?.status).toBe(200);
	});

	test('never touches a hook of somebody else that is off', async () => {
		const foreign = stage.lemlist.addHook({
			targetUrl: 'https://zapier.example.org/',
			type: 'smsSent',
			disabled: true,
		});
		const trigger = stage.trigger();
		await trigger.activate();
		switchOff(...stage.lemlist.hooks.filter(({ _id }) => _id !== foreign._id));
		stage.lemlist.clearRequests();
		await happens(trigger);
		expectOnlyLiveHooks(trigger, EVENTS);
		expect(stage.lemlist.hooks).toContainEqual(foreign);
		expect(stage.requests('DELETE').map(({ path }) => path)).not.toContain(`/hooks/${foreign._id}`);
	});

	test('beside a live one for the same event with an old tag, replaces it first and removes the old one after', async () => {
		const trigger = stage.trigger({ events: ['emailsReplied'] });
		await trigger.activate();
		const [wanted] = stage.lemlist.hooks;
		if (wanted === undefined) throw new Error('There is no hook');
		const old = stage.lemlist.addHook({
			targetUrl: `${trigger.webhookUrl}?hook=emailsReplied.AAAAAAAAAAAAAAAA`,
			type: 'emailsReplied',
			...(wanted.secret !== undefined && { secret: wanted.secret }),
		});
		switchOff(wanted);
		stage.lemlist.clearRequests();
		await happens(trigger);
		expectOnlyLiveHooks(trigger, ['emailsReplied']);
		const acted = stage.lemlist.requests
			.filter(({ method }) => method !== 'GET')
			.map(({ method, path }) => `${method} ${path}`);
		expect(acted).toEqual([
			`DELETE /hooks/${wanted._id}`,
			'POST /hooks',
			`DELETE /hooks/${old._id}`,
		]);
	});

	test('listed without its query, is replaced all the same', async () => {
		const trigger = stage.trigger();
		await trigger.activate();
		switchOff(...stage.lemlist.hooks);
		for (const hook of stage.lemlist.hooks) hook.targetUrl = trigger.webhookUrl;
		await happens(trigger);
		expectOnlyLiveHooks(trigger, EVENTS);
	});

	test('beside a live one with the very same address, keeps the live one', async () => {
		stage.lemlist.rules.takenTargetUrl = 'allow';
		const trigger = stage.trigger({ events: ['emailsReplied'] });
		await trigger.activate();
		const [wanted] = stage.lemlist.hooks;
		stage.lemlist.addHook({ ...wanted, _id: 'hoo_dead0000000000000', disabled: true });
		await happens(trigger);
		expect(stage.lemlist.hooks).toEqual([wanted]);
	});
});

test('all events at once are made anew within one check', async () => {
	stage.lemlist.rules.rateLimit.requests = 1_000;
	const trigger = stage.trigger(EVERY_EVENT);
	await trigger.activate();
	switchOff(...stage.lemlist.hooks);
	trigger.check();
	await eventually(
		() =>
			stage.lemlist.hooks.length === CATALOGUE.length &&
			stage.lemlist.hooks.every(({ disabled }) => disabled !== true),
	);
	expectOnlyLiveHooks(trigger, EVERY_EVENT.events);
	expect(trigger.log).toHaveLength(1);
});

test('a team that is full has room for what takes the place of one that is off', async () => {
	const trigger = stage.trigger();
	await trigger.activate();
	switchOff(...stage.lemlist.hooks);
	stage.lemlist.rules.hooksPerTeam = EVENTS.length;
	trigger.check();
	await eventually(
		() =>
			stage.lemlist.hooks.length === EVENTS.length &&
			stage.lemlist.hooks.every(({ disabled }) => disabled !== true),
	);
	expectOnlyLiveHooks(trigger, EVENTS);
});

test.each<[string, unknown, 'stays' | 'is replaced']>([
	['true as text', 'true', 'is replaced'],
	['yes', 'Yes', 'is replaced'],
	['a one', 1, 'is replaced'],
	['when it was', '2026-11-20T10:00:00.000Z', 'is replaced'],
	['why it is', { reason: 'too many failures' }, 'is replaced'],
	['false', false, 'stays'],
	['false as text', 'false', 'stays'],
	['nothing', null, 'stays'],
	['a zero', 0, 'stays'],
	['an empty text', '', 'stays'],
	['no', ' no ', 'stays'],
])('a hook whose disabled is no plain yes, but %s, %s', async (_, disabled, fate) => {
	const trigger = stage.trigger({ events: ['emailsReplied'] });
	await trigger.activate();
	const [hook] = stage.lemlist.hooks;
	stage.lemlist.rules.listDisabled = 'always';
	Object.assign(hook ?? {}, { disabled });
	stage.lemlist.clearRequests();
	trigger.check();
	await eventually(() => stage.requests('GET').some((request) => request.status === 200));
	await eventually(
		() => fate === 'stays' || stage.lemlist.hooks.every(({ _id }) => _id !== hook?._id),
	);
	await eventually(() => stage.lemlist.hooks.length === 1);
	expect(stage.lemlist.hooks[0]?._id === hook?._id).toBe(fate === 'stays');
	expect(stage.requests('DELETE')).toHaveLength(fate === 'stays' ? 0 : 1);
});

describe('one that cannot be removed', () => {
	const STAYS =
		/has switched a webhook of this trigger off, and it could not be replaced\. lemlist denied access/;

	test('fails an activation in words, and leaves what was there', async () => {
		const trigger = stage.trigger({ events: ['emailsReplied'] });
		await trigger.activate();
		await trigger.stop();
		switchOff(...stage.lemlist.hooks);
		stage.lemlist.fault({ on: DELETE, effect: status(403), times: Infinity });
		await expect(trigger.activate()).rejects.toThrow(STAYS);
		expect(trigger.log.filter((line) => GIVEN_UP.test(line))).toEqual([]);
	});

	test('does not keep a check from mending the others, and is told of once it is gone', async () => {
		const trigger = stage.trigger();
		await trigger.activate();
		const [stuck] = stage.lemlist.hooks;
		switchOff(...stage.lemlist.hooks);
		stage.lemlist.fault({
			on: { ...DELETE, match: ({ path }: RequestRecord) => path === `/hooks/${stuck?._id ?? ''}` },
			effect: status(403),
			times: Infinity,
		});
		trigger.check();
		await eventually(() => trigger.log.length > 1);
		expect(trigger.log.join()).toMatch(STAYS);
		expect(stage.lemlist.hooks.filter(({ disabled }) => disabled !== true)).toHaveLength(
			EVENTS.length - 1,
		);
		stage.lemlist.clearFaults();
		trigger.check();
		await eventually(
			() =>
				stage.lemlist.hooks.every(({ disabled }) => disabled !== true) &&
				stage.lemlist.hooks.length === EVENTS.length,
		);
		expect(trigger.log.flatMap((line) => GIVEN_UP.exec(line)?.[1] ?? [])).toEqual([
			`${String(EVENTS.length - 1)} webhooks`,
			'1 webhook',
		]);
	});
});

test('an activation that fails after it removed one leaves nothing behind', async () => {
	const trigger = stage.trigger();
	await trigger.activate();
	await trigger.stop();
	switchOff(...stage.lemlist.hooks);
	stage.lemlist.fault({ on: { ...POST, nth: EVENTS.length }, effect: status(403) });
	await expect(trigger.activate()).rejects.toThrow(/denied access/);
	expect(stage.lemlist.hooks).toEqual([]);
});

test('one that lemlist switches off while its successor is being made is replaced, too', async () => {
	const trigger = stage.trigger({ events: ['emailsReplied'] });
	stage.lemlist.fault({ on: POST, effect: 'resetAfter' });
	const forget = stage.lemlist.onChange(({ text }) => {
		if (!text.startsWith('POST /hooks')) return;
		forget();
		switchOff(...stage.lemlist.hooks);
	});
	await trigger.activate();
	expectOnlyLiveHooks(trigger, ['emailsReplied']);
});

test('one that lemlist switches off while another is made once more is replaced in the same activation', async () => {
	const trigger = stage.trigger();
	stage.lemlist.fault({ on: { ...POST, nth: EVENTS.length }, effect: 'resetBefore' });
	const forget = stage.lemlist.onChange(({ text }) => {
		if (!text.startsWith('POST /hooks: no answer')) return;
		forget();
		switchOff(...stage.lemlist.hooks.slice(0, 1));
	});
	await trigger.activate();
	expectOnlyLiveHooks(trigger, EVENTS);
});

test('unpublishing removes those that are off as well', async () => {
	const trigger = stage.trigger();
	await trigger.activate();
	switchOff(...stage.lemlist.hooks);
	await trigger.deactivate();
	expect(stage.lemlist.hooks).toEqual([]);
});
