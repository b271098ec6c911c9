/** The check and a start that find a new secret: other processes get the time to look it up. */
import { clock } from '../../../nodes/LemlistTrigger/process/clock';
import { LOAD_AT_MOST_EVERY_MS } from '../../../nodes/LemlistTrigger/secrets/knownSecrets';
import type { Trigger } from '../host';
import { eventually, pausesPassAtOnce, Stage } from '../stage';

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

describe('the check', () => {
	test('takes up a rotated secret: new hooks first, then the old ones go', async () => {
		const one = stage.trigger();
		await one.activate();
		const before = stage.lemlist.hooks[0]?.secret;
		const { data } = one.options.credential;
		if (data) data.webhookSecret = 'rotated';
		stage.lemlist.clearRequests();
		one.check();
		await eventually(
			() =>
				stage.lemlist.hooks.length === 3 &&
				stage.lemlist.hooks.every((hook) => hook.secret !== before),
		);
		expect(stage.requests().map((request) => request.method)).toEqual([
			'GET',
			'POST',
			'POST',
			'POST',
			'DELETE',
			'DELETE',
			'DELETE',
		]);
	});

	test.each<[string, (trigger: Trigger) => unknown]>([
		[
			'a check',
			(trigger) => {
				trigger.check();
			},
		],
		[
			'a start',
			async (trigger) => {
				await trigger.restart();
			},
		],
	])(
		'%s that finds a new secret leaves other processes the time to look it up before lemlist sends it',
		async (_, happen) => {
			const one = stage.trigger({}, { webhookSecret: 'first' });
			await one.activate();
			Object.assign(one.options.credential.data ?? {}, { webhookSecret: 'second' });
			const began = clock.now();
			const posted = firstPost();
			await happen(one);
			expect((await posted) - began).toBeGreaterThanOrEqual(LOAD_AT_MOST_EVERY_MS);
		},
	);

	test('makes a hook that vanished without waiting', async () => {
		const one = stage.trigger();
		await one.activate();
		stage.removeHook(0);
		const began = clock.now();
		const posted = firstPost();
		one.check();
		expect((await posted) - began).toBeLessThan(LOAD_AT_MOST_EVERY_MS);
	});
});
