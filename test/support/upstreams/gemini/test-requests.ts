import { expect } from 'vitest'
import type { ScriptedUpstream } from '../index.ts'
import { postJson } from '../test-client.ts'

export const user = { role: 'user', parts: [{ text: 'hello' }] }
export const base = { contents: [user] }
export const model = (...parts: object[]) => ({ role: 'model', parts })
export const responses = (...parts: object[]) => ({ role: 'user', parts })
export const call = (name: string, more: object = {}) => ({ functionCall: { name, args: {} }, ...more })
export const response = (name: string, more: object = {}) => ({
	functionResponse: { name, response: { ok: true }, ...more },
})
export const declare = (parameters: unknown, more: object = {}) => ({
	tools: [{ functionDeclarations: [{ name: 'f', parameters, ...more }] }],
})
export const property = (schema: unknown) => declare({ type: 'OBJECT', properties: { a: schema } })

/** What is wrong, the request, what Gemini says to it, and the model when it is another than 2.5 Flash. */
export type Refused = readonly [name: string, body: object, message: string | RegExp, model?: string]

export async function post(
	upstream: ScriptedUpstream,
	body: unknown,
	name = 'gemini-2.5-flash',
	method = 'generateContent',
) {
	const { status, json } = await postJson(`${upstream.url}/v1beta/models/${name}:${method}`, body, {
		'x-goog-api-key': 'key-test',
	})
	return { status, json, error: json?.error }
}

export async function expectRefusal(
	upstream: ScriptedUpstream,
	[, body, message, name]: Refused,
): Promise<void> {
	const { status, error } = await post(upstream, body, name)
	expect(status).toBe(400)
	expect(error).toMatchObject({ code: 400, status: 'INVALID_ARGUMENT' })
	if (typeof message === 'string') expect(error.message).toBe(message)
	else expect(error.message).toMatch(message)
}
