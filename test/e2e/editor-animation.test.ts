/**
 * The animation at the top of the README, from an empty workflow to one that runs; it is made anew
 * with UPDATE_PICTURES=1 npm run test:e2e -- editor-animation.
 */
import UPNG from 'upng-js';
import { activityOf } from '../sandbox';
import { CREDENTIAL_TYPE } from '../faults/n8n/trigger';
import { Animation } from './browser/animation';
import { NodePanel } from './browser/nodePanel';
import { Salesperson } from './browser/salesperson';
import { untilHooked } from './browser/savedWorkflow';
import { TriggerDetails } from './browser/triggerDetails';
import { PUBLICATION, WorkflowPage } from './browser/workflowPage';

const MOST_BYTES = 1_500_000;
const VIEW = { width: 1100, height: 700 };
/** Where n8n notes that its tips about pinning have been shown. */
const TIPS_SHOWN = ['N8N_PIN_DATA_DISCOVERY_NDV', 'N8N_PIN_DATA_DISCOVERY_CANVAS'];

let person: Salesperson;

beforeAll(async () => {
	person = await Salesperson.sitDown({ campaigns: 12 });
	const { apiKey, apiUrl } = person.host.lemlist;
	await person.host.editor.createCredential({
		name: 'Lemlist Webhook account',
		type: CREDENTIAL_TYPE,
		data: { apiKey, webhookSecret: '', baseUrl: apiUrl },
	});
	await person.page.setViewportSize(VIEW);
	await person.prefer('light');
	await person.page.evaluate((tips) => {
		for (const tip of tips) localStorage.setItem(tip, 'true');
	}, TIPS_SHOWN);
});

afterAll(async () => {
	await person.close();
});

test('the way from an empty workflow to one that runs is a small animation', async () => {
	const { page, host } = person;
	const [panel, trigger, workflow] = [
		new NodePanel(page),
		new TriggerDetails(page),
		new WorkflowPage(page),
	];
	const animation = new Animation(page);
	host.lemlist.happen(activityOf('emailsReplied'));
	await person.openWorkflow();
	await panel.openForFirstStep();
	await panel.search('lemlist');
	await panel.found.waitFor();
	await animation.frame('1. Search for lemlist, choose Lemlist Events');
	await panel.openNode();
	await panel.panel.getByText('On email replied', { exact: true }).scrollIntoViewIfNeeded();
	await animation.frame('2. Pick an event: On email replied');
	await panel.pick('On email replied');
	await trigger.events.untilPicked('Email Replied');
	await trigger.editCredentialButton.waitFor();
	await animation.frame('3. Press Execute step');
	await trigger.execute();
	await trigger.output.getByRole('radio', { name: 'Schema' }).click();
	await trigger.output.getByText('leadEmail').waitFor();
	await page.getByRole('alert').first().waitFor({ state: 'hidden' });
	await animation.frame('Here is the newest reply in lemlist', 2_500);
	await trigger.close();
	await animation.frame('4. Publish', 1_000);
	await workflow.orderPublication();
	await workflow.published.waitFor(PUBLICATION);
	await animation.frame('From now on, each reply starts the workflow', 2_000);
	await workflow.published.getByRole('button', { name: 'Got it' }).click();
	await untilHooked(person, ['emailsReplied']);
	await host.lemlist.deliver(activityOf('emailsReplied'));
	await workflow.openExecutions();
	await workflow.untilSuccessful(2);
	await page.getByTestId('canvas-node').waitFor();
	await animation.frame('It runs: each reply is listed here', 2_500);
	const written = await animation.save('trigger.png');
	expect(written.byteLength).toBeLessThan(MOST_BYTES);
	expect(UPNG.decode(new Uint8Array(written).buffer).frames.length).toBeGreaterThan(1);
});
