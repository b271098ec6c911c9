/** Many things, so many at a time. Pure. */

/** @returns the same in groups of that size, in their order; the last one may be smaller */
export function groupsOf<One>(all: readonly One[], size: number): One[][] {
	const count = Math.ceil(all.length / size);
	return Array.from({ length: count }, (_, index) => all.slice(index * size, (index + 1) * size));
}
