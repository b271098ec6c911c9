/**
 * Somebody at the screen: a real n8n, a real browser in which they are signed in, and the stand-in
 * for lemlist, which this n8n takes for lemlist.
 */
import type { Page } from 'playwright-core';
import { Host, OWNER } from '../../faults/n8n/host';
import type { SandboxOptions } from '../../sandbox';
import { closeAll, startAll, type Closing } from '../n8n/closings';
import { launchChromium } from './chromium';
import { openWorkflow, signedIn } from './editorPage';
import { takePicture } from './pictures';

const VIEW = { width: 1280, height: 860 };

export type Theme = 'light' | 'dark';

export class Salesperson {
	private constructor(
		readonly host: Host,
		/** The tab with n8n in it. */
		readonly page: Page,
		/** How to end everything that was started, last first. */
		private readonly closings: readonly Closing[],
	) {}

	/** Starts everything and signs in. Close it in the end. */
	static async sitDown(sandbox: Partial<SandboxOptions> = {}): Promise<Salesperson> {
		return await startAll(async (closings) => {
			const browser = await launchChromium();
			closings.push(async () => {
				await browser.close();
			});
			const host = await Host.start({ isLemlistByDefault: true, sandbox });
			closings.push(async () => {
				await host.close();
			});
			return new Salesperson(host, await signedIn(browser, host.n8n.url, OWNER, VIEW), closings);
		});
	}

	/** Chooses n8n's theme; it shows from the next page on. */
	async prefer(theme: Theme): Promise<void> {
		await this.page.evaluate(`localStorage.setItem('N8N_THEME', '${theme}')`);
	}

	/** Opens a saved workflow, or an empty one. */
	async openWorkflow(id = 'new'): Promise<void> {
		await openWorkflow(this.page, id);
	}

	/** A tab beside n8n's. */
	async openTab(url: string): Promise<Page> {
		const tab = await this.page.context().newPage();
		await tab.goto(url);
		return tab;
	}

	/** The saved workflow that is open in n8n's tab. */
	get openedWorkflow(): { id: string } {
		const [, id] = /\/workflow\/(\w+)/.exec(this.page.url()) ?? [];
		if (id === undefined || id === 'new')
			throw new Error(`No saved workflow is open at ${this.page.url()}`);
		return { id };
	}

	async picture(name: string): Promise<void> {
		await takePicture(this.page, name);
	}

	async close(): Promise<void> {
		await closeAll(this.closings);
	}
}
