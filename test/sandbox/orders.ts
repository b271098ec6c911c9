// What the sandbox's own API is asked for: the fields of an order, and how one that is none is refused.
import type { FastifyRequest } from 'fastify';

export type Fields = Record<string, unknown>;

/** An order that makes no sense; the message says why. It is answered 400. */
export class BadOrder extends Error {
	readonly statusCode = 400;
}

/** The order that a request's body holds. @throws {BadOrder} */
export function fieldsOf({ body }: FastifyRequest): Fields {
	try {
		const order: unknown = JSON.parse(String(body));
		if (isObject(order)) return order;
	} catch {
		// Not JSON: the same answer as JSON of another kind.
	}
	throw new BadOrder('The body is not a JSON object');
}

/** A whole number in an order; `least` where there is none. @throws {BadOrder} where it is none, or out of bounds */
export function wholeNumber(
	order: Fields,
	field: string,
	least: number,
	most = Number.MAX_SAFE_INTEGER,
): number {
	const number = Number(order[field] ?? least);
	if (Number.isInteger(number) && number >= least && number <= most) return number;
	throw new BadOrder(`\`${field}\` is no whole number from ${String(least)} to ${String(most)}`);
}

export function isObject(value: unknown): value is Fields {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
