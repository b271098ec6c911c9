// The workflows to import: what a user fills in, and what comes out at the end, for the sample that
// is pinned to the trigger and for an event from lemlist.
import type { EventType, Sandbox } from '../../sandbox';
import { LEAD } from '../../sandbox/people';
import type { Editor, Table } from '../n8n/editor';
import type { Chat } from './chat';
import { SUMMARY, type Model } from './model';
import type { FilledIn } from './workflowFile';

/** What the examples reach out to. */
export interface Surroundings {
	chat: Chat;
	model: Model;
	table: Table;
	lemlist: Sandbox;
	editor: Editor;
}

export interface Example {
	/** Its file in the folder of examples, without `.json`. */
	file: string;
	/** What it is good for, as the README says it. */
	purpose: string;
	/** What lemlist sends in the test. */
	event: EventType;
	fillIn: (surroundings: Surroundings) => FilledIn;
	/** What has come out at the end so far. */
	outcome: (surroundings: Surroundings) => Promise<readonly unknown[]>;
	/** What comes out for the pinned sample. */
	ofSample: unknown;
	/** Steps that the sample does not come to. */
	notWithSample?: readonly string[];
	/** What comes out for the event. */
	ofEvent: unknown;
}

/** The columns that the note in the workflow asks for. */
export const TABLE_COLUMNS = [
	'lead_id',
	'email',
	'name',
	'company',
	'job_title',
	'campaign',
	'interest',
] as const;

async function messagesIn({ chat }: Surroundings): Promise<readonly unknown[]> {
	return await Promise.resolve(chat.messages);
}

/** The messages, each with where lemlist was told that the lead is interested: nowhere at first, with the sample. */
async function messagesAndMarks({ chat, lemlist }: Surroundings): Promise<readonly unknown[]> {
	const marks = marksIn(lemlist);
	return await Promise.resolve(
		chat.messages.map((message, index) => ({
			message,
			mark: marks.at(index - chat.messages.length),
		})),
	);
}

/** The paths at which lemlist was told that a lead is interested, oldest first. */
export function marksIn(lemlist: Sandbox): string[] {
	return lemlist.requests
		.filter(({ path, status }) => status === 200 && path.endsWith('/interested'))
		.map(({ path }) => path);
}

/** The rows without the columns that n8n adds. */
async function rowsIn({ editor, table }: Surroundings): Promise<readonly unknown[]> {
	const rows = await editor.rowsOf(table);
	return rows.map((row) =>
		Object.fromEntries(TABLE_COLUMNS.map((column) => [column, row[column]])),
	);
}

export const EXAMPLES: readonly Example[] = [
	{
		file: 'reply-to-chat',
		purpose: 'A reply goes to a Slack channel, with the name of the lead and the text',
		event: 'warmed',
		fillIn: ({ chat }) => ({ 'Post to Slack': { url: chat.url } }),
		outcome: messagesIn,
		ofSample: {
			text: 'Sam Rivers of Example Ltd replied in "Autumn outreach":\nSounds good, call me on Tuesday.',
		},
		ofEvent: {
			text: 'Ada Martin of Example SAS replied in "Founders in Paris":\nSounds good, call me on Tuesday.',
		},
	},
	{
		file: 'interest-to-table',
		purpose:
			'Interested or not interested: the lead is looked up in lemlist, and its row in a table is updated',
		event: 'notInterested',
		fillIn: ({ table }) => ({
			'Update the row': { dataTableId: { __rl: true, mode: 'id', value: table.id } },
		}),
		outcome: rowsIn,
		ofSample: {
			lead_id: 'lea_a1B2c3D4e5F6g7H8i',
			email: 'sam@example.com',
			name: 'Sam Rivers',
			company: 'Example Ltd',
			job_title: '',
			campaign: 'Autumn outreach',
			interest: 'interested',
		},
		ofEvent: {
			lead_id: LEAD.id,
			email: LEAD.email,
			name: 'Ada Martin',
			company: 'Example SAS',
			job_title: 'Head of Sales',
			campaign: 'Founders in Paris',
			interest: 'not interested',
		},
	},
	{
		file: 'alerts-to-operations',
		purpose:
			'Alerts about deliverability, mailboxes, domains and limits go to the operations channel, each once',
		event: 'customDomainErrors',
		fillIn: ({ chat }) => ({ 'Post to operations': { url: chat.url } }),
		outcome: messagesIn,
		ofSample: {
			text: 'A sending account lost its connection (alex@example.org): The mailbox asks for a new login',
		},
		ofEvent: {
			text: 'Something is wrong with the tracking domain (links.example.org): There is no CNAME record',
		},
	},
	{
		file: 'sort-replies-with-ai',
		purpose:
			'An AI sorts replies on any channel; who is interested is told to a Slack channel, and marked so in lemlist',
		event: 'linkedinReplied',
		fillIn: ({ chat }) => ({ 'Post to Slack': { url: chat.url } }),
		outcome: messagesAndMarks,
		ofSample: {
			message: {
				text: `Interested: Sam Rivers of Example Ltd replied by email in "Autumn outreach": Sounds good, call me on Tuesday.\nIn short, says the AI: ${SUMMARY}`,
			},
			mark: undefined,
		},
		notWithSample: ['Mark as interested'],
		ofEvent: {
			message: {
				text: `Interested: Ada Martin of Example SAS replied on LinkedIn in "Founders in Paris": Sounds good, call me on Tuesday.\nIn short, says the AI: ${SUMMARY}`,
			},
			mark: expect.stringMatching(/^\/campaigns\/cam_\w+\/leads\/lea_\w+\/interested$/) as unknown,
		},
	},
];
