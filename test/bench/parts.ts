/** The parts of the benchmark, in the order in which they run and stand in the document. */
import { activation } from './activation';
import { deliveries } from './deliveries';
import { gate } from './gate';
import { largeTeam } from './largeTeam';
import { missed } from './missed';
import { ownWork } from './ownWork';
import type { Part } from './part';
import { queue } from './queue';
import { start } from './start';

export const PARTS: readonly Part[] = [
	ownWork,
	deliveries,
	gate,
	queue,
	activation,
	start,
	missed,
	largeTeam,
];
