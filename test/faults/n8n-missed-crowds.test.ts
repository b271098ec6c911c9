/** Every event once, in a real n8n that is stopped: many events, see situations/crowds.ts. */
import { liveThroughAll } from './n8n/situations';
import { BURST, MANY_MISSED } from './situations/crowds';

liveThroughAll([...MANY_MISSED, BURST], { ends: 'stop', betweenStartsMs: 50 });
