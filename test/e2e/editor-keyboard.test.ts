/** The main path through n8n's editor without a mouse: search, pick an event, open Events, pick more. */
import { NodePanel } from './browser/nodePanel';
import { Salesperson } from './browser/salesperson';
import { TriggerDetails } from './browser/triggerDetails';
import { until } from './n8n/until';

/** "On email replied" is so many rows below the first. */
const ROWS_TO_EMAIL_REPLIED = 10;

let person: Salesperson;
let trigger: TriggerDetails;

beforeAll(async () => {
	person = await Salesperson.sitDown();
	trigger = new TriggerDetails(person.page);
	await person.openWorkflow();
});

afterAll(async () => {
	await person.close();
});

async function press(key: string, times = 1): Promise<void> {
	for (let press = 0; press < times; press += 1) await person.page.keyboard.press(key);
}

test('N, a few letters, Enter, arrows and Enter add the trigger with its event', async () => {
	const panel = new NodePanel(person.page);
	await person.page.getByTestId('canvas-plus-button').waitFor();
	await press('n');
	await panel.panel.getByRole('textbox').waitFor();
	await person.page.keyboard.type('lemlist events');
	await panel.found.waitFor();
	await press('Enter');
	await panel.untilListed();
	await press('ArrowDown', ROWS_TO_EMAIL_REPLIED);
	await press('Enter');
	await trigger.panel.waitFor();
	await trigger.events.untilPicked('Email Replied');
});

test('Tab leads to Events and opens it; the arrows pass over headings', async () => {
	await until('Events has the focus', async () => {
		await press('Tab');
		return (await trigger.events.input.and(person.page.locator(':focus')).count()) === 1;
	});
	await trigger.events.rows.first().waitFor();
	await press('ArrowDown');
	await trigger.events.hovered.filter({ hasText: 'All Events' }).waitFor();
	await press('ArrowDown');
	await trigger.events.hovered.filter({ hasText: 'Lead Contacted (Any Channel)' }).waitFor();
	await person.picture('keyboard-events');
	await press('Enter');
	await trigger.events.untilPicked('Email Replied', 'Lead Contacted (Any Channel)');
});

test('letters filter, Enter picks, Escape closes the list and not the panel', async () => {
	await person.page.keyboard.type('sms rep');
	await until('one row is left', async () => (await trigger.events.rows.count()) === 1);
	await press('ArrowDown');
	await trigger.events.hovered.filter({ hasText: 'SMS Replied' }).waitFor();
	await press('Enter');
	await trigger.events.untilPicked('Email Replied', 'Lead Contacted (Any Channel)', 'SMS Replied');
	await press('Escape');
	await trigger.events.rows.first().waitFor({ state: 'hidden' });
	expect(await trigger.panel.isVisible()).toBe(true);
});
