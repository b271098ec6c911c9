/** The parts of the benchmark, in the order in which they run and stand in the document. */
import { activation } from './activation';
import { deliveries } from './deliveries';
import { ownWork } from './ownWork';
import type { Part } from './part';

export const PARTS: readonly Part[] = [ownWork, deliveries, activation];
