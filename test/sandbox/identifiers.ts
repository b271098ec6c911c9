// Identifiers the way lemlist makes them: a prefix that tells what it is, and 17 letters or digits.
import { randomInt } from 'node:crypto';

const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTWXYZabcdefghijkmnopqrstuvwxyz';
const LENGTH = 17;

type Prefix =
	| 'act'
	| 'cam'
	| 'ctc'
	| 'eml'
	| 'etp'
	| 'hoo'
	| 'lea'
	| 'seq'
	| 'stp'
	| 'tea'
	| 'tsk'
	| 'usm'
	| 'usr';

/** A new identifier, for example `hoo_` and 17 random letters or digits. */
export function newId(prefix: Prefix): string {
	const letters = Array.from({ length: LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length)));
	return `${prefix}_${letters.join('')}`;
}

/** An identifier that is the same in every run, so that activities and campaigns fit together. */
export function fixedId(prefix: Prefix, name: string, number: number): string {
	return `${prefix}_${name}${String(number).padStart(LENGTH - name.length, '0')}`;
}

/** The team that the sandbox's own API key belongs to. */
export const SANDBOX_TEAM = fixedId('tea', 'SandboxTeam', 1);
