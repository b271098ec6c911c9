/**
 * An n8n that lemlist cannot reach: what happens is looked up every minute (here, every few seconds). Every
 * event once, in a real n8n of both versions, which is killed.
 */
import { N8N_VERSIONS } from '../e2e/n8n/versions';
import { liveThroughAll } from './n8n/situations';
import { LOOK_UP_SECONDS, LOOK_UPS } from './situations/lookUps';

describe.each([...N8N_VERSIONS])('n8n %s', (version) => {
	liveThroughAll(LOOK_UPS, { version, lookUpSeconds: LOOK_UP_SECONDS, ends: 'kill' });
});
