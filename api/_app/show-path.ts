/** A path as it may be repeated in an error: a segment that is no plain word may be a key that went astray. */
export function showPath(path: string): string {
	const segments = path.split('/').slice(0, 10)
	return segments.map(segment => (/^[a-z_-]{0,24}$|^v1$/.test(segment) ? segment : '…')).join('/')
}
