// What every test of the stand-in's page needs: the page in a real Chromium, the stand-in behind it, and
// a receiver in the place of n8n.
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

import { EVENT_GROUPS, startSandbox, type Sandbox } from '../../sandbox';
import { startReceiver, type Receiver } from '../../sandbox/receiver';
import { launchChromium } from '../browser/chromium';

export const EVENTS = EVENT_GROUPS.flatMap(({ name, events }) =>
	events.map((event) => ({ group: name, ...event })),
);
export const REPLIED = 'Email Replied';
export const OFF =
	'Switched off by lemlist. lemlist does so when deliveries keep failing. It gets no more events, and its address stays taken until it is deleted.';

export let browser: Browser;
export let sandbox: Sandbox;
export let receiver: Receiver;
export let page: Page;

const scriptErrors: Error[] = [];

/** Starts everything for a file of tests, and puts stand-in and receiver back before each test. */
export function useSandboxPage(): void {
	beforeAll(async () => {
		[browser, sandbox, receiver] = await Promise.all([
			launchChromium(),
			startSandbox(),
			startReceiver(),
		]);
	});
	beforeEach(() => {
		sandbox.reset();
		receiver.reset();
	});
	afterEach(() => {
		expect(scriptErrors.splice(0)).toEqual([]);
	});
	afterAll(async () => {
		await browser.close();
		await Promise.all([sandbox.close(), receiver.close()]);
	});
}

/** Opens the page for each test. */
export function useOpenPage(): void {
	beforeEach(async () => {
		await show();
	});
	afterEach(() => page.close());
}

/** Opens the page that all the rest here is about. */
export async function show(options: BrowserContextOptions = {}): Promise<void> {
	page = await open(options);
}

/** Opens the page, drawn and ready. Mistakes of its scripts fail the test. */
export async function open(options: BrowserContextOptions = {}): Promise<Page> {
	const opened = await browser.newPage(options);
	opened.on('pageerror', (error) => scriptErrors.push(error));
	await opened.goto(sandbox.url);
	await event(REPLIED, opened).waitFor();
	return opened;
}

export function event(label: string, on = page) {
	return on.getByRole('button', { name: label, exact: true });
}

/** The line at the bottom that tells what came of the last thing done. */
export function news(text: string | RegExp) {
	return page.locator('footer').getByText(text);
}

export function listen(hook: Parameters<Sandbox['addHook']>[0] = {}): void {
	sandbox.addHook({ targetUrl: receiver.url, secret: 'kept', ...hook });
}

export const editor = () => page.getByLabel('What is sent, as JSON');

/** Asks the API as the trigger would, and tells the status. */
export async function ask(path: string): Promise<number> {
	const authorization = `Basic ${Buffer.from(`:${sandbox.apiKey}`).toString('base64')}`;
	const { status } = await fetch(sandbox.apiUrl + path, {
		headers: { authorization, 'user-agent': 'page-test/1.0' },
	});
	return status;
}
