/** n8n's editor with its page open: calls n8n as the editor does, and hears over a WebSocket what n8n tells the page. */
import { randomUUID } from 'node:crypto';
import { once, type EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ensureInstalled } from '../../e2e/n8n/installation';
import type { Instance } from '../../e2e/n8n/instance';
import { silent } from '../../e2e/n8n/progress';
import { RecordedSession } from './recordedSession';

/** Of a run; which fields there are depends on the type. */
export interface Message {
	type: string;
	data: {
		executionId?: string;
		workflowId?: string;
		status?: string;
		nodeName?: string;
		/** What the node gave out. */
		data?: { data?: { main: Array<Array<{ json: Readonly<Record<string, unknown>> }>> } };
	};
}

/** As much of the package `ws` as is needed here; n8n brings it. */
type Socket = EventEmitter & { close: () => void };
type SocketClass = new (
	url: string,
	options: { headers: Readonly<Record<string, string>> },
) => Socket;

export class OpenEditor {
	/** Everything that n8n has told the page, oldest first. */
	readonly messages: Message[] = [];

	private constructor(
		readonly session: RecordedSession,
		private readonly socket: Socket,
	) {
		socket.on('message', (text: Buffer) =>
			this.messages.push(JSON.parse(text.toString()) as Message),
		);
	}

	/** Logs in and opens the page. Close it in the end. */
	static async open(n8n: Instance): Promise<OpenEditor> {
		const { folder } = await ensureInstalled(silent, n8n.version);
		const WebSocket = createRequire(join(folder, 'node_modules', 'n8n', 'package.json'))(
			'ws',
		) as SocketClass;
		const pushRef = randomUUID();
		const session = new RecordedSession(n8n, pushRef);
		await session.logIn();
		const socket = new WebSocket(`${n8n.url.replace('http', 'ws')}/rest/push?pushRef=${pushRef}`, {
			headers: { ...session.identity, origin: n8n.url },
		});
		await once(socket, 'open');
		return new OpenEditor(session, socket);
	}

	close(): void {
		this.socket.close();
	}
}
