/** A workflow whose time zone n8n does not know: n8n schedules nothing in it, so the trigger works without its check. */
import { until } from '../e2e/n8n/until';
import { N8N_VERSIONS } from '../e2e/n8n/versions';
import { activityOf } from '../sandbox';
import { isDesired, untilDesired } from './n8n/desired';
import { Host, MENDED_WITHIN_MS } from './n8n/host';
import { startedIds } from './n8n/ledger';
import { answersOf } from './n8n/traffic';
import { Trigger } from './n8n/trigger';

describe.each(N8N_VERSIONS)('n8n %s', (version) => {
	let host: Host;
	let trigger: Trigger;
	const sent: string[] = [];

	beforeAll(async () => {
		host = await Host.start({ version });
		trigger = await Trigger.make(host, {
			events: ['interested', 'emailsReplied'],
			timezone: 'Mars/Olympus',
		});
	});
	afterAll(async () => {
		// Where it did not start, it has tidied up itself.
		await (host as Host | undefined)?.close();
	});

	/** How often the log says that the check does not run, with n8n's reason. */
	async function complaints(): Promise<number> {
		const log = await host.n8n.log(Infinity);
		return log
			.split('\n')
			.filter((line) =>
				/n8n does not run the check of the webhooks.* Set the time zone .*n8n says: Invalid timezone/.test(
					line,
				),
			).length;
	}

	/** In such a time zone, n8n evaluates no expression, so nobody outside can count. */
	async function expectStart(): Promise<void> {
		const activity = activityOf('interested', { teamId: trigger.account.teamId });
		sent.push(String(activity._id));
		expect(answersOf(await trigger.send(activity))).toEqual({ 200: 1 });
		await until(
			'the event has started the workflow',
			async () => (await startedIds(trigger)).length >= sent.length,
			{ limitMs: MENDED_WITHIN_MS },
		);
		expect((await startedIds(trigger)).sort()).toEqual([...sent].sort());
		expect((await trigger.started()).map(({ status }) => status)).toEqual(
			sent.map(() => 'success'),
		);
	}

	test('publishing succeeds, and the log says what is missing', async () => {
		await trigger.activate();
		expect(isDesired(trigger)).toBe(true);
		expect(await complaints()).toBeGreaterThan(0);
	});

	test('an event starts the workflow', async () => {
		await expectStart();
	});

	test('a start of n8n makes a hook that is missing, and says again what is missing', async () => {
		const before = await complaints();
		await host.n8n.stop();
		trigger.loseHooks(1);
		await host.n8n.start();
		await host.untilItServes(trigger.webhookUrl);
		await untilDesired(trigger);
		await until('the log says it again', async () => (await complaints()) > before);
		await expectStart();
	});

	test('unpublishing leaves nothing', async () => {
		await trigger.deactivate();
		expect(trigger.hooks).toEqual([]);
	});

	test('where events arrive every minute, publishing is refused in words', async () => {
		const other = await Trigger.make(host, {
			events: ['emailsReplied'],
			timezone: 'Mars/Olympus',
			parameters: { options: { arrival: 'lookUp' } },
		});
		await expect(other.activate()).rejects.toThrow(
			/n8n cannot look for events every minute\. Set the time zone .*n8n says: Invalid timezone/,
		);
		expect(other.hooks).toEqual([]);
	});
});
