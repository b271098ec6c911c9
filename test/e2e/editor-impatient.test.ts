/** People who click twice, close too early, pick too much, and a lemlist that is cut off: what they see in n8n's editor. */
import { CredentialForm } from './browser/credentialForm';
import { Salesperson } from './browser/salesperson';
import { hooksMade, openWithTrigger, untilHooked } from './browser/savedWorkflow';
import { TriggerDetails } from './browser/triggerDetails';
import { WORDS } from './browser/words';
import { PUBLICATION, WorkflowPage } from './browser/workflowPage';
import { until } from './n8n/until';
import { activityOf } from '../sandbox';

let person: Salesperson;
let trigger: TriggerDetails;
let workflow: WorkflowPage;

beforeAll(async () => {
	person = await Salesperson.sitDown({ campaigns: 3 });
	trigger = new TriggerDetails(person.page);
	workflow = new WorkflowPage(person.page);
});

afterAll(async () => {
	await person.close();
});

beforeEach(() => {
	person.host.lemlist.clearRequests();
});

afterEach(async () => {
	await person.host.lemlist.startListening();
});

test('pressing Execute step twice in a row makes one hook, and stopping leaves none', async () => {
	await openWithTrigger(person, { events: ['emailsReplied'] });
	await trigger.open();
	await trigger.executeButton.dblclick();
	await trigger.listening.waitFor();
	await untilHooked(person, ['emailsReplied']);
	await trigger.stopButton.click();
	await trigger.listening.waitFor({ state: 'hidden' });
	await untilHooked(person, []);
	expect(hooksMade(person)).toBe(1);
});

test('closing the panel while it waits loses nothing: the canvas says what to do, and the event comes', async () => {
	await openWithTrigger(person, { events: ['paused'] });
	await trigger.open();
	await trigger.listen();
	await untilHooked(person, ['paused']);
	await trigger.close();
	await workflow.waiting(WORDS.waiting).waitFor();
	await person.picture('listening-canvas');
	await person.host.lemlist.deliver(activityOf('paused'));
	await workflow.canvas.getByText('1 item').waitFor();
});

test('All Events with others is said to bring some actions twice, and needs one hook', async () => {
	await openWithTrigger(person, { events: ['emailsReplied'] });
	await trigger.open();
	await trigger.events.open();
	await trigger.events.pick('All Events');
	await trigger.events.pick('Lead Replied (Any Channel)');
	await trigger.events.close();
	await trigger.notices
		.filter({ hasText: 'Some actions in lemlist arrive as two events' })
		.waitFor();
	expect(await trigger.notices.count()).toBe(1);
	await person.picture('events-all');
	await trigger.listen();
	await untilHooked(person, ['*']);
	await trigger.stopButton.click();
	await untilHooked(person, []);
	expect(hooksMade(person)).toBe(1);
});

test('one campaign and replies bring a notice that goes with the campaign', async () => {
	await openWithTrigger(person, { events: ['emailsReplied'] });
	await trigger.open();
	const notice = trigger.notices.filter({ hasText: 'Replies that somebody else wrote' });
	expect(await notice.count()).toBe(0);
	await trigger.campaigns.open();
	await trigger.campaigns.pick('Founders in Paris');
	await trigger.campaigns.close();
	await notice.waitFor();
	await person.picture('campaign-notice');
	await trigger.campaigns.open();
	await trigger.campaigns.pick('Founders in Paris');
	await trigger.campaigns.close();
	await notice.waitFor({ state: 'hidden' });
});

test('without an event nothing can be executed; with one again, it can', async () => {
	await openWithTrigger(person, { events: ['emailsReplied'] });
	await trigger.open();
	await trigger.events.open();
	await trigger.events.pick('Email Replied');
	await until('Execute step is off', () => trigger.executeButton.isDisabled());
	await person.picture('events-empty');
	await trigger.events.pick('Email Sent');
	await trigger.events.close();
	await until('Execute step is on', () => trigger.executeButton.isEnabled());
	await trigger.close();
	await workflow.canvas.getByText('Email Sent').waitFor();
});

test('an option that is added is on, without another click', async () => {
	const { id } = await openWithTrigger(person, { events: ['emailsOpened'], options: {} });
	await trigger.open();
	const row = await trigger.addOption('Ignore Bots');
	expect(await row.getByRole('switch').isChecked()).toBe(true);
	await person.picture('option-added');
	await trigger.close();
	await person.page.keyboard.press('Control+s');
	await until(
		'it is saved',
		async () =>
			JSON.stringify(
				(await person.host.editor.savedWorkflow({ id })).nodes[0]?.parameters.options,
			) === '{"ignoreBots":true}',
	);
});

test('an expression that gives a wrong name is answered by what to write instead', async () => {
	await openWithTrigger(person, { events: '={{ "emailReplied" }}' });
	await trigger.open();
	await trigger.executeButton.click();
	await workflow.alerts
		.getByText(
			'lemlist has no event called "emailReplied". Pick the event from the list under Events. In an expression, use lemlist\'s own name, such as "emailsReplied"',
		)
		.waitFor();
	await person.picture('expression-wrong');
});

test('with lemlist cut off, the list of campaigns says so; once it is back, it lists them', async () => {
	await openWithTrigger(person, { events: ['emailsReplied'] });
	await person.host.lemlist.stopListening();
	await trigger.open();
	await trigger.campaigns.open();
	await trigger.campaigns.rows.getByText('lemlist could not be reached.').waitFor();
	expect(await trigger.campaigns.cutOff()).toEqual([]);
	await person.picture('campaigns-cut-off');
	await trigger.campaigns.close();
	await person.host.lemlist.startListening();
	await trigger.campaigns.refresh();
	await trigger.campaigns.open();
	await trigger.campaigns.rows.getByText('Founders in Paris').waitFor();
});

test('with lemlist cut off, publishing says so', async () => {
	await openWithTrigger(person, { events: ['emailsReplied'] });
	await person.host.lemlist.stopListening();
	await workflow.orderPublication();
	await workflow.alerts
		.getByText('lemlist could not be reached. Try again in a few minutes.')
		.waitFor(PUBLICATION);
	await person.picture('publish-cut-off');
});

test('with lemlist cut off, saving the key does not blame the key', async () => {
	await person.openWorkflow();
	await openWithTrigger(person, { events: ['emailsReplied'] });
	await trigger.open();
	await person.host.lemlist.stopListening();
	const form = new CredentialForm(person.page);
	await trigger.editCredential();
	await form.untilLoaded();
	await form.failure.waitFor();
	await form.enterKey('another');
	await form.save();
	await form.failure.waitFor();
	await form.askWhy();
	// n8n's words: what a node has to say is not asked for when there is no answer.
	await form.form.getByText('ECONNREFUSED', { exact: true }).waitFor();
	expect(await form.form.getByText('rejected').count()).toBe(0);
	await person.picture('credential-cut-off');
	await form.close();
});
