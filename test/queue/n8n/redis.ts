/** A private Redis, which keeps the queue when it is stopped. */
import { findPrograms, Server } from './server';

const HOST = '127.0.0.1';

/** @returns it, running. @throws an Error that says what is missing, or what Redis says */
export async function startRedis(): Promise<Server> {
	const [redis, client] = await findPrograms(['redis-server', 'redis-cli']);
	return await Server.start('redis', (port, folder) => ({
		serve: [
			redis,
			'--bind',
			HOST,
			'--port',
			port,
			'--dir',
			folder,
			'--save',
			'',
			'--appendonly',
			'yes',
		],
		ask: [client, '-h', HOST, '-p', port, 'ping'],
	}));
}

/** What n8n has to be told to use it. */
export function redisSettings({ port }: Server): Readonly<Record<string, string>> {
	return { QUEUE_BULL_REDIS_HOST: HOST, QUEUE_BULL_REDIS_PORT: String(port) };
}
