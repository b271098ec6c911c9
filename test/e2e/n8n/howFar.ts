// How far an installation by npm has come, in words, from what npm writes with --loglevel http.
//
// npm first looks up every package of the tree, which takes a minute and writes no file. Then it fetches
// what is not in its cache, and unpacks. What stands in several places of the tree may be fetched for each.

/** What there is to see of an installation. */
export interface Sight {
	/** What npm has written so far. */
	output: string;
	/** The size of the folder that it installs into. */
	megabytes: number;
}

/** Of what npm takes from its cache, only what it looks up: it says that of packages, too, and then fetches them all the same. */
const ANSWERED = /^npm http (?:fetch GET \d+|cache) (https?:\S+) /gm;

/** @returns what moves at the moment: the packages that are looked up, then those that are fetched, and megabytes; nothing before the first of them */
export function howFar({ output, megabytes }: Sight): string {
	const addresses = [...new Set([...output.matchAll(ANSWERED)].map(([, address = '']) => address))];
	const fetched = addresses.filter((address) => address.endsWith('.tgz')).length;
	if (fetched === 0 && megabytes === 0)
		return addresses.length === 0 ? '' : `${packages(addresses.length)} looked up`;
	return [fetched > 0 ? packages(fetched) : '', megabytes > 0 ? `${grouped(megabytes)} MB` : '']
		.filter(Boolean)
		.join(', ');
}

function packages(count: number): string {
	return `${grouped(count)} ${count === 1 ? 'package' : 'packages'}`;
}

function grouped(count: number): string {
	return count.toLocaleString('en-US');
}
