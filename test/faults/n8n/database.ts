/** n8n's SQLite database, read while n8n runs and changed while it does not. */
import { stat } from 'node:fs/promises';
import { run } from '../../e2e/n8n/children';

export type Row = Readonly<Record<string, unknown>>;

/** The tests' own Node.js may be too old to know SQLite: the one that n8n runs on does. */
const SCRIPT = `
const { DatabaseSync } = require('node:sqlite');
const [file, statement, parameters] = process.argv.slice(1);
const database = new DatabaseSync(file, { timeout: 10000 });
console.log(JSON.stringify(database.prepare(statement).all(...JSON.parse(parameters))));
`;

export class Database {
	/**
	 * @param node the Node.js that n8n runs on
	 * @param file n8n's database
	 */
	constructor(
		private readonly node: string,
		readonly file: string,
	) {}

	/** Runs one statement. @returns the rows it gives, if any. @throws an Error with what SQLite says */
	async run(statement: string, ...parameters: readonly string[]): Promise<Row[]> {
		const { code, output } = await run(this.node, [
			'--no-warnings',
			'-e',
			SCRIPT,
			this.file,
			statement,
			JSON.stringify(parameters),
		]);
		if (code !== 0) throw new Error(`${statement}\n${output}`);
		return JSON.parse(output) as Row[];
	}

	/** How large it is on the disk, with what is not yet merged into the file itself. */
	async bytes(): Promise<number> {
		const sizes = [this.file, `${this.file}-wal`].map(
			async (file) =>
				await stat(file).then(
					({ size }) => size,
					() => 0,
				),
		);
		return (await Promise.all(sizes)).reduce((sum, size) => sum + size);
	}
}
