/** Whether people can read what is on the page: texts that are cut off, and texts too pale for their ground. */
import type { Locator } from 'playwright-core';

/** What WCAG asks of small texts (AA). */
const LEAST_CONTRAST = 4.5;

/** Red, green, blue from 0 to 255, and how opaque from 0 to 1. */
type Colour = [red: number, green: number, blue: number, alpha: number];

interface Layers {
	text: string;
	colour: Colour;
	/** The grounds below it, the topmost first. */
	grounds: Colour[];
}

/** @returns those of the texts of which a part does not show. @throws Error when there is no such text: then nothing would be checked */
export async function textsCutOff(texts: Locator): Promise<string[]> {
	await texts.first().waitFor();
	return await texts.evaluateAll((all) =>
		all
			.filter(
				(text) =>
					text.scrollHeight > text.clientHeight + 1 || text.scrollWidth > text.clientWidth + 1,
			)
			.map((text) => text.textContent ?? ''),
	);
}

/**
 * axe's own rule leaves out what is disabled, as our headings are.
 *
 * @returns those of the texts that are too pale for their ground, with their contrast
 */
export async function textsTooPale(texts: Locator, least = LEAST_CONTRAST): Promise<string[]> {
	const all = (await layersOf(texts)).map(({ text, colour, grounds }) => {
		const ground = grounds.reduceRight<Colour>(
			(below, above) => over(above, below),
			[255, 255, 255, 1],
		);
		return { text, contrast: contrastOf(over(colour, ground), ground) };
	});
	return all
		.filter(({ contrast }) => contrast < least)
		.map(({ text, contrast }) => `${text}: ${contrast.toFixed(2)}`);
}

/** @throws Error when there is no such text: then nothing would be checked */
async function layersOf(texts: Locator): Promise<Layers[]> {
	await texts.first().waitFor();
	return await texts.evaluateAll((all) => {
		const pen = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext(
			'2d',
			{ willReadFrequently: true },
		);
		/** Whatever notation the style sheet has. */
		function colourIn(notation: string): Colour {
			if (pen === null) throw new Error('There is no canvas to draw on');
			pen.clearRect(0, 0, 1, 1);
			pen.fillStyle = notation;
			pen.fillRect(0, 0, 1, 1);
			const [red = 0, green = 0, blue = 0, alpha = 0] = pen.getImageData(0, 0, 1, 1).data;
			return [red, green, blue, alpha / 255];
		}
		return all.map((element) => {
			const text = element.querySelector('b') ?? element;
			const chain: Element[] = [];
			for (let one: Element | null = text; one !== null; one = one.parentElement) chain.push(one);
			const styles = chain.map((one) => getComputedStyle(one));
			const opacity = styles.reduce((product, style) => product * Number(style.opacity), 1);
			const [red, green, blue, alpha] = colourIn(getComputedStyle(text).color);
			return {
				text: element.textContent ?? '',
				colour: [red, green, blue, alpha * opacity] as Colour,
				grounds: styles.map((style) => colourIn(style.backgroundColor)),
			};
		});
	});
}

/** One colour seen on another one, which is opaque. */
function over(
	[red, green, blue, alpha]: Colour,
	[redBelow, greenBelow, blueBelow]: Colour,
): Colour {
	const mix = (above: number, below: number) => above * alpha + below * (1 - alpha);
	return [mix(red, redBelow), mix(green, greenBelow), mix(blue, blueBelow), 1];
}

/** From 1 to 21, as WCAG 2 defines it. */
function contrastOf(one: Colour, other: Colour): number {
	const [dark = 0, bright = 0] = [luminanceOf(one), luminanceOf(other)].sort(
		(first, second) => first - second,
	);
	return (bright + 0.05) / (dark + 0.05);
}

function luminanceOf([red, green, blue]: Colour): number {
	const [linearRed = 0, linearGreen = 0, linearBlue = 0] = [red, green, blue].map((value) =>
		value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
	);
	return 0.2126 * linearRed + 0.7152 * linearGreen + 0.0722 * linearBlue;
}
