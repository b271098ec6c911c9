/**
 * What people read on their way, in n8n's dark theme and in the light one: pictures to be looked at, and
 * whether our own words are whole and stand out from their ground.
 */
import type { Locator } from 'playwright-core';
import { activityOf } from '../sandbox';
import { CredentialForm } from './browser/credentialForm';
import { textsCutOff, textsTooPale } from './browser/legibility';
import { Salesperson, type Theme } from './browser/salesperson';
import { hooksMade, openWithTrigger, untilHooked } from './browser/savedWorkflow';
import { TriggerDetails } from './browser/triggerDetails';
import { WORDS } from './browser/words';
import { PUBLICATION, WorkflowPage } from './browser/workflowPage';
import { until } from './n8n/until';

const FADED_IN = { limitMs: 10_000 };
const LOOKED_UP = 'Every Minute, Without a Public Address';
/** n8n draws the descriptions in a list, of which our headings are some, in a grey that is pale in its light theme. It makes disabled names paler still. */
const LEAST_IN_LISTS: Readonly<Record<Theme, number>> = { dark: 4.5, light: 2.8 };
/** The options that are no switches. */
const CHOICES = [
	{
		displayName: 'How Events Arrive',
		name: 'arrival',
		choices: ['At Once, by Webhook', LOOKED_UP],
	},
	{
		displayName: 'Missed Events',
		name: 'missedEvents',
		choices: ['Start the Workflow Late', 'Leave Out'],
	},
	{
		displayName: 'Replies From Other People',
		name: 'thirdPartyReplies',
		choices: ['Include', 'Leave Out', 'Only These'],
	},
	{ displayName: 'Test With', name: 'testWith', choices: ['Newest Event', 'Next Event'] },
] as const;
const OVERLAPPING = ['warmed', 'emailsReplied', 'interested', 'emailsInterested'];

let person: Salesperson;
let trigger: TriggerDetails;
let workflow: WorkflowPage;
let form: CredentialForm;

beforeAll(async () => {
	person = await Salesperson.sitDown({ campaigns: 30 });
	trigger = new TriggerDetails(person.page);
	workflow = new WorkflowPage(person.page);
	form = new CredentialForm(person.page);
});

afterAll(async () => {
	await person.close();
});

/** Lists and windows fade in: what is pale then is looked at again. */
async function expectLegible(texts: Locator, least?: number): Promise<void> {
	let pale = ['nothing was looked at'];
	await until(
		'no text is too pale',
		async () => {
			pale = await textsTooPale(texts, least);
			return pale.length === 0;
		},
		FADED_IN,
	).catch(() => undefined);
	expect(pale).toEqual([]);
}

/** Lets a lead reply, and presses Execute step: it is their reply that shows. */
async function expectShown(leadEmail: string): Promise<void> {
	person.host.lemlist.happen(activityOf('emailsReplied', { leadEmail }));
	await trigger.execute();
	await trigger.output.getByText(leadEmail).waitFor();
}

/** Lets lemlist take the person's key, or take it no more. */
function setKey(state: 'valid' | 'revoked'): void {
	const { apiKey, keys, teamId } = person.host.lemlist;
	keys.set(apiKey, { state, teamId });
}

describe.each<Theme>(['dark', 'light'])('%s', (theme) => {
	beforeAll(async () => {
		await person.prefer(theme);
	});

	beforeEach(() => {
		setKey('valid');
	});

	test('the events and their headings', async () => {
		await openWithTrigger(person, { events: ['emailsReplied'] });
		expect(await person.page.locator('body').getAttribute('data-theme')).toBe(theme);
		await trigger.open();
		await expectLegible(trigger.panel.getByText(WORDS.hint));
		await trigger.events.open();
		await expectLegible(
			trigger.events.headings.locator('.option-description'),
			LEAST_IN_LISTS[theme],
		);
		await person.picture(`events-${theme}`);
		await trigger.events.close();
	});

	test('the notices', async () => {
		await openWithTrigger(person, {
			events: OVERLAPPING,
			campaigns: [person.host.lemlist.campaigns[0]?._id],
		});
		await trigger.open();
		await trigger.notices.nth(2).waitFor();
		expect(await trigger.notices.count()).toBe(3);
		await expectLegible(trigger.notices);
		expect(await textsCutOff(trigger.notices)).toEqual([]);
		await person.picture(`notices-${theme}`);
	});

	test('the campaigns, and the rows in their place when the key is not taken', async () => {
		await openWithTrigger(person, { events: ['emailsReplied'] });
		await trigger.open();
		await trigger.campaigns.open();
		await trigger.campaigns.row('Founders in Paris').waitFor();
		await person.picture(`campaigns-${theme}`);
		await trigger.campaigns.close();
		setKey('revoked');
		await trigger.campaigns.refresh();
		await trigger.campaigns.open();
		await trigger.campaigns.row('lemlist rejected the API key.').waitFor();
		await expectLegible(
			trigger.campaigns.headings.locator('.option-description'),
			LEAST_IN_LISTS[theme],
		);
		expect(await trigger.campaigns.cutOff()).toEqual([]);
		await person.picture(`campaigns-rejected-${theme}`);
		await trigger.campaigns.close();
	});

	test('the options to choose from, each choice with what it means', async () => {
		await openWithTrigger(person, { events: ['emailsReplied'], options: {} });
		await trigger.open();
		for (const { displayName, name, choices } of CHOICES) {
			await trigger.addOption(displayName);
			const option = trigger.choice(name);
			await option.open();
			expect(await option.listed()).toEqual(choices);
			await expectLegible(option.texts, LEAST_IN_LISTS[theme]);
			expect(await option.cutOff()).toEqual([]);
			await person.picture(`option-${name}-${theme}`);
			await option.pick(choices[1]);
			await option.untilChosen(choices[1]);
		}
		await person.picture(`options-${theme}`);
	});

	test('Execute step shows the newest event at once, however events arrive; looking up makes no hook', async () => {
		const { id } = await openWithTrigger(person, { events: ['emailsReplied'] });
		await trigger.open();
		await expectShown(`by-webhook-${theme}@example.com`);
		await person.picture(`newest-${theme}`);
		await untilHooked(person, []);
		await trigger.addOption('How Events Arrive');
		const arrival = trigger.choice('arrival');
		await arrival.open();
		await arrival.pick(LOOKED_UP);
		await arrival.untilChosen(LOOKED_UP);
		const before = hooksMade(person);
		await expectShown(`looked-up-${theme}@example.com`);
		await person.picture(`newest-looked-up-${theme}`);
		await trigger.close();
		await workflow.orderPublication();
		await workflow.published.waitFor(PUBLICATION);
		await workflow.published.getByRole('button', { name: 'Got it' }).click();
		expect(hooksMade(person)).toBe(before);
		await person.host.editor.deactivate(await person.host.editor.savedWorkflow({ id }));
	});

	test('the credential, with what is wrong with its key', async () => {
		setKey('revoked');
		await openWithTrigger(person, { events: ['emailsReplied'] });
		await trigger.open();
		await trigger.editCredential();
		await form.untilLoaded();
		await form.failure.waitFor();
		await form.askWhy();
		await form.form.getByText('lemlist rejected the API key.').waitFor();
		await person.picture(`credential-rejected-${theme}`);
		await form.close();
	});

	test('a publication that fails', async () => {
		setKey('revoked');
		await openWithTrigger(person, { events: ['emailsReplied'] });
		await workflow.orderPublication();
		await workflow.alerts.getByText('lemlist rejected the API key.').waitFor(PUBLICATION);
		await person.picture(`publish-failed-${theme}`);
	});

	test('a publication that succeeds, and an execution that it brings', async () => {
		const { id } = await openWithTrigger(person, { events: ['emailsReplied'] });
		await workflow.orderPublication();
		await workflow.published.getByText(WORDS.published).waitFor(PUBLICATION);
		await expectLegible(workflow.published.getByText(WORDS.published));
		await person.picture(`published-${theme}`);
		await workflow.published.getByRole('button', { name: 'Got it' }).click();
		await person.host.lemlist.deliver(activityOf('emailsReplied'));
		await workflow.openExecutions();
		await workflow.untilSuccessful(1);
		await person.page.getByTestId('canvas-node').waitFor();
		await person.picture(`executions-${theme}`);
		await person.host.editor.deactivate(await person.host.editor.savedWorkflow({ id }));
		await untilHooked(person, []);
	});
});
