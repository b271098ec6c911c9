/** Pieces of Markdown that the generated parts of the documents are made of. */

/** One line of a table. */
export function row(...cells: readonly string[]): string {
	return `| ${cells.join(' | ')} |`;
}

/** A table. @param rows as {@link row} makes them */
export function table(columns: readonly string[], rows: readonly string[]): string {
	return [row(...columns), row(...columns.map(() => '---')), ...rows].join('\n');
}

/**
 * Puts generated text between the markers of its name.
 *
 * @throws Error when the text has no such markers
 */
export function fill(text: string, name: string, content: string): string {
	const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
	const [from, to] = [text.indexOf(begin), text.indexOf(end)];
	if (from < 0 || to < from) throw new Error(`The README has no ${begin} with ${end} after it`);
	return `${text.slice(0, from + begin.length)}\n\n${content}\n\n${text.slice(to)}`;
}
