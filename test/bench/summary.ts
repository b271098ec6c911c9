/**
 * What docs/performance.md says in words and round figures, made from its own tables: so neither can be
 * at odds with the other. The paragraphs stand between marks, as the tables do.
 */
import { fill, row, table } from '../package/markdown';
import { NAMES } from './contenders';
import { rounded } from './figures';
import type { HostSetting } from './hostSettings';
import { IN_WORDS, WITHOUT_GATE } from './ungated';

const [AS_IT_COMES, WHEN_NEEDED] = [
	'as n8n comes',
	'isolates when needed',
] as const satisfies readonly HostSetting[];
const ACCEPTED = 'Accepted deliveries';
const COST = 'Processor time of an accepted delivery';
const COST_REFUSED = 'Processor time of a refused delivery';
/** With 100 messages a sender and day, 4 events each, 8 hours, and a busiest minute ten times the average. */
const PEAK_OF_A_SENDER = (100 * 4 * 10) / (8 * 3_600);
const SENDERS = [10, 50, 100, 400, 1_000] as const;
/** The rest of what n8n can do is for the workflows. */
const SHARE_FOR_DELIVERIES = 0.5;

/** A line of a table; medians only. */
interface Line {
	what: string;
	beside: string;
	value: number;
	besideValue: number;
	ratio: number;
}

/** The lines of all tables of the document. */
class Tables {
	private readonly lines: readonly Line[];

	constructor(text: string) {
		this.lines = text
			.split('\n')
			.filter((line) => line.startsWith('| '))
			.map(lineOf);
	}

	/** @throws Error when there is no such line */
	line(what: string, beside?: string): Line {
		const found = this.lines.find(
			(line) => line.what === what && (beside === undefined || line.beside === beside),
		);
		if (found === undefined)
			throw new Error(
				`No table has a line "${what}"${beside === undefined ? '' : ` beside "${beside}"`}`,
			);
		return found;
	}

	/** The table goes from few events to all that there were when it was measured. @throws Error when there is none */
	activationOfMost(): Line {
		const found = this.lines.findLast(({ what }) => /^Activation of \d+ events$/.test(what));
		if (found === undefined) throw new Error('No table has a line "Activation of … events"');
		return found;
	}

	rate(setting: string, beside: string): Line {
		return this.line(`${ACCEPTED}, ${setting}`, beside);
	}

	cost(setting: string, beside: string = NAMES.bare): Line {
		return this.line(`${COST}, ${setting}`, beside);
	}

	/** With as much in n8n's store as it holds; undefined where that was not measured. */
	gated(what: string, setting: string): Line | undefined {
		const name = `${what}, ${IN_WORDS.full}, ${setting}`;
		return this.lines.find((line) => line.what === name && line.beside === WITHOUT_GATE);
	}

	refused(setting: string): Line {
		return this.line(`${COST_REFUSED}, ${setting}`, 'an accepted one');
	}
}

function lineOf(text: string): Line {
	const [what = '', measured = '', besideIt = '', ratio = ''] = text.slice(2, -2).split(' | ');
	return {
		what,
		beside: besideIt.split(': ').slice(1).join(': '),
		value: numberIn(measured),
		besideValue: numberIn(besideIt),
		ratio: numberIn(ratio),
	};
}

function numberIn(cell: string): number {
	return Number.parseFloat(cell.replaceAll(',', ''));
}

function inShort(tables: Tables): string {
	const rateOf = (setting: string) =>
		rounded(Math.round(tables.rate(setting, NAMES.builtIn).value));
	const beside = (setting: string, contender: string) =>
		`${rounded(tables.rate(setting, contender).ratio)} ×`;
	const [gated, gatedLazily] = [AS_IT_COMES, WHEN_NEEDED].map(
		(setting) => tables.gated(ACCEPTED, setting)?.ratio,
	);
	const share = (what: string) => {
		const { value, besideValue } = tables.line(what);
		return `${String(Math.round(100 * (value / besideValue)))} %`;
	};
	const everyEvent = tables.activationOfMost();
	return [
		`- Our own work on a delivery takes **${tables.line('Receive a delivery of 1 kB').value.toFixed(1)} µs**, whatever its size. n8n's takes thousands of times as long, so n8n decides how many deliveries a second you can have.`,
		`- As n8n comes, this trigger takes **${rateOf(AS_IT_COMES)} deliveries a second**: ${beside(AS_IT_COMES, NAMES.builtIn)} n8n's own Lemlist Trigger, ${beside(AS_IT_COMES, NAMES.header)} a Webhook node that checks a header, and ${beside(AS_IT_COMES, NAMES.bare)} a Webhook node that checks nothing, for a reason [that lies in n8n](#what-a-delivery-costs).`,
		`- With [one setting of n8n](#a-setting-that-makes-n8n-much-faster) it takes **${rateOf(WHEN_NEEDED)} a second**: ${beside(WHEN_NEEDED, NAMES.bare)} the bare Webhook node, ${beside(WHEN_NEEDED, NAMES.header)} one that checks a header, and ${beside(WHEN_NEEDED, NAMES.builtIn)} the built-in Lemlist Trigger.`,
		`- A forged delivery takes ${rounded(tables.refused(AS_IT_COMES).ratio)} × the processor time of a genuine one, ${rounded(tables.refused(WHEN_NEEDED).ratio)} × with that setting, and leaves nothing in n8n's database.`,
		...(gated === undefined || gatedLazily === undefined
			? []
			: [
					`- The gate, with which each event starts the workflow once, leaves ${rounded(gated)} × of the deliveries a second, ${rounded(gatedLazily)} × with that setting.`,
				]),
		`- Publishing makes three requests and one for each event. ${everyEvent.what.replace('Activation of', 'All')} take ${everyEvent.value.toFixed(1)} seconds, which is what lemlist's limit makes of them.`,
		`- The checks of 50 workflows use ${share('Their checks in an hour, one every 5 minutes')} of what lemlist allows one API key, and looking for missed events ${share('Looks back in an hour, 50 workflows of 3 events, an event every 5 minutes')}.`,
	].join('\n');
}

function costs(tables: Tables): string {
	const [asItComes, whenNeeded] = [tables.cost(AS_IT_COMES), tables.cost(WHEN_NEEDED)];
	const [gated, gatedLazily] = [tables.gated(COST, AS_IT_COMES), tables.gated(COST, WHEN_NEEDED)];
	const more = ({ value, besideValue }: Line) => ms(value - besideValue);
	const ours = `${(tables.line('Receive a delivery of 1 kB').value / 1_000).toFixed(3)} ms`;
	return table(
		['What', 'As n8n comes', 'With isolates when needed'],
		[
			row(
				'n8n: receive it, run a workflow of two nodes, save the execution (bare Webhook node)',
				ms(asItComes.besideValue),
				ms(whenNeeded.besideValue),
			),
			row('n8n: a second isolate, for a call of any other node', more(asItComes), '–'),
			row(
				'n8n: a trigger with a credential, beside one without: look up in the database whether the workflow may use it',
				'in the above',
				more(whenNeeded),
			),
			row('This trigger: verify, filter, shape', ours, ours),
			...(gated === undefined || gatedLazily === undefined
				? []
				: [row("This trigger: the gate, with n8n's store full", more(gated), more(gatedLazily))]),
			row('**In all, accepted**', `**${ms(asItComes.value)}**`, `**${ms(whenNeeded.value)}**`),
			row(
				'**In all, refused**',
				`**${ms(tables.refused(AS_IT_COMES).value)}**`,
				`**${ms(tables.refused(WHEN_NEEDED).value)}**`,
			),
		],
	);
}

function ms(value: number): string {
	return `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}

function sizing(tables: Tables): string {
	const enough = (setting: string) =>
		SHARE_FOR_DELIVERIES * tables.rate(setting, NAMES.builtIn).value;
	const verdicts = [
		['enough', enough(AS_IT_COMES)],
		['with isolates when needed', enough(WHEN_NEEDED)],
		['too much for one n8n: [queue mode](#in-queue-mode) on several machines', Infinity],
	] as const;
	const verdictOn = (peak: number) => verdicts.find(([, most]) => peak <= most)?.[0] ?? '';
	return table(
		['Senders', 'Deliveries a second at the peak', 'Two cores like ours'],
		SENDERS.map((senders) => {
			const peak = senders * PEAK_OF_A_SENDER;
			return row(rounded(senders), peak.toFixed(peak < 10 ? 1 : 0), verdictOn(peak));
		}),
	);
}

const PARAGRAPHS = { 'in-short': inShort, costs, sizing } as const;

/** @returns the document with its paragraphs as its tables want them. @throws Error when a line or a mark is missing */
export function summarized(text: string): string {
	const tables = new Tables(text);
	return Object.entries(PARAGRAPHS).reduce(
		(whole, [name, paragraph]) => fill(whole, name, paragraph(tables)),
		text,
	);
}
