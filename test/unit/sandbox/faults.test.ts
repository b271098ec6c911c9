// The stand-in misbehaves exactly when told to, and it is known whether it acted.
import { setTimeout as sleep } from 'node:timers/promises';

import { EFFECT_NAMES, type Effect, type EffectName } from '../../sandbox';
import { ask, register, sandbox, useStandIn, type Ask } from './stage';

useStandIn();

describe('faults', () => {
	const SHORT_MS = 250;

	/** What the client of a POST sees, and whether the hook is there in the end. */
	const CASES: { [N in EffectName]: { effect: Effect<N>; sees: string | RegExp; acted: boolean } } =
		{
			resetBefore: { effect: { name: 'resetBefore' }, sees: /lost/, acted: false },
			resetAfter: { effect: { name: 'resetAfter' }, sees: /lost/, acted: true },
			hangBefore: { effect: { name: 'hangBefore' }, sees: /timeout/, acted: false },
			hangAfter: { effect: { name: 'hangAfter' }, sees: /timeout/, acted: true },
			status: {
				effect: { name: 'status', status: 502, body: 'Bad' },
				sees: '502 Bad',
				acted: false,
			},
			emptyBody: { effect: { name: 'emptyBody' }, sees: '200 ', acted: true },
			brokenJson: { effect: { name: 'brokenJson' }, sees: /^200 \{"_id":"hoo[^}]*$/, acted: true },
			otherShape: {
				effect: { name: 'otherShape' },
				sees: '200 {"unexpected":"shape"}',
				acted: true,
			},
			redirect: { effect: { name: 'redirect', location: '/x' }, sees: '302 ', acted: false },
			hugeAnswer: {
				effect: { name: 'hugeAnswer', bytes: 20_000 },
				sees: /^200 "x{19998}"$/,
				acted: true,
			},
			slowAnswer: {
				effect: { name: 'slowAnswer', bytesPerSecond: 20 },
				sees: /timeout/,
				acted: true,
			},
			cutShort: { effect: { name: 'cutShort' }, sees: /lost/, acted: true },
			delay: { effect: { name: 'delay', ms: 10 * SHORT_MS }, sees: /timeout/, acted: true },
			actLate: { effect: { name: 'actLate', ms: 2 * SHORT_MS }, sees: /timeout/, acted: true },
		};

	async function seen(options: Ask = {}): Promise<string> {
		try {
			const body = { targetUrl: 'https://example.com/' };
			const signal = AbortSignal.timeout(SHORT_MS);
			const answer = await ask('/hooks', {
				method: 'POST',
				body,
				signal,
				redirect: 'manual',
				...options,
			});
			return `${String(answer.status)} ${answer.text}`;
		} catch (error) {
			return (error as Error).name === 'TimeoutError' ? 'timeout' : 'lost';
		}
	}

	test.each(EFFECT_NAMES)('%s', async (name) => {
		const { effect, sees, acted } = CASES[name];
		sandbox.fault({ effect });
		expect(await seen()).toEqual(
			expect.stringMatching(typeof sees === 'string' ? `^${escaped(sees)}$` : sees),
		);
		if (name === 'actLate') {
			expect(sandbox.hooks).toHaveLength(0);
			await sleep(2 * SHORT_MS);
		}
		expect(sandbox.hooks).toHaveLength(acted ? 1 : 0);
		expect(sandbox.requests).toMatchObject([{ acted }]);
	});

	function escaped(text: string): string {
		return text.replace(/[{}]/g, '\\$&');
	}

	test('a slow answer arrives whole in the end', async () => {
		sandbox.fault({ effect: { name: 'slowAnswer', bytesPerSecond: 500 } });
		expect((await ask('/team')).json()).toMatchObject({ _id: sandbox.teamId });
	});

	test.each([
		[500, 'Internal error', 'text/plain', false],
		[502, '<h1>Bad gateway</h1>', 'text/html', false],
		[503, '{"message":"later"}', 'application/json', true],
		[401, 'No', 'text/plain', false],
		[403, 'No', 'text/plain', true],
		[409, 'Taken', 'text/plain', true],
		[429, 'Wait', 'text/plain', false],
	])('status %i', async (status, body, contentType, acts) => {
		sandbox.fault({ effect: { name: 'status', status, body, contentType, acts } });
		const answer = await register({ targetUrl: 'https://example.com/' });
		expect([answer.status, answer.text]).toEqual([status, body]);
		expect(answer.headers.get('content-type')).toBe(contentType);
		expect(sandbox.hooks).toHaveLength(acts ? 1 : 0);
	});

	test.each([
		['9', '9'],
		[null, null],
	])('429 with Retry-After %s', async (value, expected) => {
		const effect = { name: 'status', status: 429, headers: { 'Retry-After': value } } as const;
		sandbox.fault({ effect });
		const { headers } = await ask('/team');
		expect(headers.get('retry-after')).toBe(expected);
		expect(headers.get('x-ratelimit-limit')).toBe('1000');
	});

	test.each([
		['every request', {}, [500, 500, 500]],
		['a method', { method: 'post' }, [200, 500, 200]],
		['a path', { path: '/hooks' }, [200, 500, 500]],
		['a pattern', { path: /^\/t/g }, [500, 200, 200]],
		['the second of them', { nth: 2 }, [200, 500, 500]],
		['a condition', { match: ({ query }: { query: object }) => 'limit' in query }, [200, 200, 500]],
	])('hits %s', async (_name, on, expected) => {
		sandbox.fault({ on, times: Infinity, effect: { name: 'status', status: 500 } });
		const answers = [
			await ask('/team'),
			await register({ targetUrl: 'https://example.com/' }),
			await ask('/hooks?limit=1'),
		];
		expect(answers.map(({ status }) => status)).toEqual(expected);
	});

	test('so many times, until removed', async () => {
		const fault = sandbox.fault({ times: 3, effect: { name: 'status', status: 500 } });
		await ask('/team');
		expect([fault.remaining, fault.hits]).toEqual([2, 1]);
		expect(sandbox.faults).toHaveLength(1);
		fault.remove();
		expect((await ask('/team')).status).toBe(200);
		sandbox.fault({ effect: 'resetBefore' });
		sandbox.clearFaults();
		expect((await ask('/team')).status).toBe(200);
	});

	test('refused connections, and back on the same port', async () => {
		const { url } = sandbox;
		await sandbox.stopListening();
		expect(await seen()).toBe('lost');
		await sandbox.startListening();
		expect(sandbox.url).toBe(url);
		expect((await ask('/team')).status).toBe(200);
	});

	test('what began before a reset does not act after it', async () => {
		sandbox.fault({ effect: { name: 'actLate', ms: SHORT_MS } });
		const answer = seen();
		await sleep(SHORT_MS / 2);
		sandbox.reset();
		await answer;
		await sleep(SHORT_MS);
		expect(sandbox.hooks).toEqual([]);
	});
});
