/** Installs every n8n that the tests run, before any of them: no test's time limit holds the minutes that this takes. */
import { terminal } from '../terminal';
import { ensureInstalled } from './installation';
import { N8N_VERSIONS } from './versions';

export default async function installAll(): Promise<void> {
	for (const version of N8N_VERSIONS) {
		await ensureInstalled((title, state) => {
			terminal.progress(title, state);
		}, version);
	}
}
