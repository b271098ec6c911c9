// Everybody can use the page: in light and dark, in a narrow window, with nothing from anywhere else.
import { readFile } from 'node:fs/promises';

import type { AxeResults } from 'axe-core';
import type { BrowserContextOptions } from 'playwright-core';

import {
	browser,
	editor,
	event,
	listen,
	news,
	OFF,
	page,
	receiver,
	REPLIED,
	sandbox,
	show,
	useSandboxPage,
} from './stage';

useSandboxPage();

type Look = [name: string, prepare: () => Promise<void>];
const LOOKS: readonly Look[] = [
	['with nothing in it', () => Promise.resolve()],
	['full', fill],
	[
		'with mistakes shown',
		async () => {
			await fill();
			await showMistakes();
		},
	],
];
const NARROW = { width: 320, height: 640 };
const WINDOWS = [
	['light', { colorScheme: 'light' }],
	['dark', { colorScheme: 'dark' }],
	['narrow and light', { colorScheme: 'light', viewport: NARROW }],
	['narrow and dark', { colorScheme: 'dark', viewport: NARROW }],
] as const satisfies ReadonlyArray<[string, BrowserContextOptions]>;
const CASES = WINDOWS.flatMap(([name, options]) =>
	LOOKS.map(([look, prepare]) => ({ name, options, look, prepare })),
);

async function fill(): Promise<void> {
	listen({ type: 'emailsReplied', isFirst: true });
	listen({ type: 'paused', disabled: true });
	sandbox.fault({ effect: 'hangAfter' });
	sandbox.happen(sandbox.activityOf('paused'));
	await page.getByText('not delivered', { exact: true }).waitFor();
	await page.getByRole('switch', { name: 'No webhook gets it' }).check();
	await page.getByRole('switch', { name: 'No webhook gets it' }).uncheck();
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
	return found.violations.map(
		({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`,
	);
}

test.each(CASES)('$name, $look: axe finds nothing', async ({ options, prepare }) => {
	await show(options);
	await prepare();
	expect(await violations()).toEqual([]);
	await page.close();
});

test('follows the system from light to dark, and fits a narrow window', async () => {
	await show({ colorScheme: 'light' });
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
	const asking = await browser.newPage();
	const asked: string[] = [];
	asking.on('request', (request) => asked.push(new URL(request.url()).origin));
	await asking.goto(sandbox.url);
	await event(REPLIED, asking).waitFor();
	expect(new Set(asked)).toEqual(new Set([sandbox.url]));
	await asking.close();
});
