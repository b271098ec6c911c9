/** A test run as a button of the editor starts it, and what the open page shows of it. */
import { until, type Patience } from '../../e2e/n8n/until';
import type { OpenEditor, Message } from './openEditor';
import { TRIGGER_NAME, type Trigger } from './trigger';

/** What the buttons ask for. */
const ORDERS = {
	'Execute step': { destinationNode: { nodeName: TRIGGER_NAME, mode: 'inclusive' } },
	'Execute workflow': { triggerToStartFrom: { name: TRIGGER_NAME } },
} as const;
export type Button = keyof typeof ORDERS;

export class TestRun {
	private constructor(
		private readonly editor: OpenEditor,
		private readonly trigger: Trigger,
		/** How many messages the page had had before. */
		private readonly before: number,
		private readonly pressedAt: number,
	) {}

	/** Presses the button. @throws an Error with what n8n answers where it does not wait then */
	static async press(editor: OpenEditor, trigger: Trigger, button: Button): Promise<TestRun> {
		const { host, workflow } = trigger;
		// n8n 1 runs what the editor has open.
		const workflowData = await host.editor.savedWorkflow(workflow);
		const run = new TestRun(editor, trigger, editor.messages.length, Date.now());
		const { status, text } = await editor.session.call('POST', `/workflows/${workflow.id}/run`, {
			workflowData,
			...ORDERS[button],
		});
		if (status !== 200 || !text.includes('"waitingForWebhook":true'))
			throw new Error(`n8n does not wait: ${String(status)} ${text}`);
		return run;
	}

	/** Waits until the run is over. @returns the `_id`s that each node has given out, and how many milliseconds after the button was pressed the page had them */
	async shown(patience: Patience): Promise<{ ids: Record<string, unknown[]>; afterMs: number }> {
		await until('the run is over', () => this.heard('executionFinished')[0], {
			everyMs: 20,
			...patience,
		});
		return { ids: this.shownNow, afterMs: Date.now() - this.pressedAt };
	}

	/** The `_id`s that each node has given out so far. */
	get shownNow(): Record<string, unknown[]> {
		const outputs = this.heard('nodeExecuteAfterData').map(({ nodeName = '', data }) => [
			nodeName,
			data?.data?.main[0]?.map(({ json }) => json._id) ?? [],
		]);
		return Object.fromEntries(outputs) as Record<string, unknown[]>;
	}

	/** Presses the button again, which has become "Stop". */
	async stop(): Promise<void> {
		await this.editor.session.call('DELETE', `/test-webhook/${this.trigger.workflow.id}`);
	}

	/** What the page has heard of a kind since the button was pressed. */
	heard(type: string): Message['data'][] {
		return this.editor.messages
			.slice(this.before)
			.filter((message) => message.type === type)
			.map(({ data }) => data);
	}
}
