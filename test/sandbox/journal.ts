// The record of what was asked of the sandbox and what it sent, and who is told when it grows.
import type { DeliveryRecord, LogEntry, RequestRecord } from './types';

/** Enough to see what led to now; nobody reads more. */
const LINES_KEPT = 200;

type Listener = (line: LogEntry) => void;

export class Journal {
	readonly requests: RequestRecord[] = [];
	readonly deliveries: DeliveryRecord[] = [];
	/** The latest lines, oldest first. */
	readonly lines: LogEntry[] = [];
	private readonly listeners = new Set<Listener>();

	/** Keeps what happened, and tells every listener. */
	log(kind: LogEntry['kind'], text: string): void {
		const line: LogEntry = { at: Date.now(), kind, text };
		this.lines.push(line);
		this.lines.splice(0, this.lines.length - LINES_KEPT);
		for (const listener of this.listeners) listener(line);
	}

	/** Logs a request once it is known what came of it. */
	logRequest({ method, path, status, acted }: RequestRecord): void {
		const answered = status === 'none' ? 'no answer' : String(status);
		this.log('request', `${method} ${path}: ${answered}, ${acted ? 'acted' : 'did not act'}`);
	}

	/** Keeps a delivery and its answer. */
	addDelivery(record: DeliveryRecord): void {
		this.deliveries.push(record);
		const { method, targetUrl, error, status, attempts } = record;
		const again = attempts > 1 ? `, attempt ${String(attempts)}` : '';
		this.log('delivery', `${method} ${targetUrl}: ${error ?? String(status)}${again}`);
	}

	/** Calls the listener for every line, until the returned function is called. */
	onChange(listener: Listener): () => void {
		this.listeners.add(listener);
		return () => {
			this.listeners.delete(listener);
		};
	}

	/** Forgets everything. */
	clear(): void {
		for (const records of [this.requests, this.deliveries, this.lines]) records.length = 0;
	}
}
