/** A search for secrets in whatever there is: files, answers, archives; in clear and encoded. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where secrets must not be. */
export interface Place {
	name: string;
	content: Buffer | string;
}

/** Secrets by what they are. */
export type Secrets = ReadonlyMap<string, string>;

/** The form is named in a finding; the spellings are what is searched. */
const FORMS: ReadonlyArray<{ name: string; spellings: (secret: string) => readonly string[] }> = [
	{ name: 'in clear', spellings: (secret) => [secret] },
	{ name: 'in a URL', spellings: (secret) => [encodeURIComponent(secret)] },
	{ name: 'in JSON', spellings: (secret) => [JSON.stringify(secret).slice(1, -1)] },
	{ name: 'in hex', spellings: (secret) => [Buffer.from(secret).toString('hex')] },
	{
		name: 'in base64',
		spellings: (secret) => [0, 1, 2].flatMap((offset) => base64At(offset, secret)),
	},
];

/** What base64 makes of a text that begins so many bytes into a group of three, without what its neighbours change. */
function base64At(offset: number, text: string): string[] {
	const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)]);
	const first = offset === 0 ? 0 : 4;
	const whole = bytes.subarray(0, bytes.length - (bytes.length % 3));
	return [whole.toString('base64').slice(first), whole.toString('base64url').slice(first)];
}

/** @returns every secret that is in one of the places: which, in what form, where */
export function findSecrets(secrets: Secrets, places: readonly Place[]): string[] {
	return places.flatMap(({ name: place, content }) => {
		const bytes = Buffer.isBuffer(content) ? content : Buffer.from(content);
		return [...secrets].flatMap(([name, secret]) =>
			formsIn(bytes, secret).map((form) => `${name} ${form}: ${place}`),
		);
	});
}

function formsIn(bytes: Buffer, secret: string): string[] {
	return FORMS.filter(({ spellings }) =>
		spellings(secret).some((spelling) => bytes.includes(spelling)),
	).map(({ name }) => name);
}

/** Every file in a folder, its name included. */
export async function filesIn(folder: string): Promise<Place[]> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	const files = entries
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name));
	return await Promise.all(
		files.map(async (name) => ({
			name,
			content: Buffer.concat([Buffer.from(name), await readFile(name)]),
		})),
	);
}
