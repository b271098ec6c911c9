/** The form in which people save their API key. */
import type { Locator, Page } from 'playwright-core';
import { until } from '../n8n/until';

export class CredentialForm {
	constructor(private readonly page: Page) {}

	get form(): Locator {
		return this.page.getByTestId('editCredential-modal');
	}

	/** What n8n says when lemlist does not take the key; the reason shows after {@link askWhy}. */
	get failure(): Locator {
		return this.form.getByText('Couldn’t connect with these settings');
	}

	get success(): Locator {
		return this.form.getByText('Connection tested successfully');
	}

	get keyField(): Locator {
		return this.form.getByTestId('parameter-input-apiKey').locator('input');
	}

	get saveButton(): Locator {
		return this.form.getByRole('button', { name: 'Save' });
	}

	/** Waits until the form for a saved credential shows what was saved: that would overwrite what is typed earlier. */
	async untilLoaded(): Promise<void> {
		await until(
			'the form holds the saved key',
			async () => (await this.keyField.inputValue()) !== '',
		);
	}

	async enterKey(apiKey: string): Promise<void> {
		await this.keyField.fill(apiKey);
	}

	/** Saves, and waits until n8n has tried the key: what it said of an earlier one stands there until then. */
	async save(): Promise<void> {
		await Promise.all([
			this.page.waitForResponse((answer) => answer.url().endsWith('/rest/credentials/test')),
			this.saveButton.click(),
		]);
	}

	async askWhy(): Promise<void> {
		await this.form.getByText('More details').click();
	}

	async close(): Promise<void> {
		await this.form.getByRole('button', { name: 'Close this dialog' }).click();
		await this.form.waitFor({ state: 'hidden' });
	}
}
