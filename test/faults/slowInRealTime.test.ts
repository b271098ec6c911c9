/**
 * A lemlist that takes its time, in real time: what is published in one go, and that nothing is left where
 * it cannot be. Publishing goes as n8n 2.41 does it. Each scene has a lemlist of its own, so all happen at once.
 */
import { EVENTS as CATALOGUE } from '../../nodes/LemlistTrigger/settings/events';
import { Host, type Trigger } from '../integration/host';
import { DELETE, millisecondsOf, pause, POST } from '../integration/stage';
import { startSandbox, type FaultTrigger, type Sandbox } from '../sandbox';

const EVERY_EVENT = CATALOGUE.map(({ type }) => type);
/** Five tries, pauses that double, and an end to it all. */
const TRIES = 5;
const PUBLICATION_MS = 84_000;
const UNPUBLISHING_MS = 20_000;
const PATIENCE_MS = 240_000;

interface Scene {
	lemlist: Sandbox;
	trigger: Trigger;
}

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

async function expectPublishedInOneGo({ lemlist, trigger }: Scene): Promise<void> {
	expect(await publish(trigger)).toEqual({ error: undefined, tries: 1 });
	expect(lemlist.hooks).toHaveLength(CATALOGUE.length);
}

async function expectRefusedInWords({ lemlist, trigger }: Scene, words: RegExp): Promise<void> {
	const publication = publish(trigger);
	expect(await millisecondsOf(publication)).toBeLessThan(PUBLICATION_MS);
	expect((await publication).error?.message).toMatch(words);
	expect(lemlist.hooks).toEqual([]);
}

async function atTwoSeconds(scene: Scene): Promise<void> {
	const { lemlist, trigger } = scene;
	lemlist.rules.latencyMs = 2_000;
	await expectPublishedInOneGo(scene);
	expect(await millisecondsOf(trigger.deactivate())).toBeLessThan(UNPUBLISHING_MS);
	expect(lemlist.hooks).toEqual([]);
	trigger.options.parameters.options = { firstActivityOnly: true };
	await trigger.activate('update');
	expect(lemlist.hooks.filter(({ isFirst }) => isFirst).length).toBeGreaterThan(0);
	expect(lemlist.hooks).toHaveLength(CATALOGUE.length);
}

async function tooSlow(scene: Scene): Promise<void> {
	scene.lemlist.rules.latencyMs = 5_500;
	await expectRefusedInWords(
		scene,
		new RegExp(
			`^lemlist (answers too slowly right now to register ${String(CATALOGUE.length)} webhooks|took too long)`,
		),
	);
	scene.lemlist.rules.latencyMs = 1_300;
	await expectPublishedInOneGo(scene);
}

async function sixEvents({ lemlist, trigger }: Scene): Promise<void> {
	lemlist.rules.latencyMs = 4_500;
	trigger.options.parameters.events = EVERY_EVENT.slice(0, 6);
	expect(await publish(trigger)).toEqual({ error: undefined, tries: 1 });
}

function slowAt(on: FaultTrigger) {
	return async (scene: Scene): Promise<void> => {
		const { lemlist, trigger } = scene;
		lemlist.fault({ on, effect: { name: 'delay', ms: 5_500 }, times: Infinity });
		await expectPublishedInOneGo(scene);
		await trigger.deactivate();
		expect(lemlist.hooks).toEqual([]);
	};
}

async function silentInTheMiddle(scene: Scene): Promise<void> {
	scene.lemlist.rules.latencyMs = 1_300;
	scene.lemlist.fault({ on: { ...POST, nth: 40 }, effect: 'hangBefore', times: Infinity });
	await expectRefusedInWords(scene, /^lemlist/);
}

const SCENES: ReadonlyArray<readonly [string, (scene: Scene) => Promise<void>]> = [
	['at 2 s an answer, all events are published in one go, edited, and unpublished', atTwoSeconds],
	[
		"at 5.5 s an answer, nothing is left, and who publishes again later has all of n8n's time again",
		tooSlow,
	],
	['at 4.5 s an answer, six events are published in one go', sixEvents],
	[
		'where POST alone takes 5.5 s, all events are published in one go and unpublished',
		slowAt(POST),
	],
	[
		'where DELETE alone takes 5.5 s, all events are published in one go and unpublished',
		slowAt(DELETE),
	],
	[
		"where lemlist neither acts nor answers any more in the middle, all tries and deletes end in n8n's time, and nothing is left",
		silentInTheMiddle,
	],
];

const outcomes = new Map<string, Promise<void>>();
const scenes: Scene[] = [];
let host: Host;

async function newScene(): Promise<Scene> {
	const lemlist = await startSandbox();
	const data = { apiKey: lemlist.apiKey, webhookSecret: '', baseUrl: lemlist.apiUrl };
	const parameters = { events: EVERY_EVENT, campaigns: [], options: {} };
	const scene = { lemlist, trigger: host.trigger({ parameters, credential: { data } }) };
	scenes.push(scene);
	return scene;
}

beforeAll(async () => {
	host = await Host.start();
	for (const [name, play] of SCENES) outcomes.set(name, play(await newScene()));
	await Promise.allSettled(outcomes.values());
}, PATIENCE_MS);
afterAll(async () => {
	for (const { lemlist, trigger } of scenes) {
		await trigger.stop();
		await lemlist.close();
	}
	await host.close();
});

test.each(SCENES)('%s', async (name) => {
	await outcomes.get(name);
	expect(outcomes.has(name)).toBe(true);
});
