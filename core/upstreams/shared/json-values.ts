/**
 * JSON from outside may have any shape anywhere, `{"toString": 1}` included, on which String() and Number() throw.
 */
export function asText(value: unknown): string {
	if (typeof value === 'string') return value
	return typeof value === 'number' || typeof value === 'boolean' ? `${value}` : ''
}

/** A number, or a string that reads as one (relays send both); NaN for anything else. */
export function asNumber(value: unknown): number {
	if (typeof value === 'number') return value
	return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
}
