// The leads that anybody can look up: lemlist knows one person, by one id and by every address.
import { SANDBOX_CAMPAIGN } from './campaigns';
import { LEAD } from './people';

const { firstName, lastName, companyName } = LEAD;
const VARIABLES = { firstName, lastName, companyName, jobTitle: 'Head of Sales' };

interface LeadName {
	id: string;
	email: string;
}

/** Which lead an id or an address means; undefined where it is neither. */
export function leadCalled(idOrEmail: string): LeadName | undefined {
	if (idOrEmail === LEAD.id) return { id: LEAD.id, email: LEAD.email };
	return idOrEmail.includes('@') ? { id: LEAD.id, email: idOrEmail } : undefined;
}

/** A lead as version 2 of the call tells it, a list with one entry a campaign; flat as of old otherwise. */
export function toldLead({ id, email }: LeadName, version: string | undefined): unknown {
	if (version !== 'v2') return { _id: id, email, ...VARIABLES };
	const campaign = { id: SANDBOX_CAMPAIGN, name: 'Founders in Paris', status: 'running' };
	return [
		{
			_id: id,
			isPaused: false,
			state: 'interested',
			status: 'interested',
			variables: { ...VARIABLES, email },
			campaign,
		},
	];
}
