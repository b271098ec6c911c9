/** An animated picture of the page for the README: frames with a line below that says what is done. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import UPNG from 'upng-js';
import { PICTURES, publish } from './pictures';

const COLOURS = 128;
/** Puts the line over the page, or changes it. */
const CAPTION_STYLE =
	'position:fixed;left:50%;bottom:14px;transform:translateX(-50%);z-index:99999;padding:8px 18px;border-radius:8px;background:#1d2433;color:#fff;font:600 20px sans-serif;white-space:nowrap;pointer-events:none';

export class Animation {
	private readonly frames: { rgba: ArrayBuffer; showMs: number }[] = [];
	private size = { width: 0, height: 0 };

	constructor(private readonly page: Page) {}

	/** Takes a frame as the page is now. @param showMs how long it is shown */
	async frame(caption: string, showMs = 1_400): Promise<void> {
		await this.page.evaluate(
			([words, style]) => {
				const line = document.querySelector('#caption') ?? document.createElement('div');
				line.id = 'caption';
				line.setAttribute('style', style);
				line.textContent = words;
				document.body.append(line);
			},
			[caption, CAPTION_STYLE] as const,
		);
		const picture = await this.page.screenshot({
			scale: 'css',
			animations: 'disabled',
			caret: 'hide',
		});
		const decoded = UPNG.decode(new Uint8Array(picture).buffer);
		const [rgba] = UPNG.toRGBA8(decoded);
		if (rgba === undefined) throw new Error('The page has no picture');
		this.size = { width: decoded.width, height: decoded.height };
		this.frames.push({ rgba, showMs });
	}

	/** Writes the animation where pictures go, and for the README where that is asked for. @returns what was written */
	async save(name: string): Promise<Buffer> {
		const path = join(PICTURES, name);
		const rgba = this.frames.map((frame) => frame.rgba);
		const delays = this.frames.map(({ showMs }) => showMs);
		const { width, height } = this.size;
		await mkdir(PICTURES, { recursive: true });
		const written = Buffer.from(UPNG.encode(rgba, width, height, COLOURS, delays));
		await writeFile(path, written);
		await publish(path);
		return written;
	}
}
