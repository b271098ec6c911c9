// Tells of every hook that comes to or goes from the stand-in for lemlist.
import type { Sandbox, StoredHook } from '../../sandbox';

/** Takes a change and how many hooks there are after it. */
type HookListener = (change: 'made' | 'removed', hook: StoredHook, left: number) => void;

export class HookWatch {
	private known: readonly StoredHook[] = [];
	private readonly stop: () => void;

	constructor(
		private readonly sandbox: Sandbox,
		private readonly listener: HookListener,
	) {
		this.stop = sandbox.onChange(() => {
			this.look();
		});
	}

	/** Ends the watch. */
	end(): void {
		this.stop();
	}

	private look(): void {
		const before = this.known;
		const now = [...this.sandbox.hooks];
		this.known = now;
		const removed = without(before, now);
		const made = without(now, before);
		// As if one at a time, even where several changed between two looks.
		removed.forEach((hook, index) => {
			this.listener('removed', hook, before.length - index - 1);
		});
		made.forEach((hook, index) => {
			this.listener('made', hook, now.length - made.length + index + 1);
		});
	}
}

function without(hooks: readonly StoredHook[], others: readonly StoredHook[]): StoredHook[] {
	return hooks.filter(({ _id }) => !others.some((other) => other._id === _id));
}
