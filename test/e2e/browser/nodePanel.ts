/** n8n's node panel, in which people search for a node and pick one of its events. */
import type { Locator, Page } from 'playwright-core';

import { EVENTS } from '../../../nodes/LemlistTrigger/settings/events';
import { until } from '../n8n/until';

/** How the panel names the node: it leaves "Trigger" out. */
const NAME = 'Lemlist Events';
/** All Events is one, too; a heading is none. */
export const ENTRIES = EVENTS.length + 1;

export class NodePanel {
	constructor(private readonly page: Page) {}

	get panel(): Locator {
		return this.page.getByTestId('node-creator');
	}

	private get searchField(): Locator {
		return this.page.getByTestId('node-creator-search-bar');
	}

	/** The node among what was found. */
	get found(): Locator {
		return this.panel.getByText(NAME, { exact: true });
	}

	/** The events that the opened node lists. */
	get actions(): Locator {
		return this.panel.getByText(/^On /);
	}

	/** Opens the panel for the first step of an empty workflow. */
	async openForFirstStep(): Promise<void> {
		await this.page.getByTestId('canvas-plus-button').click();
		await this.searchField.waitFor();
	}

	async search(words: string): Promise<void> {
		await this.searchField.fill(words);
	}

	/** Opens the node that was found, so that its events are listed. */
	async openNode(): Promise<void> {
		await this.found.click();
		await this.untilListed();
	}

	/** Waits until the opened node lists its events: n8n draws a few at a time. */
	async untilListed(): Promise<void> {
		await until('all events are listed', async () => (await this.actions.count()) >= ENTRIES);
	}

	/** @param action such as "On email replied" */
	async pick(action: string): Promise<void> {
		await this.panel.getByText(action, { exact: true }).click();
		await this.page.getByTestId('ndv').waitFor();
	}
}
