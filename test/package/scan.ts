/** Runs n8n's own scanner for community packages over the sources and over what would be published. */
import { CHECKOUT, withPackage } from './tarball';

interface Scanner {
	SOURCE_FILE_PATTERNS: string[];
	analyzePackage(
		folder: string,
		patterns?: string[],
	): Promise<{ passed: boolean; message?: string; details?: string }>;
}

/** The scanner reads TypeScript and JavaScript with rules of its own and honours no inline disables. */
async function scan(
	what: string,
	folder: string,
	patterns?: (scanner: Scanner) => string[],
): Promise<boolean> {
	const scanner = (await import(
		'@n8n/scan-community-package/scanner/scanner.mjs' as string
	)) as Scanner;
	const { passed, message, details } = await scanner.analyzePackage(folder, patterns?.(scanner));
	process.stdout.write(
		passed
			? `n8n's scanner finds nothing in ${what}.\n`
			: `n8n's scanner on ${what}: ${message ?? ''}\n${details ?? ''}\n`,
	);
	return passed;
}

async function main(): Promise<void> {
	const isSourceClean = await scan(
		'the sources',
		CHECKOUT,
		(scanner) => scanner.SOURCE_FILE_PATTERNS,
	);
	const isPackageClean = await withPackage(
		async (_tarball, folder) => await scan('the package', folder),
	);
	process.exitCode = isSourceClean && isPackageClean ? 0 : 1;
}

void main();
