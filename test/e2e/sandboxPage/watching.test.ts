// Hooks, log and news show what happens by themselves, and hooks can be lost or switched off by hand.
import {
	ask,
	event,
	listen,
	news,
	OFF,
	open,
	page,
	receiver,
	REPLIED,
	sandbox,
	useOpenPage,
	useSandboxPage,
} from './stage';

useSandboxPage();
useOpenPage();

test('hooks appear by themselves, mark their events, and can be forgotten', async () => {
	const hooks = page.getByRole('region', { name: /^Hooks/ });
	await hooks.getByText('None.').waitFor();
	listen({ type: 'emailsReplied', isFirst: true, campaignId: sandbox.campaigns[0]?._id ?? '' });
	await hooks.getByText('Founders in Paris · first activities only · with a secret').waitFor();
	expect(await event(REPLIED).getAttribute('aria-describedby')).toBe('wanted');
	expect(await event('Email Sent').getAttribute('aria-describedby')).toBeNull();
	await hooks.getByRole('button', { name: 'Forget this hook' }).click();
	await news(`lemlist forgot the hook for ${REPLIED}.`).waitFor();
	await hooks.getByText('None.').waitFor();
	expect(sandbox.hooks).toEqual([]);
});

test('a hook is switched off, which is told with what it means, and can be forgotten then', async () => {
	const hooks = page.getByRole('region', { name: /^Hooks/ });
	listen({ type: 'emailsReplied' });
	await hooks.getByRole('button', { name: 'Switch this hook off' }).click();
	await news(`lemlist switched the hook for ${REPLIED} off.`).waitFor();
	await hooks.getByText(OFF).waitFor();
	await page.getByRole('heading', { name: 'Hooks (1, 1 of them off)' }).waitFor();
	expect(sandbox.hooks).toMatchObject([{ disabled: true }]);
	expect(await hooks.getByRole('button').allTextContents()).toEqual(['Forget this hook']);
	expect(await event(REPLIED).getAttribute('aria-describedby')).toBeNull();
	await event(REPLIED).click();
	await news(`${REPLIED}: no hook wants it.`).waitFor();
	await hooks.getByRole('button', { name: 'Forget this hook' }).click();
	await hooks.getByText('None.').waitFor();
	expect(sandbox.hooks).toEqual([]);
});

test('what was not taken is said to come again, and the hook to be off when that was in vain', async () => {
	Object.assign(sandbox.rules, { deliveryRetries: 1, deliveryRetryDelayMs: 50 });
	receiver.answer = { status: 500, body: '' };
	listen();
	await event(REPLIED).click();
	await page
		.getByRole('region', { name: 'What n8n answered' })
		.getByText('lemlist sends it again in 0.05 s.')
		.waitFor();
	await page
		.getByRole('region', { name: /^Hooks/ })
		.getByText(OFF)
		.waitFor();
	await page.getByRole('list', { name: 'Log' }).getByText(': 500, attempt 2').waitFor();
});

test('what lemlist lists appears by itself, the newest first, with whether it was delivered', async () => {
	const list = page.getByRole('region', { name: /^What lemlist lists/ });
	await list.getByText('Nothing yet. What happens appears here, delivered or not.').waitFor();
	listen({ type: 'emailsReplied' });
	await sandbox.deliver(sandbox.activityOf('emailsReplied'));
	sandbox.happen({ type: 'conditionChosen' });
	await page.getByRole('heading', { name: 'What lemlist lists (2)' }).waitFor();
	const texts = await list.getByRole('listitem').allTextContents();
	expect(texts).toEqual([
		expect.stringMatching(/^Email Replied · .*:\d\d.* · delivered$/),
		'conditionChosen · without a time · not delivered',
	]);
	for (let made = 0; made < 20; made += 1) sandbox.happen(sandbox.activityOf('paused'));
	await page.getByRole('heading', { name: 'What lemlist lists (22)' }).waitFor();
	await list.getByText('And 14 more.').waitFor();
	expect(await list.getByRole('listitem').count()).toBe(9);
});

test('the log goes on by itself, newest first', async () => {
	const log = page.getByRole('list', { name: 'Log' });
	await ask('/team');
	await log.getByText('GET /team: 200, acted').waitFor();
	await ask('/nowhere');
	await log.getByText('GET /nowhere: 200, did not act').waitFor();
	expect(await log.getByRole('listitem').first().textContent()).toContain('/nowhere');
	const reopened = await open();
	expect(
		await reopened.getByRole('list', { name: 'Log' }).getByText('GET /team: 200, acted').count(),
	).toBe(1);
	await reopened.close();
});

test('everything starts afresh', async () => {
	listen();
	await page.getByRole('button', { name: 'Start afresh' }).click();
	await news('The sandbox starts afresh.').waitFor();
	expect(sandbox.hooks).toEqual([]);
});

test('a sandbox that is gone is told, and that it is back', async () => {
	await sandbox.stopListening();
	await news('The sandbox does not answer. Is it still running?').waitFor();
	await sandbox.startListening();
	await news('The sandbox is back.').waitFor();
});
