/** A map that lets go of what nobody has asked for in a day: workflows come and go while a process stays. */
import { clock } from './clock';

const DAY_MS = 24 * 60 * 60 * 1_000;

export class ForgetfulMap<Value> {
	private readonly entries = new Map<string, { value: Value; lastUse: number }>();

	/** @param make gives what stands under a key that is new */
	constructor(private readonly make: () => Value) {}

	/** @returns what stands under a key. Asking keeps it for another day */
	of(key: string): Value {
		this.letGo();
		const { value } = this.entries.get(key) ?? { value: this.make() };
		this.set(key, value);
		return value;
	}

	/** Puts something under a key, last in the line of those to go. */
	set(key: string, value: Value): void {
		this.entries.delete(key);
		this.entries.set(key, { value, lastUse: clock.now() });
	}

	/** @returns how many entries there are */
	get size(): number {
		return this.entries.size;
	}

	/** Entries stand in the order of their last use. */
	private letGo(): void {
		for (const [key, { lastUse }] of this.entries) {
			if (lastUse + DAY_MS > clock.now()) return;
			this.entries.delete(key);
		}
	}
}
