/** The panel of the trigger itself: its fields, its options, the button that shows an event, and what came. */
import type { Locator, Page } from 'playwright-core';
import { until } from '../n8n/until';
import { Dropdown, DropdownOfMany } from './dropdown';

const AGAIN_AFTER_MS = 4_000;
const OPEN_WITHIN_MS = 40_000;

export class TriggerDetails {
	readonly events: DropdownOfMany;
	readonly campaigns: DropdownOfMany;

	constructor(private readonly page: Page) {
		this.events = new DropdownOfMany(page, 'events');
		this.campaigns = new DropdownOfMany(page, 'campaigns');
	}

	get panel(): Locator {
		return this.page.getByTestId('ndv');
	}

	/** The yellow boxes under a field. */
	get notices(): Locator {
		return this.panel.locator('.notice');
	}

	/** Unfolds what the panel has to say about executions. */
	get moreInfo(): Locator {
		return this.panel.getByText('More info', { exact: true });
	}

	get listening(): Locator {
		return this.page.getByTestId('trigger-listening');
	}

	get output(): Locator {
		return this.page.getByTestId('output-panel');
	}

	get executeButton(): Locator {
		return this.page.getByTestId('node-execute-button');
	}

	/** Ends the wait for an event. */
	get stopButton(): Locator {
		return this.listening.getByRole('button', { name: 'Stop Listening' });
	}

	/** Opens the panel of a node that is on the canvas; again where n8n moved it between the two clicks. */
	async open(node = 'Lemlist Events Trigger'): Promise<void> {
		const onCanvas = this.page
			.getByTestId('canvas-node')
			.and(this.page.locator(`[data-node-name="${node}"]`));
		const inTime = { timeout: AGAIN_AFTER_MS };
		await until(
			`the panel of ${node} is open`,
			async () => {
				await onCanvas.dblclick(inTime).catch(() => undefined);
				return await this.panel.waitFor(inTime).then(
					() => true,
					() => false,
				);
			},
			{ limitMs: OPEN_WITHIN_MS },
		);
	}

	async close(): Promise<void> {
		await this.page.getByTestId('ndv-close-button').click();
		await this.panel.waitFor({ state: 'hidden' });
	}

	/** Adds an entry of Options. @param name such as "Ignore Bots" @returns its row */
	async addOption(name: string): Promise<Locator> {
		await this.panel.getByTestId('collection-parameter-add').click();
		await this.page
			.getByTestId('collection-parameter-option')
			.getByText(name, { exact: true })
			.click();
		const row = this.panel.getByTestId('parameter-item').filter({ hasText: name }).last();
		await row.waitFor();
		return row;
	}

	/** Where options are added. */
	get newOption(): Dropdown {
		return new Dropdown(this.page, this.page.getByTestId('collection-parameter-add'));
	}

	/** An option to choose from. @param parameter its name in the workflow */
	choice(parameter: string): Dropdown {
		return new Dropdown(this.page, this.page.getByTestId(`parameter-input-${parameter}`));
	}

	/** Leads to the form for a credential that does not exist yet. */
	get connectButton(): Locator {
		return this.panel.getByRole('button', { name: 'Connect to Lemlist Webhook' });
	}

	/** There once a credential is picked. */
	get editCredentialButton(): Locator {
		return this.page.getByTestId('credential-edit-button');
	}

	async editCredential(): Promise<void> {
		await this.editCredentialButton.click();
	}

	/** Presses Execute step and waits until it has shown an event. */
	async execute(): Promise<void> {
		await this.executeButton.click();
		await this.output.getByText('1 item').waitFor();
	}

	/** Presses Execute step and waits until n8n waits for an event. */
	async listen(): Promise<void> {
		await this.executeButton.click();
		await this.listening.waitFor();
	}
}
