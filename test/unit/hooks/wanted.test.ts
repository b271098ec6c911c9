/** Which hooks a subscription wants, and what lies between them and those that exist. */
import fc from 'fast-check';
import { EVENTS } from '../../../nodes/LemlistTrigger/settings/events';
import { compareHooks, ownHooks, wantedHooks } from '../../../nodes/LemlistTrigger/hooks/wanted';
import type { Subscription } from '../../../nodes/LemlistTrigger/settings/reading';
import { wish } from '../wish';

const URL_OF_WEBHOOK = 'https://n8n.example.org/webhook/1234/webhook';
const SECRET = 's'.repeat(43);

const hooksOf = (wanted: Subscription, secret = SECRET) =>
	wantedHooks(wanted, URL_OF_WEBHOOK, secret);

describe('wanted hooks', () => {
	test.each<[string, Subscription, object[]]>([
		[
			'one an event',
			wish(['emailsSent', 'smsSent']),
			[
				{ type: 'emailsSent', isFirst: false },
				{ type: 'smsSent', isFirst: false },
			],
		],
		['a single one without type for All Events', wish('all'), [{ isFirst: false }]],
		[
			'lemlist filters by a single campaign',
			wish(['emailsSent'], { campaignIds: ['cam_a'] }),
			[{ type: 'emailsSent', campaignId: 'cam_a', isFirst: false }],
		],
		[
			'the node filters by several',
			wish(['emailsSent'], { campaignIds: ['cam_a', 'cam_b'] }),
			[{ type: 'emailsSent', isFirst: false }],
		],
		[
			'the node filters All Events by campaign',
			wish('all', { campaignIds: ['cam_a'] }),
			[{ isFirst: false }],
		],
		[
			'alerts are for the whole team',
			wish(['connectionIssue'], { campaignIds: ['cam_a'] }),
			[{ type: 'connectionIssue', isFirst: false }],
		],
		[
			'first activities only',
			wish(['emailsSent'], { firstActivityOnly: true }),
			[{ type: 'emailsSent', isFirst: true }],
		],
		[
			'first activities only, of All Events: lemlist decides',
			wish('all', { firstActivityOnly: true }),
			[{ isFirst: true }],
		],
		[
			'first activities only does not silence alerts',
			wish(['connectionIssue'], { firstActivityOnly: true }),
			[{ type: 'connectionIssue', isFirst: false }],
		],
		[
			'only replies from others: for the whole team',
			wish(['emailsReplied', 'emailsSent'], {
				campaignIds: ['cam_a'],
				thirdPartyReplies: 'only',
			}),
			[
				{ type: 'emailsReplied', isFirst: false },
				{ type: 'emailsSent', campaignId: 'cam_a', isFirst: false },
			],
		],
		[
			'replies from others left out: lemlist filters',
			wish(['emailsReplied'], { campaignIds: ['cam_a'], thirdPartyReplies: 'exclude' }),
			[{ type: 'emailsReplied', campaignId: 'cam_a', isFirst: false }],
		],
	])('%s', (_, wish, expected) => {
		expect(hooksOf(wish).map(({ targetUrl: _url, ...rest }) => rest)).toEqual(expected);
	});

	test('have URLs of their own on the path of the webhook', () => {
		const all = hooksOf(wish(EVENTS.map((event) => event.type)));
		expect(new Set(all.map((hook) => hook.targetUrl)).size).toBe(EVENTS.length);
		for (const { targetUrl, type } of all) {
			expect(targetUrl.startsWith(`${URL_OF_WEBHOOK}?hook=${String(type)}.`)).toBe(true);
		}
	});

	test.each<[string, Subscription, string]>([
		['secret', wish(['emailsSent']), 't'.repeat(43)],
		['campaign', wish(['emailsSent'], { campaignIds: ['cam_a'] }), SECRET],
		['first activities', wish(['emailsSent'], { firstActivityOnly: true }), SECRET],
	])('have another URL with another %s', (_, wanted, secret) => {
		expect(hooksOf(wanted, secret)[0]?.targetUrl).not.toBe(
			hooksOf(wish(['emailsSent']))[0]?.targetUrl,
		);
	});

	test.each<[string, Subscription, string]>([
		['an event', wish(['emailsSent']), 'emailsSent.HqHD2TOIUK3f5Vxd'],
		[
			'first activities of a campaign',
			wish(['emailsSent'], { campaignIds: ['cam_a'], firstActivityOnly: true }),
			'emailsSent.tr2etYiutnSp8JDw',
		],
		['All Events', wish('all'), 'all.dYUB9gZKOxtjnDV3'],
	])(
		'for %s have URLs that stay what they are from version to version, or every hook would be made anew',
		(_, wish, field) => {
			expect(hooksOf(wish).map(({ targetUrl }) => targetUrl)).toEqual([
				`${URL_OF_WEBHOOK}?hook=${field}`,
			]);
		},
	);

	test('do not carry the secret', () => {
		expect(JSON.stringify(hooksOf(wish('all')))).not.toContain(SECRET);
	});
});

describe('comparing', () => {
	const wanted = hooksOf(wish(['emailsSent', 'smsSent']));
	const [first, second] = wanted.map((hook) => hook.targetUrl) as [string, string];
	const existing = (...urls: string[]) =>
		urls.map((targetUrl, index) => ({
			_id: `hoo_${String(index)}`,
			targetUrl,
			isSwitchedOff: false,
		}));

	test.each<[string, string[], string[], string[]]>([
		['nothing there', [], [first, second], []],
		['all there', [first, second], [], []],
		['one missing', [second], [first], []],
		['a double', [first, second, first], [], ['hoo_2']],
		[
			'a wrong tag',
			[first, second, `${URL_OF_WEBHOOK}?hook=emailsSent.AAAAAAAAAAAAAAAA`],
			[],
			['hoo_2'],
		],
		['a hook made without a tag', [first, second, URL_OF_WEBHOOK], [], ['hoo_2']],
		['an event no longer picked', [first, second, `${URL_OF_WEBHOOK}?hook=all.x`], [], ['hoo_2']],
		['the wanted one with more behind it', [`${first}&x=1`, second], [first], ['hoo_0']],
		[
			'other spellings of the same URL',
			[first.replace('https://n8n.example.org', 'HTTPS://N8N.example.org:443'), second],
			[],
			[],
		],
		['a slash behind the path', [`${URL_OF_WEBHOOK}/${new URL(first).search}`, second], [], []],
		[
			'escapes that need not be',
			[
				first.replace('/1234/', '/%31234/').replace(/\.(?=[^.]*$)/, '%2E'),
				second.replace('emails', '%65mails'),
			],
			[],
			[],
		],
		[
			'a dot behind the host',
			[first.replace('n8n.example.org', 'n8n.example.org.'), second],
			[],
			[],
		],
		[
			'hooks of others',
			[
				first,
				second,
				'https://n8n.example.org/webhook/1234/webhook2',
				'https://n8n.example.org/webhook/12345/webhook',
				'http://n8n.example.org/webhook/1234/webhook',
				'https://n8n.example.org:8443/webhook/1234/webhook',
				'https://evil.example.org/?u=https://n8n.example.org/webhook/1234/webhook',
				'https://n8n.example.org/webhook%2F1234/webhook',
				'https://n8n.example.org/WEBHOOK/1234/webhook',
				'https://n8n.example.org/webhook/1234/webhook%E2%82%AC',
				'no url',
				'',
			],
			[],
			[],
		],
	])('%s', (_, urls, missing, surplus) => {
		const difference = compareHooks(wanted, existing(...urls), URL_OF_WEBHOOK);
		expect(difference.missing.map((hook) => hook.targetUrl)).toEqual(missing);
		expect(difference.surplus.map((hook) => hook._id)).toEqual(surplus);
	});

	test('a webhook URL that is none has no hooks', () => {
		expect(ownHooks(existing('no url', first), 'no url')).toEqual([]);
	});

	test('own hooks are those on origin and path, whatever the query', () => {
		expect(
			ownHooks(
				existing(first, `${URL_OF_WEBHOOK}?a=b#c`, 'https://other.example.org/'),
				URL_OF_WEBHOOK,
			).map((hook) => hook._id),
		).toEqual(['hoo_0', 'hoo_1']);
	});

	test('after making what is missing and removing what is surplus, nothing is left to do, and no foreign hook was touched', () => {
		const url = fc.oneof(
			fc.constantFrom(...[first, second, `${URL_OF_WEBHOOK}?hook=x`]),
			fc.webUrl({ withQueryParameters: true }),
			fc.string(),
		);
		fc.assert(
			fc.property(fc.array(url), (urls) => {
				const hooks = existing(...urls);
				const { missing, surplus } = compareHooks(wanted, hooks, URL_OF_WEBHOOK);
				const own = new Set(ownHooks(hooks, URL_OF_WEBHOOK));
				expect(surplus.filter((hook) => !own.has(hook))).toEqual([]);
				const after = [
					...hooks.filter((hook) => !surplus.includes(hook)),
					...existing(...missing.map((hook) => hook.targetUrl)),
				];
				expect(compareHooks(wanted, after, URL_OF_WEBHOOK)).toEqual({ missing: [], surplus: [] });
				expect(ownHooks(after, URL_OF_WEBHOOK)).toHaveLength(wanted.length);
			}),
		);
	});
});
