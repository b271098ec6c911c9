/** The node's own work on one delivery (verify, filter, shape), without n8n's, beside parsing the same body. */
import type { IWebhookFunctions } from 'n8n-workflow';
import { replyOf } from './bodies';
import type { Figure, Target } from './figures';
import { inRounds, type Effort, type Part } from './part';
import { shipped } from './shipped';

const KILOBYTES = [1, 10, 100] as const;
const SECRET = 's'.repeat(43);
const ROUNDS = { whole: 7, quick: 3 };
/** How long one round of one task lasts. */
const ROUND_MS = { whole: 150, quick: 40 };

const { receive } = shipped(
	'deliveries/reception',
) as typeof import('../../nodes/LemlistTrigger/deliveries/reception');
const { readDelivery } = shipped(
	'lemlist/schemas',
) as typeof import('../../nodes/LemlistTrigger/lemlist/schemas');
const { isGenuine, presentedSecrets } = shipped(
	'deliveries/delivery',
) as typeof import('../../nodes/LemlistTrigger/deliveries/delivery');
const { fingerprintOf } = shipped(
	'secrets/webhookSecret',
) as typeof import('../../nodes/LemlistTrigger/secrets/webhookSecret');

const { callOf } = shipped('door/door') as typeof import('../../nodes/LemlistTrigger/door/door');

const FINGERPRINT = fingerprintOf(SECRET);

/** What can be done with one body, all of it by the same clock. */
type Task = 'parse' | 'verify' | 'receive';

/** The medians of a round, in microseconds. */
type Round = Record<Task, number>;

/** n8n's side of a delivery, answering at once: what n8n itself does is not measured here. */
function contextOf(body: object): IWebhookFunctions {
	const context = {
		getBodyData: () => body,
		getQueryData: () => ({ hook: 'linkedinReplied.tag' }),
		getWorkflowStaticData: () => ({ fingerprint: FINGERPRINT }),
		getWorkflow: () => ({ id: 'workflow' }),
		getNode: () => ({ id: 'node', webhookId: 'webhook', name: 'Lemlist Events Trigger' }),
		getMode: () => 'webhook',
		getNodeParameter: (_name: string, fallback: unknown) => fallback,
	};
	return context as unknown as IWebhookFunctions;
}

function verify(body: object): boolean {
	const secrets = presentedSecrets(readDelivery(body) ?? []);
	return secrets !== undefined && isGenuine(secrets, [FINGERPRINT]);
}

async function measureRound(text: string, time: number): Promise<Round> {
	const { Bench } = await import('tinybench');
	const body = JSON.parse(text) as object;
	const context = contextOf(body);
	if (!verify(body) || (await receive(callOf(context))).workflowData === undefined)
		throw new Error('The delivery that is measured was refused');
	const bench = new Bench({ time, warmupTime: time / 5 })
		.add('parse', () => {
			JSON.parse(text);
		})
		.add('verify', () => {
			verify(body);
		})
		.add('receive', async () => {
			await receive(callOf(context));
		});
	const results = await bench.run();
	const medians = results.map(({ name, result }) => [
		name,
		'latency' in result ? result.latency.p50 * 1_000 : Number.NaN,
	]);
	return Object.fromEntries(medians) as Round;
}

/** @returns the figures of each size, in microseconds */
export async function measureOwnWork(effort: Effort): Promise<Figure[]> {
	const kind = effort.isQuick ? 'quick' : 'whole';
	const texts = KILOBYTES.map(
		(size) => [size, JSON.stringify(replyOf(size * 1_000, SECRET))] as const,
	);
	const contenders = Object.fromEntries(
		texts.map(([size, text]) => [
			`${String(size)} kB`,
			async () => await measureRound(text, ROUND_MS[kind]),
		]),
	);
	const rounds = await inRounds(ROUNDS[kind], contenders, effort);
	return KILOBYTES.flatMap((size) => figuresOf(size, rounds));
}

const RECEIVE_TARGETS: Readonly<Partial<Record<number, readonly Target[]>>> = {
	1: [{ of: 'value', at: 'most', limit: 20 }],
};

function figuresOf(size: number, rounds: Readonly<Record<string, readonly Round[]>>): Figure[] {
	const of = (kilobytes: number, task: Task) =>
		(rounds[`${String(kilobytes)} kB`] ?? []).map((round) => round[task]);
	const [smallest] = KILOBYTES;
	const independent = {
		beside: { what: `verifying ${String(smallest)} kB`, values: of(smallest, 'verify') },
		targets: [{ of: 'ratio', at: 'most', limit: 1.5 }],
	} as const;
	return [
		{
			what: `Receive a delivery of ${String(size)} kB`,
			unit: 'µs',
			values: of(size, 'receive'),
			beside: { what: 'JSON.parse of it', values: of(size, 'parse') },
			targets: RECEIVE_TARGETS[size] ?? [],
		},
		{
			what: `Verify a delivery of ${String(size)} kB`,
			unit: 'µs',
			values: of(size, 'verify'),
			...(size > smallest && independent),
		},
	];
}

export const ownWork: Part = {
	key: 'own-work',
	title: 'Our own work on a delivery',
	stage: 'alone',
	measure: measureOwnWork,
};
