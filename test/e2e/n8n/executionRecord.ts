// What n8n keeps of an execution: flattened so that shared and circular parts survive JSON, every
// reference being an index into one list. Follows the format of the npm package flatted.

/**
 * Puts a flattened value together again.
 *
 * @param text a JSON list; its first entry is the value, strings inside entries are indices
 */
export function unflatten(text: string): unknown {
	const entries = JSON.parse(text) as unknown[];
	const finished = new Map<number, unknown>();

	function at(index: number): unknown {
		if (finished.has(index)) return finished.get(index);
		const entry = entries[index];
		const whole = isContainer(entry) ? emptyLike(entry) : entry;
		// Before its parts, which may refer to it.
		finished.set(index, whole);
		if (isContainer(entry)) Object.assign(whole as object, partsOf(entry));
		return whole;
	}

	function partsOf(container: object): object {
		const parts = Object.entries(container).map(([key, value]: [string, unknown]) => [
			key,
			typeof value === 'string' ? at(Number(value)) : value,
		]);
		return Object.fromEntries(parts) as object;
	}

	return at(0);
}

function isContainer(value: unknown): value is object {
	return typeof value === 'object' && value !== null;
}

function emptyLike(container: object): object {
	return Array.isArray(container) ? [] : {};
}
