/**
 * The fault matrix: what can go wrong between the trigger and lemlist, what the trigger makes of it,
 * and what somebody reads then. The tests are generated from it, and docs/reliability.md shows it.
 */
import type { FaultRow } from './matrixVocabulary';
import { LOOKING, STARTING } from './rows/looking';
import { MAKING } from './rows/making';
import { CHECKING, SWITCHED_OFF, WAITING } from './rows/keeping';
import { LOOKING_TO_REMOVE, REMOVING } from './rows/unpublishing';
import { LISTING } from './rows/campaigns';

export { TEAM_MATRIX, type TeamRow } from './rows/team';

export const MATRIX: readonly FaultRow[] = [
	...MAKING,
	...LOOKING,
	...STARTING,
	...CHECKING,
	...LOOKING_TO_REMOVE,
	...REMOVING,
	...SWITCHED_OFF,
	...LISTING,
	...WAITING,
];
