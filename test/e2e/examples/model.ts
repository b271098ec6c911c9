// A chat model on this machine, behind as much of OpenAI's API as n8n's chat model node uses: it answers
// what a test wants, and keeps what it was told.
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { z } from 'zod';
import { closeServer } from '../../sandbox/closeServer';

/** What the model says, or how it fails. */
export type ModelAnswer = string | { status: number } | { toolCalls: object[] } | { hangsUp: true };

/** What was said to the model at once: by n8n (`system`) and by who wrote the reply (`user`). */
export interface Prompt {
	system: string;
	user: string;
}

export interface Model {
	/** The Base URL of the credential. */
	url: string;
	/** Oldest first, those that are tried again included. */
	prompts: Prompt[];
	/** What it answers from now on. */
	answer: (prompt: Prompt) => ModelAnswer;
	/** Back to the beginning: nothing was said, and everything is interesting. */
	reset: () => void;
	close: () => Promise<void>;
}

const request = z.object({
	messages: z.array(z.object({ role: z.string(), content: z.string() })),
});

/** What a model says in short of every reply. */
export const SUMMARY = 'Wants a call on Tuesday.';

/** An answer in the form that the example asks for. */
export function labelled(label: unknown, summary: unknown = SUMMARY): string {
	return JSON.stringify({ output: { label, summary } });
}

function promptOf(body: unknown): Prompt {
	const { messages } = request.parse(body);
	const saidBy = (...authors: string[]): string =>
		messages
			.filter(({ role }) => authors.includes(role))
			.map(({ content }) => content)
			.join('\n');
	// OpenAI's newer models call the system a developer.
	return { system: saidBy('system', 'developer'), user: saidBy('user') };
}

function reply(answer: ModelAnswer, response: ServerResponse): void {
	if (typeof answer === 'string' || 'toolCalls' in answer) send(response, 200, completion(answer));
	else if ('hangsUp' in answer) response.destroy();
	else
		send(response, answer.status, {
			error: { message: 'The model is not there', type: 'server_error', code: null },
		});
}

function completion(answer: string | { toolCalls: object[] }): object {
	const message =
		typeof answer === 'string'
			? { role: 'assistant', content: answer }
			: { role: 'assistant', content: null, tool_calls: answer.toolCalls };
	return {
		id: 'chatcmpl-1',
		object: 'chat.completion',
		created: 0,
		model: 'stand-in',
		choices: [{ index: 0, message, finish_reason: 'stop' }],
		usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
	};
}

function send(response: ServerResponse, status: number, body: object): void {
	response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** Starts a model. Close it in the end. */
export async function startModel(): Promise<Model> {
	const server = createServer((incoming, response) => {
		void json(incoming).then((body) => {
			const prompt = promptOf(body);
			model.prompts.push(prompt);
			reply(model.answer(prompt), response);
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	const model: Model = {
		url: `http://127.0.0.1:${String(port)}/v1`,
		prompts: [],
		answer: () => labelled('interested'),
		reset: () => {
			model.prompts.length = 0;
			model.answer = () => labelled('interested');
		},
		close: async () => {
			await closeServer(server);
		},
	};
	return model;
}
