/** When the check of the hooks runs, and what a trigger is without a schedule. */
import { createHash } from 'crypto';
import type { CronExpression, ITriggerResponse } from 'n8n-workflow';
import type { ActiveTrigger } from '../door/door';
import { checkOf, type Companion } from './check';

/** How long a hook that vanished may stay away. */
export const CHECK_INTERVAL_SECONDS = 300;

/** How often lemlist is asked for events where it does not deliver them. */
export const LOOK_UP_INTERVAL_SECONDS = 60;

const SECONDS_IN_MINUTE = 60;

const NO_SCHEDULE =
	"n8n does not run the check of the webhooks that is due every five minutes. Events start the workflow all the same, but a webhook that lemlist loses is made again only when n8n starts or the workflow is published. Set the time zone in the settings of the workflow to one from n8n's list, and publish it again. n8n says:";

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
 * n8n's trigger: has the check run on a schedule. A throw here would fail the publication beside hooks that
 * were made, and leave them at lemlist: n8n calls delete only when checkExists or create throws. So without a
 * schedule, such as in a time zone that n8n does not know, the trigger works without its check.
 *
 * @param companion goes on beside the check
 */
export function startCheck(trigger: ActiveTrigger, companion: Companion): ITriggerResponse {
	try {
		const check = checkOf(trigger, companion);
		const seconds = check.arrival === 'lookUp' ? LOOK_UP_INTERVAL_SECONDS : CHECK_INTERVAL_SECONDS;
		trigger.schedule(checkSchedule(seconds, trigger.nodeId), () => {
			void check.run();
		});
		return { closeFunction: check.end };
	} catch (error) {
		trigger.warn(NO_SCHEDULE, error);
		return {};
	}
}
