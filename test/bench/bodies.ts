/** Deliveries as lemlist sends them, made as large as one wants. */
import { activityOf, newId, type Activity } from '../sandbox';

/** With quotes and line breaks, which have to be escaped and cost a parser more. */
const SENTENCE = '<p>Thank you for your "quick" question.\nCall me on Tuesday, please.</p>\n';

/**
 * @param bytes how long the body should be as JSON; no shorter than a short reply
 * @param secret what lemlist echoes
 * @returns a reply with a long text
 */
export function replyOf(bytes: number, secret: string): Activity {
	const short = { ...activityOf('linkedinReplied'), text: '', secret };
	const room = bytes - JSON.stringify(short).length;
	const perSentence = JSON.stringify(SENTENCE).length - 2;
	return { ...short, text: SENTENCE.repeat(Math.max(1, Math.round(room / perSentence))) };
}

/** @returns what gives one body after the other: like the activity but for the `_id`, for what was seen starts nothing */
export function bodiesLike(activity: Activity): () => string {
	const id = newId('act');
	const [before = '', after = ''] = JSON.stringify({ ...activity, _id: id }).split(id);
	return () => before + newId('act') + after;
}
