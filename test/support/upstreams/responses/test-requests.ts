import { expect } from 'vitest'
import type { ScriptedUpstream } from '../index.ts'
import { postJson } from '../test-client.ts'

export const user = { role: 'user', content: 'hello' } as const
export const base = { model: 'gpt-5.4', store: false, input: [user] }
export const callOf = (id: string, name = 'f') => ({
	type: 'function_call',
	call_id: id,
	name,
	arguments: '{}',
})
export const outputOf = (id: string, output: unknown = 'done') => ({
	type: 'function_call_output',
	call_id: id,
	output,
})
export const reasoningOf = (id: string, encrypted_content: string | null = 'gAAAAAx') => ({
	type: 'reasoning',
	id,
	summary: [],
	encrypted_content,
})
export const toolWith = (parameters: unknown, more: object = { strict: false }) => ({
	type: 'function',
	name: 'f',
	parameters,
	...more,
})
export const saying = (...content: object[]) => ({ ...base, input: [{ role: 'user', content }] })

export async function post(upstream: ScriptedUpstream, body: unknown, headers: Record<string, string> = {}) {
	const all = { authorization: 'Bearer sk-test', ...headers }
	const { status, json } = await postJson(`${upstream.url}/v1/responses`, body, all)
	return { status, error: json?.error }
}

/** What is wrong, the request, what the API says to it, and which parameter it names. */
export type Refused = readonly [name: string, body: object, message: string | RegExp, param?: string | null]

export async function expectRefusal(
	upstream: ScriptedUpstream,
	[, body, message, param]: Refused,
): Promise<void> {
	const { status, error } = await post(upstream, body)
	expect(status).toBe(400)
	expect(error.type).toBe('invalid_request_error')
	if (typeof message === 'string') expect(error.message).toBe(message)
	else expect(error.message).toMatch(message)
	if (param !== undefined) expect(error.param).toBe(param)
}
