/** Where to go after signing in: a path of this site, never another one (`//host`, `/\host`) and never /login itself. */
export function readReturnPath(wanted: string | null): string {
	if (wanted === null || !/^\/(?![/\\])/.test(wanted) || /^\/login(?:[/?#]|$)/.test(wanted)) return '/'
	// biome-ignore lint/suspicious/noControlCharactersInRegex: browsers drop these from URLs, which makes //host of /\t/host
	return /[\u0000-\u001f\\]/.test(wanted) ? '/' : wanted
}

export function loginPath(from: string): string {
	const wanted = readReturnPath(from)
	return wanted === '/' ? '/login' : `/login?next=${encodeURIComponent(wanted)}`
}
