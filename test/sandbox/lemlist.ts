// What the stand-in knows at any time: rules, keys, hooks, campaigns, rate budgets, faults, records.
import { Faults } from './faults';
import { Happenings } from './happenings';
import { HookStore } from './hooks';
import { Journal } from './journal';
import { RateBudget } from './rateLimit';
import type { Rules } from './rules';
import type { Campaign, KeyHolder } from './types';

export class Lemlist {
	readonly keys = new Map<string, KeyHolder>();
	readonly hooks: HookStore;
	readonly campaigns: Campaign[] = [];
	readonly happenings: Happenings;
	readonly faults = new Faults();
	readonly journal = new Journal();
	readonly budget: RateBudget;
	/** Changes when everything is forgotten: what began before must not act after. */
	epoch = 0;

	constructor(readonly rules: Rules) {
		this.hooks = new HookStore(rules);
		this.happenings = new Happenings(rules);
		this.budget = new RateBudget(rules);
	}

	/** The campaigns of one team. */
	campaignsOf(teamId: string): Campaign[] {
		return this.campaigns.filter((campaign) => campaign.teamId === teamId);
	}

	/** Forgets everything but rules, keys and campaigns. */
	forget(): void {
		this.epoch += 1;
		this.hooks.clear();
		this.happenings.clear();
		this.faults.clear();
		this.budget.clear();
		this.journal.clear();
	}
}
