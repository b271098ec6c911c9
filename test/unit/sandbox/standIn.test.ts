// The stand-in as a whole: back to its beginning, and closed at once.
import { setTimeout as sleep } from 'node:timers/promises';

import { startSandbox, type LogEntry } from '../../sandbox';
import { AGENT, ask, basic, receiver, sandbox, useStandIn } from './stage';

useStandIn();

describe('the sandbox itself', () => {
	test('reset puts everything back', async () => {
		sandbox.rules.deadHook = 'keep';
		sandbox.rules.rateLimit.requests = 1;
		sandbox.campaigns.pop();
		sandbox.keys.clear();
		sandbox.addHook();
		sandbox.spend(1);
		sandbox.reset();
		expect(sandbox.rules).toMatchObject({ deadHook: 'remove', rateLimit: { requests: 1000 } });
		expect(sandbox.campaigns).toHaveLength(12);
		expect(sandbox.hooks).toEqual([]);
		expect((await ask('/team')).status).toBe(200);
	});

	test('closes at once, with requests and deliveries that hang', async () => {
		const lines: LogEntry[] = [];
		const other = await startSandbox({
			apiKey: 'k',
			latencyMs: 20,
			log: (line) => lines.push(line),
		});
		receiver.answer = 'none';
		other.fault({ effect: 'hangBefore' });
		const headers = { authorization: basic('', 'k'), 'user-agent': AGENT };
		const hanging = fetch(`${other.apiUrl}/team`, { headers }).catch(() => 'lost');
		const delivery = other.send(receiver.url, {});
		await sleep(150);
		const began = Date.now();
		await other.close();
		expect(await hanging).toBe('lost');
		expect((await delivery).status).toBe('none');
		expect(Date.now() - began).toBeLessThan(500);
		expect(lines.map(({ kind }) => kind)).toEqual(['reset', 'fault', 'fault', 'request']);
	});
});
