/** The settings of n8n under which deliveries to it are measured, and what all measurements of deliveries share. */

export type HostSetting = 'as n8n comes' | 'isolates when needed';

/** What to set in n8n's environment for each. n8n makes an expression isolate for each call of any node but its own Webhook node: see docs/performance.md. */
export const HOST_SETTINGS: Readonly<Record<HostSetting, Readonly<Record<string, string>>>> = {
	'as n8n comes': {},
	'isolates when needed': { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' },
};

/** So long a check is not due while we measure. */
export const CHECK_SECONDS = 3_600;
/** Deliveries to each contender before the first that counts. */
export const WARM_UP = 10;
