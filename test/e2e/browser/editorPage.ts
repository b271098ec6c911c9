// n8n's editor in Chromium: log in, open or import a workflow, look at its canvas.
import { isDeepStrictEqual } from 'node:util';

import type { Browser, Locator, Page } from 'playwright-core';

import type { Owner } from '../n8n/editor';
import { until } from '../n8n/until';
import type { Cut } from './pictures';

const VIEWPORT = { width: 1500, height: 900 };
/** Sharp on screens with two dots a pixel. */
const SCALE = 2;
const PATIENCE_MS = 40_000;
/** The editor is large, and an n8n that has just started has much to do. */
const LOADED_WITHIN_MS = 60_000;
const MARGIN = 48;
const NAMES = 72;

/** Everything on the canvas: nodes and notes. */
function drawn(page: Page): Locator {
	return page.locator('.vue-flow__node');
}

/** Opens a window and signs in, so that the editor can be opened in it next. @param url the address of the n8n, such as `http://127.0.0.1:5678` */
export async function signedIn(
	browser: Browser,
	url: string,
	owner: Owner,
	viewport = VIEWPORT,
): Promise<Page> {
	const context = await browser.newContext({ viewport, deviceScaleFactor: SCALE, baseURL: url });
	context.setDefaultTimeout(PATIENCE_MS);
	context.setDefaultNavigationTimeout(LOADED_WITHIN_MS);
	const page = await context.newPage();
	await signIn(page, owner);
	return page;
}

async function signIn(page: Page, { email, password }: Owner): Promise<void> {
	await page.goto('/signin');
	// Their labels belong to them in n8n 2 only.
	await page.locator('input[name="emailOrLdapLoginId"]').fill(email);
	await page.locator('input[type="password"]').fill(password);
	await page.getByTestId('form-submit-button').click();
	await page.waitForURL(/\/(home|workflow)/);
}

/** Opens a saved workflow, or the empty one called `new`, and waits until its canvas is drawn. @param nodes how many it has, notes included */
export async function openWorkflow(page: Page, id: string, nodes = 0): Promise<void> {
	await page.goto(`/workflow/${id}`);
	await page.getByTestId('canvas-wrapper').waitFor({ timeout: LOADED_WITHIN_MS });
	if (nodes > 0)
		await drawn(page)
			.nth(nodes - 1)
			.waitFor();
}

/** Imports a file into a new workflow, as "Import from file" does, and waits until its nodes are drawn. */
export async function importFile(page: Page, file: string, nodes: number): Promise<void> {
	await page.goto('/workflow/new');
	// Before it is there, n8n is still making the new workflow and loses what is imported.
	await page.getByTestId('canvas-add-button').waitFor({ timeout: LOADED_WITHIN_MS });
	await page.getByTestId('workflow-import-input').setInputFiles(file);
	await drawn(page)
		.nth(nodes - 1)
		.waitFor();
}

/** Waits until the canvas shows the texts: lines between nodes come after the nodes, and what they say after the lines. */
export async function untilDrawn(page: Page, texts: readonly string[]): Promise<void> {
	const canvas = page.getByTestId('canvas-wrapper');
	await until(`the canvas shows ${texts.join(', ')}`, async () => {
		const shown = await canvas.innerText();
		return texts.every((text) => shown.includes(text));
	});
}

/** Shows all that is on the canvas. @returns the part of the page in which it is, once zooming has come to rest */
export async function fitCanvas(page: Page): Promise<Cut> {
	// The buttons around the canvas would lie over it, the one for a next step would be cut in two.
	await page.addStyleTag({
		content:
			'.vue-flow__panel, [data-test-id="canvas-handle-plus-wrapper"] { visibility: hidden; }',
	});
	await page.getByTestId('zoom-to-fit').dispatchEvent('click');
	return await restingPlace(page);
}

/** Where the nodes are, once zooming has come to rest. */
async function restingPlace(page: Page): Promise<Cut> {
	let last: Cut | undefined;
	return await until('the canvas has come to rest', async () => {
		const before = last;
		const now = around(await boxesOf(drawn(page)));
		last = now;
		return isDeepStrictEqual(now, before) && now;
	});
}

async function boxesOf(parts: Locator): Promise<Cut[]> {
	const boxes = await Promise.all((await parts.all()).map(async (one) => await one.boundingBox()));
	return boxes.filter((box) => box !== null);
}

/** With room below, where the nodes' names are. */
function around(boxes: readonly Cut[]): Cut {
	const [x, y] = [Math.min(...boxes.map((box) => box.x)), Math.min(...boxes.map((box) => box.y))];
	const right = Math.max(...boxes.map((box) => box.x + box.width));
	const bottom = Math.max(...boxes.map((box) => box.y + box.height));
	return {
		x: x - MARGIN,
		y: y - MARGIN,
		width: right - x + 2 * MARGIN,
		height: bottom - y + NAMES + MARGIN,
	};
}
