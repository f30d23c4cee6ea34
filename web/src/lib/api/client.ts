import { hc } from 'hono/client'
import type { AdminApi } from '../../../../api/_app/admin/index.ts'
import { ApiError, readApiError } from './api-error.ts'

/** Where the server is: elsewhere when the admin is hosted apart (VITE_BACKEND_URL, see README.md), else here. */
export const backendUrl: string = (import.meta.env.VITE_BACKEND_URL ?? '').replace(/\/+$/, '')

/** Longer than any answer but the streamed ones should take. */
const patienceMs = 30_000
/** What the server says nothing about until it has done it. */
const slowPath = /\/api\/database\/compact$/
const slowPatienceMs = 900_000

export interface AdminFetchOptions {
	fetch?: typeof fetch
	/** Told of every 401 but that of signing in, before the error is thrown. */
	onunauthorized?: () => void
}

/**
 * fetch for the admin API: sends the session cookie and the header that guards it against other sites, and throws
 * an ApiError for every answer that is not a success.
 */
export function createAdminFetch({ fetch: send = fetch, onunauthorized }: AdminFetchOptions = {}) {
	return async function adminFetch(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
		const headers = new Headers(init.headers)
		headers.set('x-claude-proxy-admin', '1')
		const timeout = AbortSignal.timeout(slowPath.test(String(input)) ? slowPatienceMs : patienceMs)
		const streamed = headers.get('accept') === 'text/event-stream'
		const signal = streamed ? init.signal : init.signal ? AbortSignal.any([init.signal, timeout]) : timeout
		const credentials = backendUrl === '' ? 'same-origin' : 'include'
		const response = await send(input, { ...init, headers, signal, credentials, cache: 'no-store' }).catch(
			(cause: unknown) => {
				// The caller gave up: that is not an error to show.
				if (init.signal?.aborted) throw cause
				const code = timeout.aborted ? 'timeout' : 'offline'
				throw new ApiError({ status: 0, code, message: String(cause) }, { cause })
			},
		)
		// An upstream's own refusal, as the playground passes it on: none of this API.
		if (response.ok || response.headers.has('x-claude-proxy-request-id')) return response
		const error = await readApiError(response)
		const signingIn = init.method === 'POST' && String(input).endsWith('/api/session')
		if (error.status === 401 && !signingIn) onunauthorized?.()
		throw error
	}
}

export type AdminFetch = ReturnType<typeof createAdminFetch>

/** Every route with its input and its answers: `await read(api.upstreams[':id'].$get({ param: { id } }))`. */
export function createApi(adminFetch: AdminFetch) {
	return hc<AdminApi>(`${backendUrl}/api`, { fetch: adminFetch })
}

export type Api = ReturnType<typeof createApi>

/** A response of the typed client with the status codes it may have. */
interface TypedResponse {
	ok: boolean
	status: number
	json(): Promise<unknown>
}

/** The answer of a call. Failures never get here: adminFetch has thrown them. */
export async function read<Answer extends TypedResponse>(
	call: Promise<Answer>,
): Promise<Awaited<ReturnType<Extract<Answer, { status: 200 | 201 }>['json']>>> {
	return (await (await call).json()) as Awaited<ReturnType<Extract<Answer, { status: 200 | 201 }>['json']>>
}

/** Options for a change: the revision it was based on, and what it is, for the history. */
export function basedOn(revision: number | undefined, message?: string): { headers: Record<string, string> } {
	return {
		headers: {
			...(revision !== undefined && { 'if-match': `"${revision}"` }),
			...(message !== undefined && { 'x-change-message': encodeURIComponent(message.slice(0, 200)) }),
		},
	}
}
