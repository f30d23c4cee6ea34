/** What a connection's failure means, in words for people; the code stays for the search. */
const reasons: Readonly<Record<string, string>> = {
	ECONNREFUSED: 'connection refused',
	ECONNRESET: 'connection reset',
	EPIPE: 'connection reset',
	ENOTFOUND: 'host not found',
	EAI_AGAIN: 'host name could not be resolved',
	ETIMEDOUT: 'connection timed out',
	EHOSTUNREACH: 'host unreachable',
	ENETUNREACH: 'network unreachable',
	CERT_HAS_EXPIRED: 'its certificate has expired',
	DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed (insecureSkipVerify allows it)',
	SELF_SIGNED_CERT_IN_CHAIN: 'its certificate chain is self-signed (insecureSkipVerify allows it)',
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate could not be verified',
	ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
}

/** `connection refused by api.example.com:443 (ECONNREFUSED)`; never the path, the query or a key. */
export function describeFault(error: NodeJS.ErrnoException, url: URL): string {
	const code = error.code ?? (error as { cause?: NodeJS.ErrnoException }).cause?.code
	const reason =
		(code && reasons[code]) ?? (error.message === 'socket hang up' ? 'connection closed' : error.message)
	return `${url.host}: ${reason}${code ? ` (${code})` : ''}`
}

/** The other side closed an idle connection just as it was used. */
export function isStaleSocket(error: NodeJS.ErrnoException): boolean {
	return error.code === 'ECONNRESET' || error.code === 'EPIPE' || error.message === 'socket hang up'
}
