import { expect } from 'vitest'
import type { ScriptedUpstream } from '../index.ts'
import { postJson } from '../test-client.ts'

export const user = { role: 'user', content: 'hello' }
export const base = { model: 'claude-haiku-4-5', max_tokens: 2048, messages: [user] }
export const newest = { ...base, model: 'claude-opus-5-5' }
export const talk = (...messages: object[]) => ({ ...base, messages })
export const use = (id: string, name = 'f') => ({ type: 'tool_use', id, name, input: {} })
export const result = (id: string) => ({ type: 'tool_result', tool_use_id: id, content: 'done' })
export const assistant = (...content: object[]) => ({ role: 'assistant', content })
export const says = (...content: object[]) => ({ role: 'user', content })
export const text = (value: string, more: object = {}) => ({ type: 'text', text: value, ...more })
export const tool = (more: object = {}) => ({ name: 'f', input_schema: { type: 'object' }, ...more })
export const mark = (ttl?: string) => ({ cache_control: { type: 'ephemeral', ...(ttl ? { ttl } : {}) } })

/** What is wrong, the request, what the API says to it, and headers beside the usual ones. */
export type Refused = readonly [
	name: string,
	body: object,
	message: string | RegExp,
	headers?: Record<string, string>,
]

export async function post(
	upstream: ScriptedUpstream,
	body: unknown,
	headers: Record<string, string> = {},
	path = '/v1/messages',
) {
	const all = { 'x-api-key': 'sk-test', 'anthropic-version': '2023-06-01', ...headers }
	const { status, json } = await postJson(`${upstream.url}${path}`, body, all)
	return { status, json, error: json?.error }
}

export async function expectRefusal(
	upstream: ScriptedUpstream,
	[, body, message, headers]: Refused,
): Promise<void> {
	const { status, json } = await post(upstream, body, headers)
	expect(status).toBe(400)
	expect(json).toMatchObject({
		type: 'error',
		error: { type: 'invalid_request_error' },
		request_id: expect.stringMatching(/^req_/),
	})
	if (typeof message === 'string') expect(json.error.message).toBe(message)
	else expect(json.error.message).toMatch(message)
}
