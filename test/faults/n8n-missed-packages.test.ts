/**
 * Every event once, across versions of this package: from one that lets every delivery pass to the present one,
 * and there and back. What happened before the present one knows of it starts nothing.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { unpackFor } from '../e2e/n8n/package';
import type { EventType } from '../sandbox';
import { untilDesired } from './n8n/desired';
import { Host, setIntervals } from './n8n/host';
import { Ledger, startsOf, type Starts } from './n8n/ledger';
import { packCommit, WITHOUT_GATE } from './n8n/olderPackage';
import { LOOK_BACK_SECONDS, untilAllStarted, untilQuiet, WANTED_AFTER_MS } from './n8n/situations';
import { Trigger } from './n8n/trigger';

const EVENTS: readonly EventType[] = ['emailsReplied', 'linkedinReplied'];

let host: Host;
let ledgers: { thereAndBack: Ledger; updated: Ledger };
let starts: { thereAndBack?: Starts | undefined; updated?: Starts | undefined };

async function published(): Promise<Ledger> {
	const trigger = await Trigger.make(host, { events: EVENTS });
	await trigger.activate();
	await untilDesired(trigger);
	return new Ledger(trigger);
}

/** @param happens while n8n does not run */
async function install(tarball: string, happens: () => void = () => undefined): Promise<string> {
	await host.n8n.stop();
	happens();
	const folder = await unpackFor(host.n8n.userFolder, tarball);
	await rm(folder, { recursive: true });
	return await unpackFor(host.n8n.userFolder, tarball);
}

async function eachIsSent(all: readonly Ledger[]): Promise<void> {
	for (const ledger of all) {
		await host.untilItServes(ledger.trigger.webhookUrl);
		await ledger.isSent();
		await ledger.isSent(ledger.an('linkedinReplied'));
	}
}

beforeAll(async () => {
	host = await Host.start({ lookBackSeconds: LOOK_BACK_SECONDS });
	const older = await packCommit(WITHOUT_GATE, join(host.folder, 'older'));
	const thereAndBack = await published();
	await eachIsSent([thereAndBack]);
	await install(older);
	await host.n8n.start();
	const updated = await published();
	ledgers = { thereAndBack, updated };
	const both = [thereAndBack, updated];
	await eachIsSent(both);
	const folder = await install(host.tarball, () => {
		for (const ledger of both) ledger.happensInVain(ledger.an());
	});
	await setIntervals(folder, { lookBackSeconds: LOOK_BACK_SECONDS });
	await host.n8n.start();
	await eachIsSent(both);
	await sleep(WANTED_AFTER_MS);
	for (const ledger of both) ledger.happens(ledger.an());
	await untilAllStarted(host, both).catch(() => undefined);
	await untilQuiet();
	const [one, other] = await startsOf(host, both);
	starts = { thereAndBack: one, updated: other };
});

afterAll(async () => {
	await host.close();
});

test.each(['thereAndBack', 'updated'] as const)(
	'%s: what is delivered starts it once, whichever version takes it; what is missed before the present one knows of it, never',
	(which) => {
		expect(starts[which]?.ids).toEqual(ledgers[which].wanted);
	},
);
