/**
 * One delivery: is it genuine, does it concern this trigger, what does the workflow get. Pure: knows
 * nothing of n8n. Follows "Verifying webhook authenticity" and "Third-party reply flag" of lemlist's
 * documentation of POST /hooks.
 */
import type { Activity } from '../lemlist/schemas';
import { hasFingerprint } from '../secrets/webhookSecret';
import { hasTrait } from '../settings/events';
import type { DeliveryFilter } from '../settings/reading';

/**
 * Reads the secrets that a delivery presents: the top-level field `secret` of each activity.
 *
 * @returns one secret an activity, undefined when an activity has none or one that is no text
 */
export function presentedSecrets(activities: readonly Activity[]): readonly string[] | undefined {
	const secrets = activities.map((activity) =>
		Object.hasOwn(activity, 'secret') ? activity.secret : undefined,
	);
	return secrets.every((secret): secret is string => typeof secret === 'string' && secret !== '')
		? secrets
		: undefined;
}

/** @returns whether every presented secret is the one with one of these fingerprints. */
export function isGenuine(secrets: readonly string[], fingerprints: readonly string[]): boolean {
	return (
		secrets.length > 0 &&
		secrets.every((secret) =>
			fingerprints.some((fingerprint) => hasFingerprint(secret, fingerprint)),
		)
	);
}

/** @returns the activities that start the workflow. */
export function wantedActivities(
	activities: readonly Activity[],
	filter: DeliveryFilter,
): Activity[] {
	return activities.filter(
		(activity) =>
			isCampaignWanted(activity, filter) &&
			isSenderWanted(activity, filter) &&
			isCauseWanted(activity, filter),
	);
}

/** An activity that names no campaign passes, and so does an alert: neither may be silenced. */
function isCampaignWanted(activity: Activity, { campaignIds }: DeliveryFilter): boolean {
	const { campaignId } = activity;
	const isUnnamed =
		typeof campaignId !== 'string' || campaignId === '' || hasTrait(typeOf(activity), 'teamWide');
	return campaignIds.length === 0 || isUnnamed || campaignIds.includes(campaignId);
}

function isSenderWanted(activity: Activity, { thirdPartyReplies }: DeliveryFilter): boolean {
	// An expression may give anything by now: what is no choice leaves nothing out.
	if (!['exclude', 'only'].includes(thirdPartyReplies) || !hasTrait(typeOf(activity), 'reply'))
		return true;
	return (activity.isThirdPartyReply === true) === (thirdPartyReplies === 'only');
}

function isCauseWanted(activity: Activity, { ignoreBots }: DeliveryFilter): boolean {
	return !ignoreBots || activity.bot !== true || !hasTrait(typeOf(activity), 'openOrClick');
}

function typeOf({ type }: Activity): string {
	return typeof type === 'string' ? type : '';
}

/** @returns the activity as lemlist sent it, unknown fields included, without its secret. */
export function withoutSecret(activity: Activity): Activity {
	const { secret: _secret, ...rest } = activity;
	return rest;
}
