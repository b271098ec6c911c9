/**
 * An n8n that lemlist cannot reach: what happens is looked up every minute (here, every few seconds). Every
 * event once, in a real n8n of both versions, which is killed.
 */
import { N8N_VERSIONS } from '../e2e/n8n/versions';
import { liveThroughAll } from './n8n/situations';
import { LOOK_UP_SECONDS, LOOK_UPS } from './situations/lookUps';

/** n8n 1 publishes one workflow after the other, so it lives through those alone whose publication it handles differently. */
const IN_N8N_1 = LOOK_UPS.filter(({ name }) => !name.includes('while lemlist'));

describe.each([...N8N_VERSIONS])('n8n %s', (version) => {
	liveThroughAll(version.startsWith('1.') ? IN_N8N_1 : LOOK_UPS, {
		version,
		lookUpSeconds: LOOK_UP_SECONDS,
		ends: 'kill',
	});
});
