/**
 * Somebody at the screen: a real n8n, a real browser in which they are signed in, and the stand-in
 * for lemlist, which this n8n takes for lemlist.
 */
import { selectors, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { Host, OWNER } from '../../faults/n8n/host';
import type { SandboxOptions } from '../../sandbox';
import { launchChromium } from './chromium';
import { takePicture } from './pictures';

const VIEW = { width: 1280, height: 860 };
const PATIENCE_MS = 20_000;

/** n8n's way of marking what has no name that people see. */
selectors.setTestIdAttribute('data-test-id');

export type Theme = 'light' | 'dark';

export class Salesperson {
	private constructor(
		readonly host: Host,
		private readonly browser: Browser,
		private readonly context: BrowserContext,
		/** The tab with n8n in it. */
		readonly page: Page,
	) {}

	/** Starts everything and signs in. Close it in the end. */
	static async sitDown(sandbox: Partial<SandboxOptions> = {}): Promise<Salesperson> {
		const browser = await launchChromium();
		const host = await Host.start({ isLemlistByDefault: true, sandbox });
		const context = await browser.newContext({ viewport: VIEW, deviceScaleFactor: 2 });
		context.setDefaultTimeout(PATIENCE_MS);
		const person = new Salesperson(host, browser, context, await context.newPage());
		await person.signIn();
		return person;
	}

	/** Chooses n8n's theme; it shows from the next page on. */
	async prefer(theme: Theme): Promise<void> {
		await this.page.evaluate(`localStorage.setItem('N8N_THEME', '${theme}')`);
	}

	/** Opens a saved workflow, or an empty one. */
	readonly openWorkflow = async (id = 'new'): Promise<void> => {
		await this.page.goto(`${this.host.n8n.url}/workflow/${id}`);
		await this.page.getByTestId('canvas-wrapper').waitFor();
	};

	/** A tab beside n8n's. */
	async openTab(url: string): Promise<Page> {
		const tab = await this.context.newPage();
		await tab.goto(url);
		return tab;
	}

	async picture(name: string): Promise<void> {
		await takePicture(this.page, name);
	}

	async close(): Promise<void> {
		await this.browser.close();
		await this.host.close();
	}

	private async signIn(): Promise<void> {
		await this.page.goto(`${this.host.n8n.url}/signin`);
		await this.page.getByRole('textbox', { name: 'Email' }).fill(OWNER.email);
		await this.page.getByRole('textbox', { name: 'Password' }).fill(OWNER.password);
		await this.page.getByRole('button', { name: 'Sign in' }).click();
		await this.page.waitForURL(/\/(home|workflow)/);
	}
}
