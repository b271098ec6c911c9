// So many requests in so much time, told on every answer, refused past it.
import { setTimeout as sleep } from 'node:timers/promises';

import type { RateLimitRule } from '../../sandbox';
import { ask, obey, register, sandbox, useStandIn } from './stage';

const WINDOW_MS = 500;

useStandIn();

describe('rate limit', () => {
	const limit = { requests: 3, windowMs: WINDOW_MS };

	async function statuses(count: number): Promise<number[]> {
		const found: number[] = [];
		for (let made = 0; made < count; made += 1) found.push((await ask('/team')).status);
		return found;
	}

	test.each(['fixed', 'sliding'] as const)('%s: past it 429, and it opens again', async (style) => {
		obey({ rateLimit: { ...limit, style } });
		expect(await statuses(5)).toEqual([200, 200, 200, 429, 429]);
		await sleep(WINDOW_MS + 20);
		expect(await statuses(1)).toEqual([200]);
	});

	test.each([
		// A fixed window opens for all at once; a sliding one only for what is old enough.
		['fixed', [200, 200, 200]],
		['sliding', [200, 429, 429]],
	] as const)('%s: when the first request is out of the window', async (style, expected) => {
		obey({ rateLimit: { ...limit, style } });
		await statuses(1);
		await sleep(WINDOW_MS * 0.6);
		await statuses(2);
		await sleep(WINDOW_MS * 0.5);
		expect(await statuses(3)).toEqual(expected);
	});

	test('every answer tells of it, refusals too', async () => {
		obey({ rateLimit: { ...limit, windowMs: 2000 } });
		const answers = [
			await ask('/team'),
			await ask('/leads/nobody'),
			await ask('/hooks'),
			await ask('/hooks'),
		];
		const told = answers.map(({ headers }) => headers.get('x-ratelimit-remaining'));
		expect(told).toEqual(['2', '1', '0', '0']);
		for (const { headers } of answers) {
			expect(headers.get('x-ratelimit-limit')).toBe('3');
			expect(headers.get('x-ratelimit-reset')).toMatch(/^[A-Z][a-z]{2}, \d\d /);
		}
	});

	test.each<[Partial<RateLimitRule>, string | null, RegExp]>([
		[{}, '3', /^0\.\d{3}$/],
		[{ headers: false }, null, /^0\.\d{3}$/],
		[{ retryAfter: 'whole' }, '3', /^1$/],
		[{ retryAfter: 'absent' }, '3', /^null$/],
	])('headers: %j', async (rule, limitTold, retryAfter) => {
		obey({ rateLimit: { ...limit, ...rule } });
		const { headers } = await ask('/team');
		expect(headers.get('x-ratelimit-limit')).toBe(limitTold);
		expect(String(headers.get('retry-after'))).toMatch(retryAfter);
	});

	test.each(['fixed', 'sliding'] as const)(
		'%s: Retry-After, on 200 and 429, is the rest of the window to the millisecond',
		async (style) => {
			obey({ rateLimit: { requests: 2, windowMs: 1_500, style } });
			const before = Date.now();
			await ask('/team');
			const after = Date.now();
			await sleep(150);
			for (const status of [200, 429]) {
				const asked = Date.now();
				const answer = await ask('/team');
				expect(answer.status).toBe(status);
				const told = answer.headers.get('retry-after') ?? '';
				expect(told).toMatch(/^[01]\.\d{3}$/);
				expect(Number(told) * 1_000).toBeLessThanOrEqual(after + 1_500 - asked);
				expect(Number(told) * 1_000).toBeGreaterThanOrEqual(before + 1_500 - Date.now());
			}
			await sleep(1_500 - (Date.now() - before) + 20);
			expect((await ask('/team')).status).toBe(200);
		},
	);

	test('others with the same key use the same budget; another key has its own', async () => {
		obey({ rateLimit: limit });
		sandbox.keys.set('other-key', { state: 'valid', teamId: 'tea_other' });
		sandbox.spend(7);
		const refused = await register({ targetUrl: 'https://example.com/' });
		expect(refused.status).toBe(429);
		expect(sandbox.hooks).toEqual([]);
		expect((await ask('/team', { key: 'other-key' })).status).toBe(200);
	});
});
