/** The web page of the stand-in for lemlist, on which people send events by hand. */
import type { Page } from 'playwright-core';

/** Sends an event by its button, in a tab that has sent none yet. @param event lemlist's name of it */
export async function sendByHand(page: Page, event: string): Promise<void> {
	await page.bringToFront();
	await page.locator(`button[data-type="${event}"]`).click();
	// The page asks for a sample first: a tab that is closed now would send nothing.
	await page.locator('footer').getByText(/ in \d+ ms/).waitFor();
}
