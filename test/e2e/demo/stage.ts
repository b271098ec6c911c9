// What the demo's steps hand to each other.
import type { Sandbox } from '../../sandbox';
import type { Credential, Editor, Workflow } from '../n8n/editor';
import type { Installation } from '../n8n/installation';
import type { Instance } from '../n8n/instance';
import type { HookWatch } from './hookWatch';
import type { Settings } from './settings';

/** A place that one step fills and later ones read. */
class Slot<Content> {
	private content: Content | undefined;

	constructor(private readonly name: string) {}

	/** @throws an Error if no step has filled it */
	get value(): Content {
		if (this.content === undefined) throw new Error(`No step has made ${this.name} yet`);
		return this.content;
	}

	/** What it holds, if anything. */
	get ifFilled(): Content | undefined {
		return this.content;
	}

	fill(content: Content): Content {
		this.content = content;
		return content;
	}
}

export class Stage {
	readonly installation = new Slot<Installation>('the installation of n8n');
	readonly tarball = new Slot<string>('the package');
	readonly sandbox = new Slot<Sandbox>('the stand-in for lemlist');
	readonly hookWatch = new Slot<HookWatch>('the watch over the hooks');
	readonly n8n = new Slot<Instance>('n8n');
	readonly editor = new Slot<Editor>('the session in n8n');
	readonly credential = new Slot<Credential>('the credential');
	readonly workflow = new Slot<Workflow>('the workflow');

	constructor(
		readonly settings: Settings,
		/** Everything that the demo writes, n8n's own folder included; gone in the end. */
		readonly folder: string,
	) {}
}
