/** Every event once, and nothing else, in a real n8n that is stopped and started again: see situations/outages.ts. */
import { liveThroughAll } from './n8n/situations';
import { NOTHING_ELSE } from './situations/outages';

liveThroughAll(NOTHING_ELSE, { ends: 'stop', sandbox: { rules: { unknownCampaign: 'accept' } } });
