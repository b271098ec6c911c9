/**
 * Targets that n8n itself keeps every node from. A miss of one of these is told, with the reason, and is
 * no error; any other miss is.
 */
import { NAMES } from './contenders';
import type { Figure } from './figures';

interface HostLimit {
	what: string;
	beside: string;
	reason: string;
}

const LIMITS: readonly HostLimit[] = [
	// n8n 2.41 spares only its own Webhook node the isolate for a call: webhookPhaseNeedsIsolate in its live-webhooks.js.
	{
		what: 'Accepted deliveries, as n8n comes',
		beside: NAMES.bare,
		reason: "n8n's own limit, see [What a delivery costs](#what-a-delivery-costs)",
	},
];

/** @returns why n8n keeps any node from what is wanted of this figure; undefined where it does not */
export function hostLimitOf({ what, beside }: Pick<Figure, 'what' | 'beside'>): string | undefined {
	return LIMITS.find((limit) => limit.what === what && limit.beside === beside?.what)?.reason;
}
