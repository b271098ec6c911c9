/** The web page of the stand-in for lemlist, on which people send events by hand. */
import type { Activity } from '../../sandbox';
import type { Salesperson } from './salesperson';

/** Sends an event by its button, in a tab of its own, and comes back to n8n. @param event lemlist's name of it @returns what arrived, its secret included */
export async function sendByHand(salesperson: Salesperson, event: string): Promise<Activity> {
	const {
		host: { lemlist },
		page,
	} = salesperson;
	const tab = await salesperson.openTab(lemlist.url);
	await tab.locator(`button[data-type="${event}"]`).click();
	// The page asks for a sample first: a tab that is closed now would send nothing.
	await tab
		.locator('footer')
		.getByText(/ in \d+ ms/)
		.waitFor();
	await tab.close();
	await page.bringToFront();
	return lemlist.deliveries.at(-1)?.sent as Activity;
}
