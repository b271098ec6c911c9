/** What is read from lemlist's answers, whichever way it wraps them. */
import { readCampaigns, readHook, readHooks } from '../../../nodes/LemlistTrigger/lemlist/schemas';

const HOOK = {
	_id: 'hoo_1',
	targetUrl: 'https://a.example.org/',
	createdAt: 'x',
	type: 'emailsSent',
	zapId: 1,
};

describe('hooks', () => {
	test.each<[string, unknown, string[] | undefined, number]>([
		['a list', [HOOK], ['hoo_1'], 1],
		['an empty list', [], [], 0],
		['a wrapped list', { hooks: [HOOK] }, ['hoo_1'], 1],
		[
			'a list with odd entries, which are passed over',
			[
				null,
				1,
				{},
				{ _id: 'hoo_2' },
				{ _id: 3, targetUrl: 'x' },
				{ ...HOOK, _id: '' },
				{ _id: 'hoo_3', targetUrl: '' },
				HOOK,
			],
			['hoo_1'],
			8,
		],
		['no list', { message: 'x' }, undefined, 0],
		['a page of markup', '<html>', undefined, 0],
		['nothing', undefined, undefined, 0],
		['null', null, undefined, 0],
	])('%s', (_, answer, ids, size) => {
		const page = readHooks(answer);
		expect(page?.entries.map((hook) => hook._id)).toEqual(ids);
		expect(page?.size ?? 0).toBe(size);
	});

	test.each<[string, unknown, boolean]>([
		['a hook', HOOK, true],
		['a hook with the least', { _id: 'hoo_1', targetUrl: 'https://a.example.org/' }, true],
		['nothing', '', false],
		['broken JSON', '{"_id":"hoo_1"', false],
		['another shape', { ok: true }, false],
		['a hook without a name', { ...HOOK, _id: '' }, false],
		['a list', [HOOK], false],
	])('made: %s', (_, answer, isMade) => {
		expect(readHook(answer) !== undefined).toBe(isMade);
	});
});

describe('campaigns', () => {
	const campaign = { _id: 'cam_1', name: 'A', status: 'running' };
	test.each<[string, unknown]>([
		['a list', [campaign]],
		['campaigns', { campaigns: [campaign], pagination: { totalPage: 1 } }],
		['data', { data: [campaign] }],
		['results', { results: [campaign] }],
	])('in %s', (_, answer) => {
		expect(readCampaigns(answer)).toEqual({ entries: [campaign], size: 1 });
	});

	test('with odd entries, which are passed over', () => {
		expect(
			readCampaigns([null, 'cam_2', {}, { _id: '', name: 'B' }, { _id: 7 }, campaign]),
		).toEqual({ entries: [campaign], size: 6 });
	});

	test('with fields of unexpected types keep what is usable', () => {
		expect(readCampaigns([{ _id: 'cam_1', name: null, status: 7 }])?.entries).toEqual([
			{ _id: 'cam_1' },
		]);
	});
});
