/** Hands that never leave the keyboard. */
import type { Locator, Page } from 'playwright-core';
import { until } from '../n8n/until';

export class Keyboard {
	constructor(private readonly page: Page) {}

	async press(key: string, times = 1): Promise<void> {
		for (let press = 0; press < times; press += 1) await this.page.keyboard.press(key);
	}

	async type(words: string): Promise<void> {
		await this.page.keyboard.type(words);
	}

	/** Goes on with Tab until a place has the focus. @param key another key, such as Shift+Tab */
	async tabTo(place: Locator, key = 'Tab'): Promise<void> {
		await until(
			'it has the focus',
			async () => {
				await this.press(key);
				return (await place.and(this.page.locator(':focus')).count()) === 1;
			},
			{ everyMs: 50 },
		);
	}

	/** Goes down a list until a row is the one that Enter would pick: n8n filters a moment after the last letter, and then starts at the top again. */
	async downTo(row: Locator): Promise<void> {
		await until('the row can be picked', async () => {
			await this.press('ArrowDown');
			return await row.isVisible();
		});
	}

	/** Goes to a button with Tab, and presses it with Enter. */
	async enter(button: Locator, key?: string): Promise<void> {
		await this.tabTo(button, key);
		await this.press('Enter');
	}
}
