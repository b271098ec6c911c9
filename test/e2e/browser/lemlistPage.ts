/** The web page of the stand-in for lemlist, on which people send events by hand. */
import type { Page } from 'playwright-core';

/** Sends an event by its button. @param event lemlist's name of it */
export async function sendByHand(page: Page, event: string): Promise<void> {
	await page.bringToFront();
	await page.locator(`button[data-type="${event}"]`).click();
}
