/** Pieces of Markdown that the generated parts of the documents are made of. */

/** One line of a table. */
export function row(...cells: readonly string[]): string {
	return `| ${cells.join(' | ')} |`;
}

/** A table. @param rows as {@link row} makes them */
export function table(columns: readonly string[], rows: readonly string[]): string {
	return [row(...columns), row(...columns.map(() => '---')), ...rows].join('\n');
}

/** @returns the marks around the generated text of a name */
export function marksOf(name: string): { begin: string; end: string } {
	return { begin: `<!-- ${name}:begin -->`, end: `<!-- ${name}:end -->` };
}

/**
 * Puts generated text between the marks of its name.
 *
 * @throws Error when the text has no such marks
 */
export function fill(text: string, name: string, content: string): string {
	const { begin, end } = marksOf(name);
	const [from, to] = [text.indexOf(begin), text.indexOf(end)];
	if (from < 0 || to < from) throw new Error(`The document has no ${begin} with ${end} after it`);
	return `${text.slice(0, from + begin.length)}\n\n${content}\n\n${text.slice(to)}`;
}
