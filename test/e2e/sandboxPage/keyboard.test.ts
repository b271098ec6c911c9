// All of the page by keyboard alone.
import { until } from '../n8n/until';
import {
	ask,
	event,
	EVENTS,
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

/** Goes on to the next stop, and tells its name. */
async function tab(): Promise<string> {
	await page.keyboard.press('Tab');
	return await page.evaluate(() => {
		const { activeElement: place } = document;
		const [label] =
			place instanceof HTMLInputElement ||
			place instanceof HTMLSelectElement ||
			place instanceof HTMLTextAreaElement
				? (place.labels ?? [])
				: [];
		const title = document.getElementById(place?.getAttribute('aria-labelledby') ?? '');
		return (label?.textContent ?? title?.textContent ?? place?.textContent ?? '').trim();
	});
}

test('the stops come in the order of the page, each visibly, to the very end', async () => {
	listen();
	sandbox.fault({ effect: 'hangAfter', times: Infinity });
	await page.getByRole('button', { name: 'Forget this hook' }).waitFor();
	await page.getByRole('button', { name: 'Switch off', exact: true }).waitFor();
	const expected = [
		'Skip to the events',
		'Skip to the activity',
		'Skip to hooks, faults and log',
		'Start afresh',
		'Find an event',
		'Campaign',
		'Reply by somebody else',
		'Done by a bot',
		'Forged secret',
		'Also the lead state',
		'No webhook gets it',
		'Look before sending',
		...EVENTS.map(({ label }) => label),
		'What is sent, as JSON',
		'Send as edited',
		'Back to the sample',
		'Switch this hook off',
		'Forget this hook',
		'What goes wrong',
		'With which requests',
		'How often',
		'Switch on',
		'Switch all off',
		'Until switched off',
		'Switch off',
		'Log',
	];
	for (const name of expected) {
		expect(await tab()).toBe(name);
		expect(
			await page.evaluate(
				() => getComputedStyle(document.activeElement ?? document.body).outlineStyle,
			),
		).toBe('solid');
	}
});

test('an event is found by its name and sent with Enter', async () => {
	listen();
	await page.getByLabel('Find an event').focus();
	await page.keyboard.type('opened email');
	await page.getByText('1 found. Enter sends Email Opened.').waitFor();
	expect(await event(REPLIED).isVisible()).toBe(false);
	await page.keyboard.press('Enter');
	await news('Email Opened: 200 in').waitFor();
	await page.keyboard.press('Control+A');
	await page.keyboard.type('nothing like it');
	await page
		.getByText('No event is called that. Try the beginning of a word, such as "repl".')
		.waitFor();
	await page.keyboard.press('Enter');
	await page.keyboard.press('Escape');
	await event(REPLIED).waitFor();
	expect(receiver.bodies).toMatchObject([{ type: 'emailsOpened' }]);
});

test('an event is sent, looked at, changed and sent again', async () => {
	listen();
	await event(REPLIED).focus();
	await page.keyboard.press('Enter');
	await news(`${REPLIED}: 200 in`).waitFor();
	await page.getByRole('link', { name: 'Skip to the activity' }).focus();
	await page.keyboard.press('Enter');
	expect(await tab()).toBe('What is sent, as JSON');
	await page.keyboard.press('Control+A');
	await page.keyboard.type('{ "typed": true }');
	await page.keyboard.press('Control+Enter');
	await until('both have arrived', () => receiver.calls.length === 2);
	expect(receiver.bodies[1]).toEqual({ typed: true, secret: 'kept' });
});

test('a fault is chosen by its first letters, switched on and switched off', async () => {
	await page.getByLabel('What goes wrong').focus();
	await page.keyboard.type('Maintenance');
	expect(await tab()).toBe('With which requests');
	await page.keyboard.type('Testing');
	expect(await tab()).toBe('How often');
	await page.keyboard.press('Control+A');
	await page.keyboard.type('3');
	expect(await tab()).toBe('Switch on');
	await page.keyboard.press('Enter');
	await page.getByRole('list', { name: 'Faults that are on' }).getByText('3 left').waitFor();
	expect([await ask('/hooks'), await ask('/team')]).toEqual([200, 503]);
	expect([await tab(), await tab(), await tab()]).toEqual([
		'Switch all off',
		'Until switched off',
		'Switch off',
	]);
	await page.keyboard.press('Enter');
	await news('Off: Maintenance page (503)').waitFor();
	expect(await ask('/team')).toBe(200);
});

test('the place stays at the hook that is switched off', async () => {
	sandbox.addHook({ type: 'paused' });
	const { _id } = sandbox.addHook({ type: 'resumed' });
	const buttons = page.getByRole('button', { name: 'Switch this hook off' });
	await until('both are shown', async () => (await buttons.count()) === 2);
	await buttons.last().press('Enter');
	await until('one is off', async () => (await buttons.count()) === 1);
	expect(await page.evaluate(() => document.activeElement?.id)).toBe(`forget-${_id}`);
});

test('the place is kept when the list of hooks changes', async () => {
	const first = sandbox.addHook({ type: 'paused' });
	const second = sandbox.addHook({ type: 'resumed' });
	const buttons = page.getByRole('button', { name: 'Forget this hook' });
	await until('both are shown', async () => (await buttons.count()) === 2);
	await buttons.last().focus();
	sandbox.removeHook(first._id);
	await until('one is left', async () => (await buttons.count()) === 1);
	await page.keyboard.press('Enter');
	await until('the other is forgotten too', () => !sandbox.hooks.includes(second));
});
