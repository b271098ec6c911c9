/** When the check of the hooks runs, and what a trigger is without a schedule. */
import { createHash } from 'crypto';
import type { CronExpression, ITriggerResponse } from 'n8n-workflow';
import type { ActiveTrigger } from '../door/door';
import { reasonOf, setupError } from '../lemlist/failures';
import { checkOf, type StartCompanion } from './check';

/** How long a hook that vanished may stay away. */
export const CHECK_INTERVAL_SECONDS = 300;

/** How often lemlist is asked for events where it does not deliver them. */
export const LOOK_UP_INTERVAL_SECONDS = 60;

const SECONDS_IN_MINUTE = 60;

const NO_SCHEDULE = {
	webhook:
		"n8n does not run the check of the webhooks that is due every five minutes. Events start the workflow all the same, but a webhook that lemlist loses is made again, and missed events are looked for, only when n8n starts or the workflow is published. Set the time zone in the settings of the workflow to one from n8n's list, and publish it again. n8n says:",
	lookUp:
		"n8n cannot look for events every minute. Set the time zone in the settings of the workflow to one from n8n's list, and publish it again. n8n says:",
};

/**
 * @param intervalSeconds a divisor of a minute, or whole minutes that divide an hour
 * @param nodeId spreads the checks of many triggers, which share lemlist's budget, over the minute
 */
export function checkSchedule(intervalSeconds: number, nodeId: string): CronExpression {
	if (intervalSeconds < SECONDS_IN_MINUTE)
		return `*/${String(intervalSeconds)} * * * * *` as CronExpression;
	const second = createHash('sha256').update(nodeId).digest().readUInt32BE(0) % SECONDS_IN_MINUTE;
	return `${String(second)} */${String(intervalSeconds / SECONDS_IN_MINUTE)} * * * *` as CronExpression;
}

/**
 * n8n's trigger: has the check run on a schedule. Where there are hooks, a throw here would fail the publication
 * and leave them at lemlist: n8n calls delete only when checkExists or create throws. So without a schedule, such
 * as in a time zone that n8n does not know, the trigger works without its check.
 *
 * @param startCompanion starts what goes on beside the check
 * @throws NodeOperationError where nothing but the schedule would bring events
 */
export function startCheck(
	trigger: ActiveTrigger,
	startCompanion: StartCompanion,
): ITriggerResponse {
	const { arrival, run, end } = checkOf(trigger, startCompanion);
	const seconds = arrival === 'lookUp' ? LOOK_UP_INTERVAL_SECONDS : CHECK_INTERVAL_SECONDS;
	try {
		trigger.schedule(checkSchedule(seconds, trigger.node.id), () => {
			void run();
		});
	} catch (error) {
		if (arrival === 'lookUp') {
			void end();
			throw setupError(trigger.node, `${NO_SCHEDULE.lookUp} ${reasonOf(error)}`);
		}
		trigger.warn(NO_SCHEDULE.webhook, error);
	}
	return { closeFunction: end };
}
