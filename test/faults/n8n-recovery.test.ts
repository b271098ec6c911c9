/**
 * Publishing again after a publication that failed. n8n calls delete after a failed create and keeps
 * its route when that throws: it then takes the next publication for done without calling the trigger.
 * Whatever failed before, hooks that vanish come back afterwards.
 */
import type { Fault, FaultTrigger } from '../sandbox';
import { untilDesired } from './n8n/desired';
import { Host } from './n8n/host';
import { Trigger } from './n8n/trigger';

const UNAVAILABLE: Fault['effect'] = { name: 'status', status: 503 };

let host: Host;

beforeAll(async () => {
	host = await Host.start();
});
afterEach(() => {
	host.lemlist.clearFaults();
});
afterAll(async () => {
	await host.close();
});

function failFor(trigger: Trigger, on: FaultTrigger): void {
	host.lemlist.fault({ on: { ...on, match: trigger.sent }, effect: UNAVAILABLE, times: Infinity });
}

/** n8n 2 keeps what a failed publication has scheduled, and with it a check that knows nothing of the next one. */
async function expectMending(trigger: Trigger): Promise<void> {
	trigger.loseHooks(1);
	await untilDesired(trigger);
}

test('after a wrong key was put right at lemlist, registers', async () => {
	const trigger = await Trigger.make(host, { events: ['interested', 'paused'] });
	host.lemlist.keys.delete(trigger.account.apiKey);
	await expect(trigger.activate()).rejects.toThrow(/rejected the API key/);
	host.lemlist.keys.set(trigger.account.apiKey, { state: 'valid', teamId: trigger.account.teamId });
	await trigger.activate();
	await untilDesired(trigger);
	await expectMending(trigger);
	await trigger.deactivate();
	expect(trigger.hooks).toEqual([]);
});

test('after a wrong key was put right in the credential, registers', async () => {
	const trigger = await Trigger.make(host, {
		events: ['interested'],
		account: { apiKey: 'wrong', teamId: 'tea_none' },
	});
	await expect(trigger.activate()).rejects.toThrow(/rejected the API key/);
	await trigger.rotate({ account: host.account() });
	await trigger.activate();
	await untilDesired(trigger);
	await expectMending(trigger);
	await trigger.deactivate();
	expect(trigger.hooks).toEqual([]);
});

test.each<[string, FaultTrigger]>([
	['everything', {}],
	['every POST', { method: 'POST' }],
	['every DELETE', { method: 'DELETE' }],
])(
	'after an edit that failed because lemlist answered 503 to %s, registers what was edited',
	async (_, on) => {
		const trigger = await Trigger.make(host, { events: ['emailsSent', 'paused'] });
		await trigger.activate();
		failFor(trigger, on);
		await trigger.edit(['warmed']);
		await trigger.activate().catch(() => undefined);
		host.lemlist.clearFaults();
		await trigger.activate();
		await untilDesired(trigger);
		await expectMending(trigger);
		await trigger.deactivate();
		expect(trigger.hooks).toEqual([]);
	},
);
