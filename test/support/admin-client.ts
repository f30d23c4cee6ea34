import type { TestProxy } from './proxy.ts'

export interface AdminAnswer {
	status: number
	headers: Headers
	// biome-ignore lint/suspicious/noExplicitAny: answers of any shape are looked into by the tests
	body: any
	text: string
}

export type AdminCall = (
	method: string,
	path: string,
	options?: { body?: unknown; headers?: Record<string, string> },
) => Promise<AdminAnswer>

/** Calls the admin API with some way to prove who one is. */
export function adminClient(proxy: Pick<TestProxy, 'url'>, credentials: Record<string, string>): AdminCall {
	return async (method, path, { body, headers = {} } = {}) => {
		const json: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' }
		const response = await fetch(proxy.url + path, {
			method,
			headers: { ...credentials, ...json, ...headers },
			...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
		})
		const text = await response.text()
		return { status: response.status, headers: response.headers, text, body: parse(text) }
	}
}

export const bearer = (key: string) => ({ authorization: `Bearer ${key}` })

/** What a browser sends once it signed in: the cookie, and the header that our pages add. */
export async function signIn(
	proxy: Pick<TestProxy, 'url'>,
	key: string,
	more: { remember?: boolean; headers?: Record<string, string> } = {},
): Promise<{ cookie: string; setCookie: string; page: Record<string, string>; session: { id: string } }> {
	const { headers = {}, ...rest } = more
	const answer = await adminClient(proxy, headers)('POST', '/api/session', { body: { key, ...rest } })
	if (answer.status !== 200) throw new Error(answer.text)
	const setCookie = answer.headers.get('set-cookie') ?? ''
	const cookie = setCookie.split(';')[0] ?? ''
	return { cookie, setCookie, page: { cookie, 'x-claude-proxy-admin': '1' }, session: answer.body.session }
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text)
	} catch {
		return undefined
	}
}
