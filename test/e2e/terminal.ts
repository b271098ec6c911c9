// The only place that writes to the terminal: lines that stay, and one line of progress that is
// written over. Where the output is not a terminal, progress becomes a line now and then.
import type { WriteStream } from 'node:tty';

const QUIET_MS = 15_000;
const ERASE_LINE = '\r\u001B[K';
const DEFAULT_COLUMNS = 80;

export class Terminal {
	private progressShown = false;
	private lastProgress = { title: '', at: 0 };

	constructor(private readonly stream: WriteStream) {
		// Whoever reads may be gone; what is under way still comes to an orderly end.
		stream.on('error', () => undefined);
	}

	/** Writes text that stays, every line of it indented by so many steps. */
	line(text = '', indentation = 0): void {
		this.eraseProgress();
		const margin = '   '.repeat(indentation);
		this.stream.write(text.replace(/^(?=.)/gm, margin) + '\n');
	}

	/** Shows how far the work called `title` has come. */
	progress(title: string, state: string): void {
		if (this.stream.isTTY) this.overwrite(`   ${title}`, `: ${state}`);
		else this.writeNowAndThen(title, state);
	}

	/** Takes the line of progress away. */
	eraseProgress(): void {
		if (this.progressShown) this.stream.write(ERASE_LINE);
		this.progressShown = false;
	}

	private overwrite(title: string, state: string): void {
		// A line that wraps cannot be written over. What moves stands at its end, so the title gives way.
		const widest = (this.stream.columns || DEFAULT_COLUMNS) - 1;
		const room = Math.max(0, widest - state.length);
		const shown = title.length > room ? `${title.slice(0, Math.max(0, room - 1))}…` : title;
		this.stream.write(ERASE_LINE + (shown + state).slice(0, widest));
		this.progressShown = true;
	}

	private writeNowAndThen(title: string, state: string): void {
		const now = Date.now();
		if (title === this.lastProgress.title && now - this.lastProgress.at < QUIET_MS) return;
		this.lastProgress = { title, at: now };
		this.stream.write(`   ${title}: ${state}\n`);
	}
}

export const terminal = new Terminal(process.stdout);
