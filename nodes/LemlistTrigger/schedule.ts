/** When the check of the hooks runs. Pure: knows nothing of n8n but the form of its cron expressions. */
import { createHash } from 'crypto';
import type { CronExpression } from 'n8n-workflow';

/** How long a hook that vanished may stay away. */
export const CHECK_INTERVAL_SECONDS = 300;

const SECONDS_IN_MINUTE = 60;

/**
 * @param intervalSeconds a divisor of a minute, or whole minutes that divide an hour
 * @param nodeId spreads the checks of many triggers, which share lemlist's budget, over the minute
 */
export function checkSchedule(intervalSeconds: number, nodeId: string): CronExpression {
	if (intervalSeconds < SECONDS_IN_MINUTE) return `*/${String(intervalSeconds)} * * * * *` as CronExpression;
	const second = createHash('sha256').update(nodeId).digest().readUInt32BE(0) % SECONDS_IN_MINUTE;
	return `${String(second)} */${String(intervalSeconds / SECONDS_IN_MINUTE)} * * * *` as CronExpression;
}
