import { backendUrl } from '../api/client.ts'
import type { Session } from '../session/session.svelte.ts'
import type { Body } from './request-body.ts'

/** Names the request in the log; what the API itself refuses has none. */
const requestIdHeader = 'x-claude-proxy-request-id'

export interface Sending {
	/** Empty: as the proxy would choose. */
	upstreamId: string
	request: Body
	/** `anthropic-beta` and the like, of a recorded request. */
	headers: Readonly<Record<string, string>>
	dryRun?: boolean
}

/** Sends a request as a client would. Throws an ApiError when it did not get as far as the proxy. */
export async function send(
	{ fetch }: Session,
	sending: Sending,
	signal: AbortSignal,
): Promise<{ response: Response; requestId: string | undefined }> {
	const { upstreamId, request, headers, dryRun } = sending
	const response = await fetch(`${backendUrl}/api/playground`, {
		method: 'POST',
		// Without a time limit: a long answer is one.
		headers: {
			'content-type': 'application/json',
			accept: dryRun ? 'application/json' : 'text/event-stream',
		},
		body: JSON.stringify({
			...(upstreamId !== '' && { upstreamId }),
			...(Object.keys(headers).length > 0 && { headers }),
			...{ request, dryRun: dryRun === true },
		}),
		signal,
	})
	return { response, requestId: response.headers.get(requestIdHeader) ?? undefined }
}

export const isStream = (response: Response) =>
	response.headers.get('content-type')?.startsWith('text/event-stream') === true

/** Browsers without async iteration of streams are still around. */
export async function* readChunks(response: Response): AsyncGenerator<Uint8Array> {
	const reader = response.body?.getReader()
	if (reader === undefined) return
	for (;;) {
		const { done, value } = await reader.read()
		if (done) return
		yield value
	}
}
