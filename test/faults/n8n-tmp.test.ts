import { liveThroughAll } from './n8n/situations';
import * as all from './situations/outages';
liveThroughAll([all.WHILE_DOWN, all.FOR_A_DAY, all.OTHER_IDS, all.LEMLIST_DOWN], { ends: 'stop', sandbox: { rules: { unknownCampaign: 'accept' } } });
