// Faults are switched on by names for people, and take effect.
import { until } from '../n8n/until';
import { ask, news, page, useOpenPage, useSandboxPage } from './stage';

useSandboxPage();
useOpenPage();

test('faults take effect, for the requests and as often as chosen, until they are switched off', async () => {
	const faults = page.getByRole('list', { name: 'Faults that are on' });
	await page.getByLabel('What goes wrong').selectOption('Maintenance page (503)');
	await page.getByLabel('With which requests').selectOption('Testing the API key');
	await page.getByLabel('How often').fill('2');
	await page.getByRole('button', { name: 'Switch on' }).click();
	await faults.getByText('2 left').waitFor();
	expect([await ask('/hooks'), await ask('/team')]).toEqual([200, 503]);
	await faults.getByText('1 left').waitFor();
	// By keyboard: the list may be drawn anew between the press and the release of a mouse button.
	await faults.getByRole('button', { name: 'Switch off' }).press('Enter');
	await until('no fault is left', async () => (await faults.getByRole('listitem').count()) === 0);
	expect(await ask('/team')).toBe(200);
	await page.getByLabel('Until switched off').check();
	await page.getByRole('button', { name: 'Switch on' }).click();
	await faults.getByText('until switched off').waitFor();
	expect([await ask('/team'), await ask('/team'), await ask('/team')]).toEqual([503, 503, 503]);
	await page.getByRole('button', { name: 'Switch all off' }).click();
	await news('All faults are off.').waitFor();
	expect(await ask('/team')).toBe(200);
});

test('a plan that is too small for one call', async () => {
	await page.getByLabel('What goes wrong').selectOption('Not in the plan (402)');
	await page.getByLabel('With which requests').selectOption('Listing campaigns');
	await page.getByRole('button', { name: 'Switch on' }).click();
	await news('On: Not in the plan (402): Listing campaigns.').waitFor();
	expect([await ask('/hooks'), await ask('/campaigns'), await ask('/campaigns')]).toEqual([
		200, 402, 200,
	]);
});
