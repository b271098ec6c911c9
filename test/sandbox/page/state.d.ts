// What the sandbox's own API tells the page, as the page's scripts read it.

export interface State {
	apiUrl: string;
	apiKey: string;
	campaigns: Array<{ _id: string; name: string }>;
	hooks: Hook[];
	/** The first of them, in lemlist's order. */
	activities: ListedActivity[];
	activityCount: number;
	faults: ActiveFault[];
	eventGroups: EventGroup[];
	faultChoices: Choice[];
	callChoices: Choice[];
	log: LogLine[];
}

export interface EventGroup {
	key: string;
	name: string;
	events: LemlistEvent[];
}

export interface LemlistEvent {
	type: string;
	label: string;
}

export interface Hook {
	_id: string;
	targetUrl: string;
	type?: string;
	campaignId?: string;
	isFirst: boolean;
	hasSecret: boolean;
	disabled?: boolean;
}

export interface ListedActivity {
	row: { type: string; createdAt?: string };
	isTaken: boolean;
}

export interface Choice {
	key: string;
	label: string;
}

export interface ActiveFault {
	id: string;
	label: string;
	remaining: number | 'always';
}

export interface LogLine {
	at: number;
	kind: string;
	text: string;
}

export interface Result {
	hookId?: string;
	targetUrl: string;
	status: number | 'none';
	body: string;
	ms: number;
	hookRemoved: boolean;
	againInMs?: number;
	error?: string;
}

export type Activity = Record<string, unknown>;
