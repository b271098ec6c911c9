/**
 * The way of a user through n8n's editor without a mouse, from an empty workflow to one that is published,
 * and back. Each step goes on from where the one before it ended.
 */
import { EVENTS } from '../../nodes/LemlistTrigger/settings/events';
import { activityOf, campaignOf } from '../sandbox';
import { CredentialForm } from './browser/credentialForm';
import type { Dropdown } from './browser/dropdown';
import { Keyboard } from './browser/keyboard';
import { NodePanel } from './browser/nodePanel';
import { Salesperson } from './browser/salesperson';
import { untilHooked } from './browser/savedWorkflow';
import { TriggerDetails } from './browser/triggerDetails';
import { PUBLICATION, WorkflowPage } from './browser/workflowPage';
import { until } from './n8n/until';

/** "On email replied" is so many rows below the first, which is "On any event". */
const ROWS_TO_EMAIL_REPLIED = EVENTS.findIndex(({ type }) => type === 'emailsReplied') + 1;
const CAMPAIGN = campaignOf({ _id: 'cam_byKeyboard1234567', name: 'Founders in Paris' });
const PICKED = ['Email Replied', 'Lead Contacted (Any Channel)', 'SMS Replied'];
const HOOKED = ['contacted', 'emailsReplied', 'smsReplied'];

let person: Salesperson;
let keyboard: Keyboard;
let trigger: TriggerDetails;
let form: CredentialForm;
let workflow: WorkflowPage;

beforeAll(async () => {
	person = await Salesperson.sitDown({
		campaigns: [campaignOf({ _id: 'cam_another123456789', name: 'Agencies' }), CAMPAIGN],
	});
	keyboard = new Keyboard(person.page);
	trigger = new TriggerDetails(person.page);
	form = new CredentialForm(person.page);
	workflow = new WorkflowPage(person.page);
	await person.openWorkflow();
});

afterAll(async () => {
	await person.close();
});

/** Adds an option and takes a choice of it: both lists open when they get the focus. @param name such as "Test With" */
async function addOption(name: string, parameter: string, choice: string): Promise<void> {
	await take(trigger.newOption, name);
	// The new option stands before the field that added it.
	await take(trigger.choice(parameter), choice, 'Shift+Tab');
	await trigger.choice(parameter).untilChosen(choice);
}

/** Goes to a field, and takes a row of its list. */
async function take(field: Dropdown, row: string, key?: string): Promise<void> {
	await keyboard.tabTo(field.input, key);
	await field.rows.first().waitFor();
	await keyboard.downTo(field.hovered.filter({ hasText: row }));
	await keyboard.press('Enter');
	await field.rows.first().waitFor({ state: 'hidden' });
}

test('N, a few letters, Enter, arrows and Enter add the trigger with its event', async () => {
	const panel = new NodePanel(person.page);
	await person.page.getByTestId('canvas-plus-button').waitFor();
	await keyboard.press('n');
	await panel.panel.getByRole('textbox').waitFor();
	await keyboard.type('lemlist events');
	await panel.found.waitFor();
	await keyboard.press('Enter');
	await panel.untilListed();
	await keyboard.press('ArrowDown', ROWS_TO_EMAIL_REPLIED);
	await keyboard.press('Enter');
	await trigger.panel.waitFor();
	await trigger.events.untilPicked('Email Replied');
});

test('Tab leads to the credential; a key is typed and saved, and the form closes when lemlist takes it', async () => {
	await keyboard.enter(trigger.connectButton);
	await form.form.waitFor();
	await keyboard.tabTo(form.keyField);
	await keyboard.type(person.host.lemlist.apiKey);
	// The button is above the key. It was no stop before there was one to save.
	await keyboard.enter(form.saveButton, 'Shift+Tab');
	// A form with a key that lemlist does not take stays open.
	await form.form.waitFor({ state: 'hidden' });
	await trigger.editCredentialButton.waitFor();
	await person.picture('keyboard-credential');
});

test('Tab leads to Events and opens it; the arrows pass over headings', async () => {
	await keyboard.tabTo(trigger.events.input);
	await trigger.events.rows.first().waitFor();
	await keyboard.press('ArrowDown');
	await trigger.events.hovered.filter({ hasText: 'All Events' }).waitFor();
	await keyboard.press('ArrowDown');
	await trigger.events.hovered.filter({ hasText: 'Lead Contacted (Any Channel)' }).waitFor();
	await person.picture('keyboard-events');
	await keyboard.press('Enter');
	await trigger.events.untilPicked(...PICKED.slice(0, 2));
});

test('letters filter, Enter picks, Escape closes the list and not the panel', async () => {
	await keyboard.type('sms rep');
	await until('one row is left', async () => (await trigger.events.rows.count()) === 1);
	await keyboard.downTo(trigger.events.hovered.filter({ hasText: 'SMS Replied' }));
	await keyboard.press('Enter');
	await trigger.events.untilPicked(...PICKED);
	await keyboard.press('Escape');
	await trigger.events.rows.first().waitFor({ state: 'hidden' });
	expect(await trigger.panel.isVisible()).toBe(true);
});

test('Tab leads on to the campaigns; letters find one, and Enter picks it', async () => {
	await keyboard.tabTo(trigger.campaigns.input);
	await trigger.campaigns.row('Agencies').waitFor();
	await keyboard.type('paris');
	await until('one row is left', async () => (await trigger.campaigns.rows.count()) === 1);
	await keyboard.downTo(trigger.campaigns.hovered.filter({ hasText: CAMPAIGN.name }));
	await keyboard.press('Enter');
	await trigger.campaigns.untilPicked(CAMPAIGN.name);
	await person.picture('keyboard-campaigns');
	await keyboard.press('Escape');
	await trigger.campaigns.rows.first().waitFor({ state: 'hidden' });
});

test('Tab leads on to Add option; arrows and Enter choose how events arrive, and Execute step shows the newest', async () => {
	await addOption('How Events Arrive', 'arrival', 'Every Minute, Without a Public Address');
	await person.picture('keyboard-option');
	const leadEmail = 'newest@example.com';
	person.host.lemlist.happen(activityOf('emailsReplied', { campaignId: CAMPAIGN._id, leadEmail }));
	await keyboard.enter(trigger.executeButton);
	await trigger.output.getByText(leadEmail).waitFor();
	await person.picture('keyboard-newest');
	await take(trigger.choice('arrival'), 'At Once, by Webhook');
	await trigger.choice('arrival').untilChosen('At Once, by Webhook');
});

test('with Next Event, Execute step is reached and pressed; an event comes; Escape closes the panel', async () => {
	await addOption('Test With', 'testWith', 'Next Event');
	await keyboard.enter(trigger.executeButton);
	await trigger.listening.waitFor();
	await untilHooked(person, HOOKED);
	await person.picture('keyboard-listening');
	const leadEmail = 'next@example.com';
	await person.host.lemlist.deliver(
		activityOf('emailsReplied', { campaignId: CAMPAIGN._id, leadEmail }),
	);
	await trigger.output.getByText(leadEmail).waitFor();
	await untilHooked(person, []);
	await keyboard.press('Escape');
	await trigger.panel.waitFor({ state: 'hidden' });
});

test('Ctrl+S saves, Shift+P and Enter publish', async () => {
	await keyboard.press('Control+s');
	await until('it is saved', async () =>
		/"campaigns":\["cam_byKeyboard/.test(
			JSON.stringify((await person.host.editor.savedWorkflow(person.openedWorkflow)).nodes),
		),
	);
	await keyboard.press('Shift+P');
	await keyboard.enter(workflow.inDialog('Publish'));
	await workflow.published.waitFor(PUBLICATION);
	await person.picture('keyboard-published');
	await keyboard.enter(workflow.published.getByRole('button', { name: 'Got it' }));
	await workflow.published.waitFor({ state: 'hidden' });
	await untilHooked(person, HOOKED);
	// It comes by itself after the first publication, and keeps the focus until it is closed.
	await workflow.checklist.waitFor();
	await keyboard.press('Escape');
	await workflow.checklist.waitFor({ state: 'hidden' });
});

test('Ctrl+U and Enter unpublish', async () => {
	await keyboard.press('Control+u');
	await keyboard.enter(workflow.inDialog('Unpublish'));
	await untilHooked(person, []);
	await workflow.untilNotPublished();
	await person.picture('keyboard-unpublished');
});
