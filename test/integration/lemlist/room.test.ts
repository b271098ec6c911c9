/** The room that lemlist's limit has, in real time: all of it is used at once, and none where nothing more is wanted. */
import { EVENTS } from '../../../nodes/LemlistTrigger/settings/events';
import { eventually, POST, Stage, status } from '../stage';

const EVERY_EVENT = { events: EVENTS.map(({ type }) => type) };
const REQUESTS_A_WINDOW = 20;

const stage = new Stage();

test('has as many requests under way at once as fit into it, while answers are slow', async () => {
	stage.lemlist.rules.latencyMs = 400;
	const trigger = stage.trigger(EVERY_EVENT);
	let most = 0;
	const forget = stage.lemlist.onChange(() => {
		most = Math.max(
			most,
			stage.lemlist.requests.filter((request) => request.status === 'none').length,
		);
	});
	await trigger.activate().finally(forget);
	expect(stage.lemlist.hooks).toHaveLength(EVENTS.length);
	// Two of a window are for looking.
	expect(most).toBeGreaterThanOrEqual(REQUESTS_A_WINDOW - 4);
	expect(most).toBeLessThanOrEqual(REQUESTS_A_WINDOW);
});

test.each<[string, () => void, RegExp]>([
	[
		'the key is refused',
		() => {
			stage.lemlist.fault({ on: POST, effect: status(401), times: Infinity });
		},
		/rejected the API key/,
	],
	[
		'the plan is too small',
		() => {
			stage.lemlist.rules.notInPlan = ['POST /hooks'];
		},
		/plan of this team/,
	],
	[
		'an event is refused',
		() => {
			stage.lemlist.fault({ on: POST, effect: status(400), times: Infinity });
		},
		/refused to send the event/,
	],
	[
		'the team is full',
		() => {
			for (let index = 0; index < 200; index += 1)
				stage.lemlist.addHook({ targetUrl: `https://other.example.org/${String(index)}` });
		},
		/allows about 200 webhooks/,
	],
])('where %s, nothing is asked for but what is under way', async (_, brokenBy, words) => {
	brokenBy();
	await expect(stage.trigger(EVERY_EVENT).activate()).rejects.toThrow(words);
	expect(stage.requests('POST').length).toBeLessThanOrEqual(REQUESTS_A_WINDOW);
});

test.each<[string, () => void]>([
	[
		'the team is full',
		() => {
			for (let index = stage.lemlist.hooks.length; index < 200; index += 1)
				stage.lemlist.addHook({ targetUrl: `https://other.example.org/${String(index)}` });
		},
	],
	[
		'lemlist has blocked the user',
		() => {
			stage.lemlist.fault({ on: POST, effect: status(403), times: Infinity });
		},
	],
])('a check in which %s asks for nothing but what is under way', async (_, brokenBy) => {
	const one = stage.trigger({ events: ['group:linkedin'] });
	await one.activate();
	brokenBy();
	Object.assign(one.options.credential.data ?? {}, { webhookSecret: 'rotated' });
	stage.lemlist.clearRequests();
	one.check();
	await eventually(() => one.log.length > 0);
	expect(
		stage.requests('POST').filter((request) => request.status !== 429).length,
	).toBeLessThanOrEqual(REQUESTS_A_WINDOW);
});
