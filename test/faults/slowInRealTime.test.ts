/**
 * A lemlist that takes its time, in real time: what is published in one go, and that nothing is left where
 * it cannot be. Publishing goes as n8n 2.41 does it.
 */
import { EVENTS as CATALOGUE } from '../../nodes/LemlistTrigger/settings/events';
import type { Trigger } from '../integration/host';
import { DELETE, millisecondsOf, pause, POST, Stage } from '../integration/stage';
import type { FaultTrigger } from '../sandbox';

const EVERY_EVENT = { events: CATALOGUE.map(({ type }) => type) };
/** Five tries, pauses that double, and an end to it all. */
const TRIES = 5;
const PUBLICATION_MS = 84_000;
const UNPUBLISHING_MS = 20_000;
const PATIENCE_MS = 240_000;

const stage = new Stage();

/** Publishes as n8n does. @returns how many tries that took, and what the last one threw */
async function publish(trigger: Trigger): Promise<{ error: Error | undefined; tries: number }> {
	for (let tries = 1; ; tries += 1) {
		const error = await trigger.activate().then(
			() => undefined,
			(thrown: unknown) => thrown as Error,
		);
		if (error === undefined || tries === TRIES) return { error, tries };
		await pause(1_000 * 2 ** (tries - 1));
	}
}

async function expectPublishedInOneGo(trigger: Trigger): Promise<void> {
	expect(await publish(trigger)).toEqual({ error: undefined, tries: 1 });
	expect(stage.lemlist.hooks).toHaveLength(CATALOGUE.length);
}

async function expectRefusedInWords(trigger: Trigger, words: RegExp): Promise<void> {
	const publication = publish(trigger);
	expect(await millisecondsOf(publication)).toBeLessThan(PUBLICATION_MS);
	expect((await publication).error?.message).toMatch(words);
	expect(stage.lemlist.hooks).toEqual([]);
}

test(
	'at 2 s an answer, all events are published in one go, edited, and unpublished',
	async () => {
		stage.lemlist.rules.latencyMs = 2_000;
		const trigger = stage.trigger(EVERY_EVENT);
		await expectPublishedInOneGo(trigger);
		expect(await millisecondsOf(trigger.deactivate())).toBeLessThan(UNPUBLISHING_MS);
		expect(stage.lemlist.hooks).toEqual([]);
		trigger.options.parameters.options = { firstActivityOnly: true };
		await trigger.activate('update');
		expect(stage.lemlist.hooks.filter(({ isFirst }) => isFirst).length).toBeGreaterThan(0);
		expect(stage.lemlist.hooks).toHaveLength(CATALOGUE.length);
	},
	PATIENCE_MS,
);

test(
	"at 5.5 s an answer, nothing is left, and who publishes again later has all of n8n's time again",
	async () => {
		stage.lemlist.rules.latencyMs = 5_500;
		const trigger = stage.trigger(EVERY_EVENT);
		await expectRefusedInWords(
			trigger,
			new RegExp(
				`^lemlist (answers too slowly right now to register ${String(CATALOGUE.length)} webhooks|took too long)`,
			),
		);
		stage.lemlist.rules.latencyMs = 1_300;
		await expectPublishedInOneGo(trigger);
	},
	PATIENCE_MS,
);

test(
	'at 4.5 s an answer, six events are published in one go',
	async () => {
		stage.lemlist.rules.latencyMs = 4_500;
		expect(await publish(stage.trigger({ events: EVERY_EVENT.events.slice(0, 6) }))).toEqual({
			error: undefined,
			tries: 1,
		});
	},
	PATIENCE_MS,
);

test.each<[string, FaultTrigger]>([
	['POST', POST],
	['DELETE', DELETE],
])(
	'where %s alone takes 5.5 s, all events are published in one go and unpublished',
	async (_, on) => {
		stage.lemlist.fault({ on, effect: { name: 'delay', ms: 5_500 }, times: Infinity });
		const trigger = stage.trigger(EVERY_EVENT);
		await expectPublishedInOneGo(trigger);
		await trigger.deactivate();
		expect(stage.lemlist.hooks).toEqual([]);
	},
	PATIENCE_MS,
);

test(
	"where lemlist neither acts nor answers any more in the middle, all tries and deletes end in n8n's time, and nothing is left",
	async () => {
		stage.lemlist.rules.latencyMs = 1_300;
		stage.lemlist.fault({ on: { ...POST, nth: 40 }, effect: 'hangBefore', times: Infinity });
		await expectRefusedInWords(stage.trigger(EVERY_EVENT), /^lemlist/);
	},
	PATIENCE_MS,
);
