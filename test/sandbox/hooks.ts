// The hooks that lemlist keeps, what it tells of them, and which of them an event goes to.
import { lemlistNow } from './clock';
import { newId, SANDBOX_TEAM } from './identifiers';
import type { Rules } from './rules';
import type { Activity, StoredHook } from './types';

const SOMEBODY_ELSES_URL = 'https://somebody-else.example.com/lemlist';

export class HookStore {
	private stored: StoredHook[] = [];

	constructor(private readonly rules: Rules) {}

	/** Keeps a hook as it is. */
	add(hook: Partial<StoredHook> = {}): StoredHook {
		const added: StoredHook = {
			_id: newId('hoo'),
			targetUrl: SOMEBODY_ELSES_URL,
			createdAt: new Date(lemlistNow(this.rules)).toISOString(),
			teamId: SANDBOX_TEAM,
			isFirst: false,
			...hook,
		};
		this.stored.push(added);
		return added;
	}

	/** Removes a hook and returns it, if it was there. */
	remove(id: string): StoredHook | undefined {
		const hook = this.stored.find(({ _id }) => _id === id);
		this.stored = this.stored.filter((other) => other !== hook);
		return hook;
	}

	/** Switches a hook off for good and returns it, if it was there and on. */
	switchOff(id: string): StoredHook | undefined {
		const hook = this.stored.find(({ _id, disabled }) => _id === id && disabled !== true);
		if (hook) hook.disabled = true;
		return hook;
	}

	/** Whether a hook is still there, and on. */
	isOn(hook: StoredHook): boolean {
		return this.stored.includes(hook) && hook.disabled !== true;
	}

	/** Every team's hooks, oldest first. */
	all(): readonly StoredHook[] {
		return this.stored;
	}

	/** One team's hooks, oldest first. */
	ofTeam(teamId: string): StoredHook[] {
		return this.stored.filter((hook) => hook.teamId === teamId);
	}

	/** Forgets every hook. */
	clear(): void {
		this.stored = [];
	}
}

const ORDERS: Record<Rules['hookOrder'], (hooks: StoredHook[]) => StoredHook[]> = {
	oldest: (hooks) => hooks,
	newest: (hooks) => [...hooks].reverse(),
	random: (hooks) =>
		hooks
			.map((hook) => ({ hook, place: Math.random() }))
			.sort((a, b) => a.place - b.place)
			.map(({ hook }) => hook),
};

/** What GET /hooks tells: in the order and the pages of the rules, never a secret. */
export function listed(hooks: StoredHook[], query: Record<string, string>, rules: Rules): object[] {
	const ordered = ORDERS[rules.hookOrder](hooks).map((hook) => told(hook, rules));
	if (rules.hookPages === 'all') return ordered;
	const { size } = rules.hookPages;
	const offset = Number(query.offset ?? 0);
	return ordered.slice(offset, offset + Math.min(Number(query.limit ?? size), size));
}

/** What lemlist tells of a hook in a list and when it deletes it. */
export function told(hook: StoredHook, rules: Rules): object {
	const { zapId, isFirst, disabled = false } = hook;
	return {
		...toldOnCreation(hook),
		...(zapId !== undefined && { zapId }),
		...(rules.listIsFirst && { isFirst }),
		...((disabled || rules.listDisabled === 'always') && { disabled }),
	};
}

/** What lemlist tells of a hook that it has just made. */
export function toldOnCreation({
	_id,
	targetUrl,
	createdAt,
	type,
	campaignId,
}: StoredHook): object {
	return {
		_id,
		targetUrl,
		createdAt,
		...(type !== undefined && { type }),
		...(campaignId !== undefined && { campaignId }),
	};
}

/** Whether lemlist posts this activity, which is an event of the given type, to a hook. */
export function wants(hook: StoredHook, event: string, activity: Activity, rules: Rules): boolean {
	return (
		hook.disabled !== true &&
		(hook.type === undefined || hook.type === event) &&
		wantsCampaign(hook, activity, rules) &&
		wantsRepeats(hook, activity, rules)
	);
}

function wantsCampaign({ campaignId }: StoredHook, activity: Activity, rules: Rules): boolean {
	if (campaignId === undefined || activity.campaignId === campaignId) return true;
	return (
		activity.campaignId === undefined &&
		activity.isThirdPartyReply === true &&
		rules.thirdPartyThroughCampaignHook
	);
}

function wantsRepeats({ isFirst }: StoredHook, activity: Activity, rules: Rules): boolean {
	if (!isFirst) return true;
	return activity.isFirst === undefined
		? rules.unflaggedThroughFirstHook
		: activity.isFirst === true;
}
