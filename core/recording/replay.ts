import type { HeaderMap } from '../upstreams/contract.ts'
import type { StoredRecording } from './describe-recording.ts'
import { joinPieces } from './payload-view.ts'

/** A recorded client request, to be sent again. */
export interface Replay {
	body: Uint8Array
	headers: HeaderMap
	query: string
}

/** Headers that say something of the connection, or of who sent it then. */
const notAgain =
	/^(?:host|connection|content-length|transfer-encoding|accept-encoding|cookie|authorization|x-api-key|forwarded|x-forwarded-.*|traceparent|tracestate)$/

/** Undefined when the request was not recorded whole. */
export function readReplay({ request }: StoredRecording): Replay | undefined {
	if (request.truncated) return undefined
	const headers = Object.entries(request.headers).filter(([name]) => !notAgain.test(name))
	return {
		body: new TextEncoder().encode(joinPieces(request.pieces)),
		headers: Object.fromEntries(headers),
		query: request.url?.split('?')[1] ?? '',
	}
}
