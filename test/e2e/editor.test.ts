/**
 * The way of somebody who never read a manual: from an empty workflow to one that runs by itself, in
 * n8n's editor, in a real browser. Each step goes on from where the one before it ended.
 */
import { EVENT_GROUPS } from '../../nodes/LemlistTrigger/settings/events';
import { plausibleCampaigns } from '../sandbox';
import { CredentialForm } from './browser/credentialForm';
import { sendByHand } from './browser/lemlistPage';
import { ENTRIES, NodePanel } from './browser/nodePanel';
import { PICTURES } from './browser/pictures';
import { Salesperson } from './browser/salesperson';
import { hookedEvents, untilHooked } from './browser/savedWorkflow';
import { TriggerDetails } from './browser/triggerDetails';
import { PUBLICATION, WorkflowPage } from './browser/workflowPage';
import { WORDS } from './browser/words';
import { until } from './n8n/until';

const LONG_NAME = `🚀 ${'Founders and heads of sales in the whole of Europe, '.repeat(4)}second try 🇪🇺`;
const CAMPAIGNS = [
	...plausibleCampaigns(299),
	{ _id: 'cam_long', name: LONG_NAME, status: 'running' as const },
];

let person: Salesperson;
let panel: NodePanel;
let trigger: TriggerDetails;
let form: CredentialForm;
let workflow: WorkflowPage;

beforeAll(async () => {
	person = await Salesperson.sitDown({ campaigns: CAMPAIGNS });
	panel = new NodePanel(person.page);
	trigger = new TriggerDetails(person.page);
	form = new CredentialForm(person.page);
	workflow = new WorkflowPage(person.page);
	process.stdout.write(`Pictures are in ${PICTURES}\n`);
	await person.openWorkflow();
	await panel.openForFirstStep();
});

afterAll(async () => {
	await person.close();
});

test.each(['cold email', 'linkedin reply', 'email reply', 'lemlist'])(
	'the node is found by "%s"',
	async (words) => {
		// n8n searches a moment after the last letter: until then, what was found before still stands there.
		await panel.search('');
		await panel.found.waitFor({ state: 'hidden' });
		await panel.search(words);
		await panel.found.waitFor();
		await person.picture(`search-${words.replace(' ', '-')}`);
	},
);

test('the opened node lists every event and "any event"', async () => {
	await panel.openNode();
	expect(await panel.actions.count()).toBe(ENTRIES);
	await person.picture('panel-events');
});

test('an event that is picked there is picked in the trigger', async () => {
	await panel.pick('On email replied');
	await trigger.events.untilPicked('Email Replied');
	// The addresses that lemlist calls are no business of the person's: nothing has to be copied.
	expect(await trigger.panel.getByText('Webhook URLs').count()).toBe(0);
	await person.picture('trigger-new');
});

test('a wrong API key is answered by a sentence with a cure', async () => {
	await trigger.connectButton.click();
	await form.form.getByText('lemlist shows the key only once').waitFor();
	await person.picture('credential-new');
	await form.enterKey('wrong');
	await form.save();
	await form.failure.waitFor();
	await form.askWhy();
	await form.form
		.getByText(
			'lemlist rejected the API key. Create a new one in lemlist under Settings > Integrations and paste it here.',
		)
		.waitFor();
	await person.picture('credential-wrong');
	await form.close();
});

test('with the wrong key, the list of campaigns says why it is empty', async () => {
	await trigger.campaigns.open();
	await trigger.campaigns.row('lemlist rejected the API key.').waitFor();
	expect(await trigger.campaigns.rows.allInnerTexts()).toEqual([
		'lemlist rejected the API key.',
		'Create a new one in lemlist under Settings > Integrations and update the credential.',
		'Done already? Choose Refresh List in the menu (⋮) above.',
	]);
	expect(await trigger.campaigns.cutOff()).toEqual([]);
	await person.picture('campaigns-wrong-key');
	await trigger.campaigns.close();
});

test('the right key is taken', async () => {
	await trigger.editCredential();
	await form.untilLoaded();
	// n8n tries a saved key when its form opens; that has to be over before the next try.
	await form.failure.waitFor();
	await form.enterKey(person.host.lemlist.apiKey);
	await form.save();
	await form.success.waitFor();
	await person.picture('credential-right');
	await form.close();
});

test('the panel says what to press, and what happens once the workflow is done', async () => {
	await trigger.panel.getByText(WORDS.header).waitFor();
	await trigger.panel.getByText(WORDS.hint).waitFor();
	await trigger.moreInfo.click();
	for (const paragraph of WORDS.whileOff) await trigger.panel.getByText(paragraph).waitFor();
	await person.picture('trigger-help');
});

test('the events stand under headings that cannot be picked, and no text is cut off', async () => {
	await trigger.events.open();
	expect(await trigger.events.headings.allInnerTexts()).toEqual(
		EVENT_GROUPS.map(({ title }) => title),
	);
	expect(await trigger.events.listed()).toEqual([
		'All Events',
		...EVENT_GROUPS.flatMap(({ title, events }) => [title, ...events.map(({ name }) => name)]),
	]);
	expect(await trigger.events.cutOff()).toEqual([]);
	for (const heading of await trigger.events.headings.all()) await trigger.events.clickOn(heading);
	await trigger.events.untilPicked('Email Replied');
	await person.picture('events-headings');
});

test('typing finds events by their names, without headings', async () => {
	await trigger.events.type('repl');
	const replies = [
		'Lead Replied (Any Channel)',
		'Email Replied',
		'LinkedIn Message Replied',
		'WhatsApp Message Replied',
		'SMS Replied',
	];
	const names = trigger.events.rows.locator('.option-headline');
	// n8n filters with every letter, some of them later than they are typed.
	await until('the list is filtered', async () => (await names.count()) === replies.length);
	expect(await names.allInnerTexts()).toEqual(replies);
	expect(await trigger.events.headings.count()).toBe(0);
	await person.picture('events-search');
});

test('picking two events that overlap brings a notice, which goes with one of them', async () => {
	await trigger.events.pick('Lead Replied (Any Channel)');
	await trigger.events.close();
	const notice = trigger.notices.filter({ hasText: 'the workflow starts twice' });
	await notice.waitFor();
	await person.picture('events-overlap');
	await trigger.events.open();
	await trigger.events.pick('Lead Replied (Any Channel)');
	await trigger.events.pick('Lead Interested (Any Channel)');
	await trigger.events.close();
	await notice.waitFor({ state: 'hidden' });
	await trigger.events.untilPicked('Email Replied', 'Lead Interested (Any Channel)');
});

test('two of 300 campaigns are picked, one with a name that is long', async () => {
	await trigger.campaigns.refresh();
	await trigger.campaigns.open();
	await trigger.campaigns.rows.nth(299).waitFor();
	expect(await trigger.campaigns.rows.count()).toBe(300);
	expect(await trigger.campaigns.cutOff()).toEqual([]);
	await person.picture('campaigns-list');
	await trigger.campaigns.pick(LONG_NAME);
	await trigger.campaigns.pick('Founders in Paris');
	await trigger.campaigns.close();
	await trigger.campaigns.untilPicked(LONG_NAME, 'Founders in Paris');
	expect(await trigger.notices.count()).toBe(0);
	await person.picture('campaigns-picked');
});

test('while the trigger waits, lemlist has a hook; an event sent there shows up as an item', async () => {
	await trigger.listen();
	await untilHooked(person, ['emailsReplied', 'interested']);
	await person.picture('listening');
	const { leadEmail, secret } = await sendByHand(person, 'interested');
	await trigger.output.getByText('1 item').waitFor();
	await trigger.output.getByText(String(leadEmail)).waitFor();
	expect(secret).toEqual(expect.any(String));
	expect(await trigger.output.getByText(String(secret)).count()).toBe(0);
	await person.picture('item');
	await untilHooked(person, []);
});

test('the next step works with that item', async () => {
	await trigger.close();
	await workflow.addNextStep();
	await trigger.executeButton.click();
	await trigger.output.getByText('1 item').waitFor();
	await person.picture('next-step');
	await trigger.close();
	await workflow.canvas.getByText('2 events').waitFor();
	await person.picture('canvas');
});

test('Execute workflow waits for an event, too, and both nodes run with it', async () => {
	await workflow.executeButton.click();
	await workflow.waiting(WORDS.waiting).waitFor();
	await untilHooked(person, ['emailsReplied', 'interested']);
	await workflow.untilTicked(0);
	await person.picture('canvas-waiting');
	await sendByHand(person, 'interested');
	await workflow.untilTicked(2);
	// On the way to the next node, and, a moment long, behind it.
	await workflow.canvas.getByText('1 item').first().waitFor();
	await person.picture('canvas-executed');
	await untilHooked(person, []);
});

test('publishing tells what happens from now on, and lemlist has the hooks', async () => {
	await workflow.orderPublication();
	await workflow.published.getByText(WORDS.published).waitFor(PUBLICATION);
	await person.picture('published');
	await workflow.published.getByRole('button', { name: 'Got it' }).click();
	await untilHooked(person, ['emailsReplied', 'interested']);
});

test('an event starts the published workflow, and the execution is listed', async () => {
	const { editor } = person.host;
	// Test runs are listed, too.
	const before = await editor.executions(person.openedWorkflow);
	await workflow.openExecutions();
	await workflow.untilSuccessful(before.length);
	const { _id, leadEmail } = await sendByHand(person, 'emailsReplied');
	await workflow.untilSuccessful(before.length + 1);
	const [started, ...earlier] = await editor.executions(person.openedWorkflow);
	expect(earlier).toEqual(before);
	expect(started).toMatchObject({ mode: 'webhook', status: 'success' });
	await workflow.successfulExecutions.first().click();
	await workflow.execution(started?.id ?? '').waitFor();
	await person.picture('executions');
	await trigger.open();
	// All fields below each other: in the table, most are somewhere to the right.
	await trigger.output.getByRole('radio', { name: 'Schema' }).click();
	for (const sent of [_id, leadEmail]) await trigger.output.getByText(String(sent)).waitFor();
	await person.picture('execution-item');
	await trigger.close();
	await workflow.openEditor();
});

test('now the panel says that the published workflow starts by itself', async () => {
	await trigger.open();
	await trigger.moreInfo.click();
	for (const paragraph of WORDS.whilePublished) await trigger.panel.getByText(paragraph).waitFor();
	await person.picture('trigger-help-published');
	await trigger.close();
});

test('with a key that lemlist does not take any more, publishing says what to do', async () => {
	person.host.lemlist.keys.set(person.host.lemlist.apiKey, {
		state: 'revoked',
		teamId: person.host.lemlist.teamId,
	});
	await trigger.open();
	await trigger.events.open();
	await trigger.events.pick('Email Opened');
	await trigger.events.close();
	await trigger.close();
	await workflow.orderPublication();
	await workflow.alerts
		.getByText(
			'lemlist rejected the API key. Create a new one in lemlist under Settings > Integrations and update the credential.',
		)
		.waitFor(PUBLICATION);
	await person.picture('publish-failed');
});

test('with the key taken again, publishing works; after unpublishing, no hook is left', async () => {
	person.host.lemlist.keys.set(person.host.lemlist.apiKey, {
		state: 'valid',
		teamId: person.host.lemlist.teamId,
	});
	await workflow.orderPublication();
	await workflow.publishButton.filter({ hasText: 'Published' }).waitFor(PUBLICATION);
	expect(hookedEvents(person)).toEqual(['emailsOpened', 'emailsReplied', 'interested']);
	await workflow.unpublish();
	await untilHooked(person, []);
	await workflow.untilNotPublished();
	await person.picture('unpublished');
});
