/** Every event once, in a real n8n that runs: see situations/running.ts. */
import { liveThroughAll } from './n8n/situations';
import { RUNNING } from './situations/running';

liveThroughAll(RUNNING, { sandbox: { rules: { unknownCampaign: 'accept' } } });
