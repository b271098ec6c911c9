/**
 * The main views, light and dark, to be looked at; and the pictures of the README, which are made anew
 * with UPDATE_PICTURES=1 npm run test:e2e -- editor-pictures.
 */
import { activityOf } from '../sandbox';
import { NodePanel } from './browser/nodePanel';
import { takePicture, takeReadmePicture } from './browser/pictures';
import { Salesperson, type Theme } from './browser/salesperson';
import { openWithTrigger, untilHooked, type Next } from './browser/savedWorkflow';
import { TriggerDetails } from './browser/triggerDetails';

/** What somebody might do with a reply. */
const NEXT: readonly Next[] = [
	{
		name: 'Tell the sales channel',
		type: 'n8n-nodes-base.slack',
		typeVersion: 2.3,
		position: [320, -112],
		parameters: {
			resource: 'message',
			operation: 'post',
			select: 'channel',
			channelId: { __rl: true, mode: 'name', value: '#sales' },
			text: '={{ $json.leadEmail }} replied',
		},
		credential: { name: 'Slack', type: 'slackApi', data: { accessToken: 'none' } },
	},
	{
		name: 'Update the contact',
		type: 'n8n-nodes-base.hubspot',
		typeVersion: 2.1,
		position: [320, 112],
		parameters: {
			authentication: 'appToken',
			resource: 'contact',
			operation: 'upsert',
			email: '={{ $json.leadEmail }}',
		},
		credential: { name: 'HubSpot', type: 'hubspotAppToken', data: { appToken: 'none' } },
	},
];
const SIDE_PANEL = { x: 896, y: 65, width: 384, height: 760 };

let person: Salesperson;
let panel: NodePanel;
let trigger: TriggerDetails;

beforeAll(async () => {
	person = await Salesperson.sitDown({ campaigns: 12 });
	panel = new NodePanel(person.page);
	trigger = new TriggerDetails(person.page);
});

afterAll(async () => {
	await person.close();
});

/** The README shows the light ones. */
async function picture(theme: Theme, name: string, clip?: typeof SIDE_PANEL): Promise<void> {
	if (theme === 'light') await takeReadmePicture(person.page, name, clip);
	else await takePicture(person.page, `${name}-dark`, clip);
}

// Dark first: n8n's tips for newcomers show once, and not in the pictures of the README then.
describe.each<Theme>(['dark', 'light'])('%s', (theme) => {
	beforeAll(async () => {
		await person.prefer(theme);
	});

	test('the node in the panel, with its events', async () => {
		await person.openWorkflow();
		expect(await person.page.locator('body').getAttribute('data-theme')).toBe(theme);
		await panel.openForFirstStep();
		await panel.search('lemlist');
		await panel.found.waitFor();
		await person.picture(`search-${theme}`);
		await panel.openNode();
		await picture(theme, 'node-panel', SIDE_PANEL);
	});

	test('a workflow with the trigger', async () => {
		await openWithTrigger(
			person,
			{ events: ['emailsReplied', 'linkedinReplied', 'interested'] },
			NEXT,
		);
		const canvas = person.page.getByTestId('canvas-wrapper');
		await canvas.getByText('3 events').waitFor();
		await canvas.getByText('upsert: contact').waitFor();
		await picture(theme, 'workflow', { x: 363, y: 234, width: 620, height: 450 });
	});

	test('the events under their headings', async () => {
		await openWithTrigger(person, { events: ['contacted', 'linkedinInviteAccepted'] });
		await trigger.open();
		await trigger.events.open();
		await trigger.events.rows.getByText('All Events', { exact: true }).scrollIntoViewIfNeeded();
		await picture(theme, 'events', { x: 430, y: 65, width: 440, height: 480 });
	});

	test('the executed trigger', async () => {
		await openWithTrigger(person, { events: ['emailsReplied'] });
		await trigger.open();
		await trigger.listen();
		await untilHooked(person, ['emailsReplied']);
		await person.picture(`listening-${theme}`);
		const reply = activityOf('emailsReplied');
		await person.host.lemlist.deliver(reply);
		await trigger.output.getByText('1 item').waitFor();
		await trigger.output.getByRole('radio', { name: 'Schema' }).click();
		await trigger.output.getByText('leadEmail').waitFor();
		await person.page.getByRole('alert').first().waitFor({ state: 'hidden' });
		await picture(theme, 'executed');
		// The next one would show it at once.
		person.host.lemlist.loseActivity(String(reply._id));
	});
});
