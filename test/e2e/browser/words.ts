/** What the trigger says in n8n's editor, as people see it: the words of its description without their markup. */
import { LemlistTrigger } from '../../../nodes/LemlistTrigger/LemlistTrigger.node';

interface Panel {
	header: string;
	activationHint: string;
	executionsHelp: Record<'active' | 'inactive', string>;
}

const {
	activationMessage = '',
	eventTriggerDescription = '',
	triggerPanel,
} = new LemlistTrigger().description;
const { header, activationHint, executionsHelp } = triggerPanel as Panel;

export const WORDS = {
	/** On the canvas, while an event is awaited. */
	waiting: eventTriggerDescription,
	/** Once the workflow is published. */
	published: activationMessage,
	/** In the trigger's panel, before anything came. */
	header,
	hint: shown(activationHint).join(''),
	/** Below it, once "tell me more" is unfolded: paragraphs. */
	whileOff: shown(executionsHelp.inactive),
	whilePublished: shown(executionsHelp.active),
} as const;

/** @returns the paragraphs of a text with HTML in it */
function shown(html: string): string[] {
	return html.split(/(?:<br \/>)+/).map((paragraph) => paragraph.replaceAll(/<[^>]*>/g, ''));
}
