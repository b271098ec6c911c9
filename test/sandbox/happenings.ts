// What happened in lemlist, whether a hook delivered it or not: kept in the order in which lemlist came to know of it.
import { lemlistNow } from './clock';
import { isState } from './eventTypes';
import { newId, SANDBOX_TEAM } from './identifiers';
import type { Rules } from './rules';
import type { Activity } from './types';

/** One thing that happened, as lemlist keeps it. */
export interface Happening {
	/** As it was given. Its `type` is what it is found by. */
	readonly activity: Activity;
	/** The type of the activity behind it: another one than its own if it is a lead state. */
	readonly cause: string;
	readonly teamId: string;
	/** When lemlist came to know of it, on lemlist's clock; its own time may be long before that. */
	readonly knownAt: number;
	/** How long after that the list has it. */
	readonly lateMs: number;
	/** Identifiers that it has where the rules have it differ: as a state of its own, and in the list. */
	readonly ids: { readonly state: string; readonly list: string };
	/** Whether a receiver took it from a hook. */
	isTaken: boolean;
	/** So many pages that it could be on are answered before it is deleted. */
	pagesLeft: number;
}

/** What is known of something that happens. */
export interface Circumstances {
	/** By default the activity's, else the sandbox's first team. */
	teamId?: string | undefined;
	cause?: string | undefined;
	lateMs?: number | undefined;
}

/** An activity as something that happens now. */
export function happeningOf(
	activity: Activity,
	{ teamId, cause = activity.type, lateMs = 0 }: Circumstances,
	rules: Rules,
): Happening {
	return {
		activity,
		cause,
		teamId: teamId ?? teamOf(activity),
		knownAt: lemlistNow(rules),
		lateMs,
		ids: { state: newId('act'), list: newId('act') },
		isTaken: false,
		pagesLeft: Infinity,
	};
}

export class Happenings {
	private readonly kept = new Map<unknown, Happening>();

	constructor(private readonly rules: Rules) {}

	/** Keeps something that happens. @returns what is kept already, where it is the same once more */
	add(happening: Happening): Happening {
		const { activity, teamId } = happening;
		const { _id, type } = activity;
		const name = _id === undefined ? happening : JSON.stringify([teamId, _id, type]);
		const kept = this.kept.get(name) ?? happening;
		this.kept.set(name, kept);
		return kept;
	}

	/** One team's, as far as the list has it by now. */
	ofTeam(teamId: string): Happening[] {
		const now = lemlistNow(this.rules);
		return [...this.kept.values()].filter(
			(happening) =>
				happening.teamId === teamId && happening.pagesLeft > 0 && this.listedFrom(happening) <= now,
		);
	}

	/** Deletes an activity, and the lead state of that identifier, for good. @returns whether there was one */
	lose(id: string, afterPages: number): boolean {
		const lost = [...this.kept.values()].filter(({ activity }) => activity._id === id);
		for (const happening of lost) happening.pagesLeft = afterPages;
		return lost.length > 0;
	}

	/** Forgets everything. */
	clear(): void {
		this.kept.clear();
	}

	private listedFrom({ activity, knownAt, lateMs }: Happening): number {
		return knownAt + Math.max(lateMs, this.rules.lateListing[activity.type] ?? 0);
	}
}

/** Whether it is a lead state, which an activity of another type brought about. */
export function isLeadState({ activity }: Happening): boolean {
	return isState(activity.type);
}

function teamOf({ teamId }: Activity): string {
	return typeof teamId === 'string' ? teamId : SANDBOX_TEAM;
}
