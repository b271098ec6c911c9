/**
 * Can lemlist, on the internet, call an address? Judged by the literal host only: nothing is looked
 * up. Pure: knows nothing of n8n. Follows the special-purpose ranges of RFC 6890 and RFC 6761.
 */

const LOCAL_HOSTS: readonly RegExp[] = [
	/\.(localhost|local|lan|internal|home\.arpa)$/,
	// A bare name such as "n8n" or "localhost" is one that only a private network knows.
	/^[^.:]+$/,
	/^(0|10|127)(\.\d+){3}$/,
	/^169\.254(\.\d+){2}$/,
	/^192\.168(\.\d+){2}$/,
	/^172\.(1[6-9]|2\d|3[01])(\.\d+){2}$/,
	/^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])(\.\d+){2}$/,
	/^\[::1?\]$/,
	/^\[f[cd][0-9a-f]{2}:/,
	/^\[fe[89ab][0-9a-f]:/,
];
/** An IPv4 address written as IPv6, the way URL prints it. */
const MAPPED_IPV4 = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/;

/**
 * @param url an http or https URL
 * @returns whether its host is this machine or lies in a private network
 */
export function isLocalUrl(url: string): boolean {
	const host = plainHost(new URL(url).hostname);
	return LOCAL_HOSTS.some((local) => local.test(host));
}

function plainHost(hostname: string): string {
	const host = hostname.replace(/\.$/, '');
	const mapped = MAPPED_IPV4.exec(host);
	if (mapped === null) return host;
	const halves = mapped.slice(1).map((half) => Number.parseInt(half, 16));
	return halves.flatMap((half) => [half >> 8, half & 255]).join('.');
}
