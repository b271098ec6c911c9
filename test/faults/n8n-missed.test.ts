/**
 * Every event once, in a real n8n that is stopped and started again: whether lemlist delivers it or never does,
 * it starts its workflow once, and nothing starts it that should not. See situations/outages.ts.
 */
import { liveThroughAll } from './n8n/situations';
import { OUTAGES } from './situations/outages';

liveThroughAll(OUTAGES, { ends: 'stop' });
