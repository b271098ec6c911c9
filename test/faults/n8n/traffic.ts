/** Events that lemlist sends to a trigger all the time, and what n8n answers to them. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { DeliverOptions, DeliveryResult } from '../../sandbox';
import type { Trigger } from './trigger';

const EVERY_MS = 500;

/** How many deliveries were answered with each status; 'none' for those without an answer. */
export type Answers = Readonly<Record<string, number>>;

export class Traffic {
	readonly results: DeliveryResult[] = [];
	private isGoing = true;
	private readonly ended: Promise<void>;

	/** Starts at once: one event after the other, of each type in turn. */
	constructor(
		private readonly trigger: Trigger,
		private readonly options: DeliverOptions = {},
	) {
		this.ended = this.go();
	}

	/** Ends it. @returns what was answered */
	async stop(): Promise<Answers> {
		this.isGoing = false;
		await this.ended;
		return this.answers;
	}

	/** What was answered so far. */
	get answers(): Answers {
		return answersOf(this.results);
	}

	private async go(): Promise<void> {
		for (let number = 0; this.isGoing; number += 1) {
			const { events } = this.trigger;
			this.results.push(
				...(await this.trigger.deliver(events[number % events.length], this.options)),
			);
			await sleep(EVERY_MS);
		}
	}
}

/** @returns how many of these deliveries were answered with each status */
export function answersOf(results: readonly DeliveryResult[]): Answers {
	const answers: Record<string, number> = {};
	for (const answer of results.map(answerOf)) answers[answer] = (answers[answer] ?? 0) + 1;
	return answers;
}

/** What n8n answers instead of the node while it starts: nothing, that it starts, that it knows no such address. */
export const ANSWERS_OF_A_START: readonly string[] = ['none', 'starting up', '404'];

/** The status, or that n8n starts: to that, it gives status 200, though nobody takes the event. */
export function answerOf({ status, body }: Pick<DeliveryResult, 'status' | 'body'>): string {
	return body.startsWith('n8n is starting up') ? 'starting up' : String(status);
}
