import { type Api, read } from '../api/client.ts'
import { parseJson } from '../requests/redact-text.ts'
import { type Body, isObject } from './request-body.ts'

export type Replayed =
	| { body: Body; headers: Record<string, string>; redacted: boolean }
	| { problem: 'none' | 'truncated' | 'unreadable' }

/** The client's request as it was recorded. */
export async function readReplayed(api: Api, id: string): Promise<Replayed> {
	const payloads = await read(api.requests[':id'].payloads.$get({ param: { id } }))
	const recorded = payloads?.clientRequest
	if (!recorded) return { problem: 'none' }
	if (recorded.truncated) return { problem: 'truncated' }
	const body = parseJson(recorded.text)
	if (!isObject(body)) return { problem: 'unreadable' }
	const headers = Object.entries(recorded.headers ?? {}).filter(
		([name]) => /^anthropic-[a-z-]{1,40}$/.test(name) && name !== 'anthropic-version',
	)
	return { body, headers: Object.fromEntries(headers), redacted: recorded.redacted === true }
}
