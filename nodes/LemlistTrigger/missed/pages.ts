/** Where the pages of lemlist's list begin, by what those before have held. Pure: sends nothing, knows nothing of n8n. */
import { PAGE_SIZE } from '../lemlist/endpoints';

/** A row may vanish between two pages, and those behind it move up. */
export const OFFSET_STEP = 90;

/**
 * A page that is short need not be the last, and may be so for two reasons: some of its places are empty, or lemlist
 * gives fewer than it was asked for. So the next one begins behind its last row; where that has rows of the short one
 * once more, most of them, it was the first reason, and from then on pages go by places. A page without a row is the
 * end. What begins in the middle of one may be empty though it is not, so the next one has to be, too.
 */
export class Pages {
	/** How many places to pass over for the next page; undefined where there is none. */
	next: number | undefined = 0;

	private before: { offset: number; rows: readonly string[] } = { offset: 0, rows: [] };

	/** From which offset on pages have been the same. */
	private same = { offset: 0, content: '' };

	private hasEmptyPlaces = false;

	private isEnding = false;

	/** @param rows the content of each row of the next page. @returns whether it is there once more: then the offset does nothing, and there is no further page */
	note(rows: readonly string[]): boolean {
		const offset = this.next ?? 0;
		if (rows.length === 0) {
			this.next = offset === 0 || this.isEnding ? undefined : offset + PAGE_SIZE;
			this.isEnding = true;
			return false;
		}
		this.isEnding = false;
		const isRepeated = this.isRepeated(offset, rows);
		this.next = isRepeated ? undefined : this.behind(offset, rows);
		return isRepeated;
	}

	/** Pages that are short may have the same rows where they share places. */
	private isRepeated(offset: number, rows: readonly string[]): boolean {
		const content = rows.join();
		if (content !== this.same.content) this.same = { offset, content };
		return offset - this.same.offset >= (rows.length < PAGE_SIZE ? PAGE_SIZE : 1);
	}

	private behind(offset: number, rows: readonly string[]): number {
		const { before } = this;
		if (!this.hasEmptyPlaces && before.rows.length < OFFSET_STEP && this.areThereAgain(rows)) {
			this.hasEmptyPlaces = true;
			return before.offset + OFFSET_STEP;
		}
		this.before = { offset, rows };
		return offset + (this.hasEmptyPlaces ? OFFSET_STEP : Math.min(rows.length, OFFSET_STEP));
	}

	/** A few of those before are there again where others have come in before them; going row by row passes nothing over then. */
	private areThereAgain(rows: readonly string[]): boolean {
		const { length } = this.before.rows;
		return rows.filter((row) => this.before.rows.includes(row)).length > length / 2;
	}
}
