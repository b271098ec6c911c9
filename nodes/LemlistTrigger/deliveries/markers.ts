/**
 * What n8n's store holds besides activities: since when it holds them all, and of which kinds anything was
 * delivered. Follows "Markers" in docs/design.md.
 */
import { clock } from '../process/clock';

const DAY_MS = 24 * 60 * 60_000;
/** No further back than a late start goes. */
const REMEMBERED_MS = 7 * DAY_MS;
/** Spans of time for each of which there is a key, asked for so far back. */
const SLOTS = [
	{ spanMs: 10 * 60_000, backMs: REMEMBERED_MS },
	{ spanMs: 60_000, backMs: 3 * 60 * 60_000 },
] as const;

/** A span of time for which the store holds a key from the first activity in it on. */
export interface Slot {
	marker: string;
	/** In milliseconds since the epoch. */
	end: number;
}

/** @returns for each length of a span, the present one and those before it, oldest first */
export function slots(): Slot[][] {
	return SLOTS.map(({ spanMs, backMs }) =>
		rangeOf(spanMs, backMs).map((slot) => ({
			marker: slotMarker(spanMs, slot),
			end: (slot + 1) * spanMs,
		})),
	);
}

/** @param kinds of what was delivered. @returns what goes in beside activities */
export function markersOf(kinds: Iterable<string>): string[] {
	const present = SLOTS.map(({ spanMs }) => slotMarker(spanMs, numberOf(spanMs)));
	return [...present, ...takenMarkersOf(kinds)];
}

/** @returns what says that something of these kinds was delivered */
export function takenMarkersOf(kinds: Iterable<string>): string[] {
	return withConfirmations([...kinds].map((kind) => takenMarker(kind, numberOf(DAY_MS))));
}

/** @returns what says for each remembered day that something of a kind was delivered */
export function takenOnAnyDay(kind: string): string[] {
	return rangeOf(DAY_MS, REMEMBERED_MS).map((day) => takenMarker(kind, day));
}

/**
 * A question that is cut off may leave the markers that it asks about. So one that tells something by being there
 * alone has a second key, which is asked about only where the first is there.
 */
export function confirmationOf(marker: string): string {
	return `${marker} indeed`;
}

function withConfirmations(markers: readonly string[]): string[] {
	return markers.flatMap((marker) => [marker, confirmationOf(marker)]);
}

/** @returns the present span of time and those before it, oldest first, as numbers of spans since the epoch */
function rangeOf(spanMs: number, backMs: number): number[] {
	const present = numberOf(spanMs);
	const count = Math.ceil(backMs / spanMs) + 1;
	return Array.from({ length: count }, (_, index) => present - count + 1 + index);
}

/** @returns the present span of time as a number of spans since the epoch */
function numberOf(spanMs: number): number {
	return Math.floor(clock.now() / spanMs);
}

function slotMarker(spanMs: number, slot: number): string {
	return `slot ${String(spanMs)} ${String(slot)}`;
}

function takenMarker(kind: string, day: number): string {
	return `taken ${kind} ${String(day)}`;
}
