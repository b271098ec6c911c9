/** Every event once, in the newest n8n 1: the central situations, first while it runs, then around a stop. */
import { NEWEST_N8N } from '../e2e/n8n/versions';
import { liveThroughAll } from './n8n/situations';
import { EVENT_ADDED, TRIED_AGAIN } from './situations/edits';
import * as outages from './situations/outages';
import {
	HOOKS_VANISH,
	NOBODY_NOTICED,
	SENT_AGAIN,
	SWITCHED_OFF_AND_ON,
} from './situations/running';

const RUNNING = [SENT_AGAIN, HOOKS_VANISH, NOBODY_NOTICED, SWITCHED_OFF_AND_ON];
const EDITS = [EVENT_ADDED, TRIED_AGAIN];
const OUTAGES = [
	outages.WHILE_DOWN,
	outages.FOR_A_DAY,
	outages.BEFORE_PUBLISHING,
	outages.HOOK_GONE,
	outages.OTHER_IDS,
	outages.ALL_EVENTS,
	outages.LEMLIST_DOWN,
	outages.STORE_DOWN,
	outages.NOT_SAVED,
];

liveThroughAll([...OUTAGES, ...RUNNING, ...EDITS], { version: NEWEST_N8N[1], ends: 'stop' });
