// n8n's editor in Chromium: log in, open or import a workflow, look at its canvas.
import { isDeepStrictEqual } from 'node:util';

import type { Browser, Locator, Page } from 'playwright-core';

import type { Owner } from '../n8n/editor';
import { until } from '../n8n/until';

const VIEWPORT = { width: 1500, height: 900 };
/** Sharp on screens with two dots a pixel. */
const SCALE = 2;
const MARGIN = 48;
const NAMES = 72;

/** The names that n8n gives to parts of its pages, for tests. */
export function part(page: Page, name: string): Locator {
	return page.locator(`[data-test-id="${name}"]`);
}

/** Everything on the canvas: nodes and notes. */
function drawn(page: Page): Locator {
	return page.locator('.vue-flow__node');
}

/** Opens a window and logs in, so that the editor can be opened in it next. */
export async function loggedIn(browser: Browser, url: string, { email, password }: Owner): Promise<Page> {
	const page = await browser.newPage({ viewport: VIEWPORT, deviceScaleFactor: SCALE, baseURL: url });
	await page.goto('/signin');
	await page.locator('input[name="emailOrLdapLoginId"]').fill(email);
	await page.locator('input[type="password"]').fill(password);
	await part(page, 'form-submit-button').click();
	await page.waitForURL(/home/);
	return page;
}

/** Opens a saved workflow and waits until its nodes are drawn. */
export async function openWorkflow(page: Page, id: string, nodes: number): Promise<void> {
	await page.goto(`/workflow/${id}`);
	await drawn(page).nth(nodes - 1).waitFor();
}

/** Imports a file into a new workflow, as "Import from file" does, and waits until its nodes are drawn. */
export async function importFile(page: Page, file: string, nodes: number): Promise<void> {
	await page.goto('/workflow/new');
	// Before it is there, n8n is still making the new workflow and loses what is imported.
	await part(page, 'canvas-add-button').waitFor();
	await part(page, 'workflow-import-input').setInputFiles(file);
	await drawn(page).nth(nodes - 1).waitFor();
}

/** A picture of all that is on the canvas, and of nothing around it. @returns a PNG */
export async function canvasPicture(page: Page): Promise<Buffer> {
	// The buttons around the canvas would lie over it.
	await page.addStyleTag({ content: '.vue-flow__panel { visibility: hidden; }' });
	await part(page, 'zoom-to-fit').dispatchEvent('click');
	return await page.screenshot({ clip: await restingPlace(page), animations: 'disabled' });
}

/** Where the nodes are, once zooming has come to rest. */
async function restingPlace(page: Page): Promise<Box> {
	let last: Box | undefined;
	return await until('the canvas has come to rest', async () => {
		const before = last;
		const now = around(await boxesOf(drawn(page)));
		last = now;
		return isDeepStrictEqual(now, before) && now;
	});
}

interface Box {
	x: number;
	y: number;
	width: number;
	height: number;
}

async function boxesOf(parts: Locator): Promise<Box[]> {
	const boxes = await Promise.all((await parts.all()).map(async (one) => await one.boundingBox()));
	return boxes.filter((box) => box !== null);
}

/** With room below, where the nodes' names are. */
function around(boxes: readonly Box[]): Box {
	const [x, y] = [Math.min(...boxes.map((box) => box.x)), Math.min(...boxes.map((box) => box.y))];
	const right = Math.max(...boxes.map((box) => box.x + box.width));
	const bottom = Math.max(...boxes.map((box) => box.y + box.height));
	return { x: x - MARGIN, y: y - MARGIN, width: right - x + 2 * MARGIN, height: bottom - y + NAMES + MARGIN };
}
