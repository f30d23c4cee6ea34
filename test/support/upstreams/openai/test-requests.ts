import { expect } from 'vitest'
import type { ScriptedUpstream } from '../index.ts'
import { postJson } from '../test-client.ts'

export const user = { role: 'user', content: 'hello' } as const
export const base = { model: 'gpt-4o', messages: [user] }
export const callOf = (id: string, name = 'f') => ({
	id,
	type: 'function',
	function: { name, arguments: '{}' },
})
export const assistant = (...ids: string[]) => ({
	role: 'assistant',
	content: null,
	tool_calls: ids.map(id => callOf(id)),
})
export const toolAnswer = (id: string) => ({ role: 'tool', tool_call_id: id, content: 'done' })
export const toolWith = (parameters: unknown, more: object = {}) => ({
	type: 'function',
	function: { name: 'f', parameters, ...more },
})
export const image = (url: string) => ({ role: 'user', content: [{ type: 'image_url', image_url: { url } }] })
export const file = (members: object) => ({ role: 'user', content: [{ type: 'file', file: members }] })

/** What is wrong, the request, and what OpenAI says to it. */
export type Refused = readonly [
	name: string,
	body: object,
	message: string | RegExp,
	param?: string | null,
	code?: string | null,
]

export async function post(upstream: ScriptedUpstream, body: unknown, headers: Record<string, string> = {}) {
	const all = { authorization: 'Bearer sk-test', ...headers }
	const { status, json } = await postJson(`${upstream.url}/v1/chat/completions`, body, all)
	return { status, error: json?.error }
}

export async function expectRefusal(
	upstream: ScriptedUpstream,
	[, body, message, param, code]: Refused,
): Promise<void> {
	const { status, error } = await post(upstream, body)
	expect(status).toBe(400)
	expect(error.type).toBe('invalid_request_error')
	if (typeof message === 'string') expect(error.message).toBe(message)
	else expect(error.message).toMatch(message)
	if (param !== undefined) expect(error.param).toBe(param)
	if (code !== undefined) expect(error.code).toBe(code)
}
