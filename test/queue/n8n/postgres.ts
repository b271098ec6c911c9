/** A private PostgreSQL with n8n's tables, and what they hold. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Installation } from '../../e2e/n8n/installation';
import type { Row } from '../../faults/n8n/database';
import { findPrograms, Server } from './server';

const HOST = '127.0.0.1';
const USER = 'n8n';
const DATABASE = 'postgres';

/** As much of the package `pg` as is needed here; n8n brings it. */
interface Client {
	connect: () => Promise<void>;
	query: (statement: string, parameters: readonly string[]) => Promise<{ rows: Row[] }>;
	end: () => Promise<void>;
}
type Pg = { Client: new (options: object) => Client };

export class Postgres {
	private constructor(
		readonly server: Server,
		private readonly pg: Pg,
	) {}

	/** @throws an Error that says what is missing, or what PostgreSQL says */
	static async start({ folder }: Installation): Promise<Postgres> {
		const [initdb, postgres, isReady] = await findPrograms(['initdb', 'postgres', 'pg_isready']);
		const server = await Server.start('postgres', (port, own) => ({
			prepare: [
				initdb,
				'-D',
				join(own, 'data'),
				'-U',
				USER,
				'-A',
				'trust',
				'-E',
				'UTF8',
				'--locale=C',
				'--no-sync',
			],
			// Its data need not survive the machine.
			serve: [postgres, '-D', join(own, 'data'), '-p', port, '-h', HOST, '-k', own, '-F'],
			ask: [isReady, '-h', HOST, '-p', port, '-U', USER, '-d', DATABASE],
		}));
		return new Postgres(
			server,
			createRequire(join(folder, 'node_modules', 'n8n', 'package.json'))('pg') as Pg,
		);
	}

	/** What n8n has to be told to use it. */
	get settings(): Readonly<Record<string, string>> {
		return {
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: HOST,
			DB_POSTGRESDB_PORT: String(this.server.port),
			DB_POSTGRESDB_USER: USER,
			DB_POSTGRESDB_DATABASE: DATABASE,
		};
	}

	/** Runs one statement, with `?` for each parameter. @returns the rows it gives, if any. @throws what PostgreSQL says */
	async run(statement: string, ...parameters: readonly string[]): Promise<Row[]> {
		const client = new this.pg.Client({
			host: HOST,
			port: this.server.port,
			user: USER,
			database: DATABASE,
		});
		await client.connect();
		try {
			let number = 0;
			const numbered = statement.replace(/\?/g, () => `$${String((number += 1))}`);
			return (await client.query(numbered, parameters)).rows;
		} finally {
			await client.end();
		}
	}

	async close(): Promise<void> {
		await this.server.close();
	}
}
