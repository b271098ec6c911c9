/** Addresses of hooks: compared however they are spelled, and what ours say. Pure. */

/** The query field that gives every hook of a trigger a URL of its own: its event, a dot, a tag. n8n ignores it. */
export const HOOK_FIELD = 'hook';
/** Stands there for the type of the event in the hook for all of them. */
export const EVERY = 'all';

/** @returns the event that the query field of a hook names; {@link EVERY} for all */
export function eventNamedBy(field: string): string | undefined {
	return field.split('.')[0];
}

/** @returns origin and path, the same for each way to write them down (RFC 3986, section 6.2.2); undefined for no URL */
export function placeOf(url: string): string | undefined {
	if (!URL.canParse(url)) return undefined;
	const { protocol, host, pathname } = new URL(url);
	const path = pathname.replaceAll(/%[0-9a-f]{2}/gi, (escaped) => {
		const character = decodeURIComponent(/%[89a-f]/i.test(escaped) ? '%00' : escaped);
		return /[\w.~-]/.test(character) ? character : escaped.toUpperCase();
	});
	// n8n answers with a slash at the end, too.
	return `${protocol}//${host.replace(/\.(?=:|$)/, '')}${path.replace(/\/+$/, '')}`;
}

/** @returns the whole address, the same for each way to write it down; undefined for no URL */
export function addressOf(url: string): string | undefined {
	const place = placeOf(url);
	return place && JSON.stringify([place, ...new URL(url).searchParams]);
}
