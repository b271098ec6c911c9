// Who takes part in the sandbox's campaigns: the same few people in every activity, at domains and
// numbers that are set aside for examples.
import { fixedId } from './identifiers';

/** The lead that things happen to. */
export const LEAD = {
	id: fixedId('lea', 'SandboxLead', 1),
	contactId: fixedId('ctc', 'SandboxContact', 1),
	email: 'ada.martin@example.com',
	firstName: 'Ada',
	lastName: 'Martin',
	companyName: 'Example SAS',
	phone: '+33199001234',
	picture: 'https://example.com/pictures/ada-martin.jpg',
	linkedinUrl: 'https://www.linkedin.com/in/ada-martin-example',
} as const;

/** Somebody at the lead's company who is not a lead, and answers all the same. */
export const COLLEAGUE = {
	contactId: fixedId('ctc', 'SandboxContact', 2),
	email: 'grace.okafor@example.com',
	firstName: 'Grace',
	lastName: 'Okafor',
} as const;

/** The lemlist user in whose name campaigns write. */
export const SENDER = {
	id: fixedId('usr', 'SandboxUser', 1),
	mailboxId: fixedId('usm', 'SandboxMailbox', 1),
	email: 'sam.weber@example.org',
	name: 'Sam Weber',
} as const;

/** A person the way email fields name them. */
export function recipient({ email, ...person }: Person): { address: string; name: string } {
	return {
		address: email,
		name: 'name' in person ? person.name : `${person.firstName} ${person.lastName}`,
	};
}

type Person = { email: string } & ({ name: string } | { firstName: string; lastName: string });
