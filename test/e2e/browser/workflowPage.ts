/** A workflow as a whole: the canvas, publishing, and the list of its executions. */
import type { Locator, Page } from 'playwright-core';
import { until } from '../n8n/until';

/** n8n tries a publication five times before it says that it failed. */
export const PUBLICATION = { timeout: 90_000 };

export class WorkflowPage {
	constructor(private readonly page: Page) {}

	get canvas(): Locator {
		return this.page.getByTestId('canvas-wrapper');
	}

	/** Starts the workflow by hand. */
	get executeButton(): Locator {
		return this.page.getByTestId('execute-workflow-button');
	}

	/** The ticks of the nodes that ran. */
	get ticks(): Locator {
		return this.canvas.getByTestId('canvas-node-status-success');
	}

	/** Waits until exactly so many nodes on the canvas have a tick. */
	async untilTicked(count: number): Promise<void> {
		await until(
			`${String(count)} nodes have run`,
			async () => (await this.ticks.count()) === count,
		);
	}

	/** What the trigger says on the canvas while it waits. @param words its own words */
	waiting(words: string): Locator {
		return this.page.getByText(words).first();
	}

	/** A button of a window over the page, whichever other windows are open. */
	inDialog(name: string): Locator {
		return this.page.getByRole('dialog').getByRole('button', { name, exact: true });
	}

	/** Messages in the corner. */
	get alerts(): Locator {
		return this.page.getByRole('alert');
	}

	/** Newest first. */
	get successfulExecutions(): Locator {
		return this.page.getByRole('link', { name: 'Succeeded in' });
	}

	/** Waits until the list shows exactly so many executions that succeeded. */
	async untilSuccessful(count: number): Promise<void> {
		await until(
			`${String(count)} executions are listed`,
			async () => (await this.successfulExecutions.count()) === count,
		);
	}

	/** What the opened execution is told of. */
	execution(id: string): Locator {
		return this.page.getByTestId(`execution-preview-details-${id}`);
	}

	async openEditor(): Promise<void> {
		await this.page.getByRole('radio', { name: 'Editor' }).click();
		await this.canvas.waitFor();
	}

	async openExecutions(): Promise<void> {
		await this.page.getByRole('radio', { name: 'Executions' }).click();
	}

	/** Its text tells whether the workflow, as it is now, is published. */
	get publishButton(): Locator {
		return this.page.getByTestId('workflow-open-publish-modal-button');
	}

	/** Waits until the button offers to publish, and says of no version that it is. */
	async untilNotPublished(): Promise<void> {
		await until(
			'the button offers to publish',
			async () => (await this.publishButton.innerText()).trim() === 'Publish',
		);
	}

	/** Orders the publication; what comes of it shows later. */
	async orderPublication(): Promise<void> {
		await this.publishButton.click();
		await this.inDialog('Publish').click();
	}

	/** The window that tells of the success, with the trigger's own words. */
	get published(): Locator {
		return this.page.getByRole('dialog').filter({ hasText: 'Workflow published' });
	}

	/** What n8n advises to set up next. */
	get checklist(): Locator {
		return this.page.getByRole('dialog').filter({ hasText: 'Production Checklist' });
	}

	async unpublish(): Promise<void> {
		await this.page.getByTestId('version-menu-button').click();
		await this.page.getByRole('menuitem', { name: 'Unpublish' }).click();
		await this.inDialog('Unpublish').click();
	}

	/** Adds a node that does nothing after the one that is there, and opens it. */
	async addNextStep(): Promise<void> {
		await this.page.getByTestId('canvas-handle-plus-wrapper').first().click();
		await this.page.getByTestId('node-creator-search-bar').fill('no operation');
		await this.page.getByText('No Operation, do nothing', { exact: true }).click();
		await this.page.getByTestId('ndv').waitFor();
	}
}
