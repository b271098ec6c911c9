/**
 * Bugs to plant in a copy of the built package, one at a time, and the planting. Each is a change of
 * the text of one file; the model has to find every one of them.
 */
import { cp, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** A text of the built file, which it has exactly once, and what to put in its place. */
type Change = readonly [from: string, to: string];

export interface PlantedBug {
	name: string;
	/** The module, without folder and extension. */
	module: string;
	changes: readonly Change[];
}

export const PLANTED_BUGS: readonly PlantedBug[] = [
	{
		name: 'adopts a hook with the wrong tag',
		module: 'lemlist/address',
		changes: [
			[
				'...new URL(url).searchParams]',
				"...[...new URL(url).searchParams].map(([, value]) => value.replace(/\\.[^.]*$/, ''))]",
			],
		],
	},
	{
		name: 'does not undo',
		module: 'hooks/lifecycle',
		changes: [['client(deadline), found.missing)', 'client(deadline), [])']],
	},
	{
		name: 'does not look before it posts again',
		module: 'hooks/registration',
		changes: [['pending = now.missing.filter(', 'pending = plan.wanted.filter(']],
	},
	{
		name: 'takes 409 for success',
		module: 'lemlist/endpoints',
		changes: [
			[
				'return {\n        outcome: isAmbiguous(',
				"if (answer.status === 409) return { outcome: 'made' };\n        return {\n        outcome: isAmbiguous(",
			],
		],
	},
	{
		name: 'checks though the workflow is off',
		module: 'hooks/check',
		changes: [['!memory.isLookedAfter || shouldGiveWay()', 'shouldGiveWay()']],
	},
	{
		name: 'takes no turns',
		module: 'process/turns',
		changes: [['line.last.then(', 'Promise.resolve().then(']],
	},
	{
		name: 'lets everybody in while static data is missing',
		module: 'deliveries/reception',
		changes: [
			[
				'if ((0, delivery_1.isGenuine)(secrets, nodeSecret_1.knownSecrets.accepted(key, fingerprint)))',
				'if (fingerprint === undefined)',
			],
		],
	},
	{
		name: 'compares the beginning of the secret only',
		module: 'secrets/webhookSecret',
		changes: [
			['presented.length !== exports.SECRET_LENGTH', 'presented.length < exports.SECRET_LENGTH'],
			['fingerprintOf(presented)', 'fingerprintOf(presented.slice(0, exports.SECRET_LENGTH))'],
		],
	},
	{
		name: 'takes the fingerprint for the secret',
		module: 'deliveries/delivery',
		changes: [
			[
				'(0, webhookSecret_1.hasFingerprint)(secret, fingerprint)',
				'secret === fingerprint || (0, webhookSecret_1.hasFingerprint)(secret, fingerprint)',
			],
		],
	},
	{
		name: 'is content with one genuine activity in a list',
		module: 'deliveries/delivery',
		changes: [
			[
				'secrets.length > 0 &&\n        secrets.every(',
				'secrets.length > 0 &&\n        secrets.some(',
			],
		],
	},
	{
		name: 'deletes before it creates',
		module: 'hooks/registration',
		changes: [
			[
				'async function makeHooks(client, plan, found, onFailure) {\n',
				'async function makeHooks(client, plan, found, onFailure) {\n    await removeHooks(client, found.surplus);\n',
			],
		],
	},
	{
		name: 'takes longer paths for its own',
		module: 'hooks/wanted',
		changes: [
			['(0, address_1.placeOf)(hook.targetUrl) === place', 'hook.targetUrl.startsWith(place)'],
		],
	},
	{
		name: 'takes another origin for its own',
		module: 'lemlist/address',
		changes: [["${protocol}//${host.replace(/\\.(?=:|$)/, '')}${path.", '${path.']],
	},
	{
		name: 'leaves doubles',
		module: 'hooks/wanted',
		changes: [['wantedUrls.has(url) && !found.has(url)', 'wantedUrls.has(url)']],
	},
	{
		name: 'does not note a new secret',
		module: 'hooks/plan',
		changes: [
			[
				'nodeSecret_1.knownSecrets.note((0, nodeSecret_1.secretKey)(owner), (0, webhookSecret_1.fingerprintOf)(secret));',
				'',
			],
		],
	},
	{
		name: 'does not count the saved fingerprint',
		module: 'secrets/knownSecrets',
		changes: [['...(last === undefined ? [] : [last])', '']],
	},
	{
		name: 'forgets an error when a later request succeeds',
		module: 'hooks/registration',
		changes: [['error ??= failure;', 'error = failure;']],
	},
	{
		name: 'throws at a start',
		module: 'hooks/lifecycle',
		changes: [['trigger.warn(WORDS.notAllAtStart, failure);', 'throw failure;']],
	},
	{
		name: 'throws in a check',
		module: 'hooks/check',
		changes: [['trigger.warn(WORDS.notAll, failure);', 'throw failure;']],
	},
	{
		name: 'keeps no webhook URL at a start that fails',
		module: 'hooks/lifecycle',
		changes: [['stored.hooksAt = webhookUrl;', '']],
	},
	{
		name: 'gives a list up at the first trouble',
		module: 'lemlist/client',
		changes: [['const REPEATS_OF_SAFE_REQUESTS = 3;', 'const REPEATS_OF_SAFE_REQUESTS = 0;']],
	},
	{
		name: 'takes a hook that is gone for one that cannot be deleted',
		module: 'lemlist/endpoints',
		changes: [
			[
				'((0, client_1.isSuccess)(answer.status) || answer.status === 404)',
				'(0, client_1.isSuccess)(answer.status)',
			],
		],
	},
	{
		name: 'answers 404 to a forgery',
		module: 'deliveries/reception',
		changes: [['forged: { status: 401', 'forged: { status: 404']],
	},
	{
		name: 'takes a hook that is switched off for one that works',
		module: 'hooks/wanted',
		changes: [['!hook.isSwitchedOff && wantedUrls', 'wantedUrls']],
	},
	{
		name: 'makes before it removes where a hook is switched off',
		module: 'hooks/registration',
		changes: [
			['forEachOf(client, surplus.filter((hook) => hook.isSwitchedOff),', 'forEachOf(client, [],'],
		],
	},
	{
		name: 'makes a second hook where one that is switched off cannot be removed',
		module: 'hooks/registration',
		changes: [['pending.filter((hook) => !staying.has(hook))', 'pending']],
	},
	{
		name: 'leaves hooks that are switched off when it is unpublished',
		module: 'hooks/registration',
		changes: [
			[
				'async function removeOwn(client, webhookUrl, settledAt) {\n    await removeHooks(client, (0, wanted_1.ownHooks)(await (0, endpoints_1.listHooks)(client), webhookUrl)',
				'async function removeOwn(client, webhookUrl, settledAt) {\n    await removeHooks(client, (0, wanted_1.ownHooks)(await (0, endpoints_1.listHooks)(client), webhookUrl).filter((hook) => !hook.isSwitchedOff)',
			],
		],
	},
	{
		name: 'does not say that lemlist has switched a hook off',
		module: 'hooks/registration',
		changes: [['if (removed.size > 0)', 'if (removed.size > 99)']],
	},
	{
		name: 'does not read that lemlist speaks of a limit',
		module: 'hooks/refusals',
		changes: [['SPEAKS_OF_A_LIMIT.test(detail)', 'false']],
	},
	{
		name: 'blames the event for the plan',
		module: 'hooks/refusals',
		changes: [
			['![401, 402, 429]', '![401, 429]'],
			['REFUSALS_OF_CONTENT = new Set([400, ', 'REFUSALS_OF_CONTENT = new Set([400, 402, '],
		],
	},
	{
		name: 'lets other campaigns through',
		module: 'deliveries/delivery',
		changes: [['|| campaignIds.includes(campaignId)', '|| true']],
	},
	{
		name: 'takes a look that failed for one that saw everything',
		module: 'missed/lookBack',
		changes: [
			[
				'const { isThrough, until } = await',
				'Object.assign(progress, { until: now, lastLongAt: now });\n        const { isThrough, until } = await',
			],
		],
	},
	{
		name: 'notes what it hands on as known before the gate has seen it',
		module: 'missed/look',
		changes: [
			[
				'known.handedOn.set(key, clock_1.clock.now());',
				'known.handedOn.set(key, clock_1.clock.now());\n        gate.note([key]);',
			],
		],
	},
	{
		name: 'looks only from where the last look ended',
		module: 'missed/lookBack',
		changes: [['{ everyMs: 0, overlapMs: 2 * HOUR_MS }', '{ everyMs: 0, overlapMs: 0 }']],
	},
	{
		name: 'never looks back by days',
		module: 'missed/lookBack',
		changes: [
			[
				'{ everyMs: DAY_MS, overlapMs: 3 * DAY_MS },\n        ],\n    },\n    lookUp',
				'],\n    },\n    lookUp',
			],
		],
	},
	{
		name: 'lets two executions pass the gate at once',
		module: 'deliveries/processedValues',
		changes: [
			[
				'void this.inTurn(async () => {\n                await this.recordWaiting',
				'void (async (work) => await work())(async () => {\n                await this.recordWaiting',
			],
		],
	},
	{
		name: 'does not hold what is recorded together against one another',
		module: 'deliveries/gate',
		changes: [['!memory.has(key) && (!stored', '(!stored']],
	},
	{
		name: 'holds test runs against the gate',
		module: 'door/door',
		changes: [["isGated: ['webhook', 'trigger'].includes(context.getMode())", 'isGated: true']],
	},
	{
		name: 'forgets at a start since when something is wanted',
		module: 'hooks/lifecycle',
		changes: [['stored.since : (since ?? stored.since)', 'stored.since : since']],
	},
	{
		name: 'starts late what happened while the workflow was off',
		module: 'settings/since',
		changes: [['isFirst && !isRepaired ? undefined : before', 'before']],
	},
	{
		name: 'takes a trigger that was disabled for a while for one that was edited',
		module: 'hooks/lifecycle',
		changes: [['if (!isAfterFailure && !(0,', 'if (false && !(0,']],
	},
	{
		name: 'takes a new campaign for one that was always wanted',
		module: 'settings/since',
		changes: [["...((0, events_1.hasTrait)(event, 'teamWide') ? [] : [campaign]),", '']],
	},
	{
		name: 'starts late what other campaigns did',
		module: 'missed/look',
		changes: [['return (0, row_1.isWanted)(row, subscription);', 'return true;']],
	},
	{
		name: 'takes whatever is listed for what was asked for',
		module: 'missed/row',
		changes: [['=== true ? asked : undefined', '=== true ? asked : asked']],
	},
	{
		name: 'takes rows of other teams',
		module: 'missed/row',
		changes: [["typeof teamId === 'string' && team !== undefined && teamId !== team", 'false']],
	},
	{
		name: 'takes two events of one activity for one',
		module: 'deliveries/mark',
		changes: [['JSON.stringify([event, _id])', 'JSON.stringify([_id])']],
	},
	{
		name: 'trusts that lemlist lists what it delivers',
		module: 'missed/look',
		changes: [['if (known.trusted.has(event) ||', 'if (event ||']],
	},
	{
		name: 'leaves what it asks about in the store',
		module: 'deliveries/processedValues',
		changes: [['this.run.store.forget(keys)', 'this.run.store.forget([])']],
	},
	{
		name: 'lets late events pass while the store fails',
		module: 'deliveries/gate',
		changes: [['verdict instanceof Error && isLate', 'false']],
	},
	{
		name: 'never hands on again what did not pass the gate',
		module: 'missed/look',
		changes: [['>= resendAfterMs', '>= Infinity']],
	},
	{
		name: 'records an event under no key',
		module: 'deliveries/gate',
		changes: [['recorded = [...keys,', 'recorded = [']],
	},
];

/** Where Node.js finds the host's modules from. */
const COPIES = path.resolve(__dirname, '../../../node_modules/.cache');
const SHIPPED = ['dist', 'package.json', 'index.js'];

/** @returns the folder of a copy of the built package that has the bug. @throws when there is no place for it */
export async function plant(
	packageFolder: string,
	{ module, changes }: PlantedBug,
): Promise<string> {
	const file = path.join('dist/nodes/LemlistTrigger', `${module}.js`);
	const text = changes.reduce(changed, await readFile(path.join(packageFolder, file), 'utf8'));
	await mkdir(COPIES, { recursive: true });
	const folder = await mkdtemp(path.join(COPIES, 'planted-'));
	for (const name of SHIPPED)
		await cp(path.join(packageFolder, name), path.join(folder, name), { recursive: true });
	await writeFile(path.join(folder, file), text);
	return folder;
}

function changed(text: string, [from, to]: Change): string {
	const parts = text.split(from);
	if (parts.length !== 2)
		throw new Error(`Found ${String(parts.length - 1)} times instead of once: ${from}`);
	return parts.join(to);
}
