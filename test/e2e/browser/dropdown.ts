/** A field of the trigger with a list: one row of it can be picked (an option), or several (Events, Campaigns). */
import { isDeepStrictEqual } from 'node:util';
import type { Locator, Page } from 'playwright-core';
import { until } from '../n8n/until';
import { textsCutOff } from './legibility';

export class Dropdown {
	constructor(
		protected readonly page: Page,
		readonly field: Locator,
	) {}

	/** Has the focus. */
	get input(): Locator {
		return this.field.locator('.el-input__inner');
	}

	/** Rows of the open list, headings included. */
	get rows(): Locator {
		return this.page.getByRole('option');
	}

	/** What stands in the rows of the open list. */
	get texts(): Locator {
		return this.rows.locator('.option-headline, .option-description').filter({ hasText: /./ });
	}

	/** The row that Enter would pick. */
	get hovered(): Locator {
		return this.page
			.locator('.el-select-dropdown__item')
			.and(this.page.locator('.hover, .is-hovering'));
	}

	async open(): Promise<void> {
		await this.input.click();
		await this.rows.first().waitFor();
	}

	/** @param name the row's first line */
	row(name: string): Locator {
		return this.rows.filter({ has: this.page.getByText(name, { exact: true }) });
	}

	/** @returns the first line of each row of the open list, headings included */
	async listed(): Promise<string[]> {
		return (await this.rows.allInnerTexts()).map((text) => text.trim().split('\n')[0] ?? '');
	}

	/** Picks a row. Where several can be picked, it takes a picked one back, and the list stays open. @param name the row's first line */
	async pick(name: string): Promise<void> {
		await this.row(name).click();
	}

	/** Waits until a row is the one that is picked. @param name the row's first line */
	async untilChosen(name: string): Promise<void> {
		await until(`${name} is chosen`, async () => (await this.input.inputValue()) === name);
	}

	/** @returns the texts of the open list that are cut off */
	async cutOff(): Promise<string[]> {
		return await textsCutOff(this.texts);
	}
}

export class DropdownOfMany extends Dropdown {
	constructor(
		page: Page,
		/** The parameter's name. */
		private readonly parameter: string,
	) {
		super(page, page.getByTestId(`parameter-input-${parameter}`));
	}

	override get input(): Locator {
		return this.field.locator('.el-select__input');
	}

	/** Rows that are there to be read only. */
	get headings(): Locator {
		return this.page.getByRole('option', { disabled: true });
	}

	/** Filters the open list. */
	async type(words: string): Promise<void> {
		await this.input.pressSequentially(words);
	}

	/** Clicks on a row that may not want it, as who takes a heading for an event. Not with the pointer: the list may scroll under it, and another row would get the click. */
	async clickOn(row: Locator): Promise<void> {
		await row.dispatchEvent('click');
	}

	async close(): Promise<void> {
		await this.input.press('Escape');
		await this.rows.first().waitFor({ state: 'hidden' });
	}

	/** Loads the list anew, by the menu of the field. */
	async refresh(): Promise<void> {
		await this.page
			.getByTestId(`${this.parameter}-parameter-input-options-container`)
			.getByTestId('action-toggle')
			.getByRole('button')
			.click();
		await this.page.getByRole('menuitem', { name: 'Refresh List' }).click();
	}

	/** Waits until exactly these are picked. @param names in the order of the field */
	async untilPicked(...names: string[]): Promise<void> {
		await until(`${names.join(', ')} and nothing else is picked`, async () =>
			isDeepStrictEqual(await this.picked(), names),
		);
	}

	private async picked(): Promise<string[]> {
		return await this.field.locator('.el-tag').allInnerTexts();
	}
}
