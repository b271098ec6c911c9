/** What an edit changes of what may start the workflow late, and an edit that is no more than half of one. */
import { HOUR_MS, MINUTE_MS } from '../time';
import { Ground } from './ground';

const ground = new Ground();
const { stage, time } = ground;

test('what was missed while the trigger alone was disabled, from one edit to another, starts nothing', async () => {
	const trigger = await ground.published();
	await trigger.deactivate();
	ground.missed();
	await trigger.activate('update');
	await time.settled();
	time.pass(MINUTE_MS);
	const id = ground.missed();
	await time.later(HOUR_MS, trigger);
	await time.startAnew(trigger);
	expect(ground.ids).toEqual([id]);
});

test('what names no campaign, while lemlist filtered by one, starts nothing once there are two', async () => {
	const [one, other] = stage.lemlist.campaigns.map(({ _id }) => _id);
	const trigger = await ground.published({ campaigns: [one] });
	ground.missed(ground.activity('emailsReplied', { campaignId: undefined, leadId: undefined }));
	await trigger.deactivate();
	trigger.options.parameters.campaigns = [one, other];
	await trigger.activate('update');
	await time.settled();
	expect(ground.ids).toEqual([]);
	const id = ground.missed(ground.activity('emailsReplied', { campaignId: undefined }));
	await ground.hourly(trigger);
	expect(ground.ids).toEqual([id]);
});

test('what was missed while n8n ended in the middle of an edit starts it once n8n has gone on with that', async () => {
	const trigger = await ground.published();
	await trigger.deactivate();
	await time.stop(trigger);
	const id = ground.missed();
	await time.start(trigger, 'update');
	expect(ground.ids).toEqual([id]);
});
