/** Every event once, in a real n8n that is killed (SIGKILL), and once more while it catches up. */
import { liveThroughAll } from './n8n/situations';
import { BURST, HALF_CAUGHT_UP, untilCounted } from './situations/crowds';
import { ALL_EVENTS, FOR_A_DAY, HOOK_GONE, WHILE_DOWN } from './situations/outages';

const SITUATIONS = [HALF_CAUGHT_UP, BURST, WHILE_DOWN, FOR_A_DAY, HOOK_GONE, ALL_EVENTS];

liveThroughAll(SITUATIONS, {
	ends: 'kill',
	betweenStartsMs: 100,
	afterwards: async (host, [halfCaughtUp]) => {
		if (halfCaughtUp !== undefined) await untilCounted(halfCaughtUp, 8);
		await host.n8n.kill();
		await host.n8n.start();
	},
});
