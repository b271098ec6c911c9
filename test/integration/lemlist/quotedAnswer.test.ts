/** What errors quote of an answer of lemlist, and what they never do. */
import { inspect } from 'node:util';
import { pausesPassAtOnce, POST, Stage, status } from '../stage';

const stage = new Stage();
pausesPassAtOnce();

describe('what lemlist answers is quoted', () => {
	async function errorWith(body: string) {
		stage.lemlist.fault({ on: POST, effect: status(400, { body }) });
		return (await stage
			.trigger({}, { webhookSecret: 'my webhook secret' })
			.activate()
			.catch((error: unknown) => error)) as Error & { description?: string };
	}

	test('when it is short and plain', async () => {
		expect((await errorWith('Bad params')).description).toMatch(
			/ lemlist answered HTTP 400 with "Bad params"\.$/,
		);
	});

	test('shortened when it is long', async () => {
		expect((await errorWith('x'.repeat(10_000))).description?.length).toBeLessThan(350);
	});

	test.each<[string, () => string]>([
		['markup', () => '<html>Bad</html>'],
		['several lines', () => 'a\nb'],
		['the API key', () => `Bad key ${stage.lemlist.apiKey}`],
		[
			'the API key as it travels',
			() => `Bad header Basic ${Buffer.from(`:${stage.lemlist.apiKey}`).toString('base64')}`,
		],
		['the Webhook Secret', () => 'Bad my webhook secret!'],
		['nothing', () => ' '],
	])('but not %s', async (_, body) => {
		const error = await errorWith(body());
		expect(error.description ?? '').not.toContain('lemlist answered');
		expect(error.message).toMatch(/refused to send the event|did not come from lemlist/);
	});

	test('but not the secret of the hook, and no error carries the request', async () => {
		const trigger = stage.trigger();
		await trigger.activate();
		const secret = stage.lemlist.hooks[0]?.secret ?? '';
		await trigger.deactivate();
		stage.lemlist.fault({ on: POST, effect: status(400, { body: `secret ${secret} is bad` }) });
		const error = await trigger.activate().catch((thrown: unknown) => thrown);
		expect(error).toBeInstanceOf(Error);
		const told = inspect(error, { depth: 20, showHidden: true, getters: true });
		for (const hidden of [
			secret,
			stage.lemlist.apiKey,
			Buffer.from(`:${stage.lemlist.apiKey}`).toString('base64'),
		])
			expect(told).not.toContain(hidden);
	});
});
