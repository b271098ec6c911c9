// What people change before they send arrives as they wrote it, mistakes are told in words, and answers are shown.
import { until } from '../n8n/until';
import {
	editor,
	event,
	listen,
	news,
	page,
	receiver,
	REPLIED,
	sandbox,
	useOpenPage,
	useSandboxPage,
} from './stage';

useSandboxPage();
useOpenPage();

test('what was changed is what arrives', async () => {
	listen();
	await page.getByLabel('Look before sending').check();
	await event(REPLIED).click();
	await news(/look at the activity/).waitFor();
	expect(receiver.calls).toEqual([]);
	const sample = JSON.parse(await editor().inputValue()) as object;
	const edited = { ...sample, text: 'Ça marche « demain » 🎉', 'My own field': [1, null] };
	await editor().fill(JSON.stringify(edited));
	await page.getByRole('button', { name: 'Send as edited' }).click();
	await news(`${REPLIED}: 200 in`).waitFor();
	expect(receiver.bodies).toEqual([{ ...edited, secret: 'kept' }]);
	await page.getByRole('button', { name: 'Back to the sample' }).click();
	await until(
		'the sample is back',
		async () => !(await editor().inputValue()).includes('My own field'),
	);
});

test.each([
	['nothing', '  ', 'There is nothing to send. Choose an event first.'],
	['no object', '[1]', 'An activity is an object: it begins with { and ends with }.'],
	[
		'no comma',
		'{\n  "a": 1\n  "b": 2 }',
		'Line 3, character 3: A comma or a closing } is missing.',
	],
	[
		'a comma too many',
		'{ "a": 1, }',
		'Line 1, character 11: A name in double quotes should stand here, or the comma before is one too many.',
	],
	[
		'no quotes around a name',
		'{ a: 1 }',
		'Line 1, character 3: A name in double quotes should stand here.',
	],
	[
		'no quotes around a text',
		'{ "a": hello }',
		'A value is not spelt as JSON wants it: texts stand in double quotes.',
	],
	[
		'a quote that does not close',
		'{ "a": "hello }',
		'Line 1, character 16: A text has no closing double quote.',
	],
	['a missing end', '{ "a": 1', 'Line 1, character 9: A comma or a closing } is missing.'],
	[
		'something behind the end',
		'{ "a": 1 } x',
		'Line 1, character 12: Something stands behind the end of it.',
	],
])('a mistake is told in words: %s', async (_, text, words) => {
	listen();
	await editor().fill(text);
	await page.getByRole('button', { name: 'Send as edited' }).click();
	await page.getByRole('alert').getByText(words, { exact: true }).waitFor();
	expect(await editor().getAttribute('aria-invalid')).toBe('true');
	expect(receiver.calls).toEqual([]);
	await editor().fill('{ "type": "emailsReplied" }');
	expect(await page.getByRole('alert').count()).toBe(0);
	await page.getByRole('button', { name: 'Send as edited' }).click();
	await news('emailsReplied: 200 in').waitFor();
	expect(receiver.bodies).toEqual([{ type: 'emailsReplied', secret: 'kept' }]);
});

test.each([
	['Reply by somebody else', REPLIED, [{ isThirdPartyReply: true, secret: 'kept' }]],
	['Done by a bot', 'Email Opened', [{ bot: true, secret: 'kept' }]],
	['Forged secret', REPLIED, [{ secret: expect.stringContaining('forged') as string }]],
	['Also the lead state', REPLIED, [{ type: 'emailsReplied' }, { type: 'warmed' }]],
])('the switch %s changes what is sent, and only while it is on', async (label, sent, bodies) => {
	listen();
	await page.getByRole('switch', { name: label }).check();
	await event(sent).click();
	await news(`${sent}: 200 in`).waitFor();
	expect(receiver.bodies).toMatchObject(bodies);
	receiver.reset();
	await page.getByRole('switch', { name: label }).uncheck();
	await event('Email Sent').click();
	await news('Email Sent: 200 in').waitFor();
	expect(receiver.bodies).toMatchObject([{ type: 'emailsSent', secret: 'kept' }]);
	expect(receiver.bodies[0]).not.toHaveProperty('isThirdPartyReply');
});

test('what no webhook gets happens all the same, and can be no forgery', async () => {
	listen();
	await page.getByRole('switch', { name: 'Forged secret' }).check();
	await page.getByRole('switch', { name: 'No webhook gets it' }).check();
	expect(await page.getByRole('switch', { name: 'Forged secret' }).isDisabled()).toBe(true);
	await event(REPLIED).click();
	await news(`${REPLIED} happened, and no webhook got it.`).waitFor();
	const answer = page.getByRole('region', { name: 'What n8n answered' });
	await answer.getByText('It happened, and no webhook got it.').waitFor();
	await editor().fill('{ "type": "paused", "_id": "act_edited" }');
	await page.getByRole('button', { name: 'Send as edited' }).click();
	await until('both are listed', () => sandbox.activities.length === 2);
	const listed = sandbox.activities.map(({ row: { type } }) => type);
	expect(listed).toEqual(['emailsReplied', 'paused']);
	expect(receiver.calls).toEqual([]);
	await page.getByRole('switch', { name: 'No webhook gets it' }).uncheck();
	await event(REPLIED).click();
	await news(`${REPLIED}: 200 in`).waitFor();
	expect(receiver.bodies).toMatchObject([{ secret: expect.stringContaining('forged') as string }]);
});

test('a sample follows switches and campaign until somebody changes it', async () => {
	const campaignId = sandbox.campaigns[1]?._id ?? '';
	await event(REPLIED).click();
	await news(`${REPLIED}: no hook wants it.`).waitFor();
	await page.getByLabel('Campaign', { exact: true }).selectOption(campaignId);
	await until('the campaign is in the sample', async () =>
		(await editor().inputValue()).includes(campaignId),
	);
	await editor().fill('{ "mine": true }');
	await page.getByLabel('Done by a bot').check();
	listen();
	await page.getByRole('button', { name: 'Send as edited' }).click();
	await news(`${REPLIED}: 200 in`).waitFor();
	expect(receiver.bodies).toEqual([{ mine: true, secret: 'kept' }]);
});

test.each([
	[401, '{"message":"The secret is missing or wrong."}', /401 in \d+ ms/, false],
	[410, 'Gone', /410 in \d+ ms/, true],
])('the answer %i is shown with its body and time', async (status, body, said, removed) => {
	receiver.answer = { status, body };
	listen();
	await event(REPLIED).click();
	const answer = page.getByRole('region', { name: 'What n8n answered' });
	await answer.getByText(said).waitFor();
	await answer.getByText(body, { exact: true }).waitFor();
	expect(await answer.getByText('lemlist removed this hook.').count()).toBe(removed ? 1 : 0);
});

test('an event that nobody asked for, and a receiver that is not there, are told', async () => {
	await event(REPLIED).click();
	await news(`${REPLIED}: no hook wants it.`).waitFor();
	listen({ targetUrl: 'http://127.0.0.1:1/' });
	await event(REPLIED).click();
	await news(/ECONNREFUSED/).waitFor();
});
