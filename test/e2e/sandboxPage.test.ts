// The stand-in's page in a real Chromium: what people send by it arrives, what happens is shown, and
// everybody can use it, with a keyboard, in light and dark, in a narrow window.
import { readFile } from 'node:fs/promises';

import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

import { EVENT_GROUPS, startSandbox, type Sandbox } from '../sandbox';
import { startReceiver, type Receiver } from '../sandbox/receiver';
import { launchChromium } from './browser/chromium';
import { until } from './n8n/until';

const EVENTS = EVENT_GROUPS.flatMap(({ name, events }) => events.map((event) => ({ group: name, ...event })));
const REPLIED = 'Email Replied';
const OFF = 'Switched off by lemlist. lemlist does so when deliveries keep failing. It gets no more events, and its address stays taken until it is deleted.';

let browser: Browser;
let sandbox: Sandbox;
let receiver: Receiver;
let page: Page;

beforeAll(async () => {
	[browser, sandbox, receiver] = await Promise.all([launchChromium(), startSandbox(), startReceiver()]);
});

beforeEach(() => {
	sandbox.reset();
	receiver.reset();
});

afterAll(async () => {
	await browser.close();
	await Promise.all([sandbox.close(), receiver.close()]);
});

/** Opens the page, drawn and ready. Mistakes of its scripts fail the test. */
async function open(options: BrowserContextOptions = {}): Promise<Page> {
	const opened = await browser.newPage(options);
	opened.on('pageerror', (error) => scriptErrors.push(error));
	await opened.goto(sandbox.url);
	await event(REPLIED, opened).waitFor();
	return opened;
}

const scriptErrors: Error[] = [];

afterEach(() => {
	expect(scriptErrors.splice(0)).toEqual([]);
});

function event(label: string, on = page) {
	return on.getByRole('button', { name: label, exact: true });
}

/** The line at the bottom that tells what came of the last thing done. */
function news(text: string | RegExp) {
	return page.locator('footer').getByText(text);
}

function listen(hook: Parameters<Sandbox['addHook']>[0] = {}): void {
	sandbox.addHook({ targetUrl: receiver.url, secret: 'kept', ...hook });
}

const editor = () => page.getByLabel('What is sent, as JSON');

describe('the events', () => {
	beforeAll(async () => {
		page = await open();
	});

	afterAll(() => page.close());

	test.each(EVENTS)('$label, under $group, is sent, and the answer is shown', async ({ group, label, type }) => {
		listen({ type });
		await page.getByRole('group', { name: group, exact: true }).getByRole('button', { name: label, exact: true }).click();
		await news(`${label}: 200 in`).waitFor();
		expect(receiver.bodies).toMatchObject([{ type, secret: 'kept' }]);
		const { secret: _, ...activity } = receiver.bodies[0] ?? {};
		expect(JSON.parse(await editor().inputValue())).toEqual(activity);
	});
});

describe('with the page open', () => {
	beforeEach(async () => {
		page = await open();
	});

	afterEach(() => page.close());

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
		await until('the sample is back', async () => !(await editor().inputValue()).includes('My own field'));
	});

	test.each([
		['nothing', '  ', 'There is nothing to send. Choose an event first.'],
		['no object', '[1]', 'An activity is an object: it begins with { and ends with }.'],
		['no comma', '{\n  "a": 1\n  "b": 2 }', 'Line 3, character 3: A comma or a closing } is missing.'],
		['a comma too many', '{ "a": 1, }', 'Line 1, character 11: A name in double quotes should stand here, or the comma before is one too many.'],
		['no quotes around a name', '{ a: 1 }', 'Line 1, character 3: A name in double quotes should stand here.'],
		['no quotes around a text', '{ "a": hello }', 'A value is not spelt as JSON wants it: texts stand in double quotes.'],
		['a quote that does not close', '{ "a": "hello }', 'Line 1, character 16: A text has no closing double quote.'],
		['a missing end', '{ "a": 1', 'Line 1, character 9: A comma or a closing } is missing.'],
		['something behind the end', '{ "a": 1 } x', 'Line 1, character 12: Something stands behind the end of it.'],
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

	test('a sample follows switches and campaign until somebody changes it', async () => {
		const campaignId = sandbox.campaigns[1]?._id ?? '';
		await event(REPLIED).click();
		await news(`${REPLIED}: no hook wants it.`).waitFor();
		await page.getByLabel('Campaign', { exact: true }).selectOption(campaignId);
		await until('the campaign is in the sample', async () => (await editor().inputValue()).includes(campaignId));
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
		await page.getByRole('region', { name: 'What n8n answered' }).getByText('lemlist sends it again in 0.05 s.').waitFor();
		await page.getByRole('region', { name: /^Hooks/ }).getByText(OFF).waitFor();
		await page.getByRole('list', { name: 'Log' }).getByText(': 500, attempt 2').waitFor();
	});

	test('the log goes on by itself, newest first', async () => {
		const log = page.getByRole('list', { name: 'Log' });
		await ask('/team');
		await log.getByText('GET /team: 200, acted').waitFor();
		await ask('/nowhere');
		await log.getByText('GET /nowhere: 200, did not act').waitFor();
		expect(await log.getByRole('listitem').first().textContent()).toContain('/nowhere');
		const reopened = await open();
		expect(await reopened.getByRole('list', { name: 'Log' }).getByText('GET /team: 200, acted').count()).toBe(1);
		await reopened.close();
	});

	test('faults take effect, for the requests and as often as chosen, until they are switched off', async () => {
		const faults = page.getByRole('list', { name: 'Faults that are on' });
		await page.getByLabel('What goes wrong').selectOption('Maintenance page (503)');
		await page.getByLabel('With which requests').selectOption('Testing the API key');
		await page.getByLabel('How often').fill('2');
		await page.getByRole('button', { name: 'Switch on' }).click();
		await faults.getByText('2 left').waitFor();
		expect([await ask('/hooks'), await ask('/team')]).toEqual([200, 503]);
		await faults.getByText('1 left').waitFor();
		// By keyboard: the list may be drawn anew between the press and the release of a mouse button.
		await faults.getByRole('button', { name: 'Switch off' }).press('Enter');
		await until('no fault is left', async () => (await faults.getByRole('listitem').count()) === 0);
		expect(await ask('/team')).toBe(200);
		await page.getByLabel('Until switched off').check();
		await page.getByRole('button', { name: 'Switch on' }).click();
		await faults.getByText('until switched off').waitFor();
		expect([await ask('/team'), await ask('/team'), await ask('/team')]).toEqual([503, 503, 503]);
		await page.getByRole('button', { name: 'Switch all off' }).click();
		await news('All faults are off.').waitFor();
		expect(await ask('/team')).toBe(200);
	});

	test('a plan that is too small for one call', async () => {
		await page.getByLabel('What goes wrong').selectOption('Not in the plan (402)');
		await page.getByLabel('With which requests').selectOption('Listing campaigns');
		await page.getByRole('button', { name: 'Switch on' }).click();
		await news('On: Not in the plan (402): Listing campaigns.').waitFor();
		expect([await ask('/hooks'), await ask('/campaigns'), await ask('/campaigns')]).toEqual([200, 402, 200]);
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
});

describe('by keyboard alone', () => {
	beforeEach(async () => {
		page = await open();
	});

	afterEach(() => page.close());

	/** Goes on to the next stop, and tells its name. */
	async function tab(): Promise<string> {
		await page.keyboard.press('Tab');
		return await page.evaluate(() => {
			const { activeElement: place } = document;
			const [label] = place instanceof HTMLInputElement || place instanceof HTMLSelectElement || place instanceof HTMLTextAreaElement ? (place.labels ?? []) : [];
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
			'Skip to the events', 'Skip to the activity', 'Skip to hooks, faults and log', 'Start afresh', 'Find an event', 'Campaign',
			'Reply by somebody else', 'Done by a bot', 'Forged secret', 'Also the lead state', 'Look before sending', ...EVENTS.map(({ label }) => label),
			'What is sent, as JSON', 'Send as edited', 'Back to the sample', 'Switch this hook off', 'Forget this hook',
			'What goes wrong', 'With which requests', 'How often', 'Switch on', 'Switch all off', 'Until switched off', 'Switch off', 'Log',
		];
		for (const name of expected) {
			expect(await tab()).toBe(name);
			expect(await page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineStyle)).toBe('solid');
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
		await page.getByText('No event is called that. Try the beginning of a word, such as "repl".').waitFor();
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
		expect([await tab(), await tab(), await tab()]).toEqual(['Switch all off', 'Until switched off', 'Switch off']);
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
});

describe('for everybody', () => {
	type Look = [name: string, prepare: () => Promise<void>];
	const LOOKS: readonly Look[] = [
		['with nothing in it', () => Promise.resolve()],
		['full', fill],
		['with mistakes shown', async () => { await fill(); await showMistakes(); }],
	];
	const NARROW = { width: 320, height: 640 };
	const WINDOWS = [
		['light', { colorScheme: 'light' }],
		['dark', { colorScheme: 'dark' }],
		['narrow and light', { colorScheme: 'light', viewport: NARROW }],
		['narrow and dark', { colorScheme: 'dark', viewport: NARROW }],
	] as const satisfies ReadonlyArray<[string, BrowserContextOptions]>;
	const CASES = WINDOWS.flatMap(([name, options]) => LOOKS.map(([look, prepare]) => ({ name, options, look, prepare })));

	async function fill(): Promise<void> {
		listen({ type: 'emailsReplied', isFirst: true });
		listen({ type: 'paused', disabled: true });
		sandbox.fault({ effect: 'hangAfter' });
		await event(REPLIED).click();
		await news(`${REPLIED}: 200 in`).waitFor();
		await page.getByText('No answer, but done: All requests', { exact: true }).waitFor();
		await page.getByText(OFF).waitFor();
	}

	async function showMistakes(): Promise<void> {
		receiver.answer = { status: 401, body: 'No' };
		await event(REPLIED).click();
		await news(/401 in/).waitFor();
		await editor().fill('{');
		await page.getByRole('button', { name: 'Send as edited' }).click();
		await page.getByRole('alert').getByText('A name in double quotes').waitFor();
	}

	async function violations(): Promise<string[]> {
		await page.evaluate(await readFile(require.resolve('axe-core/axe.min.js'), 'utf8'));
		const found = await page.evaluate<AxeResults>('axe.run()');
		return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
	}

	test.each(CASES)('$name, $look: axe finds nothing', async ({ options, prepare }) => {
		page = await open(options);
		await prepare();
		expect(await violations()).toEqual([]);
		await page.close();
	});

	test('follows the system from light to dark, and fits a narrow window', async () => {
		page = await open({ colorScheme: 'light' });
		const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
		expect(await ground()).toBe('rgb(245, 245, 248)');
		await page.emulateMedia({ colorScheme: 'dark' });
		expect(await ground()).toBe('rgb(20, 21, 27)');
		await page.setViewportSize(NARROW);
		await fill();
		expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(NARROW.width);
		await page.close();
	});

	test('asks nobody but the sandbox for anything', async () => {
		page = await browser.newPage();
		const asked: string[] = [];
		page.on('request', (request) => asked.push(new URL(request.url()).origin));
		await page.goto(sandbox.url);
		await event(REPLIED).waitFor();
		expect(new Set(asked)).toEqual(new Set([sandbox.url]));
		await page.close();
	});
});

/** Asks the API as the trigger would, and tells the status. */
async function ask(path: string): Promise<number> {
	const authorization = `Basic ${Buffer.from(`:${sandbox.apiKey}`).toString('base64')}`;
	const { status } = await fetch(sandbox.apiUrl + path, { headers: { authorization, 'user-agent': 'page-test/1.0' } });
	return status;
}
