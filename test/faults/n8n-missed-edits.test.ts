/** Every event once, in a real n8n that runs: see situations/edits.ts. */
import { liveThroughAll } from './n8n/situations';
import { EDITS } from './situations/edits';

liveThroughAll(EDITS, { sandbox: { rules: { unknownCampaign: 'accept' } } });
