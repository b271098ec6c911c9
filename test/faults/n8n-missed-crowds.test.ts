/** Every event once, in a real n8n that is stopped: many events, see situations/crowds.ts. */
import { liveThroughAll } from './n8n/situations';
import { BURST, MANY_MISSED } from './situations/crowds';
import { UNDER_TRAFFIC } from './situations/edits';

liveThroughAll([...MANY_MISSED, UNDER_TRAFFIC, BURST], { ends: 'stop', betweenStartsMs: 50 });
