/** The parts of the benchmark, in the order in which they run and stand in the document. */
import { activation } from './activation';
import { deliveries } from './deliveries';
import { largeTeam } from './largeTeam';
import { ownWork } from './ownWork';
import type { Part } from './part';
import { queue } from './queue';
import { start } from './start';

export const PARTS: readonly Part[] = [ownWork, deliveries, queue, activation, start, largeTeam];
